"""Invoices cancelled in Odoo: voided in QuickBooks once, and never over what a person did there."""

from decimal import Decimal

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import BooksClosed, DestinationClosed
from workorder_bridge.examples import example_document
from workorder_bridge.receipt import Receipt, verify_void


class Cancelled:
    """An invoice in QuickBooks that was cancelled in Odoo."""

    def __init__(self, quickbooks, batches, deliver):
        self.quickbooks, self.simulator, self.send = quickbooks, quickbooks.simulator, deliver
        first = batches(example_document(), realm=quickbooks.realm)
        row = first.rows[0]
        self.receipt = deliver(quickbooks.open(), first).answers[row.id]
        self.batch = batches.about(self.receipt, row, row.document, kind="void", realm=quickbooks.realm)

    def deliver(self, **changes):
        """The answer, the dispute and the remark of the only row."""
        delivery = self.send(self.quickbooks.open(), self.batch.model_copy(update=changes))
        row_id = self.batch.rows[0].id
        return delivery.answers[row_id], delivery.disputes.get(row_id, ""), delivery.remarks.get(row_id, "")

    @property
    def invoice(self):
        (invoice,) = self.simulator.invoices()
        return invoice

    def edit(self, **changes):
        body = {"Id": self.invoice["Id"], "SyncToken": self.invoice["SyncToken"], "sparse": True, **changes}
        self.simulator.call("POST", "invoice", json=body)

    def assert_voided(self):
        assert self.invoice["PrivateNote"].startswith("Voided")
        assert Decimal(str(self.invoice["TotalAmt"])) == 0


@pytest.fixture
def cancelled(quickbooks, batches, deliver):
    return Cancelled(quickbooks, batches, deliver)


def test_cancelled_invoice_is_voided_and_keeps_its_number(cancelled):
    answer, dispute, remark = cancelled.deliver()
    cancelled.assert_voided()
    row = cancelled.batch.rows[0]
    verify_void(parse_document(row.document, row.sha256), answer)
    assert (answer.external_id, answer.number) == (cancelled.receipt.external_id, "INV/2026/00001")
    assert (dispute, remark) == ("", "Invoice INV/2026/00001 was voided in QuickBooks.")


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_invoice_that_is_gone_already_is_fine_and_said(operation, cancelled):
    body = {"Id": cancelled.receipt.external_id, "SyncToken": "0"}
    cancelled.simulator.call("POST", f"invoice?operation={operation}", json=body)
    writes = cancelled.simulator.statistics["batch_items"]
    answer, dispute, remark = cancelled.deliver()
    assert (answer.external_id, answer.total) == (cancelled.receipt.external_id, 0)
    assert dispute == ""
    assert {"void": "is voided", "delete": "was deleted"}[operation] in remark
    assert cancelled.simulator.statistics["batch_items"] == writes


def test_invoice_a_person_changed_is_left_as_it_is(cancelled):
    line = {"DetailType": "SalesItemLineDetail", "Amount": 7, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    cancelled.edit(Line=[line], TxnTaxDetail={"TotalTax": 0})
    answer, dispute, _ = cancelled.deliver()
    assert isinstance(answer, Receipt)
    assert "total of 7.00 in QuickBooks, 193.50 was sent" in dispute
    assert cancelled.invoice["TotalAmt"] == 7


def test_invoice_without_our_mark_is_left_as_it_is(cancelled):
    cancelled.edit(PrivateNote="Mine now")
    _, dispute, _ = cancelled.deliver()
    assert "does not carry our mark" in dispute
    assert cancelled.invoice["TotalAmt"] == Decimal("193.5")


def test_paid_invoice_is_left_as_it_is(cancelled):
    cancelled.quickbooks.pay(cancelled.receipt, "100.00")
    _, dispute, _ = cancelled.deliver()
    assert "100.00 was paid or credited" in dispute
    assert cancelled.invoice["Balance"] == Decimal("93.5")


def test_edit_that_changed_nothing_that_counts_does_not_stop_the_void(cancelled):
    cancelled.edit(CustomerMemo={"value": "Thank you"})
    answer, dispute, _ = cancelled.deliver()
    assert (answer.total, dispute) == (0, "")
    cancelled.assert_voided()


def test_stale_edit_is_read_and_judged_again(cancelled):
    cancelled.simulator.fault("fault_code:5010", match={"bid": "1"}, times=1)
    answer, dispute, _ = cancelled.deliver()
    assert (answer.total, dispute) == (0, "")
    cancelled.assert_voided()


def test_closed_books_refuse_the_void_with_the_reason(cancelled):
    cancelled.simulator.fault("fault_code:6210", match={"bid": "1"}, times=1)
    answer, _, _ = cancelled.deliver()
    assert isinstance(answer, BooksClosed)
    assert cancelled.invoice["TotalAmt"] == Decimal("193.5")


@pytest.mark.parametrize("forgetful", [False, True], ids=["replays", "forgets"])
@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before_commit"])
def test_lost_answer_ends_voided_once(kind, forgetful, cancelled):
    if forgetful:
        cancelled.simulator.control("settings", {"request_id_seconds": 0})
    cancelled.simulator.fault(kind, "batch")
    answer, dispute, _ = cancelled.deliver()
    assert (answer.total, dispute) == (0, "")
    cancelled.assert_voided()
    assert cancelled.invoice["SyncToken"] == "1"


def test_second_worker_after_a_crash_finds_it_voided(cancelled):
    cancelled.simulator.fault("drop_after_commit", "batch")
    cancelled.simulator.fault("403", "query", times=None, skip=1)
    first, _, _ = cancelled.deliver()
    assert isinstance(first, DestinationClosed)
    assert first.maybe_sent
    cancelled.simulator.control("faults", method="DELETE")
    answer, dispute, remark = cancelled.deliver(attempt=2)
    assert (answer.total, dispute) == (0, "")
    assert "voided in QuickBooks" in remark
    assert cancelled.invoice["SyncToken"] == "1"
