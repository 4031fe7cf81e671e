from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestWorkOrderPrint(WorkOrderCase):
    """A12: works order for crew and subcontractor without prices, and the completion certificate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm, cls.rival = cls.env["res.partner"].create(
            [{"name": "Sparks Inc", "is_company": True}, {"name": "Rival Inc", "is_company": True}]
        )
        cls.sub = new_test_user(cls.env, "wo_sub", "work_order.group_subcontractor")
        cls.sub.partner_id.parent_id = cls.firm
        cls.site.write({"street": "12 Annex Road", "city": "Columbus"})

    def ticket(self):
        order = self.sale_order((self.labor, 2), (self.part, 3), partner_shipping_id=self.site.id)
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.write(
            {
                "scope": "<p>Renew the filters</p>",
                "exclusions": "No duct cleaning",
                "safety_notes": "Lock out the fan",
                "instructions": "<p>Call the guard</p>",
                "technician_ids": [Command.link(self.technician.id)],
            }
        )
        ticket.task_ids[0].specification_ids = [Command.create({"name": "PMS colour", "value": "2767 C"})]
        return ticket

    def printed(self, report, tickets, user):
        reports = self.env["ir.actions.report"].with_user(user)
        self.env.invalidate_all()
        html, _kind = reports._render_qweb_html(f"work_order.report_{report}", tickets.ids)
        return html2plaintext(html.decode()).replace("\xa0", " ")

    def test_a12_works_order_says_what_the_crew_needs_and_no_price(self):
        ticket = self.ticket()
        for user in (self.technician, self.dispatcher):
            text = self.printed("work_order", ticket, user)
            for words in (
                ticket.name,
                self.env.company.name,
                "Test Hospital",
                "12 Annex Road",
                "Renew the filters",
                "No duct cleaning",
                "Lock out the fan",
                "Call the guard",
                "Labor",
                "Filter",
                "PMS colour",
                "2767 C",
                "Materials",
            ):
                self.assertIn(words, text)
            for price in ("90.00", "180.00", "21.40", "64.20", "Amount"):
                self.assertNotIn(price, text)

    def test_a12_changed_work_order_prints_its_version(self):
        ticket = self.ticket()
        ticket.with_user(self.dispatcher).title = "Renewed title"
        self.assertRegex(self.printed("work_order", ticket, self.technician), rf"(?s){ticket.version}\s+of")
        self.assertEqual(ticket.version, 2)

    def test_a12_prices_are_printed_when_asked_by_those_who_see_them(self):
        text = self.printed("work_order_prices", self.ticket(), self.dispatcher)
        for price in ("90.00", "180.00", "21.40", "64.20", "244.20"):
            self.assertIn(price, text)

    def test_a12_each_subcontractor_gets_a_sheet_of_their_own_tasks(self):
        ticket = self.ticket()
        ticket.task_ids[0].subcontractor_id = self.firm
        ticket.task_ids[1].subcontractor_id = self.rival
        both = self.printed("work_order_subcontractor", ticket, self.dispatcher)
        self.assertEqual(both.count("Works Order"), 2)
        mine = self.printed("work_order_subcontractor", ticket, self.sub)
        self.assertIn("Sparks Inc", mine)
        self.assertIn("2767 C", mine)
        for words in ("Rival Inc", "Filter", "4500-1"):
            self.assertNotIn(words, mine.replace("Renew the filters", ""))

    def test_a12_subcontractor_gets_only_own_tasks_on_the_works_order_for_the_crew_too(self):
        ticket = self.ticket()
        ticket.task_ids[0].subcontractor_id = self.firm
        text = self.printed("work_order", ticket, self.sub)
        self.assertIn("Labor", text)
        self.assertNotIn("Materials", text)

    def test_a12_certificate_says_what_was_done_and_who_approved_it(self):
        ticket = self.ticket()
        self.dispatch(ticket).with_user(self.technician).action_start()
        mine = ticket.with_user(self.technician)
        mine.task_ids.write({"state": "done", "service_date": "2026-11-21"})
        mine.task_ids[0].write({"done_quantity": 1.5, "note": "Bearing was worn"})
        mine.write({"signed_by": "Pat Doyle", "signed_on": "2026-11-21 15:00:00"})
        mine.action_complete()
        text = self.printed("completion_certificate", ticket, self.technician)
        for words in (
            "Completion Certificate",
            ticket.name,
            "1.50",
            "Bearing was worn",
            "11/21/2026",
            "Pat Doyle",
            "4500-1",
        ):
            self.assertIn(words, text)
        for price in ("90.00", "135.00", "21.40"):
            self.assertNotIn(price, text)

    def test_a12_reports_take_several_work_orders(self):
        tickets = self.ticket() | self.ticket()
        text = self.printed("work_order", tickets, self.dispatcher)
        for ticket in tickets:
            self.assertIn(ticket.name, text)

    def test_a12_refuses_prices_to_technician_and_subcontractor_also_by_url(self):
        ticket = self.ticket()
        ticket.task_ids.subcontractor_id = self.firm
        for user in (self.technician, self.sub, self.accountant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.printed("work_order_prices", ticket, user)
        report = self.env["ir.actions.report"].with_user(self.technician)
        html, _kind = report._render_qweb_html("work_order.report_work_order", ticket.ids, {"with_prices": True})
        self.assertNotIn("90.00", html.decode())

    def test_a12_refuses_work_orders_one_may_not_read(self):
        ticket = self.ticket()
        ticket.technician_ids = [Command.clear()]
        for report in ("work_order", "work_order_subcontractor", "completion_certificate"):
            for user in (self.technician, self.sub):
                with self.subTest(report=report, user=user.login), self.assertRaises(AccessError):
                    self.printed(report, ticket, user)

    def test_a12_refuses_the_crews_works_order_to_the_customer_who_gets_the_certificate(self):
        customer = new_test_user(self.env, "wo_customer", "base.group_portal")
        customer.partner_id.parent_id = self.buyer
        ticket = self.complete(self.ticket())
        with self.assertRaises(AccessError):
            self.printed("work_order", ticket, customer)
        self.assertIn(ticket.name, self.printed("completion_certificate", ticket, customer))

    def test_a12_refuses_a_certificate_before_the_work_is_done(self):
        ticket = self.dispatch(self.ticket())
        with self.assertRaisesRegex(UserError, f"not done yet.*{ticket.name}"):
            self.printed("completion_certificate", ticket, self.dispatcher)

    def test_a12_refuses_the_customers_certificate_to_a_subcontractor(self):
        ticket = self.ticket()
        ticket.task_ids[0].subcontractor_id = self.firm
        self.complete(ticket)
        with self.assertRaises(AccessError):
            self.printed("completion_certificate", ticket, self.sub)

    def test_a12_refuses_subcontractor_sheets_where_there_is_no_subcontractor(self):
        with self.assertRaisesRegex(UserError, "no task"):
            self.printed("work_order_subcontractor", self.ticket(), self.dispatcher)
