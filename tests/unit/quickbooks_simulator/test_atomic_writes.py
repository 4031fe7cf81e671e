"""A write that fails half way leaves no trace."""

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.applying import OPEN_AMOUNT, sum_of, target_of
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.merging import merge_customers
from quickbooks_simulator.seeds import sample
from quickbooks_simulator.settings import Settings

ACTS = ("void", "delete")
STEP = st.tuples(
    st.sampled_from(
        ["Invoice", "CreditMemo", "Estimate", "bill the estimate", "Payment", "credit", "Deposit", "merge"]
        + [f"{act} {kind}" for act in ACTS for kind in ("Invoice", "Payment", "CreditMemo", "Deposit", "Estimate")]
    ),
    st.integers(0, 11),
    st.integers(-1, 120),
)


def one_of(company: Company, kind: str, which: int) -> str:
    """The id of one of the newest records of a kind, or one that does not exist."""
    newest = [record["Id"] for record in company.store.all(kind)][-4:]
    return str(newest[which % len(newest)]) if newest else "999"


def take(company: Company, what: str, which: int, amount: int) -> None:
    customer = {"CustomerRef": {"value": "1"}}
    if what in ("Invoice", "CreditMemo", "Estimate", "bill the estimate"):
        detail = {"ItemRef": {"value": "1"}}
        line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
        links = [{"TxnId": one_of(company, "Estimate", which), "TxnType": "Estimate"}] if " " in what else []
        owner = {"CustomerRef": {"value": str(which % 4)}} if which < 4 else customer
        company.create(KINDS["Invoice" if links else what], {**owner, "Line": [line], "LinkedTxn": links})
    elif what in ("Payment", "credit"):
        other = "Invoice" if what == "Payment" else "CreditMemo"
        links = [
            {"Amount": amount / 4, "LinkedTxn": [{"TxnId": one_of(company, kind, number), "TxnType": kind}]}
            for number, kind in ((which, "Invoice"), (which // 4, other))
        ]
        total = amount if what == "Payment" else which
        company.create(KINDS["Payment"], {**customer, "TotalAmt": total, "Line": links})
    elif what == "Deposit":
        taken = {"LinkedTxn": [{"TxnId": one_of(company, "Payment", which), "TxnType": "Payment"}]}
        company.create(KINDS["Deposit"], {"DepositToAccountRef": {"value": "35"}, "Line": [taken]})
    elif what == "merge":
        merge_customers(company, str(which), "1")
    else:
        act, _, kind = what.partition(" ")
        record_id = one_of(company, kind, which)
        token = company.read(KINDS[kind], record_id)["SyncToken"]
        getattr(company, act)(KINDS[kind], {"Id": record_id, "SyncToken": token})


def snapshot(company: Company) -> Any:
    return copy.deepcopy((company.store.tables, company.store.deleted))


def check_links(company: Company) -> None:
    """What payments apply is what invoices and credits miss, on both sides of every link; so with deposits."""
    applied: dict[tuple[str, str], dict[str, Any]] = {}
    for payment in company.store.all("Payment"):
        lines = payment["Line"]
        credit = sum_of(lines, "CreditMemo")
        assert payment["TotalAmt"] + credit == payment["UnappliedAmt"] + sum_of(lines, "Invoice")
        assert 0 <= payment["UnappliedAmt"] <= payment["TotalAmt"]
        for line in lines:
            parts = applied.setdefault(target_of(line), {})
            parts[payment["Id"]] = parts.get(payment["Id"], ZERO) + line["Amount"]
    for kind, open_amount in OPEN_AMOUNT.items():
        for record in company.store.all(kind):
            own = applied.pop((kind, record["Id"]), {})
            assert {link["TxnId"] for link in record["LinkedTxn"] if link["TxnType"] == "Payment"} == set(own)
            assert record["TotalAmt"] - record[open_amount] == sum(own.values(), ZERO)
            assert record[open_amount] >= 0
    assert not applied
    check_sources(company)


def check_sources(company: Company) -> None:
    """Estimates and their invoices, payments and their deposits name each other."""
    billed = {
        (link["TxnId"], invoice["Id"])
        for invoice in company.store.all("Invoice")
        for link in invoice["LinkedTxn"]
        if link["TxnType"] == "Estimate"
    }
    estimates = list(company.store.all("Estimate"))
    assert billed == {(each["Id"], link["TxnId"]) for each in estimates for link in each["LinkedTxn"]}
    assert all((each["TxnStatus"] == "Closed") == bool(each["LinkedTxn"]) for each in estimates)
    taken = {
        (link["TxnId"], deposit["Id"])
        for deposit in company.store.all("Deposit")
        for line in deposit["Line"]
        for link in line["LinkedTxn"]
    }
    payments = company.store.all("Payment")
    assert taken == {(each["Id"], link["TxnId"]) for each in payments for link in each["LinkedTxn"]}


@given(st.lists(STEP, max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
