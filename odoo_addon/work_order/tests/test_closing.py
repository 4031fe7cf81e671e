from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestClosing(WorkOrderCase):
    """D5: billing closes the work order; closed, it takes neither time nor cost, and is never billed twice."""

    def setUp(self):
        super().setUp()
        self.ticket = self.complete(self.standard_order().work_order_ids)
        self.move = self.invoice(self.ticket)
        self.move.action_post()
        self.task = self.ticket.task_ids[0]

    def assertRefused(self, action, sentence="closed|Closed|cannot|finished"):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            action()

    def test_d5_posting_the_invoice_closes_the_ticket(self):
        self.assertEqual(self.ticket.state, "closed")

    def test_d5_closed_ticket_takes_no_time(self):
        values = {"work_order_id": self.ticket.id, "name": "Late", "unit_amount": 1, "category": "work_order_time"}
        self.assertRefused(lambda: self.env["account.analytic.line"].with_user(self.technician).create(values))
        self.assertRefused(
            lambda: self.env["account.analytic.line"].create({**values, "work_order_task_id": self.task.id})
        )

    def test_d5_closed_ticket_takes_no_parts(self):
        values = {"work_order_id": self.ticket.id, "product_id": self.part.id, "quantity": 1}
        self.assertRefused(lambda: self.env["work.order.part"].with_user(self.technician).create(values))

    def test_d5_closed_ticket_takes_no_purchase(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        values = {"partner_id": vendor.id, "work_order_id": self.ticket.id}
        line = Command.create({"product_id": self.part.id, "product_qty": 1, "price_unit": 5})

        def buy():
            self.env["purchase.order"].create({**values, "order_line": [line]}).button_confirm()

        self.assertRefused(buy)

    def test_d5_closed_ticket_takes_no_task_change_or_change_order(self):
        self.assertRefused(lambda: self.task.with_user(self.dispatcher).write({"done_quantity": 9}))
        self.assertRefused(
            lambda: self.env["work.order.task"].create({"work_order_id": self.ticket.id, "name": "Extra"})
        )
        change = {"work_order_id": self.ticket.id, "title": "More", "reason": "x"}
        self.assertRefused(lambda: self.env["work.order.change"].with_user(self.dispatcher).create(change))

    def test_d5_closed_ticket_does_not_reopen(self):
        self.assertRefused(lambda: self.ticket.with_user(self.dispatcher).action_reopen())
        self.assertRefused(lambda: self.ticket.write({"state": "in_progress"}))

    def test_d5_same_work_is_not_billed_twice_by_any_way(self):
        self.assertRefused(lambda: self.ticket.with_user(self.billing).action_create_invoices(), "only finished work")
        self.assertRefused(self.ticket.sale_order_id._create_invoices, "No items")
        self.assertRefused(lambda: self.move.copy({"invoice_date": "2026-11-22"}).action_post(), "would be invoiced")

    def test_d5_warranty_note_opens_a_warranty_ticket(self):
        action = self.ticket.with_user(self.dispatcher).action_open_warranty()
        warranty = self.env["work.order"].browse(action["res_id"])
        self.assertEqual((warranty.kind, warranty.state, self.ticket.state), ("warranty", "draft", "closed"))
