"""Whatever a client sends, the company answers in its own terms."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quickbooks_simulator.clock import SystemClock
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.properties import (
    DEPOSIT_LINE_PROPERTIES,
    LINE_PROPERTIES,
    PROPERTIES,
    SALES_DETAIL_PROPERTIES,
)
from quickbooks_simulator.company.properties_of_spending import EXPENSE_DETAIL
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import write_json
from quickbooks_simulator.seeds import sample
from quickbooks_simulator.settings import Settings

TEXTS = st.sampled_from(["", "1", "TAX", "true", "2026-13-01", "é" * 30])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**14) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["value", "Address"]), inner, max_size=2)
    ),
    max_leaves=4,
)
WRITABLE = [name for name, kind in KINDS.items() if kind.writable and not kind.single]


def junk_in(names: frozenset[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(names)), JUNK, max_size=4)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    kind = draw(st.sampled_from(WRITABLE))
    detail = {"ItemRef": {"value": "1"}, **draw(junk_in(SALES_DETAIL_PROPERTIES))}
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 1,
        "SalesItemLineDetail": detail,
        **draw(junk_in(LINE_PROPERTIES)),
    }
    form = {"CustomerRef": {"value": "1"}, "Line": [line]}
    named = {"Name": "New"}
    worker = {"NameOf": "Employee", "EmployeeRef": {"value": "54"}, "Hours": 1}
    banked = {
        "Amount": 1,
        "DepositLineDetail": {"AccountRef": {"value": "1"}},
        **draw(junk_in(DEPOSIT_LINE_PROPERTIES)),
    }
    bank = {"BankAccountRef": {"value": "35"}}
    account = {"AccountRef": {"value": "7"}, **draw(junk_in(EXPENSE_DETAIL))}
    spent = {"Amount": 1, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": account}
    debit = {"PostingType": "Debit", "AccountRef": {"value": "7"}, **draw(junk_in(frozenset({"Entity"})))}
    posted = {"Amount": 1, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": debit}
    sound = {
        "Invoice": form,
        "CreditMemo": form,
        "SalesReceipt": form,
        "Estimate": form,
        "RefundReceipt": {**form, "DepositToAccountRef": {"value": "35"}},
        "Payment": {"CustomerRef": {"value": "1"}, "TotalAmt": 1, "Line": []},
        "Deposit": {"DepositToAccountRef": {"value": "35"}, "Line": [banked]},
        "TimeActivity": worker,
        **{each: {"VendorRef": {"value": "30"}, "Line": [spent]} for each in ("Bill", "VendorCredit", "PurchaseOrder")},
        "Purchase": {"PaymentType": "Cash", "AccountRef": {"value": "35"}, "Line": [spent]},
        "BillPayment": {"VendorRef": {"value": "30"}, "TotalAmt": 1, "PayType": "Check", "CheckPayment": bank},
        "JournalEntry": {"Line": [posted, {**posted, "JournalEntryLineDetail": {**debit, "PostingType": "Credit"}}]},
        "CreditCardPayment": {"Amount": 1, **bank, "CreditCardAccountRef": {"value": "42"}},
        "Transfer": {"Amount": 1, "FromAccountRef": {"value": "35"}, "ToAccountRef": {"value": "36"}},
        "Customer": {"DisplayName": "New"},
        "Vendor": {"DisplayName": "New"},
        "Employee": {"GivenName": "New"},
        "Account": {"Name": "New", "AccountType": "Bank"},
        "Item": {"Name": "New", "IncomeAccountRef": {"value": "1"}},
    }.get(kind, named)
    return kind, {**sound, **draw(junk_in(PROPERTIES[kind]))}


@given(bodies())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_body_is_stored_or_refused_with_a_fault(wanted: tuple[str, dict[str, Any]]) -> None:
    company = Company("1", Settings(), SystemClock())
    sample.plant(company)
    kind, body = KINDS[wanted[0]], wanted[1]
    with suppress(Fault):
        made = company.create(kind, body)
        company.update(kind, {**body, "Id": made["Id"], "SyncToken": "0", "sparse": True})
    for record in company.store.all(kind.name):
        assert write_json(company.read(kind, record["Id"]))


@pytest.mark.parametrize("word", ["true", True])
def test_sparse_is_understood_as_text_too(word: object) -> None:
    company = Company("1", Settings(), SystemClock())
    sample.plant(company)
    body = {"Id": "1", "SyncToken": "0", "sparse": word, "CompanyName": "Birds"}
    assert company.update(KINDS["Customer"], body)["DisplayName"] == "Amy's Bird Sanctuary"
