"""Sales receipts, refund receipts, and the bank deposits that close both payments and receipts."""

from typing import Any

import pytest

from .conftest import Books, Record, code_of, form, settled

CHECKING = {"value": "35"}


def deposit_of(kind: str, record: Record, **changes: Any) -> Record:
    line = {"LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind, "TxnLineId": "0"}]}
    return {"DepositToAccountRef": CHECKING, "Line": [line], **changes}


def received(books: Books, kind: str) -> Record:
    return books.create(kind, **(form(50) if kind == "SalesReceipt" else settled(50)))


def test_sales_receipt_is_paid_and_waits_in_undeposited_funds(books: Books) -> None:
    receipt = books.create("SalesReceipt", **form(50, PaymentRefNum="CHK 9", PaymentMethodRef={"value": "2"}))
    assert (receipt["TotalAmt"], receipt["Balance"], receipt["PaymentRefNum"]) == (50, 0, "CHK 9")
    assert receipt["DepositToAccountRef"]["value"] == "4"
    assert receipt["PaymentMethodRef"] == {"value": "2", "name": "Check"}
    assert "DueDate" not in receipt


def test_receipt_needs_no_customer(books: Books) -> None:
    body = form(50)
    del body["CustomerRef"]
    assert "CustomerRef" not in books.create("SalesReceipt", **body)
    assert code_of(lambda: books.create("CreditMemo", **body)) == "6560"


def test_voided_sales_receipt_keeps_its_place(books: Books) -> None:
    voided = books.void("SalesReceipt", books.create("SalesReceipt", **form(50, PrivateNote="cash")))
    assert (voided["TotalAmt"], voided["PrivateNote"]) == (0, "Voided - cash")


def test_refund_says_which_account_it_is_taken_from(books: Books) -> None:
    assert code_of(lambda: books.create("RefundReceipt", **form(50))) == "2020"
    refund = books.create("RefundReceipt", **form(50, DepositToAccountRef=CHECKING))
    assert refund["DepositToAccountRef"] == {"value": "35", "name": "Checking"}


@pytest.mark.parametrize("kind", ["SalesReceipt", "RefundReceipt"])
def test_account_that_holds_no_money_is_refused(books: Books, kind: str) -> None:
    assert code_of(lambda: books.create(kind, **form(50, DepositToAccountRef={"value": "1"}))) == "6430"


@pytest.mark.parametrize("kind", ["SalesReceipt", "Payment"])
def test_what_was_deposited_can_neither_change_nor_go(books: Books, kind: str) -> None:
    money = received(books, kind)
    deposit = books.create("Deposit", **deposit_of(kind, money))
    assert (deposit["TotalAmt"], deposit["Line"][0]["Amount"]) == (50, 50)
    assert books.read(kind, money)["LinkedTxn"] == [{"TxnId": deposit["Id"], "TxnType": "Deposit"}]
    for action in (
        lambda: books.change(kind, money, PrivateNote="late"),
        lambda: books.void(kind, money),
        lambda: books.delete(kind, money),
    ):
        assert code_of(action) == "6540"


@pytest.mark.parametrize("kind", ["SalesReceipt", "Payment"])
def test_deleted_deposit_frees_its_money(books: Books, kind: str) -> None:
    money = received(books, kind)
    books.delete("Deposit", books.create("Deposit", **deposit_of(kind, money)))
    assert books.change(kind, money, PrivateNote="free")["PrivateNote"] == "free"


def test_money_is_deposited_once_whole_and_from_undeposited_funds(books: Books) -> None:
    money = received(books, "Payment")
    body = deposit_of("Payment", money)
    body["Line"][0]["Amount"] = 49
    assert code_of(lambda: books.create("Deposit", **body)) == "6000"
    books.create("Deposit", **deposit_of("Payment", money))
    assert code_of(lambda: books.create("Deposit", **deposit_of("Payment", money))) == "6540"
    direct = books.create("Payment", **settled(50), DepositToAccountRef=CHECKING)
    assert code_of(lambda: books.create("Deposit", **deposit_of("Payment", direct))) == "620"


def test_changed_deposit_swaps_its_payments(books: Books) -> None:
    first, second = received(books, "Payment"), received(books, "Payment")
    deposit = books.create("Deposit", **deposit_of("Payment", first))
    books.change("Deposit", deposit, Line=deposit_of("Payment", second)["Line"])
    assert books.read("Payment", first)["LinkedTxn"] == []
    assert books.read("Payment", second)["LinkedTxn"][0]["TxnId"] == deposit["Id"]


def test_invoice_of_a_deposited_payment_can_still_be_voided(books: Books) -> None:
    invoice = books.create("Invoice", **form(50))
    money = books.create("Payment", **settled(50, ("Invoice", invoice, 50)))
    books.create("Deposit", **deposit_of("Payment", money))
    books.void("Invoice", invoice)
    assert books.read("Payment", money)["UnappliedAmt"] == 50


def test_other_money_is_deposited_by_account(books: Books) -> None:
    line: Record = {
        "Amount": 20,
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": {"AccountRef": {"value": "1"}},
    }
    deposit = books.create("Deposit", DepositToAccountRef=CHECKING, Line=[line], CashBack={"Amount": 5})
    assert (deposit["TotalAmt"], deposit["Line"][0]["Id"]) == (15, "1")
    del line["DepositLineDetail"]
    assert code_of(lambda: books.create("Deposit", DepositToAccountRef=CHECKING, Line=[line])) == "2020"
    assert code_of(lambda: books.create("Deposit", Line=[line])) == "2020"
