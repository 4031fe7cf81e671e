"""Credit memos: what is left of them, and how a payment of zero applies them."""

from decimal import Decimal

import pytest

from .conftest import Books, Record, code_of, form, settled


def applied(books: Books, credit: int = 60) -> tuple[Record, Record, Record]:
    invoice = books.create("Invoice", **form(100))
    memo = books.create("CreditMemo", **form(80))
    payment = books.create("Payment", **settled(0, ("Invoice", invoice, credit), ("CreditMemo", memo, credit)))
    return invoice, memo, payment


def left(books: Books, invoice: Record, memo: Record) -> tuple[Decimal, Decimal]:
    return books.read("Invoice", invoice)["Balance"], books.read("CreditMemo", memo)["RemainingCredit"]


def test_new_credit_memo_has_all_of_its_credit_left(books: Books) -> None:
    memo = books.create("CreditMemo", **form(80))
    assert (memo["TotalAmt"], memo["RemainingCredit"], memo["Balance"]) == (80, 80, 80)
    assert memo["Line"][-1]["DetailType"] == "SubTotalLineDetail"


def test_credit_lowers_what_the_customer_owes(books: Books) -> None:
    before = books.read("Customer", {"Id": "2"})["Balance"]
    books.create("CreditMemo", **form(80, customer="2"))
    assert books.read("Customer", {"Id": "2"})["Balance"] == before - 80


def test_payment_of_zero_applies_the_credit_and_links_all_three(books: Books) -> None:
    invoice, memo, payment = applied(books)
    assert left(books, invoice, memo) == (40, 20)
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (0, 0)
    link = [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert books.read("Invoice", invoice)["LinkedTxn"] == books.read("CreditMemo", memo)["LinkedTxn"] == link


def test_money_and_credit_pay_one_invoice_together(books: Books) -> None:
    invoice = books.create("Invoice", **form(100))
    memo = books.create("CreditMemo", **form(80))
    payment = books.create("Payment", **settled(30, ("Invoice", invoice, 100), ("CreditMemo", memo, 80)))
    assert left(books, invoice, memo) == (0, 0)
    assert payment["UnappliedAmt"] == 10


@pytest.mark.parametrize(("invoiced", "credited"), [(60, 50), (50, 60), (90, 90), (120, 80)])
def test_credit_that_does_not_fit_is_refused_whole(books: Books, invoiced: int, credited: int) -> None:
    invoice = books.create("Invoice", **form(100))
    memo = books.create("CreditMemo", **form(80))
    body = settled(0, ("Invoice", invoice, invoiced), ("CreditMemo", memo, credited))
    assert code_of(lambda: books.create("Payment", **body)) == "6000"
    assert left(books, invoice, memo) == (100, 80)


def test_credit_of_another_customer_is_refused(books: Books) -> None:
    invoice = books.create("Invoice", **form(100))
    memo = books.create("CreditMemo", **form(80, customer="2"))
    body = settled(0, ("Invoice", invoice, 50), ("CreditMemo", memo, 50))
    assert code_of(lambda: books.create("Payment", **body)) == "620"


def test_deleted_application_gives_everything_back(books: Books) -> None:
    invoice, memo, payment = applied(books)
    books.delete("Payment", payment)
    assert left(books, invoice, memo) == (100, 80)
    assert books.read("CreditMemo", memo)["LinkedTxn"] == []


def test_voided_invoice_gives_its_credit_back(books: Books) -> None:
    invoice, memo, payment = applied(books)
    books.void("Invoice", invoice)
    assert books.read("CreditMemo", memo)["RemainingCredit"] == 80
    assert books.read("Payment", payment)["Line"] == []


def test_deleted_credit_memo_opens_its_invoice(books: Books) -> None:
    invoice, memo, payment = applied(books)
    books.delete("CreditMemo", memo)
    assert books.read("Invoice", invoice)["Balance"] == 100
    assert books.read("Invoice", invoice)["LinkedTxn"] == []
    assert books.read("Payment", payment)["UnappliedAmt"] == 0


def test_deleted_credit_memo_leaves_money_on_the_invoice(books: Books) -> None:
    invoice = books.create("Invoice", **form(100))
    memo = books.create("CreditMemo", **form(80))
    payment = books.create("Payment", **settled(30, ("Invoice", invoice, 100), ("CreditMemo", memo, 70)))
    books.delete("CreditMemo", memo)
    assert books.read("Invoice", invoice)["Balance"] == 70
    assert books.read("Payment", payment)["Line"][0]["Amount"] == 30


def test_credit_memo_cannot_fall_below_what_was_applied(books: Books) -> None:
    _invoice, memo, _payment = applied(books)
    assert code_of(lambda: books.change("CreditMemo", memo, Line=form(59)["Line"])) == "6000"
    assert books.change("CreditMemo", memo, Line=form(61)["Line"])["RemainingCredit"] == 1


def test_credit_memo_is_not_voided_by_the_api(books: Books) -> None:
    memo = books.create("CreditMemo", **form(80))
    assert code_of(lambda: books.void("CreditMemo", memo)) == "500"


def test_same_number_is_used_once_per_kind(books: Books) -> None:
    books.create("Invoice", **form(100, DocNumber="CN1"))
    books.create("CreditMemo", **form(80, DocNumber="CN1"))
    assert code_of(lambda: books.create("CreditMemo", **form(80, DocNumber="CN1"))) == "6140"
