from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase

#: What a ticket cannot know before it is an invoice.
LATER = {"number", "issue_date", "due_date", "odoo", "terms"}


def without_ids(lines):
    return [{key: value for key, value in line.items() if key != "id"} for line in lines]


@tagged("post_install", "-at_install")
class TestInvoiceDocument(WorkOrderCase):
    """One document for ticket, invoice and credit note."""

    def document(self, move):
        return move._invoice_documents()[move.id]

    def test_preview_of_finished_ticket_is_what_its_invoice_says(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        order = self.sale_order(
            (self.labor, 1.5, {"discount": 12.5, "buyer_po_line": "10", "tax_ids": [Command.set(self.tax.ids)]}),
            (self.part, 7, {"price_unit": 21.455, "buyer_po_line": "20"}),
        )
        order.action_confirm()
        ticket = self.complete(order.work_order_ids)
        preview = ticket._document_preview()
        document = self.document(self.invoice(ticket))
        self.assertEqual(preview["stage"], "ticket")
        for key in document.keys() - LATER - {"lines"}:
            self.assertEqual(preview[key], document[key], key)
        self.assertEqual(without_ids(preview["lines"]), without_ids(document["lines"]))
        self.assertEqual(len(document["lines"]), 2)

    def test_preview_before_the_work_shows_the_plan_as_open(self):
        ticket = self.standard_order().work_order_ids
        preview = ticket._document_preview()
        self.assertEqual([line["quantity"] for line in preview["lines"]], ["2", "3"])
        self.assertEqual({line["authority"]["kind"] for line in preview["lines"]}, {"open"})
        self.assertEqual([order["closed"] for order in preview["work_orders"]], [False])
        self.assertEqual(preview["totals"]["untaxed"], "244.20")
        self.assertFalse(self.env["account.move"].search([("partner_id", "=", self.buyer.id)]), "nothing is stored")

    def test_preview_of_a_change_nobody_approved_is_pending(self):
        ticket = self.dispatch(self.standard_order().work_order_ids)
        change = self.env["work.order.change"].create(
            {
                "work_order_id": ticket.id,
                "title": "More labor",
                "reason": "Rust",
                "requested_by": "Pat",
                "line_ids": [Command.create({"kind": "change", "task_id": ticket.task_ids[0].id, "quantity": 4})],
            }
        )
        change.with_user(self.dispatcher).action_submit()
        kinds = [line["authority"]["kind"] for line in ticket._document_preview()["lines"]]
        self.assertEqual(kinds, ["pending", "open"])

    def test_nothing_to_bill_has_no_preview(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        self.invoice(ticket)
        self.assertIsNone(ticket._document_preview())
        internal = self.standard_order().work_order_ids
        internal.type_id = self.env.ref("work_order.type_internal")
        self.assertIsNone(internal._document_preview())

    def test_freight_of_the_order_is_previewed_with_its_charge(self):
        freight = self.product("Freight", 15.0, policy="none", type="service", invoice_policy="order")
        freight.is_freight = True
        order = self.sale_order((self.labor, 1), (freight, 1))
        order.action_confirm()
        lines = order.work_order_ids._document_preview()["lines"]
        self.assertEqual(
            [(line["charge"], line["authority"]["kind"]) for line in lines], [("", "open"), ("freight", "order")]
        )

    def test_many_previews_cost_a_fixed_number_of_queries(self):
        def queries(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets._document_previews()
            return self.env.cr.sql_log_count - before

        few = queries(self.env["work.order"].union(*[self.standard_order().work_order_ids for _n in range(2)]))
        many = queries(self.env["work.order"].union(*[self.standard_order().work_order_ids for _n in range(12)]))
        self.assertLessEqual(many, few + 2)
