import hashlib
import json

import psycopg2
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestQueue(TransmissionCase):
    """Posting queues; resetting withdraws or is refused."""

    def test_posting_a_work_order_invoice_queues_it_frozen(self):
        invoice = self.posted_invoice()
        row = self.row_of(invoice)
        self.assertEqual(row.state, "ready")
        self.assertEqual(row.revision, 1)
        self.assertRegex(row.key, "^[0-9a-f]{32}$")
        self.assertEqual(row.sha256, hashlib.sha256(row.document.encode()).hexdigest())
        self.assertEqual(json.loads(row.document)["number"], invoice.name)
        self.assertEqual(row.work_order_ids, invoice.sudo().work_order_ids)
        self.assertEqual(row.buyer_po, "4500-1")
        self.assertEqual(row.amount_total, invoice.amount_total)

    def test_state_written_without_the_button_queues_too(self):
        invoice = self.draft_invoice()
        invoice.invoice_date = "2026-11-22"
        invoice.sudo().write({"state": "posted"})
        row = self.row_of(invoice)
        self.assertEqual((row.state, json.loads(row.document)["number"]), ("ready", invoice.name))

    def test_draft_invoice_is_not_queued(self):
        self.assertFalse(self.draft_invoice().sudo().transmission_ids)

    def test_every_active_or_paused_destination_of_the_company_gets_a_row(self):
        paused = self.new_destination("paused")
        paused.action_activate()
        paused.action_pause()
        self.new_destination("idle")
        other_company = self.env["res.company"].create({"name": "Elsewhere"})
        self.new_destination("elsewhere", company_id=other_company.id, payment_journal_id=False, state="active")
        rows = self.posted_invoice().sudo().transmission_ids
        self.assertEqual(rows.destination_id, self.destination | paused)

    def test_other_invoices_only_on_request(self):
        self.destination.all_invoices = False
        self.assertFalse(self.plain_invoice().transmission_ids)
        self.destination.all_invoices = True
        self.assertEqual(self.plain_invoice().transmission_ids.state, "ready")

    def plain_invoice(self, move_type="out_invoice"):
        invoice = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.buyer.id,
                "invoice_date": "2026-11-22",
                "invoice_line_ids": [(0, 0, {"name": "Advice", "quantity": 1, "price_unit": 10, "tax_ids": []})],
            }
        )
        invoice.action_post()
        return invoice

    def test_credit_notes_without_an_invoice_and_bills_are_never_queued(self):
        self.destination.all_invoices = True
        self.assertFalse(self.plain_invoice("out_refund").transmission_ids)
        self.assertFalse(self.plain_invoice("in_invoice").transmission_ids)

    def test_document_and_key_never_change(self):
        row = self.queued()
        for name, value in (("document", "{}"), ("key", "0" * 32), ("sha256", ""), ("revision", 7)):
            with self.assertRaises(UserError):
                row.write({name: value})
        with self.assertRaises(UserError):
            row.unlink()

    def test_copied_invoice_starts_without_rows(self):
        invoice = self.posted_invoice()
        self.assertFalse(invoice.sudo().copy().transmission_ids)

    def test_reset_before_sending_withdraws_and_posting_again_makes_a_new_revision(self):
        invoice = self.posted_invoice()
        first = self.row_of(invoice)
        invoice.button_draft()
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(self.claim()["rows"], [])
        invoice.action_post()
        second = self.row_of(invoice)
        self.assertEqual((second.revision, second.state), (2, "ready"))
        self.assertNotEqual(second.key, first.key)

    def test_cancelling_before_sending_withdraws(self):
        invoice = self.posted_invoice()
        invoice.button_cancel()
        self.assertEqual(invoice.sudo().transmission_ids.state, "cancelled")

    def test_reset_is_refused_once_it_may_be_there(self):
        for state in ("sending", "sent", "received", "in_process", "accepted", "paid", "disputed", "unknown"):
            with self.subTest(state=state):
                invoice = self.posted_invoice()
                self.row_of(invoice).state = state
                resets = [invoice.button_draft, lambda invoice=invoice: invoice.sudo().write({"state": "draft"})]
                if state in ("sending", "paid", "unknown"):  # else cancelling voids: test_void.py
                    cancel = lambda invoice=invoice: invoice.sudo().write({"state": "cancel"})  # noqa: E731
                    resets += [invoice.button_cancel, cancel]
                for reset in resets:
                    with self.assertRaisesRegex(UserError, "handed on already"):
                        reset()
                self.assertEqual(invoice.state, "posted")

    def test_rejected_and_blocked_invoices_may_be_reset(self):
        for state in ("rejected", "blocked"):
            invoice = self.posted_invoice()
            row = self.row_of(invoice)
            row.state = state
            invoice.button_draft()
            self.assertEqual(row.state, "cancelled")

    def test_queued_invoice_cannot_be_deleted(self):
        invoice = self.posted_invoice()
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "cancel them instead"):
            invoice.sudo().with_context(force_delete=True).unlink()

    def test_two_live_rows_for_one_invoice_are_impossible(self):
        row = self.queued()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            self.env["work.order.transmission"]._queue(
                {row.invoice_id.id: json.loads(row.document)}, [(row.invoice_id, row.destination_id, 2)]
            )
            self.env.flush_all()

    def test_posting_many_costs_no_queries_per_invoice(self):
        few = self.count_queue_queries(self.draft_invoices(2))
        many = self.count_queue_queries(self.draft_invoices(8))
        self.assertLessEqual(many, few + 5)  # the same statements, in one or two portions more

    def draft_invoices(self, count):
        tickets = self.env["work.order"]
        for _turn in range(count):
            tickets |= self.standard_order().work_order_ids
        return self.invoice(self.complete(tickets))

    def count_queue_queries(self, invoices):
        self.destination.state = "draft"
        invoices.action_post()
        self.destination.state = "active"
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = invoices._queue_transmissions()
        self.env.flush_all()
        self.assertEqual(len(rows), len(invoices))
        return self.env.cr.sql_log_count - before

    def test_invoices_from_before_activation_are_queued_on_request_once(self):
        self.destination.state = "draft"
        invoice = self.posted_invoice()
        self.assertFalse(invoice.sudo().transmission_ids)
        self.destination.state = "active"
        invoice.action_queue_transmission()
        self.assertEqual(self.row_of(invoice).state, "ready")
        with self.assertRaisesRegex(UserError, "Nothing to queue"):
            invoice.action_queue_transmission()
