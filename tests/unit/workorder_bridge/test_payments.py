"""Reading payments out of QuickBooks' answers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from workorder_bridge.destinations.quickbooks.payments import PIECE, read_news
from workorder_bridge.news import Seen

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Answers:
    """A company that answers change data capture and queries with what it was given."""

    def __init__(
        self, payments: list[dict[str, Any]], invoices: list[dict[str, Any]] | None = None, **others: list[Any]
    ) -> None:
        self.payments = payments
        self.invoices = invoices or []
        self.others = others

    def fetch(self, path: str, **params: str) -> dict[str, Any]:
        assert path == "cdc"
        assert params["changedSince"]
        lists = [{"Payment": self.payments} if self.payments else {}, {"Invoice": self.invoices}, self.others]
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


def test_credit_memos_are_of_another_kind_and_deleted_customers_are_left_out():
    gone = {"Id": "1", "status": "Deleted"}
    company = Answers(
        [], [{"Id": "145"}], CreditMemo=[{"Id": "145"}], Customer=[gone, {"Id": "2", "DisplayName": "Mercy"}]
    )
    seen = news(company).seen
    assert sorted(one.kind for one in seen.invoices) == ["credit", "invoice"]
    assert [one.external_id for one in seen.customers] == ["2"]


def test_many_invoices_are_told_in_pieces_with_the_customers_and_strangers_stay_strangers():
    """The stranger's invoice is in the first piece; the payment on it must not be offered all the same."""
    ours = [{"Id": str(number), "PrivateNote": f"[wb:{number}]"} for number in range(1, PIECE + 100)]
    links = (("Invoice", "stranger", "5.00"), ("Invoice", "7", "100.00"))
    company = Answers([payment(links=links)], [{"Id": "stranger"}, *ours], Customer=[{"Id": "2"}])
    told: list[Seen] = []
    found = read_news(company, NOW, NOW, "USD", told.append)
    assert [len(piece.invoices) for piece in [*told, found.seen]] == [PIECE, 100]
    assert all(len(piece.customers) == 1 for piece in [*told, found.seen])
    assert len({one.external_id for piece in [*told, found.seen] for one in piece.invoices}) == PIECE + 100
    assert [one.invoice_external_id for one in found.payments] == ["7"]
    assert len(news(company).seen.invoices) == PIECE + 100  # nobody to tell: all of it is in the news
