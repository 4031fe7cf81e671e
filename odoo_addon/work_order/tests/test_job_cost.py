from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestJobCost(WorkOrderCase):
    """Labor, parts, purchases and revenue of a ticket meet on its analytic account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.work_order_hourly_cost = 40
        cls.belt = cls.product("Belt", 30, policy="none", type="consu", standard_price=12.5)
        cls.vendor = cls.env["res.partner"].create({"name": "Cool Subcontractors"})
        cls.buying = new_test_user(
            cls.env,
            "wo_buyer",
            "purchase.group_purchase_user,work_order.group_dispatcher,account.group_account_invoice",
        )

    def dispatched(self):
        return self.dispatch(self.standard_order().work_order_ids)

    def post_time(self, ticket, hours=2):
        values = {"work_order_id": ticket.id, "unit_amount": hours, "user_id": self.technician.id}
        return self.env["account.analytic.line"].with_user(self.technician).create(values)

    def post_part(self, ticket, quantity=2):
        values = {"work_order_id": ticket.id, "product_id": self.belt.id, "quantity": quantity}
        return self.env["work.order.part"].with_user(self.technician).create(values)

    def purchase(self, ticket, price=100.0, quantity=2, **values):
        line = {"product_id": self.labor.id, "product_qty": quantity, "price_unit": price, "tax_ids": [Command.clear()]}
        order = {"partner_id": self.vendor.id, "work_order_id": ticket.id, "order_line": [Command.create(line)]}
        return self.env["purchase.order"].with_user(self.buying).create({**order, **values})

    def bill(self, order, quantity=None):
        order.order_line.qty_received = order.order_line.product_qty
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = "2026-11-20"
        if quantity:
            bill.invoice_line_ids.quantity = quantity
        bill.action_post()
        return bill

    def finish(self, ticket):
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.write({"state": "done", "service_date": "2026-11-21"})
        mine.signed_by = "Pat"
        mine.action_complete()

    def figures(self, ticket):
        names = ["cost_labor", "cost_parts", "cost_purchases", "cost_other", "cost_total", "cost_committed", "margin"]
        ticket.invalidate_recordset()
        return [ticket.with_user(self.dispatcher)[name] for name in names]

    def test_cost_of_labor_parts_and_purchases_adds_up(self):
        ticket = self.dispatched()
        self.assertEqual(self.figures(ticket), [0, 0, 0, 0, 0, 0, 244.2])
        self.post_time(ticket)
        self.post_part(ticket)
        order = self.purchase(ticket)
        self.assertEqual(self.figures(ticket), [80, 25, 0, 0, 105, 0, 139.2])
        order.button_confirm()
        self.assertEqual(self.figures(ticket), [80, 25, 0, 0, 105, 200, -60.8])
        self.bill(order, quantity=1)
        self.assertEqual(self.figures(ticket), [80, 25, 100, 0, 205, 100, -60.8])
        self.assertEqual(ticket.with_user(self.dispatcher).time_hours, 2)

    def test_cost_and_revenue_meet_in_the_standard_analytic_account(self):
        self.part.taxes_id = [Command.clear()]
        ticket = self.dispatched()
        self.post_time(ticket)
        self.finish(ticket)
        invoice = self.invoice(ticket)
        account = ticket.analytic_account_id
        self.assertEqual(
            set(invoice.invoice_line_ids.mapped(lambda line: str(line.analytic_distribution))),
            {str({str(account.id): 100.0})},
        )
        invoice.action_post()
        self.assertEqual((account.debit, account.credit, account.balance), (80, 244.2, 164.2))
        self.assertEqual(ticket.revenue_invoiced, 244.2)

    def test_revenue_invoiced_before_the_first_cost_follows_onto_the_account(self):
        self.part.taxes_id = [Command.clear()]
        ticket = self.complete(self.standard_order().work_order_ids)
        self.invoice(ticket).action_post()
        self.assertFalse(ticket.analytic_account_id)
        ticket._open_analytic_accounts()
        self.assertEqual(ticket.analytic_account_id.balance, 244.2)
        self.assertEqual((ticket.revenue_invoiced, ticket.invoice_ids.state), (244.2, "posted"))

    def test_cost_of_parts_bought_for_the_job_is_counted_once(self):
        ticket = self.dispatched()
        posted = self.post_part(ticket, 3)
        order = self.purchase(ticket, price=15.0, quantity=2)
        order.order_line.product_id = self.belt
        order.order_line.write({"product_qty": 2, "price_unit": 15, "tax_ids": [Command.clear()]})
        order.button_confirm()
        self.assertEqual([*self.figures(ticket)[1:3], self.figures(ticket)[5]], [12.5, 0, 30])
        self.bill(order)
        self.assertEqual(self.figures(ticket)[1:3], [12.5, 30])
        self.post_part(ticket, 1)
        self.assertEqual(self.figures(ticket)[1:3], [25, 30])
        posted.unlink()
        self.assertEqual(self.figures(ticket)[1:3], [0, 30])
        with self.assertRaises(UserError):
            ticket.part_ids.with_user(self.dispatcher).write({"bought_quantity": 0})

    def test_a6_vendor_bill_arrives_on_the_job(self):
        ticket = self.dispatched()
        order = self.purchase(ticket)
        self.assertFalse(ticket.analytic_account_id)
        order.button_confirm()
        bill = self.bill(order)
        entry = bill.invoice_line_ids.analytic_line_ids
        self.assertEqual((entry.work_order_id, entry.amount, entry.category), (ticket, -200, "vendor_bill"))
        self.assertEqual(ticket.analytic_account_id.balance, -200)

    def test_a6_vendor_bill_put_on_the_account_by_hand(self):
        ticket, other = self.dispatched(), self.dispatched()
        (ticket | other)._open_analytic_accounts()
        line = {
            "name": "Crane",
            "quantity": 1,
            "price_unit": 300,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {ticket.analytic_account_id.id: 75, other.analytic_account_id.id: 25},
        }
        bill = (
            self.env["account.move"]
            .with_user(self.billing)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": "2026-11-20",
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )
        bill.action_post()
        self.assertEqual([self.figures(each)[2] for each in (ticket, other)], [225, 75])
        bill.invoice_line_ids.analytic_distribution = {other.analytic_account_id.id: 100}
        self.assertEqual([self.figures(each)[2] for each in (ticket, other)], [0, 300])
        bill.button_draft()
        self.assertEqual([self.figures(each)[2] for each in (ticket, other)], [0, 0])

    def test_a6_vendor_bill_after_close_is_taken_and_shows(self):
        ticket = self.dispatched()
        order = self.purchase(ticket)
        order.button_confirm()
        self.finish(ticket)
        self.invoice(ticket).action_post()
        self.assertEqual(ticket.state, "closed")
        self.bill(order)
        self.assertEqual((ticket.cost_purchases, ticket.cost_late), (200, 200))
        self.assertIn(self.vendor.name, ticket.message_ids[0].body)
        self.assertNotIn("200", ticket.message_ids[0].body, "its crew reads the history, and no cost")

    def test_a6_refuses_to_buy_for_a_settled_ticket(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.invoice(ticket).action_post()
        with self.assertRaisesRegex(UserError, f"{ticket.name} .Closed.*Choose another work order"):
            self.purchase(ticket).button_confirm()

    def test_a6_purchase_moves_to_another_ticket_until_it_is_billed(self):
        ticket, other = self.dispatched(), self.dispatched()
        order = self.purchase(ticket)
        order.button_confirm()
        order.work_order_id = other
        self.bill(order)
        self.assertEqual([self.figures(each)[2] for each in (ticket, other)], [0, 200])
        with self.assertRaisesRegex(UserError, "is billed"):
            order.work_order_id = ticket

    def test_cost_typed_on_the_account_belongs_to_the_ticket_and_its_gate(self):
        ticket = self.dispatched()
        ticket._open_analytic_accounts()
        account = ticket.analytic_account_id
        values = {"name": "Parking", "amount": -9, account.plan_id._column_name(): account.id}
        lines = self.env["account.analytic.line"].with_user(self.billing)
        entry = lines.create(values)
        self.assertEqual(self.figures(ticket)[3:5], [9, 9])
        self.finish(ticket)
        self.invoice(ticket).action_post()
        for change in (lambda: lines.create(values), lambda: entry.write({"amount": -1}), entry.unlink):
            with self.assertRaisesRegex(UserError, "accepts no time or cost"):
                change()

    def test_d5_refuses_cost_on_closed_ticket_disguised_as_a_journal_item(self):
        closed = self.complete(self.standard_order().work_order_ids)
        self.invoice(closed).action_post()
        closed._open_analytic_accounts()
        item = closed.invoice_ids.line_ids[0]
        entry = (
            self.env["account.analytic.line"]
            .with_user(self.billing)
            .create(
                {
                    "name": "Forged",
                    "amount": -5,
                    "work_order_id": closed.id,
                    "move_line_id": item.id,
                    "general_account_id": item.account_id.id,
                    "account_id": self.env["account.analytic.account"]
                    .create({"name": "Office", "plan_id": self.env.ref("analytic.analytic_plan_projects").id})
                    .id,
                }
            )
        )
        self.assertFalse(entry.work_order_id)
        with self.assertRaises(UserError):
            entry.write({"work_order_id": closed.id})

    def test_cost_of_internal_work_is_on_the_company_cost_centre(self):
        kind = self.env.ref("work_order.type_internal")
        ticket = self.env["work.order"].create(
            {
                "title": "Tidy the shop",
                "type_id": kind.id,
                "partner_id": self.buyer.id,
                "task_ids": [Command.create({"name": "Tidy"})],
            }
        )
        ticket.action_ready()
        self.dispatch(ticket)
        entry = self.post_time(ticket).sudo()
        account = kind.charge_account_id
        self.assertEqual(entry[account.plan_id._column_name()], account)
        self.assertEqual((ticket.cost_labor, ticket.analytic_account_id.ids, ticket.margin), (80, [], -80))

    def test_cost_is_no_business_of_technicians_and_salesmen(self):
        ticket = self.dispatched()
        for user in (self.technician, self.salesman):
            for name in ("cost_total", "margin", "analytic_account_id", "cost_committed"):
                with self.subTest(user=user.name, name=name), self.assertRaises(AccessError):
                    ticket.with_user(user).read([name])

    def test_figures_of_many_tickets_take_one_reading(self):
        tickets = self.env["work.order"]
        for _each in range(5):
            tickets |= self.dispatched()
        for ticket in tickets:
            self.post_time(ticket)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        tickets[:1].with_user(self.dispatcher).mapped("margin")
        one = self.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        tickets.with_user(self.dispatcher).mapped("margin")
        self.assertLessEqual(self.cr.sql_log_count - before, one + 2)

    def test_a_day_without_posting_shows_on_work_in_progress(self):
        idle, busy = self.dispatched(), self.dispatched()
        (idle | busy).with_user(self.technician).action_start()
        self.post_time(busy)
        domain = [("posting_missing", "=", True), ("id", "in", (idle | busy).ids)]
        self.assertEqual(self.env["work.order"].search(domain), idle)
        self.assertEqual((idle.posting_missing, busy.posting_missing), (True, False))
        self.assertEqual(busy.last_posting_date, busy.time_ids.date)
