from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestResources(WorkOrderCase):
    """A6: technicians by trade, crews, and who is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.helper = new_test_user(cls.env, "wo_helper", "work_order.group_technician")
        cls.trade = cls.env["work.order.trade"].create({"name": "Test electrical"})
        cls.crew = cls.env["work.order.crew"].create(
            {"name": "Test crew", "leader_id": cls.technician.id, "member_ids": [Command.set(cls.helper.ids)]}
        )

    def test_a6_crew_assigns_its_people_and_later_changes_rewrite_nothing(self):
        ticket = self.standard_order().work_order_ids
        ticket.with_user(self.dispatcher).crew_id = self.crew
        self.assertEqual(ticket.technician_ids, self.technician | self.helper)
        self.crew.with_user(self.dispatcher).member_ids = [Command.clear()]
        self.assertEqual(ticket.technician_ids, self.technician | self.helper)

    def test_a6_another_crew_takes_the_place_of_the_first_and_leaves_others_alone(self):
        extra = new_test_user(self.env, "wo_extra", "work_order.group_technician")
        other = self.env["work.order.crew"].create({"name": "Other crew", "leader_id": self.helper.id})
        tickets = self.standard_order().work_order_ids | self.standard_order().work_order_ids
        tickets[0].crew_id = self.crew
        tickets.write({"technician_ids": [Command.link(extra.id)]})
        tickets.write({"crew_id": other.id})
        self.assertEqual(tickets[0].technician_ids, self.helper | extra)
        self.assertEqual(tickets[1].technician_ids, self.helper | extra)

    def test_a6_form_shows_the_people_of_the_crew_at_once_and_lets_the_dispatcher_leave_one_out(self):
        with Form(self.standard_order().work_order_ids.with_user(self.dispatcher)) as form:
            form.crew_id = self.crew
            self.assertEqual(set(form.technician_ids.ids), set((self.technician | self.helper).ids))
            form.technician_ids.remove(id=self.helper.id)
        self.assertEqual(form.record.technician_ids, self.technician)

    def test_a6_dispatch_goes_through_when_somebody_has_the_trade(self):
        ticket = self.standard_order().work_order_ids
        ticket.task_ids[0].trade_id = self.trade
        self.trade.with_user(self.dispatcher).user_ids = self.technician
        self.dispatch(ticket)
        self.assertEqual(ticket.state, "dispatched")

    def test_a6_refuses_dispatch_naming_each_task_whose_trade_nobody_has(self):
        ticket = self.standard_order().work_order_ids
        plumbing = self.env["work.order.trade"].create({"name": "Test plumbing"})
        ticket.task_ids[0].trade_id = self.trade
        ticket.task_ids[1].trade_id = plumbing
        with self.assertRaises(UserError) as refusal:
            self.dispatch(ticket)
        for words in ("“Labor” needs trade “Test electrical”", "“Filter” needs trade “Test plumbing”"):
            self.assertIn(words, str(refusal.exception))
        self.assertEqual(ticket.state, "ready")

    def test_a6_trade_of_a_subcontracted_task_is_the_subcontractors_business(self):
        firm = self.env["res.partner"].create({"name": "Sparks Inc", "is_company": True})
        ticket = self.standard_order().work_order_ids
        ticket.task_ids[0].write({"trade_id": self.trade.id, "subcontractor_id": firm.id})
        self.trade.user_ids = self.technician
        with self.assertRaisesRegex(UserError, "Sparks Inc is not known for"):
            self.dispatch(ticket)
        firm.work_order_trade_ids = self.trade
        self.dispatch(ticket)
        self.assertEqual(ticket.state, "dispatched")

    def test_a6_wholly_subcontracted_ticket_needs_no_technician_and_a_partly_subcontracted_one_does(self):
        firm = self.env["res.partner"].create({"name": "Sparks Inc"})
        ticket = self.standard_order().work_order_ids
        ticket.scheduled_start = "2026-11-20 08:00:00"
        ticket.task_ids[0].subcontractor_id = firm
        with self.assertRaisesRegex(UserError, "nobody is assigned"):
            ticket.with_user(self.dispatcher).action_dispatch()
        ticket.task_ids[1].subcontractor_id = firm
        ticket.with_user(self.dispatcher).action_dispatch()
        self.assertEqual((ticket.state, ticket.subcontractor_ids), ("dispatched", firm))
        self.assertIn(ticket, self.env["work.order"].search([("subcontractor_ids", "=", firm.id)]))

    def test_a6_refuses_resources_to_a_technician(self):
        for record, values in ((self.crew, {"name": "Mine"}), (self.trade, {"name": "Mine"})):
            with self.subTest(record=record), self.assertRaises(AccessError):
                record.with_user(self.technician).write(values)
        ticket = self.standard_order().work_order_ids
        ticket.technician_ids = self.technician
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).write({"crew_id": self.crew.id})

    def test_a6_refuses_a_crew_of_another_company(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        self.technician.company_ids = [Command.link(sister.id)]
        crew = self.env["work.order.crew"].create(
            {"name": "Theirs", "leader_id": self.technician.id, "company_id": sister.id}
        )
        with self.assertRaisesRegex(UserError, "compan"):
            self.standard_order().work_order_ids.crew_id = crew
