"""Reading payments out of QuickBooks' answers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from workorder_bridge.destinations.quickbooks.payments import read_news

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Answers:
    """A company that answers change data capture and queries with what it was given."""

    def __init__(self, payments: list[dict[str, Any]], invoices: list[dict[str, Any]] | None = None) -> None:
        self.payments = payments
        self.invoices = invoices or []

    def fetch(self, path: str, **params: str) -> dict[str, Any]:
        assert path == "cdc"
        assert params["changedSince"]
        lists = [{"Payment": self.payments} if self.payments else {}, {"Invoice": self.invoices}]
        return {"CDCResponse": [{"QueryResponse": lists}], "time": "2026-12-01T04:00:01.000-08:00"}


def payment(number: int = 1, links: tuple[tuple[str, str, str], ...] = (("Invoice", "145", "100.00"),), **more: Any):
    lines = [{"Amount": Decimal(amount), "LinkedTxn": [{"TxnType": kind, "TxnId": txn}]} for kind, txn, amount in links]
    return {"Id": str(number), "TxnDate": "2026-11-30", "PaymentRefNum": "check 7", "Line": lines, **more}


def news(company: Answers, since: datetime | None = NOW - timedelta(days=1)):
    return read_news(company, since, NOW, "USD")


def test_payment_of_two_invoices_becomes_two():
    links = (("Invoice", "145", "100.00"), ("Invoice", "146", "40.00"), ("Invoice", "145", "5.00"))
    found = news(Answers([payment(links=links)])).payments
    assert [(one.invoice_external_id, one.amount) for one in found] == [
        ("145", Decimal("105.00")),
        ("146", Decimal("40.00")),
    ]


def test_payment_that_uses_a_credit_memo_is_left_to_a_person():
    links = (("Invoice", "145", "100.00"), ("CreditMemo", "9", "100.00"))
    found = news(Answers([payment(links=links, TotalAmt=0)]))
    assert list(found.payments) == []
    assert "also uses CreditMemo" in found.notices[0]


@pytest.mark.parametrize(
    "gone",
    [
        {"Id": "1", "status": "Deleted"},
        payment(links=(("Invoice", "145", "0"),)),
        {"Id": "1", "TxnDate": "2026-11-30", "TotalAmt": 0, "PrivateNote": "Voided"},
    ],
)
def test_deleted_or_void_payment_is_not_registered(gone):
    assert list(news(Answers([gone])).payments) == []


def test_payment_of_an_invoice_without_our_marker_is_left_alone():
    invoices = [{"Id": "145", "PrivateNote": "by hand"}, {"Id": "146", "PrivateNote": "x [wb:abc]"}]
    links = (("Invoice", "145", "1.00"), ("Invoice", "146", "2.00"), ("Invoice", "147", "3.00"))
    found = news(Answers([payment(links=links)], invoices)).payments
    assert [one.invoice_external_id for one in found] == ["146", "147"]


def test_foreign_currency_is_named():
    (one,) = news(Answers([payment(CurrencyRef={"value": "CAD"})])).payments
    assert (one.currency, one.as_message()["amount"]) == ("CAD", "100.00")
