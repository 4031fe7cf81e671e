from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestTemplateScope(WorkOrderCase):
    """A11: templates with task codes, specification lines, tax and freight rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade = cls.env["work.order.trade"].create({"name": "Test rack builder"})
        cls.code = cls.env["work.order.task.code"].create(
            {"code": "T-RACK", "name": "Build a rack", "product_id": cls.labor.id, "trade_id": cls.trade.id}
        )
        cls.template = cls.env["work.order.template"].create(
            {
                "name": "Rack build",
                "company_id": cls.env.company.id,
                "tax_rule": "exempt",
                "freight_rule": "not_allowed",
                "task_ids": [
                    Command.create(
                        {
                            "code_id": cls.code.id,
                            "specification_ids": [
                                Command.create({"name": "Signal flow", "value": "Mixer, DSP, amplifier"}),
                                Command.create({"name": "Rack units", "value": "24"}),
                            ],
                        }
                    ),
                    Command.create({"name": "Test it"}),
                ],
            }
        )

    def by_hand(self, template=None, **values):
        values = {"template_id": (template or self.template).id, "partner_id": self.buyer.id, **values}
        return self.env["work.order"].with_user(self.dispatcher).create(values)

    def sold(self):
        return {"type": "service", "company_id": self.env.company.id, "work_order_template_id": self.template.id}

    def said(self, task):
        return [(line.name, line.value) for line in task.specification_ids]

    def other_template(self, *specifications):
        lines = [Command.create({"name": name, "value": value}) for name, value in specifications]
        return self.env["work.order.template"].create(
            {"name": "Other", "task_ids": [Command.create({"name": "Other work", "specification_ids": lines})]}
        )

    def test_a11_code_and_specification_of_the_template_reach_the_task(self):
        rack, test = self.by_hand().task_ids
        self.assertEqual((rack.code_id, rack.name, rack.product_id), (self.code, "Build a rack", self.labor))
        self.assertEqual(rack.trade_id, self.trade)
        self.assertEqual(self.said(rack), [("Signal flow", "Mixer, DSP, amplifier"), ("Rack units", "24")])
        self.assertFalse(test.specification_ids or test.code_id)

    def test_a11_sold_task_gets_code_and_specification_of_its_template(self):
        product = self.product("Rack", 900, policy="template", **self.sold())
        self.template.task_ids[0].write({"code_id": False, "product_id": product.id})
        code = self.code.copy({"code": "T-SOLD", "product_id": product.id})
        self.template.task_ids[0].code_id = code
        order = self.sale_order((product, 1))
        order.action_confirm()
        sold = order.work_order_ids.task_ids.filtered("sale_line_id")
        self.assertEqual((sold.code_id, sold.trade_id, len(sold.specification_ids)), (code, self.trade, 2))
        self.assertEqual(order.work_order_ids.version, 1)

    def test_a11_tax_and_freight_rule_of_the_template_reach_the_ticket(self):
        product = self.product("Rack", 900, policy="template", **self.sold())
        order = self.sale_order((product, 1))
        order.action_confirm()
        later = self.env["work.order"].with_user(self.dispatcher).create({"title": "x", "partner_id": self.buyer.id})
        later.template_id = self.template
        for ticket in (self.by_hand(), order.work_order_ids, later):
            with self.subTest(ticket=ticket.title):
                self.assertEqual((ticket.tax_rule, ticket.freight_rule), ("exempt", "not_allowed"))

    def test_a11_applying_again_adds_new_specification_and_keeps_what_was_changed(self):
        ticket = self.by_hand()
        rack = ticket.task_ids[0]
        rack.specification_ids[1].value = "36"
        self.template.task_ids[0].specification_ids = [Command.create({"name": "Cable colour", "value": "Black"})]
        ticket.action_apply_template()
        ticket.action_apply_template()
        self.assertEqual(
            self.said(rack), [("Signal flow", "Mixer, DSP, amplifier"), ("Rack units", "36"), ("Cable colour", "Black")]
        )

    def test_a11_untouched_task_with_specification_goes_with_its_template_and_a_changed_one_stays(self):
        other = self.other_template(("Finish", "Matt"))
        untouched, changed = self.by_hand(), self.by_hand()
        changed.task_ids[0].specification_ids[1].value = "36"
        (untouched | changed).write({"template_id": other.id})
        self.assertEqual(untouched.task_ids.mapped("name"), ["Other work"])
        self.assertEqual(sorted(changed.task_ids.mapped("name")), ["Build a rack", "Other work"])
        self.assertEqual(self.said(untouched.task_ids), [("Finish", "Matt")])

    def test_a11_same_work_under_another_template_drops_the_old_specification(self):
        other = self.other_template(("Finish", "Matt"))
        third = other.copy({"name": "Third"})
        third.task_ids.specification_ids.write({"name": "Colour", "value": "Red"})
        ticket = self.by_hand(other)
        task = ticket.task_ids
        task.note = "Looked at it"  # so it stays
        ticket.template_id = third
        self.assertEqual((ticket.task_ids, self.said(task)), (task, [("Colour", "Red")]))

    def test_a11_many_tickets_get_their_specification_in_one_go(self):
        tickets = self.env["work.order"].create([self.template._ticket_values()] * 20)
        self.assertEqual([len(ticket.task_ids.specification_ids) for ticket in tickets], [2] * 20)

    def test_a11_code_fills_the_form_of_the_template(self):
        with Form(self.template) as form, form.task_ids.new() as line:
            line.code_id = self.code
            self.assertEqual((line.product_id, line.name), (self.labor, "Build a rack"))

    def test_a11_refuses_a_code_that_stands_for_another_product_or_company(self):
        task = self.template.task_ids[0]
        with self.assertRaises(ValidationError):
            task.product_id = self.part
        company = self.env["res.company"].create({"name": "Sister"})
        foreign = self.code.copy({"company_id": company.id})
        with self.assertRaises(Exception) as refusal, self.env.cr.savepoint():
            task.code_id = foreign
        self.assertIn("compan", str(refusal.exception).lower())

    @mute_logger("odoo.sql_db")
    def test_a11_refuses_a_specification_without_name_and_changes_by_others(self):
        line = self.template.task_ids.specification_ids[0]
        for user in (self.dispatcher, self.technician, self.billing, self.salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).write({"value": "x"})
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            line.write({"name": " "})
