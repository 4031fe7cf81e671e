"""A write that fails half way leaves no trace."""

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.seeds import sample
from quickbooks_simulator.settings import Settings

STEP = st.tuples(
    st.sampled_from(["invoice", "payment", "void", "delete", "void payment", "delete payment"]),
    st.sampled_from([1, 2, 3, 4, 11, 12, 13, 14, 15]),
    st.integers(-1, 120),
)


def take(company: Company, what: str, target: int, amount: int) -> None:
    if what == "invoice":
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": amount,
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
        }
        company.create(KINDS["Invoice"], {"CustomerRef": {"value": str(target % 6)}, "Line": [line]})
    elif what == "payment":
        links = [
            {"Amount": amount / 2, "LinkedTxn": [{"TxnId": str(each), "TxnType": "Invoice"}]} for each in (target, 11)
        ]
        company.create(KINDS["Payment"], {"CustomerRef": {"value": "1"}, "TotalAmt": amount, "Line": links})
    else:
        kind = KINDS["Payment" if "payment" in what else "Invoice"]
        token = company.read(kind, str(target))["SyncToken"]
        act = company.void if "void" in what else company.delete
        act(kind, {"Id": str(target), "SyncToken": token})


def snapshot(company: Company) -> Any:
    return copy.deepcopy((company.store.tables, company.store.deleted))


def check_links(company: Company) -> None:
    """What payments apply is what invoices miss, on both sides of every link."""
    applied: dict[str, Any] = {}
    for payment in company.store.all("Payment"):
        lines = payment["Line"]
        assert payment["TotalAmt"] == payment["UnappliedAmt"] + sum((line["Amount"] for line in lines), ZERO)
        for line in lines:
            key = line["LinkedTxn"][0]["TxnId"]
            parts = applied.setdefault(key, {})
            parts[payment["Id"]] = parts.get(payment["Id"], ZERO) + line["Amount"]
    for invoice in company.store.all("Invoice"):
        own = applied.pop(invoice["Id"], {})
        assert {link["TxnId"] for link in invoice["LinkedTxn"]} == set(own)
        assert invoice["TotalAmt"] - invoice["Balance"] == sum(own.values(), ZERO)
        assert invoice["Balance"] >= 0
    assert not applied


@given(st.lists(STEP, max_size=12))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_books_balance_after_any_writes_and_refused_ones_change_nothing(steps: list[tuple[str, int, int]]) -> None:
    company = Company("1", Settings(), SystemClock())
    sample.plant(company)
    for step in steps:
        before = snapshot(company)
        try:
            take(company, *step)
        except Fault:
            assert snapshot(company) == before
        check_links(company)
