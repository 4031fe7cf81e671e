import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestTaskScope(WorkOrderCase):
    """A5: standard codes, rate, cap flag, site, specification lines and drawings of a task."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade = cls.env["work.order.trade"].create({"name": "Test screen printing"})
        cls.code = cls.env["work.order.task.code"].create(
            {"code": "T-LAB", "name": "Standard labor", "product_id": cls.labor.id, "trade_id": cls.trade.id}
        )

    def ticket(self, **task):
        return self.env["work.order"].create(
            {"title": "Trial", "partner_id": self.buyer.id, "task_ids": [Command.create({"name": "Look", **task})]}
        )

    def file(self, user=None, **values):
        files = self.env["ir.attachment"].with_user(user or self.env.user)
        return files.create({"name": "drawing.png", "datas": base64.b64encode(b"lines"), **values})

    def test_a5_code_fills_product_name_unit_and_trade(self):
        with Form(self.env["work.order.task"].with_context(default_work_order_id=self.ticket().id)) as form:
            form.code_id = self.code
            self.assertEqual((form.product_id, form.name, form.trade_id), (self.labor, "Standard labor", self.trade))
        self.assertEqual(form.record.product_uom_id, self.labor.uom_id)
        imported = self.env["work.order.task"].create(
            {"work_order_id": self.ticket().id, "code_id": self.code.id, "name": False}
        )
        self.assertEqual(
            (imported.product_id, imported.name, imported.trade_id), (self.labor, "Standard labor", self.trade)
        )

    def test_a5_unit_is_the_one_of_the_sale_line_then_of_the_code(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        code = self.env["work.order.task.code"].create(
            {"code": "T-DZ", "name": "Filters", "product_id": self.part.id, "uom_id": dozen.id}
        )
        self.assertEqual(self.ticket(code_id=code.id).task_ids.product_uom_id, dozen)
        task = self.standard_order().work_order_ids.task_ids[1]
        task.code_id = code
        self.assertEqual(task.product_uom_id, self.part.uom_id)

    def test_a5_code_shows_the_income_account_of_its_product(self):
        account = self.env["account.account"].create(
            {"name": "Service revenue", "code": "400999", "account_type": "income"}
        )
        self.labor.property_account_income_id = account
        self.assertEqual(self.code.income_account_id, account)

    def test_a5_rate_comes_from_the_sale_line(self):
        self.assertEqual(self.standard_order().work_order_ids.task_ids.mapped("price_unit"), [90.0, 21.4])

    def test_a5_specification_and_drawings_are_scope_so_each_change_makes_a_version(self):
        ticket = self.standard_order().work_order_ids
        task = ticket.task_ids[0].with_user(self.dispatcher)
        task.write({"specification_ids": [Command.create({"name": "PMS colour", "value": "2767 C"})]})
        self.assertEqual(ticket.version, 2)
        self.env.cr._now = self.env.cr.now().replace(year=2100)
        task.specification_ids.value = "186 C"
        self.assertEqual(ticket.version, 3)
        self.assertIn("PMS colour: 2767 C", ticket.version_ids.filtered(lambda version: version.number == 2).scope_text)
        self.env.cr._now = self.env.cr.now().replace(year=2101)
        task.drawing_ids = [Command.link(self.file(self.dispatcher).id)]
        self.assertEqual(ticket.version, 4)

    def test_a5_copy_of_a_ticket_has_specification_and_drawings_of_its_own(self):
        ticket = self.ticket(specification_ids=[Command.create({"name": "Print method", "value": "Screen print"})])
        ticket.task_ids.drawing_ids = [Command.link(self.file().id)]
        copied = ticket.copy().task_ids
        self.assertEqual(copied.specification_ids.mapped("display_name"), ["Print method: Screen print"])
        self.assertNotEqual(copied.specification_ids, ticket.task_ids.specification_ids)
        self.assertEqual(
            (copied.drawing_ids.res_id, ticket.task_ids.drawing_ids.res_id), (copied.id, ticket.task_ids.id)
        )

    def test_a5_technician_of_the_ticket_reads_specification_and_drawing_and_nobody_else_does(self):
        ticket = self.ticket(specification_ids=[Command.create({"name": "S", "value": "12"})])
        task = ticket.task_ids
        task.with_user(self.dispatcher).drawing_ids = [Command.link(self.file(self.dispatcher).id)]
        other = new_test_user(self.env, "wo_other_technician", "work_order.group_technician")
        ticket.technician_ids = self.technician
        self.assertEqual(task.specification_ids.with_user(self.technician).value, "12")
        self.assertEqual(task.drawing_ids.with_user(self.technician).name, "drawing.png")
        for record in (task.specification_ids, task.drawing_ids):
            with self.subTest(record=record), self.assertRaises(AccessError):
                record.with_user(other).read(["name"])

    def test_a5_drawing_of_something_else_is_copied_and_stays_what_it_was(self):
        contract = self.file(res_model="res.partner", res_id=self.buyer.id)
        task = self.ticket().task_ids
        task.drawing_ids = [Command.link(contract.id)]
        self.assertEqual((contract.res_model, contract.res_id), ("res.partner", self.buyer.id))
        self.assertNotEqual(task.drawing_ids, contract)
        self.assertEqual((task.drawing_ids.res_model, task.drawing_ids.res_id), ("work.order.task", task.id))

    def test_a5_refuses_a_file_the_user_may_not_read(self):
        secret = self.file(res_model="res.company", res_id=self.env.company.id)
        secret.write({"res_model": "ir.cron", "res_id": self.env["ir.cron"].search([], limit=1).id})
        task = self.ticket().task_ids.with_user(self.dispatcher)
        with self.assertRaises(AccessError):
            task.drawing_ids = [Command.link(secret.id)]

    def test_a5_refuses_a_code_of_another_company(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        code = self.env["work.order.task.code"].create(
            {"code": "T-LAB", "name": "Theirs", "product_id": self.labor.id, "company_id": sister.id}
        )
        with self.assertRaisesRegex(UserError, "compan"):
            self.ticket(code_id=code.id)

    def test_a5_refuses_the_same_code_twice_in_a_company(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.code.copy({"code": "T-LAB"}).flush_recordset()

    def test_a5_refuses_a_code_that_stands_for_another_product(self):
        ticket = self.standard_order().work_order_ids
        with self.assertRaisesRegex(ValidationError, "stands for “Labor”"):
            ticket.task_ids[1].code_id = self.code
        with self.assertRaisesRegex(ValidationError, "stands for"):
            self.ticket(code_id=self.code.id, product_id=self.part.id)

    def test_a5_refuses_a_code_whose_unit_does_not_fit_the_product(self):
        with self.assertRaisesRegex(ValidationError, "cannot be converted"):
            self.code.uom_id = self.env.ref("uom.product_uom_kgm")

    def test_a5_refuses_the_site_of_another_customer(self):
        other = self.env["res.partner"].create({"name": "Other Clinic", "is_company": True})
        ticket = self.ticket(site_id=self.site.id)
        for change, customer in (
            (lambda: ticket.task_ids.write({"site_id": other.id}), "Test Hospital"),
            (lambda: ticket.write({"partner_id": other.id}), "Other Clinic"),
        ):
            with self.assertRaises(ValidationError) as refusal:
                change()
            self.assertIn(f"not a site of {customer}", str(refusal.exception))

    def test_a5_refuses_a_specification_line_without_a_name(self):
        for name in (False, "  "):
            with self.subTest(name=name), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.ticket(specification_ids=[Command.create({"name": name, "value": "x"})])

    def test_a5_refuses_a_change_of_specification_on_finished_work_or_by_a_technician(self):
        ticket = self.standard_order().work_order_ids
        ticket.task_ids[0].specification_ids = [Command.create({"name": "S", "value": "12"})]
        self.complete(ticket)
        line = ticket.task_ids[0].specification_ids
        for change in (
            lambda: line.write({"value": "13"}),
            line.unlink,
            lambda: line.create({"task_id": ticket.task_ids[0].id, "name": "M"}),
        ):
            with self.assertRaisesRegex(UserError, "Reopen"):
                change()
        ticket.with_user(self.dispatcher).action_reopen()
        with self.assertRaises(AccessError):
            line.with_user(self.technician).write({"value": "13"})
