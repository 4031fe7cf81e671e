from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestParts(WorkOrderCase):
    """Parts are posted to the work order with their cost entry, and corrected while it is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belt = cls.product("Belt", 30, policy="none", type="consu", standard_price=12.5)

    def post(self, ticket, quantity=2.0, user=None, **values):
        user = user or self.technician
        return (
            self.env["work.order.part"]
            .with_user(user)
            .create({"work_order_id": ticket.id, "product_id": self.belt.id, "quantity": quantity, **values})
        )

    def dispatched(self):
        return self.dispatch(self.standard_order().work_order_ids)

    def test_cost_of_parts_follows_the_part(self):
        ticket = self.dispatched()
        part = self.post(ticket, work_order_task_id=ticket.task_ids[1].id, lot="SN-7")
        entry = part.sudo().cost_line_ids
        account = ticket.analytic_account_id
        self.assertEqual((len(entry), entry.amount, entry[account.plan_id._column_name()]), (1, -25, account))
        self.assertEqual((entry.work_order_id, entry.work_order_task_id), (ticket, ticket.task_ids[1]))
        part.quantity = 3
        self.assertEqual((entry.amount, entry.unit_amount), (-37.5, 3))
        part.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual((entry.amount, part.sudo().unit_cost), (-450, 150))
        self.assertEqual(part.sudo().cost_line_ids, entry)
        self.assertFalse(ticket.time_ids)
        part.unlink()
        self.assertFalse(entry.exists())

    def test_d5_refuses_parts_on_a_ticket_that_is_not_being_worked_on(self):
        ticket = self.standard_order().work_order_ids
        with self.assertRaisesRegex(UserError, "accepts no time or cost"):
            self.post(ticket, user=self.dispatcher)
        self.dispatch(ticket)
        part = self.post(ticket)
        ticket.with_user(self.dispatcher).action_cancel()
        for change in (lambda: part.write({"quantity": 1}), part.unlink, lambda: self.post(ticket)):
            with self.assertRaisesRegex(UserError, "Cancelled.*accepts no time or cost"):
                change()

    def test_cost_refuses_parts_that_make_no_sense(self):
        ticket = self.dispatched()
        for values, text in (
            ({"quantity": 0}, "more than zero"),
            ({"quantity": -1}, "more than zero"),
            ({"product_id": self.labor.id}, "not goods"),
            ({"date": "2099-01-01"}, "in the future"),
            ({"product_uom_id": self.env.ref("uom.product_uom_hour").id}, "not counted in"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, text):
                self.post(ticket, **values)

    def test_technician_posts_own_parts_and_sees_no_cost(self):
        ticket, other = self.dispatched(), self.standard_order().work_order_ids
        part = self.post(ticket)
        for change in (
            lambda: part.read(["unit_cost"]),
            lambda: part.read(["cost"]),
            lambda: part.write({"unit_cost": 1}),
            lambda: self.post(ticket, user_id=self.dispatcher.id),
            lambda: self.post(other),
            lambda: self.post(ticket, user=self.dispatcher).with_user(self.technician).write({"quantity": 9}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_cost_entry_of_a_part_changes_with_the_part_only(self):
        entry = self.post(self.dispatched()).sudo().cost_line_ids.with_user(self.billing)
        for change in (lambda: entry.write({"amount": 0}), lambda: entry.write({"unit_amount": 1}), entry.unlink):
            with self.assertRaises(UserError):
                change()

    def test_cost_moves_with_a_part_to_another_ticket(self):
        ticket, other = self.dispatched(), self.dispatched()
        internal = self.env["work.order"].create(
            {
                "title": "Shop",
                "type_id": self.env.ref("work_order.type_internal").id,
                "partner_id": self.buyer.id,
                "task_ids": [Command.create({"name": "Tidy"})],
            }
        )
        plan = self.env.ref("analytic.analytic_plan_projects")
        account = self.env["account.analytic.account"].create({"name": "Shop", "plan_id": plan.id})
        internal.charge_account_id = account
        internal.action_ready()
        self.dispatch(internal)
        part = self.post(ticket)
        entry = part.sudo().cost_line_ids
        part.work_order_id = other
        self.assertEqual((entry.work_order_id, ticket.cost_parts, other.cost_parts), (other, 0, 25))
        self.assertEqual(entry._get_analytic_accounts(), other.analytic_account_id)
        part.work_order_id = internal
        self.assertEqual((entry._get_analytic_accounts(), internal.cost_parts), (account, 25))
