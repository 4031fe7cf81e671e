import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestCredit(TransmissionCase):
    """A credit note goes where its invoice went, and never before it."""

    def credit(self, invoice, quantity=None):
        """A posted credit note of the invoice; of so much of its first line only, if told."""
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        made = wizard.create({"journal_id": invoice.journal_id.id, "reason": "Wrong price"}).reverse_moves()
        note = self.env["account.move"].browse(made["res_id"])
        if quantity is not None:
            note.invoice_line_ids[1:].unlink()
            note.invoice_line_ids.quantity = quantity
        note.invoice_date = "2026-11-25"
        note.action_post()
        return note

    def test_credit_note_of_a_sent_invoice_is_queued_with_its_document(self):
        row = self.arrived()
        note = self.credit(row.invoice_id)
        queued = self.row_of(note)
        document = json.loads(queued.document)
        self.assertEqual((queued.kind, queued.state, queued.original_id), ("credit", "ready", row.invoice_id))
        self.assertEqual((document["kind"], document["number"]), ("credit", note.name))
        self.assertEqual(document["original"]["number"], row.name)
        self.assertEqual(document["totals"]["total"], json.loads(row.document)["totals"]["total"])
        self.assertNotEqual(queued.key, row.key)

    def test_credit_is_handed_out_with_the_invoice_it_concerns(self):
        row = self.arrived("105")
        note = self.row_of(self.credit(row.invoice_id, quantity=1))
        batch = self.claim()
        (handed,) = batch["rows"]
        self.assertEqual((handed["id"], handed["kind"], batch["remaining"]), (note.id, "credit", 0))
        self.assertEqual(handed["original"], {"external_id": "105", "number": row.name, "version": "0", "key": row.key})
        self.assertEqual(note.request_id, batch["lease"])
        self.assertEqual(set(batch["tables"]), {"customers", "items", "taxes", "terms", "classes", "locations"})

    def test_credit_is_never_handed_out_before_its_invoice_was_received(self):
        row = self.queued()
        note = self.row_of(self.credit(row.invoice_id))
        first = self.claim()
        self.assertEqual([(each["id"], each["kind"]) for each in first["rows"]], [(row.id, "invoice")])
        self.assertIsNone(first["rows"][0]["original"])
        self.assertEqual(first["remaining"], 0, "the credit cannot be claimed yet")
        self.assertEqual(self.claim()["rows"], [])
        self.settle(first["lease"], self.received(row, "106"))
        self.assertEqual([each["id"] for each in self.claim()["rows"]], note.ids)

    def test_batch_holds_rows_of_one_kind(self):
        row = self.arrived()
        note = self.row_of(self.credit(row.invoice_id))
        invoice = self.queued()
        self.assertEqual([each["id"] for each in self.claim()["rows"]], invoice.ids)
        self.assertEqual([each["id"] for each in self.claim()["rows"]], note.ids)

    def test_credit_may_have_the_id_of_an_invoice_there(self):
        """Whether transactions of different kinds share their ids there is not ours to know."""
        row = self.arrived("101")
        note = self.row_of(self.credit(row.invoice_id))
        batch = self.claim()
        answer = self.settle(batch["lease"], self.received(note, "101", message="Applied to the invoice."))
        self.assertEqual((answer["settled"], answer["conflicts"]), (note.ids, []))
        self.assertEqual((note.state, note.message, row.state), ("received", "Applied to the invoice.", "received"))

    def test_reconciled_credit_stays_received_and_asks_for_no_payments(self):
        row = self.arrived()
        note = self.row_of(self.credit(row.invoice_id))
        batch = self.claim()
        self.settle(batch["lease"], self.received(note, "102"))
        receivable = (row.invoice_id | note.invoice_id).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        receivable.filtered(lambda line: not line.reconciled).reconcile()
        self.env.flush_all()
        self.assertEqual(note.state, "received")
        row.state = "paid"
        self.assertEqual(self.offered.changes_since("books")["open_invoices"], 0)

    def test_credit_note_of_an_invoice_that_was_never_queued_is_not_queued(self):
        self.destination.state = "draft"
        invoice = self.posted_invoice()
        self.destination.state = "active"
        note = self.credit(invoice)
        self.assertFalse(note.sudo().transmission_ids)

    def test_credit_note_can_be_reset_until_it_is_handed_on(self):
        row = self.arrived()
        note = self.credit(row.invoice_id)
        queued = self.row_of(note)
        note.button_draft()
        self.assertEqual(queued.state, "cancelled")
        note.action_post()
        batch = self.claim()
        self.settle(batch["lease"], self.received(self.row_of(note), "107"))
        with self.assertRaisesRegex(UserError, "Make a new invoice instead"):
            note.button_draft()

    def test_rejected_credit_is_tried_again_as_a_new_revision(self):
        row = self.arrived()
        note = self.credit(row.invoice_id)
        rejected = self.row_of(note)
        batch = self.claim()
        self.settle(batch["lease"], self.result(rejected, "rejected", message="The books are closed."))
        rejected.with_user(self.billing).action_try_again()
        again = self.row_of(note)
        self.assertEqual((again.kind, again.revision, again.original_id), ("credit", 2, row.invoice_id))
