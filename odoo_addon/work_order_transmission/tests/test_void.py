import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestVoid(TransmissionCase):
    """Cancelling an invoice that is there voids it there; everything that makes that unsafe refuses the cancelling."""

    def voided_row(self, row):
        return row.invoice_id.transmission_ids.filtered(lambda each: each.kind == "void" and each.state != "cancelled")

    def test_cancelling_an_invoice_that_is_there_queues_a_void(self):
        row = self.arrived("101")
        row.invoice_id.button_cancel()
        void = self.voided_row(row)
        self.assertEqual((row.invoice_id.state, row.state, void.state), ("cancel", "received", "ready"))
        self.assertEqual((void.document, void.amount_total), (row.document, 0.0))
        self.assertNotEqual(void.key, row.key)
        batch = self.claim()
        (handed,) = batch["rows"]
        self.assertEqual((handed["id"], handed["kind"]), (void.id, "void"))
        self.assertEqual(handed["original"], {"external_id": "101", "number": row.name, "version": "0", "key": row.key})

    def test_invoice_of_a_work_order_is_voided_and_gives_the_work_back(self):
        invoice = self.posted_invoice()
        row = self.row_of(invoice)
        batch = self.claim()
        self.settle(batch["lease"], self.received(row, "110"))
        order = invoice.sudo().work_order_ids
        invoice.button_cancel()
        self.assertEqual((invoice.state, order.state), ("cancel", "done"))
        self.assertTrue(self.voided_row(row))

    def test_state_written_without_the_button_voids_too(self):
        row = self.arrived()
        row.invoice_id.sudo().write({"state": "cancel"})
        self.assertEqual(self.voided_row(row).state, "ready")

    def settle_void(self, row, state="received", **more):
        row.invoice_id.button_cancel()
        void = self.voided_row(row)
        batch = self.claim()
        values = {"external_id": row.external_id, "external_total": "0.00", "external_version": "1", **more}
        result = self.result(void, state, **values)
        return void, batch["lease"], result

    def test_done_void_marks_both_rows_and_the_invoice(self):
        row = self.arrived("101")
        void, lease, result = self.settle_void(row, message="Voided in QuickBooks.")
        self.assertEqual(self.settle(lease, result)["settled"], void.ids)
        self.assertEqual(self.settle(lease, result)["unchanged"], void.ids, "a lost answer: repeated")
        self.assertEqual((void.state, row.state), ("voided", "voided"))
        self.assertEqual(row.invoice_id.transmission_state, "voided")
        self.assertIn(row.invoice_id, self.env["account.move"].search([("transmission_state", "=", "voided")]))
        self.assertEqual(self.offered.changes_since("books")["open_invoices"], 0)

    def test_void_that_left_a_total_differs(self):
        row = self.arrived("101")
        void, lease, result = self.settle_void(row, external_total="5.00")
        self.settle(lease, result)
        self.assertEqual((void.state, row.state), ("disputed", "received"))
        self.assertIn("5.00", void.message)

    def test_rejected_void_is_asked_for_again_under_a_new_key(self):
        row = self.arrived("101")
        void, lease, result = self.settle_void(row)
        answer = {name: result[name] for name in ("id", "key")} | {"state": "rejected", "message": "Books are closed."}
        self.settle(lease, answer)
        void.with_user(self.billing).action_try_again()
        again = self.voided_row(row)
        self.assertEqual((void.state, again.state, again.revision, again.kind), ("cancelled", "ready", 2, "void"))
        self.assertEqual((again.document, again.amount_total), (row.document, 0.0))

    def test_invoice_with_a_credit_note_cannot_be_cancelled(self):
        row = self.arrived()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=row.invoice_id.ids
        )
        made = wizard.create({"journal_id": row.invoice_id.journal_id.id}).reverse_moves()
        note = self.env["account.move"].browse(made["res_id"])
        note.action_post()
        with self.assertRaisesRegex(UserError, "credits it already"):
            row.invoice_id.button_cancel()

    def test_invoice_with_money_on_it_cannot_be_cancelled(self):
        row = self.arrived("101")
        payment = {
            "external_id": "P1",
            "invoice_external_id": "101",
            "amount": "10.00",
            "currency": "USD",
            "date": "2026-11-23",
            "reference": "",
        }
        self.assertEqual(self.offered.register_payments("books", [payment], None)["registered"], ["P1"])
        with self.assertRaisesRegex(UserError, "Make a credit note instead"):
            row.invoice_id.button_cancel()
        self.assertFalse(row.invoice_id.can_be_voided)

    def test_voided_invoice_cannot_be_posted_again_under_its_number(self):
        row = self.arrived("101")
        self.assertTrue(row.invoice_id.can_be_voided)
        row.invoice_id.button_cancel()
        with self.assertRaisesRegex(UserError, "Make a new invoice instead"):
            row.invoice_id.button_draft()

    def test_one_destination_has_it_the_other_not_yet(self):
        row = self.arrived("101")
        other = self.new_destination("other")
        other.action_activate()
        row.invoice_id.action_queue_transmission()
        waiting = row.invoice_id.transmission_ids - row
        row.invoice_id.button_cancel()
        self.assertEqual(waiting.state, "cancelled")
        self.assertEqual(self.voided_row(row).destination_id, self.destination)
        self.assertEqual(json.loads(self.voided_row(row).document)["number"], row.name)
