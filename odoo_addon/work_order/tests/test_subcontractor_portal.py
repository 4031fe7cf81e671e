import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestSubcontractorPortal(WorkOrderCase, HttpCase):
    """A6: the subcontractor's pages, in their own session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm, cls.rival = cls.env["res.partner"].create(
            [{"name": "Sparks Inc", "is_company": True}, {"name": "Rival Inc", "is_company": True}]
        )
        cls.sub = new_test_user(cls.env, "wo_sub", "work_order.group_subcontractor")
        cls.sub.partner_id.parent_id = cls.firm
        cls.ticket = cls.standard_order().work_order_ids
        cls.mine, cls.theirs = cls.ticket.task_ids
        cls.mine.write(
            {"subcontractor_id": cls.firm.id, "specification_ids": [Command.create({"name": "PMS", "value": "2767 C"})]}
        )
        cls.theirs.subcontractor_id = cls.rival

    def setUp(self):
        super().setUp()
        self.dispatch(self.ticket).with_user(self.technician).action_start()
        self.authenticate("wo_sub", "wo_sub")

    def report(self, task, **values):
        data = {"csrf_token": Request.csrf_token(self), **values}
        return self.url_open(f"/my/assigned-work/{task.id}", data=data)

    def test_a6_subcontractor_opens_own_tasks_and_sees_no_business_of_ours(self):
        self.mine.drawing_ids = [Command.create({"name": "plan.pdf", "datas": base64.b64encode(b"lines")})]
        listed = self.url_open("/my/assigned-work").text
        self.assertIn(self.ticket.name, listed)
        page = self.url_open(f"/my/assigned-work/{self.mine.id}").text
        for words in ("2767 C", "plan.pdf"):
            self.assertIn(words, page)
        for words in ("90.00", "180.00", "4500-1", "CC-1"):
            self.assertNotIn(words, listed + page)
        drawing = self.url_open(f"/web/content/{self.mine.drawing_ids.id}")
        self.assertEqual((drawing.status_code, drawing.content), (200, b"lines"))

    def test_a6_subcontractor_reports_on_the_page(self):
        answer = self.report(self.mine, state="done", done_quantity="1.5", note="Rewired", service_date="2026-11-21")
        self.assertIn("Saved", answer.text)
        self.assertEqual((self.mine.state, self.mine.done_quantity, self.mine.note), ("done", 1.5, "Rewired"))

    def test_a6_refuses_the_page_of_other_peoples_tasks(self):
        for task in (self.theirs, self.standard_order().work_order_ids.task_ids[0]):
            with self.subTest(task=task.id):
                self.assertNotIn("Quantity done", self.url_open(f"/my/assigned-work/{task.id}").text)
                self.report(task, state="done", note="mine now")
                self.assertEqual((task.state, task.note), ("todo", False))

    def test_a6_refuses_with_a_sentence_on_the_page(self):
        self.assertIn("write a number", self.report(self.mine, state="done", done_quantity="many").text)
        self.ticket.with_user(self.technician).action_hold()
        self.assertIn("Start the work", self.report(self.mine, state="done").text)
        self.assertEqual(self.mine.state, "todo")

    def test_a6_refuses_the_customers_pages_files_and_prices(self):
        contract = self.env["ir.attachment"].create(
            {"name": "po.pdf", "raw": b"price", "res_model": "work.order", "res_id": self.ticket.id}
        )
        self.assertNotEqual(self.url_open(f"/web/content/{contract.id}").status_code, 200)
        for address in ("/my/work-orders", f"/my/work-orders/{self.ticket.id}"):
            with self.subTest(address=address):
                page = self.url_open(address)
                self.assertEqual(page.status_code, 200)
                self.assertNotIn(self.ticket.name, page.text)
        with mute_logger("odoo.http"):
            prices = self.url_open(f"/report/html/work_order.report_work_order_prices/{self.ticket.id}")
        self.assertNotIn("90.00", prices.text)
        self.assertNotEqual(prices.status_code, 200)
        own = self.url_open(f"/report/html/work_order.report_work_order/{self.ticket.id}")
        self.assertEqual(own.status_code, 200)
        self.assertNotIn("Filter", own.text)

    def test_a6_customer_without_the_subcontractor_role_has_no_assigned_work(self):
        customer = new_test_user(self.env, "wo_customer", "base.group_portal")
        with self.assertRaises(AccessError):
            self.mine.with_user(customer).write({"note": "x"})
        self.authenticate("wo_customer", "wo_customer")
        self.assertNotIn(self.ticket.name, self.url_open(f"/my/assigned-work/{self.mine.id}").text)
