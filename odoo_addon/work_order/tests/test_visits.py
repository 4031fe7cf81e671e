from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


def at(day, hour, month=11):
    return Datetime.to_datetime(f"2026-{month}-{day:02} {hour:02}:00:00")


@tagged("post_install", "-at_install")
class TestVisits(WorkOrderCase):
    """A7: several visits under one ticket; the ticket follows them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.helper = new_test_user(cls.env, "wo_helper", "work_order.group_technician")

    def visit(self, ticket, day=20, technicians=None, **values):
        return (
            self.env["work.order.visit"]
            .with_user(self.dispatcher)
            .create(
                {
                    "work_order_id": ticket.id,
                    "start": at(day, 8),
                    "end": at(day, 12),
                    "technician_ids": [Command.set((technicians or self.technician).ids)],
                    **values,
                }
            )
        )

    def dispatched(self):
        ticket = self.standard_order().work_order_ids
        first, second = self.visit(ticket, 20, purpose="Survey"), self.visit(ticket, 25, self.helper)
        ticket.with_user(self.dispatcher).action_dispatch()
        return ticket, first, second

    def refused(self, act, *words):
        with self.assertRaises(UserError) as refusal:
            act()
        for word in words:
            self.assertIn(word, str(refusal.exception))

    def test_a7_every_view_of_tickets_and_visits_opens(self):
        kinds = {"list", "kanban", "calendar", "pivot", "graph", "activity"}
        for model, action in (("work.order", "work_order_action"), ("work.order.visit", "work_order_visit_action")):
            modes = self.env.ref(f"work_order.{action}").view_mode.split(",")
            self.assertLessEqual(kinds, set(modes), model)
            for user in (self.dispatcher, self.technician):
                views = self.env[model].with_user(user).get_views([(False, mode) for mode in modes])["views"]
                for mode in kinds:
                    arch = views[mode]["arch"]
                    with self.subTest(model=model, mode=mode, user=user.login):
                        self.assertIn("<field", arch)  # of our own: Odoo's automatic one of a calendar would fail

    def test_a7_visits_are_numbered_and_ticket_takes_schedule_and_technicians_from_them(self):
        ticket, first, second = self.dispatched()
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(second.display_name, f"{ticket.name} / 2")
        self.assertEqual(ticket.scheduled_start, at(20, 8))
        self.assertEqual(ticket.scheduled_end, at(25, 12))
        self.assertEqual(ticket.technician_ids, self.technician | self.helper)
        second.write({"start": at(1, 8, month=12), "end": at(1, 10, month=12)})
        self.assertEqual(ticket.scheduled_end, at(1, 10, month=12))
        second.action_cancel()
        self.assertEqual((ticket.scheduled_end, ticket.technician_ids), (at(20, 12), self.technician))

    def test_a7_several_visits_made_at_once_are_numbered_per_ticket(self):
        tickets = self.standard_order().work_order_ids | self.standard_order().work_order_ids
        plan = {"start": at(20, 8), "end": at(20, 12)}
        visits = self.env["work.order.visit"].create(
            [{"work_order_id": t.id, **plan} for t in tickets for _n in (1, 2)]
        )
        self.assertEqual(visits.mapped("number"), [1, 2, 1, 2])

    def test_a7_ticket_without_visits_works_as_before(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.assertEqual((ticket.state, ticket.has_visits), ("done", False))

    def test_a7_people_who_leave_a_visit_leave_the_ticket_unless_they_have_another_or_were_assigned_to_it(self):
        ticket = self.standard_order().work_order_ids
        extra = new_test_user(self.env, "wo_extra", "work_order.group_technician")
        ticket.technician_ids = extra
        first, second = self.visit(ticket, 20, self.technician | self.helper), self.visit(ticket, 25, self.helper)
        first.technician_ids = [Command.clear()]
        self.assertEqual(ticket.technician_ids, extra | self.helper)
        second.unlink()
        self.assertEqual(ticket.technician_ids, extra)

    def test_a7_crew_goes_on_a_visit(self):
        crew = self.env["work.order.crew"].create({"name": "Test crew", "leader_id": self.helper.id})
        ticket = self.standard_order().work_order_ids
        plan = {"start": at(20, 8), "end": at(20, 12)}
        visit = self.env["work.order.visit"].create({"work_order_id": ticket.id, "crew_id": crew.id, **plan})
        self.assertEqual((visit.technician_ids, ticket.technician_ids), (self.helper, self.helper))

    def test_a7_technician_starts_and_finishes_own_visit_and_the_work_starts_with_it(self):
        ticket, first, _second = self.dispatched()
        mine = first.with_user(self.technician)
        mine.action_start()
        self.assertEqual((ticket.state, first.state, bool(first.started_on)), ("in_progress", "in_progress", True))
        mine.write({"note": "Motor seized; order a new one"})
        mine.action_finish()
        self.assertEqual((first.state, bool(first.finished_on)), ("done", True))
        ticket.with_user(self.technician).action_hold()
        _second.with_user(self.helper).action_start()
        self.assertEqual(ticket.state, "in_progress")

    def test_a7_double_booking_is_shown_and_does_not_block(self):
        ticket, first, _second = self.dispatched()
        other = self.standard_order().work_order_ids
        clash = self.visit(other, 20)
        self.assertIn(f"{self.technician.name} ({first.display_name})", clash.conflict)
        self.assertIn(clash.display_name, first.conflict)
        clash.write({"start": at(20, 12), "end": at(20, 15)})
        self.assertFalse(clash.conflict)
        plain = self.standard_order().work_order_ids
        plain.write(
            {
                "technician_ids": [Command.link(self.technician.id)],
                "scheduled_start": "2026-11-20 14:00:00",
                "scheduled_end": "2026-11-20 16:00:00",
            }
        )
        clash.invalidate_recordset(["conflict"])
        self.assertIn(plain.name, clash.conflict)
        self.assertTrue(ticket.visit_ids)

    def test_a7_technician_sees_tickets_and_visits_they_go_on(self):
        ticket, first, second = self.dispatched()
        other = self.visit(self.standard_order().work_order_ids, 21, self.helper)
        visits = self.env["work.order.visit"].with_user(self.technician).search([])
        self.assertEqual(visits, (first | second).with_user(self.technician))
        self.assertEqual(ticket.with_user(self.helper).name, ticket.name)
        with self.assertRaises(AccessError):
            other.with_user(self.technician).read(["purpose"])

    def test_a7_cancelled_ticket_cancels_its_planned_visits(self):
        ticket, first, second = self.dispatched()
        ticket.with_user(self.dispatcher).action_cancel()
        self.assertEqual((first.state, second.state), ("cancelled", "cancelled"))

    def test_a7_ticket_on_hold_shows_the_parts_it_waits_for_between_visits(self):
        ticket, first, _second = self.dispatched()
        first.with_user(self.technician).action_start()
        first.with_user(self.technician).action_finish()
        vendor = self.env["res.partner"].create({"name": "Motor Supply"})
        self.part.seller_ids = [Command.create({"partner_id": vendor.id, "price": 11.0})]
        ticket.task_ids[1].with_user(self.dispatcher).action_order_from_supplier()
        ticket.with_user(self.technician).action_hold()
        self.assertIn("Motor Supply", ticket.with_user(self.technician).waiting_for)

    def test_a7_visit_without_time_is_an_outstanding_cost_until_somebody_posts_it(self):
        ticket, first, _second = self.dispatched()
        first.with_user(self.technician).action_start()
        first.with_user(self.technician).action_finish()
        self.assertIn("Visit 1: no time posted", ticket.outstanding_costs)
        self.assertIn(ticket, self.env["work.order"].search([("has_outstanding_costs", "=", True)]))
        self.env["account.analytic.line"].with_user(self.technician).create(
            {"work_order_id": ticket.id, "name": "Survey", "unit_amount": 2, "date": "2026-11-20"}
        )
        ticket.invalidate_recordset()
        self.assertFalse(ticket.outstanding_costs)

    def test_a7_technician_may_not_plan_in_the_form_either(self):
        _ticket, first, _second = self.dispatched()
        self.env.invalidate_all()
        self.assertFalse(first.with_user(self.technician).can_plan)
        self.assertFalse(_ticket.task_ids[0].with_user(self.technician).can_plan)
        self.assertTrue(first.with_user(self.dispatcher).can_plan)

    def test_a7_value_is_summed_by_the_database_and_hidden_from_technicians(self):
        order = self.standard_order()
        tickets = self.env["work.order"].with_user(self.dispatcher)
        domain = [("id", "in", order.work_order_ids.ids)]
        total = 2 * 90.0 + 3 * 21.4
        self.assertAlmostEqual(tickets._read_group(domain, [], ["scope_value:sum"])[0][0], total)
        self.assertAlmostEqual(order.work_order_ids.scope_value, total)
        self.assertEqual(tickets.fields_get(["scope_value"])["scope_value"]["aggregator"], "sum")
        with self.assertRaises(AccessError):
            tickets.with_user(self.technician)._read_group(domain, [], ["scope_value:sum"])

    def test_a7_refuses_completion_while_a_visit_is_open(self):
        ticket, first, second = self.dispatched()
        first.with_user(self.technician).action_start()
        mine = ticket.with_user(self.technician)
        mine.task_ids.action_done()
        mine.write({"signed_by": "Pat Doyle"})
        self.refused(mine.action_complete, "visit 1", "visit 2", "still open")
        first.with_user(self.technician).action_finish()
        second.action_miss()
        mine.action_complete()
        self.assertEqual(ticket.state, "done")

    def test_a7_refuses_visits_on_finished_and_cancelled_tickets(self):
        done, cancelled = self.complete(self.standard_order().work_order_ids), self.standard_order().work_order_ids
        missed = self.visit(cancelled)
        missed.action_miss()
        cancelled.action_cancel()
        self.refused(lambda: self.visit(done), done.name, "Done")
        self.refused(lambda: self.visit(cancelled), cancelled.name)
        self.refused(missed.action_plan, cancelled.name)
        self.refused(missed.unlink, cancelled.name)
        self.refused(lambda: missed.write({"note": "late"}), cancelled.name)

    def test_a7_refuses_steps_outside_the_table_for_all_visits_at_once(self):
        _ticket, first, second = self.dispatched()
        self.refused((first | second).action_finish, first.display_name, second.display_name)
        self.assertEqual(first.state, "planned")
        self.refused(lambda: self.visit(_ticket, state="done"), "Planned")

    def test_a7_refuses_to_start_before_dispatch_or_without_anybody(self):
        ticket = self.standard_order().work_order_ids
        visit = self.visit(ticket)
        self.refused(visit.action_start, "dispatch the work order first")
        visit.technician_ids = [Command.clear()]
        self.refused(visit.action_start, "nobody is assigned", "dispatch the work order first")

    def test_a7_refuses_a_technician_other_peoples_visits_and_the_plan(self):
        _ticket, first, second = self.dispatched()
        mine, theirs = first.with_user(self.technician), second.with_user(self.technician)
        for act in (
            theirs.action_start,
            lambda: theirs.write({"note": "x"}),
            lambda: mine.write({"start": "2026-11-19 08:00:00"}),
            lambda: mine.write({"technician_ids": [Command.clear()]}),
            mine.action_cancel,
            mine.unlink,
            lambda: mine.copy({"start": "2026-11-19 08:00:00", "end": "2026-11-19 09:00:00"}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a7_refuses_to_rewrite_a_visit_that_is_over_or_move_it_to_another_ticket(self):
        _ticket, first, second = self.dispatched()
        first.with_user(self.technician).action_start()
        first.with_user(self.technician).action_finish()
        self.refused(lambda: first.write({"end": at(20, 13)}), "is over")
        self.refused(first.unlink, "took place")
        other = self.standard_order().work_order_ids
        self.refused(lambda: second.write({"work_order_id": other.id}), "stays with its work order")

    def test_a7_refuses_schedule_and_technicians_of_the_ticket_against_its_visits(self):
        ticket, _first, _second = self.dispatched()
        ticket = ticket.with_user(self.dispatcher)
        self.refused(lambda: ticket.write({"scheduled_start": "2026-11-18 08:00:00"}), "Move the visits")
        self.refused(
            lambda: ticket.write({"technician_ids": [Command.unlink(self.helper.id)]}), "wo_helper", "still has a visit"
        )

    def test_a7_refuses_a_visit_that_ends_before_it_starts(self):
        ticket = self.standard_order().work_order_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.visit(ticket, end=at(20, 7))
