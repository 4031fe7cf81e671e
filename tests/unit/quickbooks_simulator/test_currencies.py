"""Currencies in use, exchange rates, and transactions in another currency than the company's."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.exchange_rates import read_rate, set_rate
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.query.answer import answer_query

from .books import company_of, line, prefer, sell

DAY = date(2026, 5, 4)
CURRENCY = KINDS["CompanyCurrency"]


def rate_on(company: Company, day: date) -> Decimal:
    rate: Decimal = read_rate(company.store, "EUR", day)["Rate"]
    return rate


def put_rate(company: Company, **body: Any) -> Any:
    return set_rate(company.store, company.clock, DAY, {"SourceCurrencyCode": "EUR", **body})


def code_of(act: Any) -> str:
    with pytest.raises(Fault) as refused:
        act()
    return refused.value.code


def test_rate_holds_from_its_day_until_the_next_one() -> None:
    company = company_of("british")
    usual = rate_on(company, DAY)
    put_rate(company, Rate="0.9", AsOfDate="2026-05-04")
    put_rate(company, Rate="0.8", AsOfDate="2026-05-10")
    put_rate(company, Rate="0.7", AsOfDate="2026-05-10")
    days = [date(2026, 5, 3), DAY, date(2026, 5, 9), date(2026, 5, 11)]
    assert [rate_on(company, day) for day in days] == [usual, Decimal("0.9"), Decimal("0.9"), Decimal("0.7")]
    shown = read_rate(company.store, "EUR", DAY)
    assert (shown["SourceCurrencyCode"], shown["TargetCurrencyCode"], shown["AsOfDate"]) == ("EUR", "GBP", "2026-05-04")
    assert "Id" not in shown


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        ({"Rate": 0}, "2030"),
        ({"Rate": "1", "TargetCurrencyCode": "USD"}, "6000"),
        ({"Rate": "1", "SourceCurrencyCode": "GBP"}, "6000"),
        ({"Rate": "1", "SourceCurrencyCode": "EURO"}, "2170"),
        ({"Rate": "1", "AsOfDate": "soon"}, "2030"),
        ({"Rate": "1", "Colour": "red"}, "2010"),
    ],
)
def test_rate_that_makes_no_sense_is_refused(body: dict[str, Any], code: str) -> None:
    company = company_of("british")
    assert code_of(lambda: put_rate(company, **body)) == code
    assert not list(company.store.all("ExchangeRate"))


def test_query_tells_rates_of_a_day_in_either_spelling() -> None:
    company = company_of("british")
    put_rate(company, Rate="0.9")
    for query in (
        "select * from exchangerate where sourcecurrencycode in ('EUR', 'USD') and asofdate = '2026-05-05'",
        "select * from ExchangeRate where SourceCurrencyCode = 'EUR' and AsOfDate = '2026-05-05'",
    ):
        found = answer_query(company, query)["ExchangeRate"]
        rates = {each["SourceCurrencyCode"]: each["Rate"] for each in found}
        assert rates["EUR"] == Decimal("0.9")
    in_use = answer_query(company, "select * from ExchangeRate")["ExchangeRate"]
    assert [each["SourceCurrencyCode"] for each in in_use] == ["EUR"]


def test_company_of_one_currency_has_neither_rates_nor_currencies() -> None:
    company = company_of("demo")
    assert code_of(lambda: read_rate(company.store, "EUR", DAY)) == "5020"
    assert code_of(lambda: company.create(CURRENCY, {"Code": "EUR"})) == "5020"
    assert code_of(lambda: company.create(KINDS["Customer"], {"DisplayName": "A", "CurrencyRef": {"value": "EUR"}}))
    assert code_of(lambda: answer_query(company, "select * from ExchangeRate")) == "5020"


def test_currency_is_put_into_use_once_and_its_code_stays() -> None:
    company = company_of("british")
    made = company.create(CURRENCY, {"Code": "nzd"})
    assert (made["Code"], made["Name"], made["Active"]) == ("NZD", "New Zealand Dollar", True)
    assert code_of(lambda: company.create(CURRENCY, {"Code": "NZD"})) == "6240"
    assert code_of(lambda: company.create(CURRENCY, {"Code": "GBP"})) == "6000"
    assert code_of(lambda: company.create(CURRENCY, {"Code": "XXX"})) == "2170"
    assert code_of(lambda: company.create(CURRENCY, {"Name": "Dollar"})) == "2020"
    assert code_of(lambda: company.update(CURRENCY, {**made, "Code": "AUD"})) == "6000"
    assert company.update(CURRENCY, {**made, "Name": "Kiwi"})["Name"] == "Kiwi"


def test_customer_takes_a_currency_in_use_only() -> None:
    company = company_of("british")
    body = {"DisplayName": "Sydney", "CurrencyRef": {"value": "AUD"}}
    assert code_of(lambda: company.create(KINDS["Customer"], body)) == "2500"
    company.create(CURRENCY, {"Code": "AUD"})
    assert company.create(KINDS["Customer"], body)["CurrencyRef"]["value"] == "AUD"


@pytest.mark.parametrize(
    ("sent", "rate"), [({"ExchangeRate": "0.9"}, "0.9"), ({"ExchangeRate": 0}, "0.85"), ({}, "0.85")]
)
def test_invoice_in_another_currency_has_the_rate_sent_or_of_its_day(sent: dict[str, Any], rate: str) -> None:
    company = company_of("british")
    put_rate(company, Rate="0.85")
    body = {"CustomerRef": {"value": "2"}, "TxnDate": "2026-05-06", **sent}
    invoice = sell(company, line(100, "2"), **body)
    assert (invoice["CurrencyRef"]["value"], invoice["ExchangeRate"]) == ("EUR", Decimal(rate))
    assert (invoice["TotalAmt"], invoice["HomeTotalAmt"]) == (120, 120 * Decimal(rate))


def test_invoice_in_the_home_currency_has_rate_one() -> None:
    invoice = sell(company_of("british"), line(100, "2"), ExchangeRate=3)
    assert (invoice["ExchangeRate"], invoice["HomeTotalAmt"]) == (1, 120)


def test_invoice_in_a_currency_not_the_customers_is_refused() -> None:
    company = company_of("british")
    assert code_of(lambda: sell(company, line(100, "2"), CurrencyRef={"value": "EUR"})) == "6000"
    assert code_of(lambda: sell(company, line(100, "2"), CustomerRef={"value": "2"}, ExchangeRate=-1)) == "2030"


def test_several_currencies_can_be_turned_on_but_never_off() -> None:
    company = company_of("demo")
    prefer(company, "CurrencyPrefs", MultiCurrencyEnabled=True)
    for values in ({"MultiCurrencyEnabled": False}, {"MultiCurrencyEnabled": None}, {"HomeCurrency": {"value": "EUR"}}):
        with pytest.raises(Fault) as refused:
            prefer(company, "CurrencyPrefs", **values)
        assert refused.value.code == "6000"
