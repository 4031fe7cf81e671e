from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import WorkOrderCase


class BoardCase(WorkOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        types = cls.env["work.order.type"]
        cls.plain = types.create({"name": "Plain trial"})
        cls.urgent = types.create({"name": "SLA trial", "sla_hours": 24})
        cls.with_po = types.create({"name": "PO trial", "po_required": True})

    def ticket(self, kind=None, age=0, **values):
        ticket = self.env["work.order"].create(
            {
                "title": "Trial",
                "type_id": (kind or self.plain).id,
                "partner_id": self.buyer.id,
                "task_ids": [Command.create({"name": "Look"})],
                **values,
            }
        )
        if age:
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE work_order SET create_date = %s WHERE id = %s", (self.now - timedelta(hours=age), ticket.id)
            )
            ticket.invalidate_recordset()
        return ticket

    def purchase(self, ticket, quantity=4, received=0):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Supplier"}).id,
                "work_order_id": ticket.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.part.id, "product_qty": quantity, "price_unit": 10, "tax_ids": []}
                    )
                ],
            }
        )
        order.button_confirm()
        order.order_line.qty_received = received
        return order


@tagged("post_install", "-at_install")
class TestBoard(BoardCase):
    """A10: on track, late, over SLA, waiting for PO - the same in memory and in the database."""

    def board(self):
        finished = self.complete(self.standard_order().work_order_ids)
        self.begun = self.dispatch(self.standard_order().work_order_ids)
        self.begun.with_user(self.technician).action_start()
        strict = self.env["res.partner"].create({"name": "Strict", "is_company": True})
        self.env["buyer.profile"].create({"partner_id": strict.id, "po_required": True})
        return {
            self.ticket(): "on_track",
            self.ticket(self.urgent, age=1): "on_track",
            self.ticket(scheduled_end=self.now + timedelta(days=1)): "on_track",
            self.ticket(scheduled_end=self.now - timedelta(days=1)): "late",
            self.ticket(required_completion=self.now - timedelta(hours=1)): "late",
            self.ticket(scheduled_start=self.now - timedelta(hours=1)): "late",
            self.ticket(scheduled_start=self.now + timedelta(hours=1)): "on_track",
            self.begun: "on_track",
            self.ticket(self.urgent, age=25): "over_sla",
            self.ticket(self.urgent, age=25, scheduled_end=self.now - timedelta(days=1)): "over_sla",
            self.ticket(self.with_po): "waiting_po",
            self.ticket(self.with_po, buyer_po="4500-9"): "on_track",
            self.ticket(self.with_po, scheduled_end=self.now - timedelta(days=1)): "late",
            self.ticket(partner_id=strict.id): "waiting_po",
            self.ticket(partner_id=strict.id, buyer_po="4500-9"): "on_track",
            self.ticket(self.env.ref("work_order.type_internal"), partner_id=strict.id): "on_track",
            finished: False,
        }

    def test_a10_status_is_computed_found_and_grouped_alike(self):
        expected = self.board()
        tickets = self.env["work.order"].browse([ticket.id for ticket in expected])
        for ticket, status in expected.items():
            self.assertEqual(ticket.with_user(self.dispatcher).board_status, status, ticket.name)
        for status in ("on_track", "late", "over_sla", "waiting_po", False):
            wanted = tickets.filtered(lambda ticket: expected[ticket] == status)  # noqa: B023
            domain = [("id", "in", tickets.ids)]
            found = self.env["work.order"].with_user(self.dispatcher).search([*domain, ("board_status", "=", status)])
            self.assertEqual(found.sudo(), wanted.sorted("id", reverse=True), status)
            others = self.env["work.order"].search([*domain, ("board_status", "!=", status)])
            self.assertEqual(set(others), set(tickets - wanted), status)
        groups = self.env["work.order"]._read_group([("id", "in", tickets.ids)], ["board_status"], ["id:recordset"])
        self.assertEqual(
            {status: set(found) for status, found in groups},
            {status: {ticket for ticket in tickets if expected[ticket] == status} for status in set(expected.values())},
        )

    def test_a10_board_shows_every_status_the_gravest_first(self):
        self.ticket(self.urgent, age=25)
        board = self.env["work.order"].with_context(read_group_expand=True)
        groups = board.web_read_group([("partner_id", "=", self.buyer.id)], ["board_status"])["groups"]
        statuses = [group["board_status"] for group in groups]
        self.assertEqual(statuses[:4], ["over_sla", "late", "waiting_po", "on_track"])

    def test_a10_many_tickets_cost_no_statement_each(self):
        few = self.env["work.order"].concat(*[self.ticket(self.urgent) for _each in range(2)])
        many = few.concat(*[self.ticket(self.urgent) for _each in range(30)])
        names = ["board_status", "sla_deadline", "needs_review", "outstanding_costs"]

        def statements(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.read(names)
            return self.env.cr.sql_log_count - before

        statements(many)
        self.assertEqual(statements(few), statements(many))

    def test_a10_sla_deadline_is_computed_and_found(self):
        ticket, without = self.ticket(self.urgent, age=30), self.ticket()
        self.assertEqual(ticket.sla_deadline, self.now - timedelta(hours=6))
        self.assertFalse(without.sla_deadline)
        orders = self.env["work.order"]
        for domain, found in (
            ([("sla_deadline", "<", self.now)], ticket),
            ([("sla_deadline", ">=", self.now)], orders),
            ([("sla_deadline", "<=", fields.Datetime.to_string(ticket.sla_deadline))], ticket),
            ([("sla_deadline", "=", False)], without),
            ([("sla_deadline", "!=", False)], ticket),
        ):
            self.assertEqual(orders.search([("id", "in", (ticket | without).ids), *domain]), found, domain)

    def test_a10_outstanding_purchases_are_told_until_received_and_billed(self):
        ticket, other = self.ticket(), self.ticket()
        order = self.purchase(ticket)
        text = ticket.with_user(self.dispatcher).outstanding_costs
        self.assertIn(f"Purchase order {order.name}: lines not received: 1.", text)
        self.assertIn(f"Purchase order {order.name}: 40.00 {order.currency_id.name} not billed.", text)
        orders = self.env["work.order"].with_user(self.dispatcher)
        mine = [("id", "in", (ticket | other).ids)]
        self.assertEqual(orders.search([*mine, ("has_outstanding_costs", "=", True)]).sudo(), ticket)
        self.assertEqual(orders.search([*mine, ("has_outstanding_costs", "=", False)]).sudo(), other)
        order.order_line.qty_received = 4
        ticket.invalidate_recordset()
        self.assertNotIn("received", ticket.outstanding_costs)
        order.action_create_invoice()
        ticket.action_ready()
        self.dispatch(ticket)
        self.post_part(ticket, 4)
        self.assertFalse(ticket.outstanding_costs or ticket.has_outstanding_costs)
        self.assertFalse(orders.search([*mine, ("has_outstanding_costs", "=", True)]))

    def post_part(self, ticket, quantity, **values):
        self.env["work.order.part"].create(
            {"work_order_id": ticket.id, "product_id": self.part.id, "quantity": quantity, **values}
        )
        ticket.invalidate_recordset()

    def test_a10_parts_ordered_are_told_until_they_are_posted_in_whatever_unit(self):
        ticket = self.ticket()
        self.purchase(ticket, quantity=14)
        self.assertIn("Filter: 14 Units ordered, 0 posted.", ticket.outstanding_costs)
        ticket.action_ready()
        self.dispatch(ticket)
        self.post_part(ticket, 1, product_uom_id=self.env.ref("uom.product_uom_dozen").id)
        self.assertIn("Filter: 14 Units ordered, 12 posted.", ticket.outstanding_costs)
        self.post_part(ticket, 2)
        self.assertNotIn("posted", ticket.outstanding_costs)

    def test_a10_requests_for_quotation_and_cancelled_orders_are_no_cost(self):
        ticket = self.ticket()
        order = self.purchase(ticket)
        self.assertTrue(ticket.outstanding_costs)
        order.button_cancel()
        ticket.invalidate_recordset()
        self.assertFalse(ticket.outstanding_costs)
        order.button_draft()
        ticket.invalidate_recordset()
        self.assertFalse(ticket.outstanding_costs)

    def test_a10_refuses_costs_to_a_technician(self):
        ticket = self.ticket(technician_ids=[Command.set(self.technician.ids)])
        self.purchase(ticket)
        mine = ticket.with_user(self.technician)
        self.assertEqual(mine.board_status, "on_track")
        with self.assertRaises(AccessError):
            mine.read(["outstanding_costs"])
        with self.assertRaises(AccessError):
            mine.search([("has_outstanding_costs", "=", True)])

    def test_a10_refuses_to_set_the_status_by_hand(self):
        ticket = self.ticket(self.urgent, age=25)
        ticket.with_user(self.dispatcher).write({"board_status": "on_track"})
        ticket.invalidate_recordset()
        self.assertEqual(ticket.board_status, "over_sla")


@tagged("post_install", "-at_install")
class TestWeeklyReview(BoardCase):
    """A10: open work orders that are too old are listed, and their owners reminded once."""

    def review(self):
        with self.enter_registry_test_mode():
            self.env.ref("work_order.cron_weekly_review").method_direct_trigger()
        self.env.invalidate_all()

    def reminders(self, ticket):
        kind = self.env.ref("work_order.mail_activity_review")
        return ticket.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_a10_owner_of_each_overdue_ticket_is_reminded_and_nobody_else(self):
        overdue = self.ticket(self.urgent, age=25, user_id=self.dispatcher.id)
        old = self.ticket(age=15 * 24, user_id=self.dispatcher.id)
        young = self.ticket(self.urgent, age=23) | self.ticket(age=13 * 24)
        self.assertEqual(
            self.env["work.order"].search([("needs_review", "=", True), ("id", "in", (overdue | old | young).ids)]),
            (overdue | old).sorted("id", reverse=True),
        )
        self.assertEqual((overdue.needs_review, young[0].needs_review), (True, False))
        self.review()
        for ticket in overdue | old:
            self.assertEqual(self.reminders(ticket).user_id, self.dispatcher)
        self.assertFalse(self.reminders(young[0]) | self.reminders(young[1]))

    def test_a10_refuses_to_remind_twice_while_a_reminder_is_open(self):
        ticket = self.ticket(self.urgent, age=25, user_id=self.dispatcher.id)
        mails = self.env["mail.mail"].search_count([])
        self.review()
        self.review()
        reminder = self.reminders(ticket)
        self.assertEqual((len(reminder), self.env["mail.mail"].search_count([])), (1, mails))
        reminder.with_user(self.dispatcher).action_done()
        self.review()
        self.assertEqual(len(self.reminders(ticket)), 1)
        self.assertNotEqual(self.reminders(ticket), reminder)

    def test_a10_reminder_goes_when_the_work_is_settled(self):
        ticket = self.ticket(self.urgent, age=25, user_id=self.dispatcher.id)
        self.review()
        ticket.action_cancel()
        self.review()
        self.assertFalse(self.reminders(ticket))

    def test_a10_ticket_nobody_answers_for_goes_to_the_reviewer_or_a_project_manager(self):
        manager = new_test_user(self.env, "wo_reviewer", "work_order.group_project_manager")
        stranger = new_test_user(self.env, "wo_no_access", "base.group_user")
        self.env.company.work_order_review_user_id = manager
        nobody = self.ticket(self.urgent, age=25, user_id=False)
        blind = self.ticket(self.urgent, age=25, user_id=stranger.id)
        self.review()
        self.assertEqual((self.reminders(nobody) | self.reminders(blind)).user_id, manager)
        self.env.company.work_order_review_user_id = False
        third = self.ticket(self.urgent, age=25, user_id=False)
        self.review()
        self.assertTrue(self.reminders(third).user_id.has_group("work_order.group_project_manager"))

    def test_a10_company_may_turn_the_review_by_days_off(self):
        self.env.company.work_order_review_days = 0
        ticket = self.ticket(age=400 * 24, user_id=self.dispatcher.id)
        self.assertFalse(ticket.needs_review)

    def test_a10_review_of_many_takes_few_statements_each(self):
        tickets = self.env["work.order"].concat(
            *[self.ticket(self.urgent, age=25, user_id=self.dispatcher.id) for _each in range(40)]
        )
        kind = self.env.ref("work_order.mail_activity_review")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        tickets._schedule_review(kind)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 2 * len(tickets))
