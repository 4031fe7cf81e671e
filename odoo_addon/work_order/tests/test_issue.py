from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestIssue(WorkOrderCase):
    """Confirmed sale orders issue work orders."""

    def test_a3_confirmed_order_issues_one_ready_ticket_with_its_references(self):
        order = self.standard_order()
        ticket = order.work_order_ids
        self.assertEqual(len(ticket), 1)
        self.assertEqual((ticket.state, ticket.buyer_po, ticket.cost_center_id), ("ready", "4500-1", self.center))
        self.assertEqual(ticket.task_ids.mapped("buyer_po_line"), ["10", "20"])
        self.assertEqual(ticket.task_ids.mapped("buyer_item_code"), ["M-1", "M-2"])
        self.assertEqual(ticket.task_ids.mapped("quantity"), [2.0, 3.0])
        self.assertAlmostEqual(ticket.amount_scope, 2 * 90 + 3 * 21.4)
        self.assertEqual(order.work_order_count, 1)

    def test_a3_policy_line_issues_one_ticket_per_line(self):
        visit = self.product("Visit", 50, policy="line", type="service")
        order = self.sale_order((visit, 1), (visit, 2), (self.labor, 1))
        order.action_confirm()
        self.assertEqual(sorted(len(ticket.task_ids) for ticket in order.work_order_ids), [1, 1, 1])

    def test_a3_one_po_over_two_sites_issues_one_ticket_per_site(self):
        order = self.sale_order((self.labor, 1, {"work_site_id": self.site.id}), (self.labor, 1), (self.part, 1))
        order.action_confirm()
        self.assertEqual(
            sorted((ticket.site_id.name, len(ticket.task_ids)) for ticket in order.work_order_ids),
            [("Annex", 1), ("Test Hospital", 2)] if order.partner_shipping_id != self.site else [("Annex", 3)],
        )

    def test_a3_untracked_product_issues_nothing(self):
        plain = self.product("Catalogue", 5, policy="none", type="consu", invoice_policy="order")
        order = self.sale_order((plain, 1))
        order.action_confirm()
        self.assertFalse(order.work_order_ids)
        self.assertEqual(order.order_line.qty_delivered_method, "manual")

    def test_a3_many_orders_confirmed_at_once_each_get_their_own_ticket(self):
        orders = self.env["sale.order"].union(
            *[self.sale_order((self.labor, 1), (self.part, n + 1)) for n in range(20)]
        )
        orders.action_confirm()
        self.assertEqual(orders.mapped("work_order_count"), [1] * 20)
        self.assertEqual(len(set(orders.work_order_ids.mapped("name"))), 20)
        for number, order in enumerate(orders):
            self.assertEqual(order.work_order_ids.task_ids.mapped("quantity"), [1, number + 1])

    def test_a3_line_added_to_a_confirmed_order_gets_its_ticket(self):
        order = self.standard_order()
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.labor.id, "product_uom_qty": 1, "buyer_po_line": "30"}
        )
        self.assertEqual(order.work_order_ids.task_ids.sorted("id").mapped("buyer_po_line"), ["10", "20", "30"])

    def test_a3_salesman_without_ticket_rights_confirms_and_the_ticket_is_there(self):
        order = self.sale_order((self.labor, 1)).with_user(self.salesman)
        order.action_confirm()
        self.assertEqual(order.sudo().work_order_ids.state, "ready")

    def test_a3_cancelled_order_cancels_its_tickets(self):
        order = self.standard_order()
        order._action_cancel()
        self.assertEqual(order.work_order_ids.state, "cancelled")

    def test_a3_order_confirmed_again_gets_new_tickets(self):
        order = self.standard_order()
        first = order.work_order_ids
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual((order.work_order_ids - first).mapped("state"), ["ready"])
        self.assertEqual(first.state, "cancelled")

    def test_a3_cancelled_order_can_be_deleted_and_leaves_its_cancelled_ticket(self):
        order = self.standard_order()
        ticket = order.work_order_ids
        order._action_cancel()
        order.unlink()
        self.assertEqual((ticket.state, len(ticket.sale_order_id)), ("cancelled", 0))

    def test_a3_order_with_work_begun_refuses_to_cancel_and_names_the_ticket(self):
        order = self.standard_order()
        self.dispatch(order.work_order_ids).with_user(self.technician).action_start()
        with self.assertRaisesRegex(UserError, order.work_order_ids.name):
            order._action_cancel()
        self.assertEqual(order.state, "sale")

    def test_a3_product_billed_on_order_cannot_open_work_orders(self):
        with self.assertRaisesRegex(ValidationError, "Delivered quantities"):
            self.labor.invoice_policy = "order"

    def test_a3_supplier_order_is_linked_both_ways(self):
        ticket = self.standard_order().work_order_ids
        purchase = self.env["purchase.order"].create({"partner_id": self.buyer.id, "work_order_id": ticket.id})
        self.assertEqual(ticket.purchase_order_count, 1)
        self.assertEqual(ticket.action_view_purchase_orders()["res_id"], purchase.id)
        self.assertEqual(purchase.action_view_work_order()["res_id"], ticket.id)
