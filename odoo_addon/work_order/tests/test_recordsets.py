from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestRecordsets(WorkOrderCase):
    """Every step takes any number of records, and each invoice line names the ticket that did the work."""

    def orders(self, count):
        lines = [(self.labor, 1, {"buyer_po_line": "1"}), (self.part, 2, {"buyer_po_line": "2"})]
        return self.env["sale.order"].union(*[self.sale_order(*lines, buyer_po=f"P-{n}") for n in range(count)])

    def test_two_hundred_orders_are_confirmed_done_invoiced_and_posted_at_once(self):
        orders = self.orders(200)
        orders.action_confirm()
        tickets = orders.work_order_ids
        self.assertEqual(len(tickets), 200)
        invoices = self.invoice(self.complete(tickets))
        invoices.action_post()
        self.assertEqual((len(invoices), set(tickets.mapped("state"))), (200, {"closed"}))
        for ticket in tickets:
            self.assertEqual(ticket.invoice_ids.buyer_po, ticket.sale_order_id.buyer_po)
            self.assertEqual(ticket.invoice_ids.invoice_line_ids.work_order_id, ticket)

    def test_statements_per_order_do_not_grow_with_the_number_of_orders(self):
        spent = {}
        for count in (10, 10, 40):  # the first time fills caches
            orders = self.orders(count)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            orders.action_confirm()
            self.invoice(self.complete(orders.work_order_ids)).action_post()
            self.env.flush_all()
            spent[count] = (self.env.cr.sql_log_count - before) / count
        self.assertLess(spent[40], spent[10])
        self.assertLess(spent[40], 55, "SQL statements per order of two lines, in one chunk")

    def test_two_tickets_and_two_lines_of_one_order_bill_their_own_work(self):
        order = self.sale_order(
            (self.labor, 1, {"buyer_po_line": "1"}),
            (self.labor, 2, {"buyer_po_line": "2"}),
            (self.labor, 4, {"buyer_po_line": "3", "work_site_id": self.site.id}),
            partner_shipping_id=self.buyer.id,
        )
        order.action_confirm()
        tickets = order.work_order_ids
        self.assertEqual(len(tickets), 2)
        self.complete(tickets)
        invoice = order._create_invoices()
        named = {line.buyer_po_line: (line.work_order_id, line.quantity) for line in invoice.invoice_line_ids}
        for task in tickets.task_ids:
            self.assertEqual(named[task.buyer_po_line], (task.work_order_id, task.quantity))

    def test_cancelling_orders_settles_their_tickets_and_begun_work_stops_it(self):
        orders = self.orders(3)
        orders.action_confirm()
        orders.action_cancel()
        self.assertEqual(set(orders.work_order_ids.mapped("state")), {"cancelled"})
        begun = self.orders(2)
        begun.action_confirm()
        self.dispatch(begun[0].work_order_ids).with_user(self.technician).action_start()
        with self.assertRaisesRegex(UserError, begun[0].work_order_ids.name):
            begun.action_cancel()
        self.assertEqual(set(begun.mapped("state")), {"sale"})
