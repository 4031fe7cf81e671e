"""Exchange rates in a query: the day that is asked for decides the rates."""

from dataclasses import replace
from datetime import date

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.checks import read_date
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.currencies import active_codes, check_multicurrency, home_currency, world_codes
from quickbooks_simulator.company.exchange_rates import find_rate
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.query.sentence import Condition, Sentence

_NAMES = {"sourcecurrencycode": "SourceCurrencyCode", "asofdate": "AsOfDate"}


def with_usual_names(conditions: list[Condition]) -> list[Condition]:
    """The reference writes sourcecurrencycode and asofdate in lower case (P), records do not."""
    return [replace(each, property=_NAMES.get(each.property.lower(), each.property)) for each in conditions]


def rates_asked_for(company: Company, sentence: Sentence) -> list[Record]:
    """The rates of the day that is named, else of today: of the currencies in use, of any when one is named (M)."""
    check_multicurrency(company.store)
    home = home_currency(company.store)
    names_currency = any(each.property == "SourceCurrencyCode" for each in sentence.conditions)
    codes = world_codes() if names_currency else active_codes(company.store)
    return [find_rate(company.store, code, _day(company, sentence)) for code in codes if code != home]


def _day(company: Company, sentence: Sentence) -> date:
    for condition in sentence.conditions:
        if condition.property == "AsOfDate" and condition.comparison == "=":
            return read_date(condition.values[0], "AsOfDate")
    return company.clock.now().astimezone(COMPANY_ZONE).date()
