"""Terms that name a day of the month."""

from datetime import date
from typing import Any

import pytest
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.seeds import demo
from quickbooks_simulator.settings import Settings


@pytest.fixture
def company() -> Company:
    company = Company("1", Settings(), SystemClock())
    demo.plant(company)
    return company


def invoice(company: Company, term: dict[str, Any], day: str) -> date:
    made = company.create(KINDS["Term"], {"Name": "Term under test", **term})
    line = {"DetailType": "SalesItemLineDetail", "Amount": 1, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    body = {"CustomerRef": {"value": "1"}, "SalesTermRef": {"value": made["Id"]}, "TxnDate": day, "Line": [line]}
    return date.fromisoformat(company.create(KINDS["Invoice"], body)["DueDate"])


@pytest.mark.parametrize(
    ("term", "day", "due"),
    [
        ({"DueDays": 0}, "2026-03-05", "2026-03-05"),
        ({"DueDays": 45}, "2026-12-01", "2027-01-15"),
        ({"DayOfMonthDue": 15, "DueNextMonthDays": 5}, "2026-03-05", "2026-03-15"),
        ({"DayOfMonthDue": 15, "DueNextMonthDays": 5}, "2026-03-12", "2026-04-15"),
        ({"DayOfMonthDue": 31}, "2026-12-31", "2027-01-31"),
        ({"DayOfMonthDue": 31}, "2026-02-10", "2026-02-28"),
    ],
)
def test_term_decides_the_due_date(company: Company, term: dict[str, Any], day: str, due: str) -> None:
    assert invoice(company, term, day).isoformat() == due


def test_early_discount_is_stored_but_never_applied(company: Company) -> None:
    term = company.read(KINDS["Term"], "3")
    assert (term["DiscountPercent"], term["DiscountDays"]) == (2, 10)
    line = {"DetailType": "SalesItemLineDetail", "Amount": 100, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    body = {"CustomerRef": {"value": "1"}, "SalesTermRef": {"value": "3"}, "Line": [line]}
    assert company.create(KINDS["Invoice"], body)["TotalAmt"] == 100
