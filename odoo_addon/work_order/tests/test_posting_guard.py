from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestPostingGuard(WorkOrderCase):
    """What no closed task and no order authorised is refused at posting, whatever way it came in."""

    def setUp(self):
        super().setUp()
        self.ticket = self.complete(self.standard_order().work_order_ids)
        self.draft = self.invoice(self.ticket)
        self.line = self.draft.invoice_line_ids[0]

    def assertRefused(self, sentence, invoice=None):
        with self.assertRaisesRegex(UserError, sentence):
            (invoice or self.draft).action_post()
        self.assertEqual((invoice or self.draft).state, "draft")

    def test_raised_price_is_refused(self):
        self.line.price_unit = 5999
        self.assertRefused("5999.0, but 90.0 was authorised")

    def test_discount_taken_away_or_added_is_refused(self):
        self.line.discount = 10
        self.assertRefused("Discount")

    def test_raised_quantity_is_refused(self):
        self.line.quantity = 3
        self.assertRefused("3 would be invoiced, but 2 was done")

    def test_other_tax_is_refused(self):
        self.line.tax_ids = [Command.set(self.tax.ids)]
        self.assertRefused("Taxes")

    def test_other_product_is_refused(self):
        self.line.write({"product_id": self.part.id, "price_unit": 90, "tax_ids": [Command.clear()]})
        self.assertRefused("Product")

    def test_changed_references_are_refused_all_at_once(self):
        self.line.write(
            {"buyer_po": "OTHER", "buyer_po_line": "77", "buyer_item_code": "Z", "service_date": "2026-01-01"}
        )
        with self.assertRaises(UserError) as refusal:
            self.draft.action_post()
        for label in ("Buyer PO", "PO Line", "Buyer Item Code", "Service Date"):
            self.assertIn(label, str(refusal.exception))

    def test_line_typed_by_hand_is_refused(self):
        self.draft.invoice_line_ids = [Command.create({"name": "Surcharge", "quantity": 1, "price_unit": 40})]
        self.assertRefused("typed by hand")

    def test_line_cut_off_from_its_task_is_refused(self):
        self.line.work_order_task_id = False
        self.assertRefused("names no task")

    def test_line_pointed_at_another_task_is_refused(self):
        self.line.work_order_task_id = self.ticket.task_ids[1]
        self.assertRefused("does not belong")

    def test_duplicated_invoice_is_refused(self):
        self.draft.action_post()
        self.assertRefused("would be invoiced, but", self.draft.copy({"invoice_date": "2026-11-22"}))

    def test_invoice_for_another_customer_is_refused(self):
        self.draft.partner_id = self.env["res.partner"].create({"name": "Stranger"})
        self.assertRefused("another customer")

    def test_invoice_built_over_rpc_for_unfinished_work_is_refused(self):
        order = self.standard_order()
        task = order.work_order_ids.task_ids[0]
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": "2026-11-22",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.labor.id,
                            "quantity": 2,
                            "price_unit": 90,
                            "tax_ids": [Command.clear()],
                            "sale_line_ids": [Command.link(task.sale_line_id.id)],
                            "work_order_task_id": task.id,
                        }
                    )
                ],
            }
        )
        self.assertRefused("is not finished", invoice)

    def test_internal_work_is_refused_even_when_built_over_rpc(self):
        self.draft.unlink()
        self.ticket.with_user(self.dispatcher).action_reopen()
        self.ticket.type_id = self.env.ref("work_order.type_internal")
        self.ticket.with_user(self.technician).action_complete()
        task = self.ticket.task_ids[0]
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_line_ids": [
                    Command.create({"name": "x", "quantity": 2, "price_unit": 90, "work_order_task_id": task.id})
                ],
            }
        )
        self.assertRefused("internal work", invoice)

    def test_several_invoices_post_all_or_none_and_name_the_wrong_one(self):
        other = self.invoice(self.complete(self.standard_order().work_order_ids))
        other.invoice_line_ids[0].price_unit = 1
        with self.assertRaisesRegex(UserError, "1.0, but 90.0"):
            (self.draft | other).action_post()
        self.assertEqual(self.draft.state, "draft")

    def test_posted_line_keeps_its_task(self):
        self.draft.action_post()
        with self.assertRaisesRegex(UserError, "posted"):
            self.line.work_order_task_id = self.ticket.task_ids[1]

    def test_credit_of_more_than_was_invoiced_is_refused(self):
        self.draft.action_post()
        refund = self.draft._reverse_moves([{"invoice_date": "2026-11-22"}])
        refund.invoice_line_ids[0].quantity = 5
        self.assertRefused("more would be credited", refund)

    def test_ordinary_invoice_is_left_alone(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_line_ids": [Command.create({"name": "Advice", "quantity": 1, "price_unit": 10})],
            }
        )
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
