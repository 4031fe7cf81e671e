"""A company of one seed on a clock that moves on its own, and bodies to try on it."""

from typing import Any

from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.seeds.catalogue import SEEDS
from quickbooks_simulator.settings import Settings


def company_of(seed: str, **settings: Any) -> Company:
    """A fresh company of this seed with these switches."""
    company = Company("1", Settings(**settings), SystemClock())
    SEEDS[seed](company)
    return company


def prefer(company: Company, section: str, **values: Any) -> None:
    """Change preferences of one section, as their owner does; None takes a name out."""
    company.update(KINDS["Preferences"], {section: values})


def line(amount: Any, code: str | None = None, **detail: Any) -> Record:
    """A line of item 1; `code` is its tax code."""
    reference = {"TaxCodeRef": {"value": code}} if code else {}
    sales = {"ItemRef": {"value": "1"}, **reference, **detail}
    return {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": sales}


def sell(company: Company, *lines: Record, **values: Any) -> Record:
    """Create an invoice for customer 1."""
    return company.create(KINDS["Invoice"], {"CustomerRef": {"value": "1"}, "Line": list(lines), **values})
