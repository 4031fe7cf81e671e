from odoo.addons.work_order.tests.common import WorkOrderCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTimesheet(WorkOrderCase):
    """Hours in Timesheets are the hours on the work order: one record, one gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.group_ids += cls.env.ref("hr_timesheet.group_hr_timesheet_user")
        people = cls.technician | cls.dispatcher
        cls.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "hourly_cost": 30, "company_id": cls.env.company.id}
                for user in people
            ]
        )
        cls.env.company.work_order_hourly_cost = 99

    def dispatched(self):
        return self.dispatch(self.standard_order().work_order_ids)

    def post(self, ticket, hours=2.0, user=None, **values):
        user = user or self.technician
        lines = self.env["account.analytic.line"].with_user(user)
        return lines.create({"work_order_id": ticket.id, "unit_amount": hours, "user_id": user.id, **values})

    def timesheets(self, *tickets):
        """What Timesheets itself shows."""
        return self.env["account.analytic.line"].search(
            [("project_id", "!=", False), ("work_order_id", "in", [ticket.id for ticket in tickets])]
        )

    def test_time_on_the_ticket_is_a_timesheet(self):
        ticket = self.dispatched()
        entry = self.post(ticket, 1.5).sudo()
        self.assertEqual(self.timesheets(ticket), entry)
        self.assertEqual(entry.employee_id, self.technician.employee_id)
        self.assertEqual(entry.project_id, self.env.company.work_order_project_id)
        self.assertEqual(entry.account_id, entry.project_id.account_id)
        account = ticket.analytic_account_id
        self.assertEqual((entry[account.plan_id._column_name()], entry.amount), (account, -45))
        entry.with_user(self.technician).unit_amount = 2
        self.assertEqual((entry.amount, ticket.cost_labor, ticket.time_hours), (-60, 60, 2))

    def test_timesheet_with_a_work_order_chosen_is_time_on_the_ticket(self):
        ticket = self.dispatched()
        project = self.env["project.project"].create({"name": "Service", "allow_timesheets": True})
        lines = self.env["account.analytic.line"].with_user(self.technician)
        plain = lines.create({"project_id": project.id, "unit_amount": 1, "name": "Phone"})
        self.assertFalse(plain.sudo().work_order_id)
        chosen = lines.create({"project_id": project.id, "unit_amount": 3, "work_order_id": ticket.id})
        self.assertEqual((ticket.time_ids, chosen.sudo().project_id), (chosen.sudo(), project))
        plain.work_order_id = ticket
        self.assertEqual((ticket.time_hours, ticket.cost_labor), (4, 120))
        plain.work_order_id = False
        self.assertEqual((ticket.time_hours, ticket.cost_labor), (3, 90))
        self.assertFalse(plain.sudo()[ticket.analytic_account_id.plan_id._column_name()])
        self.assertEqual(plain.sudo().amount, -30)

    def test_hours_in_timesheets_are_the_hours_on_the_tickets(self):
        tickets = [self.dispatched(), self.dispatched()]
        for ticket, hours in ((tickets[0], 1.25), (tickets[0], 2), (tickets[1], 0.5)):
            self.post(ticket, hours)
        self.post(tickets[1], 3, self.dispatcher).with_user(self.dispatcher).unit_amount = 4
        self.post(tickets[0], 1).unlink()
        report = self.env["timesheets.analysis.report"]
        self.env.flush_all()
        shown = report.search([("project_id", "=", self.env.company.work_order_project_id.id)])
        self.assertEqual(sum(shown.mapped("unit_amount")), 7.75)
        self.assertEqual(sum(ticket.time_hours for ticket in tickets), 7.75)
        self.assertEqual(sum(self.timesheets(*tickets).mapped("unit_amount")), 7.75)

    def test_d5_refuses_timesheets_on_tickets_that_accept_none(self):
        ready = self.standard_order().work_order_ids
        ready.technician_ids = [Command.link(self.technician.id)]
        ticket = self.dispatched()
        entry = self.post(ticket)
        ticket.with_user(self.dispatcher).action_cancel()
        for change in (
            lambda: self.post(ready, project_id=self.env.company.work_order_project_id.id),
            lambda: entry.write({"unit_amount": 5}),
            lambda: entry.write({"work_order_id": False}),
            entry.unlink,
        ):
            with self.assertRaisesRegex(UserError, "accepts no time or cost"):
                change()

    def test_refuses_people_without_an_employee_by_name(self):
        helper = new_test_user(self.env, "wo_helper", "work_order.group_technician")
        ticket = self.dispatched()
        ticket.technician_ids = [Command.link(helper.id)]
        with self.assertRaisesRegex(UserError, "No employee is recorded for wo_helper"):
            self.post(ticket, user=helper)

    def test_technician_without_timesheets_posts_time_too(self):
        self.technician.group_ids -= self.env.ref("hr_timesheet.group_hr_timesheet_user")
        ticket = self.dispatched()
        entry = self.post(ticket)
        entry.unit_amount = 1
        self.assertEqual(entry.sudo().amount, -30)
        with self.assertRaises(AccessError):
            entry.read(["amount"])

    def test_refuses_products_that_timesheets_would_deliver_a_second_way(self):
        if "timesheet" not in dict(self.labor._fields["service_type"]._description_selection(self.env)):
            self.skipTest("Timesheets bill nothing here.")
        with self.assertRaisesRegex(ValidationError, "delivered by work orders"):
            self.labor.service_type = "timesheet"

    def test_timesheet_user_who_is_no_technician_reaches_no_ticket(self):
        stranger = new_test_user(self.env, "wo_timesheet", "hr_timesheet.group_hr_timesheet_approver")
        self.env["hr.employee"].create({"name": "S", "user_id": stranger.id, "company_id": self.env.company.id})
        with self.assertRaises(AccessError):
            self.post(self.dispatched(), user=stranger)

    def test_timesheet_screens_open_without_amounts_for_technicians(self):
        lines = self.env["account.analytic.line"].with_user(self.technician)
        view = lines.get_view(self.env.ref("hr_timesheet.hr_timesheet_line_form").id, "form")
        self.assertNotIn('name="amount"', view["arch"])
        self.assertIn('name="work_order_id"', view["arch"])

    def test_technician_posts_for_themselves_only_by_employee_too(self):
        ticket = self.dispatched()
        with self.assertRaises(AccessError):
            self.post(ticket, employee_id=self.dispatcher.employee_id.id)
