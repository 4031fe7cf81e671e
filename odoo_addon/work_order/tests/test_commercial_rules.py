from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_change_order import ChangeCase


@tagged("post_install", "-at_install")
class TestCommercialRules(ChangeCase):
    """B10: tax and freight rules come with the sales order, and nothing is charged against them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freight = cls.product("Freight", 40, policy="none", type="service", invoice_policy="order", is_freight=True)
        cls.po.line_ids.write({"quantity": 100, "amount_limit": 0})

    def done(self, *lines, **rules):
        order = self.sale_order((self.labor, 1, {"buyer_po_line": "10"}), *lines, **rules)
        order.action_confirm()
        return self.complete(order.work_order_ids)

    def billed(self, ticket):
        return ticket.sale_order_id._create_invoices()

    def test_b10_rules_travel_from_order_to_ticket(self):
        order = self.sale_order((self.labor, 1), tax_rule="exempt", freight_rule="included")
        order.action_confirm()
        self.assertEqual((order.work_order_ids.tax_rule, order.work_order_ids.freight_rule), ("exempt", "included"))
        order.write({"tax_rule": "as_ordered", "freight_rule": "not_allowed"})
        self.assertEqual(
            (order.work_order_ids.tax_rule, order.work_order_ids.freight_rule), ("as_ordered", "not_allowed")
        )

    def test_b10_rules_are_part_of_the_scope(self):
        ticket = self.ticket(1)
        ticket.tax_rule = "exempt"
        self.assertEqual(ticket.version, 2)

    def test_b10_template_rules_what_the_order_leaves_open(self):
        template = self.env["work.order.template"].create({"name": "Exempt work", "tax_rule": "exempt"})
        ticket = self.env["work.order"].create({"template_id": template.id, "title": "By hand"})
        self.assertEqual(ticket.tax_rule, "exempt")

    def test_b10_allowed_charges_post(self):
        ticket = self.done((self.freight, 1))
        invoice = self.billed(ticket)
        invoice.action_post()
        self.assertIn(self.freight, invoice.invoice_line_ids.product_id)
        exempt = self.billed(self.done(tax_rule="exempt", freight_rule="not_allowed"))
        exempt.action_post()

    def test_b10_refuses_tax_on_exempt_work(self):
        ticket = self.done()
        invoice = self.billed(ticket)
        ticket._store_state({"tax_rule": "exempt"})
        invoice.action_post()
        taxed = self.done((self.part, 1, {"buyer_po_line": "20"}))
        invoice = self.billed(taxed)
        taxed._store_state({"tax_rule": "exempt"})
        self.refused(invoice.action_post, "carries tax (Test 7.5%), but this work is exempt")

    def test_b10_refuses_tax_within_a_group_of_taxes(self):
        group = self.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(self.tax.ids)],
            }
        )
        ticket = self.done((self.part, 1, {"buyer_po_line": "20", "tax_ids": [Command.set(group.ids)]}))
        invoice = self.billed(ticket)
        ticket._store_state({"tax_rule": "exempt"})
        self.refused(invoice.action_post, "this work is exempt")

    def test_b10_refuses_dispatch_of_what_could_never_be_billed(self):
        order = self.sale_order(
            (self.part, 1, {"buyer_po_line": "20"}), (self.freight, 1), tax_rule="exempt", freight_rule="not_allowed"
        )
        order.action_confirm()
        self.refused(
            lambda: self.dispatch(order.work_order_ids),
            "carries tax",
            "is freight, which the customer's order does not allow",
        )

    def test_b10_refuses_freight_that_is_not_allowed_or_included(self):
        for rule, sentence in (("not_allowed", "does not allow"), ("included", "is included in the agreed price")):
            ticket = self.done((self.freight, 1))
            invoice = self.billed(ticket)
            ticket._store_state({"freight_rule": rule})
            self.refused(invoice.action_post, sentence)

    def test_b10_credit_of_a_wrongly_taxed_invoice_is_possible(self):
        ticket = self.done((self.part, 1, {"buyer_po_line": "20"}))
        invoice = self.billed(ticket)
        invoice.action_post()
        ticket._store_state({"tax_rule": "exempt"})
        credit = invoice._reverse_moves()
        credit.action_post()
        self.assertEqual(credit.state, "posted")

    def test_b10_refuses_other_rules_than_the_order_and_changes_after_dispatch(self):
        order = self.sale_order((self.labor, 1, {"buyer_po_line": "10"}), tax_rule="exempt")
        order.action_confirm()
        ticket = order.work_order_ids
        self.refused(
            lambda: ticket.with_user(self.dispatcher).write({"tax_rule": "as_ordered"}), "“Exempt” on its sales order"
        )
        self.dispatch(ticket)
        self.refused(lambda: order.with_user(self.salesman).write({"tax_rule": "as_ordered"}), ticket.name)

    def test_b10_refuses_freight_in_a_change_order_and_leaves_out_tax(self):
        self.work.tax_rule, self.work.freight_rule = "exempt", "not_allowed"
        crate = self.product("Crate", 40, type="service", is_freight=True)
        change = self.change(
            {"product_id": self.part.id, "quantity": 1, "buyer_po_line": "20"}, {"product_id": crate.id}
        )
        self.assertFalse(change.line_ids[0].tax_ids)
        self.refused(change.action_submit, "is freight, which the customer's order does not allow")

    def test_b10_refuses_a_technician_who_adds_freight(self):
        self.work.freight_rule = "not_allowed"
        mine = self.work.with_user(self.technician)
        mine.action_start()
        with self.assertRaises(AccessError):
            mine.write({"task_ids": [Command.create({"name": "Freight", "product_id": self.freight.id})]})
        with self.assertRaises(AccessError):
            mine.write({"freight_rule": "as_ordered"})
        crate = self.product("Crate", 40, policy="none", type="consu", invoice_policy="order", is_freight=True)
        part = {"work_order_id": self.work.id, "product_id": crate.id, "quantity": 1}
        with self.assertRaisesRegex(UserError, "is freight, which the customer's order does not allow"):
            self.env["work.order.part"].with_user(self.technician).create(part)
