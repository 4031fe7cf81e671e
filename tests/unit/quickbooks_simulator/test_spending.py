"""Bills, their payment, purchases, journal entries and transfers."""

from typing import Any

import pytest
from quickbooks_simulator.company.account_types import CLASSIFICATIONS, TYPE_OF_SUB_TYPE
from quickbooks_simulator.query.answer import answer_query

from .conftest import Books, Record, code_of

VENDOR = {"VendorRef": {"value": "46"}}


def by_account(amount: Any = 200, account: str = "7") -> Record:
    detail = {"AccountRef": {"value": account}}
    return {"DetailType": "AccountBasedExpenseLineDetail", "Amount": amount, "AccountBasedExpenseLineDetail": detail}


def by_item(amount: Any = 100, **detail: Any) -> Record:
    named = {"ItemRef": {"value": "11"}, **detail}
    return {"DetailType": "ItemBasedExpenseLineDetail", "Amount": amount, "ItemBasedExpenseLineDetail": named}


def paid(total: Any, *parts: tuple[str, Record, Any], **changes: Any) -> Record:
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]} for kind, record, amount in parts
    ]
    check = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "35"}}}
    return {**VENDOR, **check, "TotalAmt": total, "Line": lines, **changes}


def entry(side: str, amount: Any, account: str = "7", **more: Any) -> Record:
    detail = {"PostingType": side, "AccountRef": {"value": account}, **more}
    return {"DetailType": "JournalEntryLineDetail", "Amount": amount, "JournalEntryLineDetail": detail}


def test_bill_owes_until_it_is_paid(books: Books) -> None:
    bill = books.create("Bill", **VENDOR, TxnDate="2026-03-01", Line=[by_account(), by_item(50)])
    assert (bill["TotalAmt"], bill["Balance"], bill["DueDate"]) == (250, 250, "2026-03-31")
    assert bill["APAccountRef"]["name"] == "Accounts Payable (A/P)"
    credit = books.create("VendorCredit", **VENDOR, Line=[by_account(50)])
    payment = books.create("BillPayment", **paid(150, ("Bill", bill, 200), ("VendorCredit", credit, 50)))
    assert books.read("Bill", bill)["Balance"] == 50
    assert books.read("VendorCredit", credit)["Balance"] == 0
    assert code_of(lambda: books.delete("Bill", bill)) == "800"
    books.void("BillPayment", payment)
    assert books.read("Bill", bill)["Balance"] == 250
    assert books.delete("Bill", bill)["status"] == "Deleted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"VendorRef": None}, "2020"),
        ({"VendorRef": {"value": "30"}}, "620"),
        ({"TotalAmt": None}, "2020"),
        ({"TotalAmt": 199}, "6000"),
        ({"PayType": None}, "2020"),
        ({"PayType": "Gold"}, "2170"),
        ({"PayType": "CreditCard"}, "2020"),
        ({"CheckPayment": {"BankAccountRef": {"value": "42"}}}, "6430"),
    ],
)
def test_wrong_bill_payment_is_refused_and_the_bill_untouched(books: Books, changes: Record, code: str) -> None:
    bill = books.create("Bill", **VENDOR, Line=[by_account()])
    assert code_of(lambda: books.create("BillPayment", **paid(200, ("Bill", bill, 200), **changes))) == code
    assert code_of(lambda: books.create("BillPayment", **paid(300, ("Bill", bill, 201)))) == "6000"
    assert books.read("Bill", bill)["SyncToken"] == "0"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"DetailType": "Wish"}, "2170"),
        ({**by_account(), "Amount": None}, "2020"),
        (by_account(-1), "6000"),
        (by_account(1, "999"), "2500"),
        ({**by_account(), "AccountBasedExpenseLineDetail": {}}, "2020"),
        (by_item(100, Qty=3, UnitPrice=30), "6070"),
        (by_item(100, BillableStatus="Maybe"), "2170"),
        (by_item(100, Colour="red"), "2010"),
    ],
)
@pytest.mark.parametrize("kind", ["Bill", "VendorCredit", "PurchaseOrder"])
def test_wrong_expense_line_is_refused(books: Books, kind: str, line: Record, code: str) -> None:
    assert code_of(lambda: books.create(kind, **VENDOR, Line=[line])) == code


def test_purchase_fits_the_account_it_is_paid_from(books: Books) -> None:
    detail = {"Qty": 1, "UnitPrice": 100, "CustomerRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}}
    body = {"PaymentType": "CreditCard", "AccountRef": {"value": "42"}, "Line": [by_item(100, **detail)]}
    purchase = books.create("Purchase", **body, DocNumber="Doc123")
    assert (purchase["AccountRef"], purchase["TotalAmt"]) == ({"value": "42", "name": "Visa"}, 100)
    kept = purchase["Line"][0]["ItemBasedExpenseLineDetail"]
    assert (kept["TaxCodeRef"]["value"], kept["CustomerRef"]["value"], kept["Qty"]) == ("TAX", "1", 1)
    assert books.create("Purchase", **body, DocNumber="Doc123")["DocNumber"] == "Doc123"
    assert code_of(lambda: books.create("Purchase", **{**body, "PaymentType": "Check"})) == "6430"
    assert code_of(lambda: books.create("Purchase", **{**body, "PaymentType": "Barter"})) == "2170"


def test_journal_entry_balances_and_names_who_owes(books: Books) -> None:
    saved = books.create("JournalEntry", Line=[entry("Debit", 10), entry("Credit", 10, "35")])
    assert (saved["TotalAmt"], saved["Adjustment"]) == (10, False)
    assert code_of(lambda: books.create("JournalEntry", Line=[entry("Debit", 10), entry("Credit", 9)])) == "6000"
    assert code_of(lambda: books.create("JournalEntry", Line=[entry("Left", 10)])) == "2170"
    assert code_of(lambda: books.create("JournalEntry", Line=[])) == "2020"
    receivable = [entry("Debit", 10, "84"), entry("Credit", 10)]
    assert code_of(lambda: books.create("JournalEntry", Line=receivable)) == "6000"
    receivable[0] = entry("Debit", 10, "84", Entity={"Type": "Customer", "EntityRef": {"value": "1"}})
    named = books.create("JournalEntry", Line=receivable)["Line"][0]["JournalEntryLineDetail"]
    assert named["Entity"]["EntityRef"]["name"] == "Amy's Bird Sanctuary"


def test_transfer_moves_an_amount_between_two_accounts(books: Books) -> None:
    body = {"FromAccountRef": {"value": "35"}, "ToAccountRef": {"value": "36"}, "Amount": 100}
    transfer = books.create("Transfer", **body)
    assert books.change("Transfer", transfer, Amount=101)["Amount"] == 101
    for changes, code in (
        ({"Amount": None}, "2020"),
        ({"Amount": 0}, "6000"),
        ({"ToAccountRef": None}, "2020"),
        ({"ToAccountRef": {"value": "35"}}, "6000"),
    ):
        assert code_of(lambda changes=changes: books.create("Transfer", **{**body, **changes})) == code  # type: ignore[misc]
    assert books.delete("Transfer", transfer)["status"] == "Deleted"


@pytest.mark.parametrize("kind", ["Bill", "PurchaseOrder", "VendorCredit"])
def test_closed_books_refuse_spending_too(books: Books, kind: str) -> None:
    books.prefer("AccountingInfoPrefs", BookCloseDate="2026-01-31")
    assert code_of(lambda: books.create(kind, **VENDOR, TxnDate="2026-01-31", Line=[by_account()])) == "6210"


@pytest.mark.parametrize("kind", ["Budget", "JournalCode"])
def test_kind_this_company_has_none_of_can_be_asked_for(books: Books, kind: str) -> None:
    assert answer_query(books.company, f"SELECT * FROM {kind}") == {}  # noqa: S608 - no SQL, a constant
    assert code_of(lambda: books.create(kind, Name="New")) == "500"


def test_sample_company_has_the_usual_accounts(books: Books) -> None:
    found = answer_query(books.company, "SELECT * FROM Account")["Account"]
    assert len(found) > 20
    spent = [each["Name"] for each in found if each["AccountType"] == "Expense"]
    assert "Travel" in spent
    assert len(spent) < 20
    for account in found:
        assert CLASSIFICATIONS[account["AccountType"]] == account["Classification"]
        assert TYPE_OF_SUB_TYPE[account["AccountSubType"]] == account["AccountType"]


def test_card_payment_is_a_transfer_too_and_both_go_together(books: Books) -> None:
    body = {"BankAccountRef": {"value": "35"}, "CreditCardAccountRef": {"value": "41"}, "Amount": 100}
    payment = books.create("CreditCardPayment", **body)
    assert books.read("Transfer", payment)["ToAccountRef"] == {"value": "41", "name": "Mastercard"}
    books.change("CreditCardPayment", payment, Amount=101)
    twin = books.read("Transfer", payment)
    assert (twin["Amount"], twin["SyncToken"]) == (101, "1")
    for changes, code in (
        ({"Amount": None}, "2020"),
        ({"Amount": 0}, "6000"),
        ({"BankAccountRef": None}, "2020"),
        ({"BankAccountRef": {"value": "42"}}, "6430"),
        ({"CreditCardAccountRef": {"value": "35"}}, "6430"),
    ):
        assert code_of(lambda changes=changes: books.create("CreditCardPayment", **{**body, **changes})) == code  # type: ignore[misc]
    books.delete("CreditCardPayment", payment)
    assert code_of(lambda: books.read("Transfer", payment)) == "610"
