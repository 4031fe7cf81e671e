from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestInvoiceTours(HttpCase, WorkOrderCase):
    """Accounts receivable bills, approves and credits in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.name = "Grouped Hospital"
        line = {"number": "10", "product_id": cls.labor.id, "quantity": 10, "unit_price": 90.0}
        cls.po = cls.env["buyer.purchase.order"].create(
            {"number": "4500-1", "partner_id": cls.buyer.id, "line_ids": [Command.create(line)]}
        )

    def finished(self, count):
        orders = self.env["sale.order"].union(
            *(
                self.sale_order((self.labor, 2, {"buyer_po_line": "10"}), partner_shipping_id=self.site.id)
                for _ in range(count)
            )
        )
        orders.action_confirm()
        return self.complete(orders.work_order_ids)

    def test_d4_d6_tour_work_of_one_po_on_one_invoice_and_one_line_credited(self):
        self.env["buyer.profile"].create({"partner_id": self.buyer.id, "grouping": "po"})
        tickets = self.finished(2)
        self.start_tour(
            "/odoo/action-work_order.work_order_action_to_invoice",
            "work_order_billing_invoices_a_po",
            login="wo_billing",
        )
        invoices = tickets.invoice_ids
        self.assertEqual(sorted(invoices.mapped("move_type")), ["out_invoice", "out_refund"])
        self.assertEqual(invoices.sorted("move_type").mapped("amount_untaxed"), [360.0, 180.0])
        self.assertEqual(tickets.mapped("state"), ["done", "closed"])
        self.assertEqual((self.po.line_ids.billed_quantity, self.po.line_ids.billed_amount), (2.0, 180.0))

    def test_d1_tour_line_typed_by_hand_is_refused_approved_and_posted(self):
        ticket = self.finished(1)
        move = self.invoice(ticket)
        move.invoice_line_ids = [Command.create({"name": "Crane hire", "price_unit": 40, "tax_ids": [Command.clear()]})]
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{move.id}",
            "work_order_billing_approves_a_line",
            login="wo_billing",
        )
        self.assertEqual((move.state, ticket.state), ("posted", "closed"))
