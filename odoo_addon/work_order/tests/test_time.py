from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestTime(WorkOrderCase):
    """Time is posted to the work order as analytic lines, by the people who work on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.work_order_hourly_cost = 40
        cls.env.company.work_order_hourly_cost = 25

    def post(self, ticket, hours=2.0, user=None, **values):
        user = user or self.technician
        lines = self.env["account.analytic.line"].with_user(user)
        return lines.create({"work_order_id": ticket.id, "unit_amount": hours, "user_id": user.id, **values})

    def dispatched(self):
        return self.dispatch(self.standard_order().work_order_ids)

    def test_cost_of_time_is_an_analytic_line_of_the_ticket(self):
        ticket = self.dispatched()
        self.assertFalse(ticket.analytic_account_id)
        entry = self.post(ticket, 2.5, work_order_task_id=ticket.task_ids[0].id).sudo()
        account = ticket.analytic_account_id
        self.assertEqual(
            (account.name, account.partner_id, account.company_id), (ticket.name, self.buyer, self.env.company)
        )
        self.assertEqual(entry[account.plan_id._column_name()], account)
        self.assertEqual((entry.amount, entry.name), (-100, ticket.task_ids[0].name))
        self.assertEqual(ticket.time_ids, entry)
        self.assertEqual(ticket.task_ids[0].time_ids, entry)
        entry.with_user(self.technician).unit_amount = 1
        self.assertEqual(entry.amount, -40)
        self.post(ticket, 1, self.dispatcher)
        self.assertEqual(sum(ticket.time_ids.mapped("amount")), -65)

    def test_work_without_cost_opens_no_account(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.invoice(ticket).action_post()
        self.assertFalse(ticket.analytic_account_id)

    def test_d5_refuses_cost_on_closed_ticket_and_in_every_state_without_work(self):
        ready = self.standard_order().work_order_ids
        ready.technician_ids = [Command.link(self.technician.id)]
        closed = self.dispatched()
        entry = self.post(closed)
        self.complete_begun(closed)
        for ticket in (ready, closed):
            with self.subTest(state=ticket.state), self.assertRaisesRegex(UserError, "accepts no time or cost"):
                self.post(ticket)
        self.invoice(closed).action_post()
        self.assertEqual(closed.state, "closed")
        for change in (
            lambda: self.post(closed),
            lambda: entry.write({"unit_amount": 1}),
            lambda: entry.sudo().write({"work_order_id": self.dispatched().id}),
            lambda: entry.sudo().write({"work_order_id": False}),
            entry.unlink,
        ):
            with self.assertRaisesRegex(UserError, f"{closed.name} is “Closed” and accepts no time or cost"):
                change()

    def test_d5_refuses_cost_on_closed_ticket_that_a_context_brings(self):
        closed = self.complete(self.standard_order().work_order_ids)
        self.invoice(closed).action_post()
        closed._open_analytic_accounts()
        item = closed.invoice_ids.line_ids[0]
        column = closed.analytic_account_id.plan_id._column_name()
        office = self.env["account.analytic.account"].create(
            {"name": "Office", "plan_id": self.env.ref("analytic.analytic_plan_projects").id}
        )
        for user, values, context in (
            (self.technician, {}, {"default_work_order_id": closed.id}),
            (self.technician, {"work_order_id": closed.id}, {"default_move_line_id": item.id}),
            (self.billing, {"account_id": office.id}, {f"default_{column}": closed.analytic_account_id.id}),
        ):
            lines = self.env["account.analytic.line"].with_user(user).with_context(**context)
            with (
                self.subTest(context=context),
                self.assertRaisesRegex(UserError, "accepts no time|At least one analytic account"),
            ):
                lines.create({"name": "x", "unit_amount": 1, **values})

    def complete_begun(self, ticket):
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.write({"state": "done"})
        mine.signed_by = "Pat"
        mine.action_complete()

    def test_cost_refuses_all_that_is_wrong_at_once(self):
        ticket, other = self.dispatched(), self.dispatched()
        tomorrow = fields.Date.today() + timedelta(days=2)
        with self.assertRaises(UserError) as refusal:
            self.post(ticket, 0, date=tomorrow, work_order_task_id=other.task_ids[0].id)
        for text in ("more than zero", "in the future", "belongs to"):
            self.assertIn(text, str(refusal.exception))
        for hours in (-1, 25):
            with self.assertRaises(UserError):
                self.post(ticket, hours)

    def test_technician_posts_on_own_tickets_for_themselves_only_and_sees_no_amount(self):
        ticket, other = self.dispatched(), self.standard_order().work_order_ids
        entry = self.post(ticket)
        with self.assertRaises(AccessError):
            self.post(ticket, user_id=self.dispatcher.id)
        with self.assertRaises(AccessError):
            entry.user_id = self.dispatcher
        with self.assertRaises(AccessError):
            self.post(other)
        for names in (["amount"], ["analytic_distribution", "amount"]):
            with self.assertRaises(AccessError):
                entry.read(names)
        with self.assertRaises(AccessError):
            self.env["account.analytic.line"].with_user(self.technician).search([("amount", "<", 0)])
        self.assertNotIn("amount", self.env["account.analytic.line"].with_user(self.technician).fields_get())
        self.assertEqual(self.post(ticket, 1, self.dispatcher, user_id=self.technician.id).user_id, self.technician)

    def test_technician_reads_no_other_analytic_lines(self):
        ticket, other = self.dispatched(), self.dispatched()
        theirs = self.post(other, 1, self.dispatcher)
        other.technician_ids = [Command.clear()]
        stray = self.env["account.analytic.line"].create(
            {
                "name": "Rent",
                "amount": -5,
                "account_id": self.env["account.analytic.account"]
                .create({"name": "Office", "plan_id": self.env.ref("analytic.analytic_plan_projects").id})
                .id,
            }
        )
        mine = self.post(ticket)
        found = self.env["account.analytic.line"].with_user(self.technician).search([])
        self.assertIn(mine, found)
        self.assertFalse((theirs | stray) & found)

    def test_amounts_and_accounts_of_time_cannot_be_typed(self):
        ticket = self.dispatched()
        entry = self.post(ticket, amount=-1, category="other")
        self.assertEqual((entry.sudo().amount, entry.sudo().category), (-80, "work_order_time"))
        account = self.env["account.analytic.account"].create(
            {"name": "Mine", "plan_id": ticket.analytic_account_id.plan_id.id}
        )
        for values in ({"amount": -1}, {account.plan_id._column_name(): account.id}, {"category": "other"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                entry.with_user(self.billing).write(values)

    def test_time_typed_on_the_ticket_itself(self):
        ticket = self.dispatched().with_user(self.technician)
        ticket.write({"time_ids": [Command.create({"unit_amount": 1.5, "name": "Looked"})]})
        self.assertEqual(ticket.time_ids.unit_amount, 1.5)

    def test_one_hundred_entries_at_once_take_no_query_each(self):
        ticket = self.dispatched()
        self.post(ticket)
        values = {"work_order_id": ticket.id, "unit_amount": 1, "user_id": self.technician.id}
        lines = self.env["account.analytic.line"].with_user(self.technician)
        self.env.flush_all()
        before = self.cr.sql_log_count
        lines.create([values] * 100)
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - before, 20)
