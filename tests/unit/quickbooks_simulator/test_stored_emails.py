"""An address that is none, let through by the company's own screens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.changes import capture_changes
from quickbooks_simulator.query.answer import answer_query
from quickbooks_simulator.seeds import demo
from quickbooks_simulator.settings import Settings

QUERIES: list[Callable[[Company], Any]] = [
    lambda company: answer_query(company, "select * from Customer"),
    lambda company: capture_changes(company, "Customer", (company.clock.now() - timedelta(days=1)).isoformat()),
]


def company_with_bad_address(**settings: bool) -> Company:
    company = Company("1", Settings(**settings), SystemClock())  # type: ignore[arg-type]
    demo.plant(company)
    customer = company.read(KINDS["Customer"], "2")
    bad = {**customer, "PrimaryEmailAddr": {"Address": "nobody at home"}}
    company.store.put("Customer", bad, company.clock.now())
    return company


@pytest.mark.parametrize("ask", QUERIES)
def test_one_bad_address_breaks_the_whole_answer(ask: Callable[[Company], Any]) -> None:
    with pytest.raises(Fault) as refused:
        ask(company_with_bad_address())
    assert refused.value.code == "4002"


@pytest.mark.parametrize("ask", QUERIES)
def test_bad_address_is_shown_when_the_switch_is_off(ask: Callable[[Company], Any]) -> None:
    assert "nobody at home" in str(ask(company_with_bad_address(bad_email_breaks_answers=False)))


def test_page_without_the_bad_record_and_a_count_still_work() -> None:
    company = company_with_bad_address()
    assert answer_query(company, "select * from Customer where Id = '1'")["maxResults"] == 1
    assert answer_query(company, "select count(*) from Customer")["totalCount"] == 3
