"""What an accountant does in QuickBooks, as the bridge tells it: read over a real socket from the simulated company."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from workorder_bridge.examples import example_destination
from workorder_bridge.news import News
from workorder_bridge.receipt import Receipt


@pytest.fixture
def act(simulator) -> Callable[..., Any]:
    def act(action: str, **body: Any) -> Any:
        return simulator.control(f"accountant/{action}", body)

    return act


@pytest.fixture
def receipts(quickbooks, batches, send) -> list[Receipt]:
    """Two invoices of ours that are there."""
    return send(quickbooks.open(), batches(*batches.numbered(2), realm=quickbooks.realm))


@pytest.fixture
def news(quickbooks) -> Callable[[], News]:
    return lambda: quickbooks.open().news_since(example_destination(realm=quickbooks.realm), None)


def invoice_of(news: News, receipt: Receipt) -> Any:
    return next(one for one in news.seen.invoices if one.external_id == receipt.external_id)


def test_what_we_wrote_is_seen_with_the_version_of_the_receipt(receipts, news):
    seen = invoice_of(news(), receipts[0])
    assert (seen.version, seen.status) == (receipts[0].version, "present")
    assert (seen.number, seen.total, seen.tax) == (receipts[0].number, receipts[0].total, receipts[0].tax)
    assert seen.lines


def billed_line(simulator, receipt: Receipt) -> str:
    (invoice,) = (one for one in simulator.invoices() if one["Id"] == receipt.external_id)
    return str(next(line["Id"] for line in invoice["Line"] if line["DetailType"] == "SalesItemLineDetail"))


def test_edit_void_and_delete_are_seen(receipts, news, act, simulator):
    first, second = receipts
    amounts = {billed_line(simulator, first): 100}
    act("edit_invoice", id=first.external_id, due="2030-01-31", message="Thanks", amounts=amounts)
    seen = invoice_of(news(), first)
    assert (seen.due_date, seen.memo) == ("2030-01-31", "Thanks")
    assert seen.total != first.total
    act("void", kind="Invoice", id=first.external_id)
    assert invoice_of(news(), first).status == "voided"
    act("delete", kind="Invoice", id=second.external_id)
    assert invoice_of(news(), second).status == "deleted"


def test_one_payment_over_two_invoices_with_money_left_is_seen_whole(receipts, news, act):
    customer = receipts[0].customer_id
    parts = {receipts[0].external_id: 100, receipts[1].external_id: 50.25}
    act("receive", customer_id=customer, invoices=parts, amount=200, reference="CHK 9")
    told = news()
    (payment,) = (one for one in told.seen.payments if one.reference == "CHK 9")
    assert dict(payment.parts) == {key: Decimal(str(paid)) for key, paid in parts.items()}
    assert (payment.total, payment.unapplied, payment.status) == (Decimal(200), Decimal("49.75"), "present")
    assert {one.invoice_external_id for one in told.payments} == set(parts)


@pytest.mark.parametrize(("action", "status"), [("void", "voided"), ("delete", "deleted")])
def test_undone_payment_is_seen_as_paying_nothing(receipts, news, act, action, status):
    paid = act("receive", customer_id=receipts[0].customer_id, invoices={receipts[0].external_id: 100})["Payment"]
    act(action, kind="Payment", id=paid["Id"])
    (payment,) = (one for one in news().seen.payments if one.external_id == paid["Id"])
    assert (payment.status, payment.parts) == (status, ())


def test_voiding_a_paid_invoice_frees_its_payment(receipts, news, act):
    paid = act("receive", customer_id=receipts[0].customer_id, invoices={receipts[0].external_id: 100})["Payment"]
    act("void", kind="Invoice", id=receipts[0].external_id)
    (payment,) = (one for one in news().seen.payments if one.external_id == paid["Id"])
    assert (payment.parts, payment.unapplied) == ((), Decimal(100))


def test_merge_shows_as_an_inactive_customer_whose_invoices_moved(receipts, news, act):
    loser = receipts[0].customer_id
    act("merge_customers", loser_id=loser, survivor_id="2")
    told = news()
    (customer,) = (one for one in told.seen.customers if one.external_id == loser)
    assert not customer.active
    assert {invoice_of(told, receipt).customer_id for receipt in receipts} == {"2"}


def test_renamed_customer_is_seen(receipts, news, act):
    act("rename", kind="Customer", id=receipts[0].customer_id, name="Mercy Hospital")
    assert "Mercy Hospital" in [one.name for one in news().seen.customers]
