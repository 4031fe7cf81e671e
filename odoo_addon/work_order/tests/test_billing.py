from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestBilling(WorkOrderCase):
    """Invoices come strictly from finished tasks, carry the buyer's references and close the ticket."""

    def test_invoice_carries_what_the_buyer_matches_by(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        rows = [
            (
                line.work_order_id.name,
                line.buyer_po,
                line.buyer_po_line,
                line.buyer_item_code,
                line.cost_center_id.code,
                str(line.service_date),
                line.quantity,
                line.price_unit,
            )
            for line in invoice.invoice_line_ids
        ]
        self.assertEqual(
            rows,
            [
                (ticket.name, "4500-1", "10", "M-1", "CC-1", "2026-11-21", 2.0, 90.0),
                (ticket.name, "4500-1", "20", "M-2", "CC-1", "2026-11-21", 3.0, 21.4),
            ],
        )
        self.assertEqual(
            (invoice.buyer_po, invoice.cost_center_id, invoice.work_order_count), ("4500-1", self.center, 1)
        )
        self.assertEqual(invoice.amount_untaxed, 244.2)
        self.assertFalse(invoice.ref, "our own order number must not stand where a buyer looks for the PO")

    def test_states_follow_the_invoice(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        self.assertEqual(ticket.state, "invoiced")
        invoice.action_post()
        self.assertEqual(ticket.state, "closed")
        invoice.button_draft()
        self.assertEqual(ticket.state, "invoiced")
        invoice.button_cancel()
        self.assertEqual(ticket.state, "done")

    def test_deleted_draft_invoice_frees_the_ticket(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.invoice(ticket).unlink()
        self.assertEqual(ticket.state, "done")
        self.assertEqual(len(self.invoice(ticket)), 1)

    def test_line_removed_from_the_draft_frees_its_task_only(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        invoice.invoice_line_ids[0].unlink()
        self.assertEqual(ticket.state, "done")
        second = self.invoice(ticket) - invoice
        self.assertEqual(second.invoice_line_ids.mapped("quantity"), [2.0])

    def test_unfinished_ticket_brings_nothing_to_an_invoice(self):
        order = self.sale_order((self.labor, 1), (self.labor, 4, {"work_site_id": self.site.id}))
        order.partner_shipping_id = self.buyer
        order.action_confirm()
        first, second = order.work_order_ids.sorted("id")
        self.complete(first)
        with self.assertRaisesRegex(UserError, second.name):
            (first | second).with_user(self.billing).action_create_invoices()
        invoice = order._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.work_order_id, first)

    def test_sale_orders_own_wizard_bills_finished_tasks_only(self):
        order = self.standard_order()
        with self.assertRaises(UserError):
            order._create_invoices()
        self.complete(order.work_order_ids)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        Form(wizard).save().create_invoices()
        self.assertEqual(order.invoice_ids.invoice_line_ids.work_order_task_id, order.work_order_ids.task_ids)
        self.assertEqual(order.work_order_ids.state, "invoiced")

    def test_two_tickets_of_one_order_get_an_invoice_each_with_their_own_lines(self):
        order = self.sale_order((self.labor, 1), (self.labor, 4, {"work_site_id": self.site.id}))
        order.partner_shipping_id = self.buyer
        order.action_confirm()
        tickets = self.complete(order.work_order_ids)
        invoices = self.invoice(tickets)
        self.assertEqual(len(invoices), 2)
        for ticket in tickets:
            self.assertEqual(ticket.invoice_ids.invoice_line_ids.work_order_task_id, ticket.task_ids)
            self.assertEqual(ticket.invoice_ids.invoice_line_ids.quantity, ticket.task_ids.done_quantity)

    def test_many_tickets_are_invoiced_in_one_action(self):
        orders = self.env["sale.order"].union(*[self.sale_order((self.labor, n + 1)) for n in range(12)])
        orders.action_confirm()
        tickets = self.complete(orders.work_order_ids)
        invoices = self.invoice(tickets)
        self.assertEqual(len(invoices), 12)
        self.assertEqual(set(tickets.mapped("state")), {"invoiced"})

    def test_invoiced_ticket_is_not_invoiced_again(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.invoice(ticket)
        with self.assertRaisesRegex(UserError, "only finished work"):
            ticket.with_user(self.billing).action_create_invoices()
        with self.assertRaises(UserError):
            ticket.sale_order_id._create_invoices()

    def test_reduced_draft_line_leaves_the_rest_to_invoice(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        invoice.invoice_line_ids[1].quantity = 1
        self.assertEqual(ticket.state, "done")
        invoice.action_post()
        rest = self.invoice(ticket) - invoice
        self.assertEqual(rest.invoice_line_ids.mapped("quantity"), [2.0])

    def test_credit_note_gives_the_work_back(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        invoice.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.billing)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        reversal = wizard.create({"journal_id": invoice.journal_id.id})
        reversal.reverse_moves()
        refund = reversal.new_move_ids
        refund.action_post()
        self.assertEqual(refund.invoice_line_ids.work_order_task_id, ticket.task_ids)
        self.assertEqual(ticket.state, "done")

    def test_internal_ticket_is_never_invoiced(self):
        order = self.standard_order()
        ticket = order.work_order_ids
        ticket.type_id = self.env.ref("work_order.type_internal")
        self.complete(ticket)
        with self.assertRaisesRegex(UserError, "not billable"):
            ticket.with_user(self.billing).action_create_invoices()
        with self.assertRaises(UserError):
            order._create_invoices()

    def test_task_removed_from_a_done_ticket_is_not_billed(self):
        order = self.standard_order()
        ticket = order.work_order_ids
        self.dispatch(ticket).with_user(self.technician).action_start()
        ticket.task_ids[0].with_user(self.dispatcher).action_cancel()
        ticket.task_ids[1].with_user(self.technician).action_done()
        ticket.with_user(self.technician).action_complete()
        self.assertEqual(self.invoice(ticket).invoice_line_ids.work_order_task_id, ticket.task_ids[1])

    def test_two_lines_of_the_same_product_each_name_their_own_task(self):
        order = self.sale_order((self.labor, 1, {"buyer_po_line": "1"}), (self.labor, 2, {"buyer_po_line": "2"}))
        order.action_confirm()
        invoice = self.invoice(self.complete(order.work_order_ids))
        self.assertEqual([(ln.buyer_po_line, ln.quantity) for ln in invoice.invoice_line_ids], [("1", 1), ("2", 2)])

    def test_down_payment_stays_odoos(self):
        order = self.standard_order()
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": 50.0}).create_invoices()
        order.invoice_ids.action_post()
        self.complete(order.work_order_ids)
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual(order.work_order_ids.state, "closed")
        self.assertAlmostEqual(final.amount_total, order.amount_total - 50.0)

    def test_down_payment_is_deducted_from_the_tickets_own_invoice(self):
        order = self.standard_order()
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": 50.0}).create_invoices()
        order.invoice_ids.action_post()
        invoice = self.invoice(self.complete(order.work_order_ids))
        self.assertAlmostEqual(invoice.amount_total, order.amount_total - 50.0)
        invoice.action_post()
        self.assertEqual(order.work_order_ids.state, "closed")

    def test_ticket_fields_show_the_invoice_both_ways(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        self.assertEqual(ticket.with_user(self.billing).action_view_invoices()["res_id"], invoice.id)
        self.assertEqual(invoice.action_view_work_orders()["res_id"], ticket.id)
        self.assertIn(invoice, self.env["account.move"].search([("work_order_ids", "in", ticket.ids)]))
        self.assertIn(invoice, self.env["account.move"].search([("buyer_po", "=", "4500-1")]))
        self.assertIn(ticket, self.env["work.order"].search([("invoice_ids", "in", invoice.ids)]))

    def test_line_written_to_a_ticket_invoice_over_commands_is_synced(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        invoice.write({"invoice_line_ids": [Command.delete(invoice.invoice_line_ids[0].id)]})
        self.assertEqual(ticket.state, "done")
