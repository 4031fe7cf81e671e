from odoo.exceptions import UserError, ValidationError
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

    def test_posted_line_cannot_be_changed_to_something_else(self):
        self.draft.action_post()
        for values in (
            {"price_unit": 5999},
            {"quantity": 7},
            {"discount": -20},
            {"buyer_po": "OTHER"},
            {"work_order_task_id": self.ticket.task_ids[1].id},
            {"work_order_task_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                self.line.write(values)
        self.assertEqual((self.line.price_unit, self.line.quantity, self.line.buyer_po), (90, 2, "4500-1"))

    def test_posted_line_of_a_single_task_cannot_be_unlinked_or_shrunk(self):
        order = self.sale_order((self.labor, 5))
        order.action_confirm()
        ticket = self.complete(order.work_order_ids)
        invoice = self.invoice(ticket)
        invoice.action_post()
        line = invoice.invoice_line_ids
        for values in (
            {"work_order_task_id": False, "sale_line_ids": [Command.clear()]},
            {"sale_line_ids": [Command.clear()]},
            {"quantity": 1},
            {"work_order_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                line.write(values)
        self.assertEqual(ticket.state, "closed")

    def test_delivery_by_hand_cannot_replace_the_work(self):
        order = self.standard_order()
        order.order_line.with_user(self.salesman).write({"qty_delivered_method": "manual"})
        order.order_line.with_user(self.salesman).write({"qty_delivered": 5})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order._create_invoices()

    def test_line_of_another_order_is_refused(self):
        freight = self.product("Freight", 25, policy="none", type="service", invoice_policy="order")
        other = self.sale_order((freight, 1), partner_id=self.site.id)
        other.action_confirm()
        self.draft.invoice_line_ids = [
            Command.create(
                {
                    "product_id": freight.id,
                    "quantity": 1,
                    "price_unit": 25,
                    "tax_ids": [Command.clear()],
                    "sale_line_ids": [Command.link(other.order_line.id)],
                }
            )
        ]
        self.assertRefused("belongs to another order")

    def test_payer_named_on_the_sale_order_may_be_billed(self):
        payer = self.env["res.partner"].create({"name": "Shared Services", "is_company": True})
        order = self.sale_order((self.labor, 1), partner_invoice_id=payer.id)
        order.action_confirm()
        invoice = self.invoice(self.complete(order.work_order_ids))
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.partner_id), ("posted", payer))

    def test_what_the_crew_was_dispatched_on_is_fixed_on_the_sales_order(self):
        order = self.standard_order()
        line = order.order_line[0].with_user(self.salesman)
        line.write({"price_unit": 95, "product_uom_qty": 4})
        self.assertEqual(line.sudo().work_order_task_ids.quantity, 4)
        self.dispatch(order.work_order_ids)
        for values in (
            {"price_unit": 5999},
            {"discount": -50},
            {"tax_ids": [Command.set(self.tax.ids)]},
            {"product_uom_qty": 99},
            {"product_id": self.part.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "change order"),
                self.env.cr.savepoint(),
            ):
                line.write(values)
        line.write({"price_unit": 95, "buyer_po_line": "11"})
        with self.assertRaisesRegex(UserError, "change order"), self.env.cr.savepoint():
            order.with_user(self.salesman).write({"order_line": [Command.update(line.id, {"price_unit": 1})]})

    def test_credit_note_repeats_the_invoice_even_if_the_order_changed(self):
        self.draft.action_post()
        self.ticket.sale_order_id.order_line[0]._write_authorised({"price_unit": 123})
        refund = self.draft._reverse_moves([{"invoice_date": "2026-11-22"}])
        refund.action_post()
        self.assertEqual((refund.state, self.ticket.state), ("posted", "done"))
        self.ticket.with_user(self.dispatcher).action_reopen()
        self.assertEqual(self.ticket.state, "in_progress")

    def test_line_cannot_be_added_to_or_taken_from_a_posted_invoice(self):
        self.draft.action_post()
        typed = {"move_id": self.draft.id, "name": "Surcharge", "quantity": 1, "price_unit": 40}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["account.move.line"].create(typed)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.line.with_context(force_delete=True).unlink()
        self.assertEqual(len(self.draft.invoice_line_ids), 2)

    def test_state_written_without_the_button_is_checked_too(self):
        self.line.price_unit = 5999
        with self.assertRaisesRegex(UserError, "5999"), self.env.cr.savepoint():
            self.draft.write({"state": "posted"})
        self.assertEqual(self.draft.state, "draft")

    def test_line_disguised_as_a_down_payment_is_refused(self):
        self.draft.invoice_line_ids = [
            Command.create({"name": "Fee", "quantity": 1, "price_unit": 40, "is_downpayment": True})
        ]
        self.assertRefused("typed by hand")

    def test_freight_of_the_sale_order_is_billed_as_ordered_and_not_otherwise(self):
        freight = self.product("Freight", 25, policy="none", type="service", invoice_policy="order")
        order = self.sale_order((self.labor, 2), (freight, 1))
        order.action_confirm()
        invoice = self.invoice(self.complete(order.work_order_ids))
        line = invoice.invoice_line_ids.filtered(lambda line: line.product_id == freight)
        line.price_unit = 250
        self.assertRefused("250.0, but 25.0", invoice)
        line.write({"price_unit": 25, "quantity": 3})
        self.assertRefused("3 is billed, but 1 was ordered", invoice)
        line.quantity = 1
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_journal_entry_never_bills_a_work_order(self):
        account = self.line.account_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "credit": 90, "work_order_task_id": self.ticket.task_ids[0].id}
                    ),
                    Command.create({"account_id": account.id, "debit": 90}),
                ],
            }
        )
        self.assertRefused("only a customer invoice", entry)

    def test_task_cannot_point_at_another_orders_line(self):
        other = self.sale_order((self.product("Gold", 9000, type="service"), 1))
        other.action_confirm()
        ticket = self.standard_order().work_order_ids
        with self.assertRaisesRegex(ValidationError, other.name):
            ticket.task_ids[0].with_user(self.dispatcher).sale_line_id = other.order_line

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
