from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestOrdering(WorkOrderCase):
    """A6: purchase orders raised from the ticket, linked line by line, never twice for the same quantity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.env["res.partner"].create({"name": "Sparks Inc", "is_company": True})
        cls.vendor = cls.env["res.partner"].create({"name": "Filter Supply", "is_company": True})
        cls.part.seller_ids = [Command.create({"partner_id": cls.vendor.id, "price": 11.0})]
        cls.site.write({"street": "12 Annex Road", "city": "Columbus"})
        cls.purchaser = new_test_user(
            cls.env, "wo_purchaser", "work_order.group_dispatcher,purchase.group_purchase_user"
        )

    def ticket(self):
        order = self.sale_order((self.labor, 2), (self.part, 3), partner_shipping_id=self.site.id)
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.task_ids[0].subcontractor_id = self.firm
        return ticket

    def test_a6_each_subcontractor_and_vendor_gets_one_draft_linked_line_by_line(self):
        ticket = self.ticket()
        ticket.task_ids[0].specification_ids = [Command.create({"name": "Print method", "value": "Screen print"})]
        ticket.with_user(self.purchaser).action_order_from_suppliers()
        orders = ticket.purchase_order_ids
        self.assertEqual(orders.partner_id, self.firm | self.vendor)
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        lines = orders.order_line
        self.assertEqual(lines.work_order_task_id, ticket.task_ids)
        labor = lines.filtered(lambda line: line.partner_id == self.firm)
        self.assertEqual((labor.product_qty, labor.work_order_task_id), (2.0, ticket.task_ids[0]))
        for words in ("Labor", ticket.name, "Print method: Screen print", "12 Annex Road"):
            self.assertIn(words, labor.name)
        part = lines - labor
        self.assertEqual((part.product_qty, part.price_unit), (3.0, 11.0))
        self.assertEqual(orders.dest_address_id, self.site)

    def test_a6_purchase_order_says_nothing_of_the_customers_price(self):
        ticket = self.ticket()
        ticket.with_user(self.purchaser).action_order_from_suppliers()
        for line in ticket.purchase_order_ids.order_line:
            self.assertNotIn(line.price_unit, (90.0, 21.4))
            for price in ("90", "21.4"):
                self.assertNotIn(price, line.name)

    def test_a6_only_what_is_still_missing_is_ordered_and_cancelled_orders_give_back(self):
        ticket = self.ticket()
        task = ticket.task_ids[1]
        task.with_user(self.purchaser).action_order_from_supplier()
        task.quantity = 5
        task.with_user(self.purchaser).action_order_from_supplier()
        self.assertEqual((task.purchase_line_ids.mapped("product_qty"), task.ordered_quantity), ([3.0, 2.0], 5.0))
        self.assertEqual(len(ticket.purchase_order_ids), 1)
        ticket.purchase_order_ids.button_cancel()
        self.assertEqual(task.ordered_quantity, 0.0)
        task.with_user(self.purchaser).action_order_from_supplier()
        self.assertEqual(task.ordered_quantity, 5.0)

    def test_a6_ordering_takes_several_tickets_at_once(self):
        tickets = self.ticket() | self.ticket()
        tickets.with_user(self.purchaser).action_order_from_suppliers()
        for ticket in tickets:
            self.assertEqual(len(ticket.purchase_order_ids), 2)
            self.assertEqual(ticket.purchase_order_ids.order_line.work_order_task_id.work_order_id, ticket)

    def test_a6_dispatcher_without_purchase_rights_requests_and_the_purchaser_confirms(self):
        ticket = self.ticket()
        action = ticket.with_user(self.dispatcher).action_order_from_suppliers()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(ticket.purchase_order_ids[0].name, action["params"]["message"])
        self.assertFalse(ticket.purchase_order_ids.user_id)
        with self.assertRaises(AccessError):
            ticket.purchase_order_ids.with_user(self.dispatcher).button_confirm()
        ticket.purchase_order_ids.with_user(self.purchaser).button_confirm()
        self.assertEqual(set(ticket.purchase_order_ids.mapped("state")), {"purchase"})

    def test_a6_vendor_bill_leads_back_to_the_task(self):
        ticket = self.ticket()
        ticket.with_user(self.purchaser).action_order_from_suppliers()
        order = ticket.purchase_order_ids.filtered(lambda order: order.partner_id == self.vendor)
        order.button_confirm()
        order.order_line.qty_received = 3
        order.action_create_invoice()
        self.assertEqual(order.invoice_ids.invoice_line_ids.supplied_task_id, ticket.task_ids[1])
        self.assertEqual((ticket.vendor_bill_count, ticket.task_ids[1].vendor_bill_count), (1, 1))
        self.assertEqual(ticket.task_ids[1].action_view_vendor_bills()["res_id"], order.invoice_ids.id)

    def test_a6_ticket_on_hold_names_the_orders_it_waits_for(self):
        ticket = self.ticket()
        ticket.task_ids[1].with_user(self.purchaser).action_order_from_supplier()
        order = ticket.purchase_order_ids
        self.assertIn(order.name, ticket.waiting_for)
        self.dispatch(ticket)
        self.assertIn("Filter Supply", ticket.with_user(self.technician).waiting_for)
        order.button_confirm()
        order.order_line.qty_received = 3
        self.assertFalse(ticket.waiting_for)

    def test_a6_refuses_with_every_reason_at_once_and_orders_nothing(self):
        ticket = self.ticket()
        ticket.task_ids[1].with_user(self.purchaser).action_order_from_supplier()
        bare = self.env["work.order.task"].create({"work_order_id": ticket.id, "name": "No product"})
        own = self.env["work.order.task"].create(
            {"work_order_id": ticket.id, "name": "Own labor", "product_id": self.labor.id}
        )
        with self.assertRaises(UserError) as refusal:
            ticket.task_ids.with_user(self.purchaser).action_order_from_supplier()
        order = ticket.purchase_order_ids
        for words in (
            f"“Filter” is ordered in full: {order.name}",
            f"task “{bare.name}” names none",
            f"task “{own.name}” has none, and “Labor” has no vendor",
        ):
            self.assertIn(words, str(refusal.exception))
        self.assertEqual(ticket.purchase_order_ids, order)

    def test_a6_refuses_to_order_twice_and_says_so(self):
        ticket = self.ticket()
        ticket.with_user(self.purchaser).action_order_from_suppliers()
        with self.assertRaisesRegex(UserError, "ordered in full"):
            ticket.with_user(self.purchaser).action_order_from_suppliers()
        self.assertEqual(len(ticket.purchase_order_ids.order_line), 2)

    def test_a6_refuses_cancelled_and_finished_tickets(self):
        cancelled, done = self.ticket(), self.complete(self.ticket())
        cancelled.action_cancel()
        for ticket in (cancelled, done):
            with self.subTest(state=ticket.state), self.assertRaisesRegex(UserError, "othing"):
                ticket.with_user(self.purchaser).action_order_from_suppliers()
            with self.subTest(state=ticket.state), self.assertRaisesRegex(UserError, "nothing is ordered for it"):
                ticket.task_ids.with_user(self.purchaser).action_order_from_supplier()
            self.assertFalse(ticket.purchase_order_ids)

    def test_a6_refuses_a_purchase_line_for_a_task_of_another_or_a_finished_ticket(self):
        ticket, other = self.ticket(), self.ticket()
        ticket.task_ids[1].with_user(self.purchaser).action_order_from_supplier()
        line = ticket.purchase_order_ids.order_line
        for change, words in (
            (lambda: line.write({"work_order_task_id": other.task_ids[1].id}), f"belongs to {other.name}"),
            (lambda: line.order_id.write({"work_order_id": False}), "no work order"),
        ):
            with self.assertRaises(ValidationError) as refusal:
                change()
            self.assertIn(words, str(refusal.exception))
        self.complete(ticket)
        with self.assertRaisesRegex(ValidationError, "nothing is ordered for it"):
            line.copy({"order_id": line.order_id.id, "work_order_task_id": ticket.task_ids[1].id})

    def test_a6_refuses_a_technician_in_plain_words(self):
        ticket = self.ticket()
        ticket.technician_ids = self.technician
        with self.assertRaisesRegex(AccessError, "Ask a dispatcher"):
            ticket.with_user(self.technician).action_order_from_suppliers()
        self.assertFalse(ticket.purchase_order_ids)
