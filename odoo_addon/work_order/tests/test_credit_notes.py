from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestCreditNotes(WorkOrderCase):
    """D6: a credit note keeps the chain, and what it gives back can be billed again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [
            Command.create({"number": number, "product_id": product.id, "quantity": 10})
            for number, product in (("10", cls.labor), ("20", cls.part))
        ]
        cls.po = cls.env["buyer.purchase.order"].create(
            {"number": "4500-1", "partner_id": cls.buyer.id, "line_ids": lines}
        )

    def setUp(self):
        super().setUp()
        self.ticket = self.complete(self.standard_order().work_order_ids)
        self.move = self.invoice(self.ticket)
        self.move.action_post()

    def wizard(self, **values):
        reversal = self.env["account.move.reversal"].with_user(self.billing)
        reversal = reversal.with_context(active_model="account.move", active_ids=self.move.ids)
        return reversal.create({"journal_id": self.move.journal_id.id, "reason": "Wrong PO line", **values})

    def credit(self, keep=None, quantity=None):
        wizard = self.wizard()
        for row in wizard.credit_line_ids if keep else []:
            row.selected = row.line_id.product_id == keep
            row.quantity = quantity or row.quantity
        wizard.refund_moves()
        return wizard.new_move_ids

    def test_d6_credit_note_names_original_po_lines_and_reason(self):
        refund = self.credit()
        refund.action_post()
        self.assertEqual(refund.reversed_entry_id, self.move)
        self.assertEqual(refund.credit_reason, "Wrong PO line")
        for line, origin in zip(refund.invoice_line_ids, self.move.invoice_line_ids, strict=True):
            self.assertEqual(line.original_line_id, origin)
            for name in ("buyer_po", "buyer_po_line", "buyer_item_code", "cost_center_id", "work_order_task_id"):
                self.assertEqual(line[name], origin[name], name)
        document = refund._invoice_documents()[refund.id]
        self.assertEqual(document["kind"], "credit")
        self.assertEqual(document["original"]["number"], self.move.name)
        self.assertEqual(document["original"]["reason"], "Wrong PO line")
        self.assertEqual(document["totals"], self.move._invoice_documents()[self.move.id]["totals"])

    def test_d6_credit_gives_balances_back_and_the_work_is_billed_again(self):
        line = self.po.line_ids[0]
        self.assertEqual((line.billed_quantity, line.billed_amount), (2.0, 180.0))
        self.credit().action_post()
        line.invalidate_recordset()
        self.assertEqual((line.billed_quantity, line.billed_amount), (0.0, 0.0))
        self.assertEqual(self.ticket.state, "done")
        self.assertEqual(self.ticket.sale_order_id.order_line.mapped("qty_invoiced"), [0.0, 0.0])
        again = self.invoice(self.ticket) - self.move
        again = again.filtered(lambda move: move.move_type == "out_invoice")
        again.action_post()
        self.assertEqual(again.replaced_invoice_ids, self.move)
        self.assertEqual(self.ticket.state, "closed")
        self.assertFalse(self.move.replaced_invoice_ids)

    def test_d6_one_line_is_credited_and_the_rest_stays_invoiced(self):
        refund = self.credit(keep=self.labor)
        self.assertEqual(refund.invoice_line_ids.product_id, self.labor)
        refund.action_post()
        self.assertEqual(refund.amount_untaxed, 180.0)
        self.assertEqual(self.ticket.task_ids.mapped(lambda task: task._quantity_to_invoice()), [2.0, 0.0])
        self.assertEqual(self.ticket.state, "done")

    def test_d6_part_of_a_line_is_credited(self):
        refund = self.credit(keep=self.part, quantity=1)
        refund.action_post()
        self.assertEqual(refund.invoice_line_ids.mapped("quantity"), [1.0])
        rows = self.wizard().credit_line_ids
        self.assertEqual(rows.mapped("quantity"), [2.0, 2.0], "what was credited before is not offered again")

    def test_d6_refuses_more_than_was_invoiced_or_nothing(self):
        wizard = self.wizard()
        wizard.credit_line_ids[1].quantity = 4
        with self.assertRaisesRegex(UserError, "between 0 and 3 can be credited, not 4"):
            wizard.refund_moves()
        wizard.credit_line_ids.selected = False
        with self.assertRaisesRegex(UserError, "choose at least one"):
            wizard.refund_moves()

    def test_d6_refuses_a_corrected_invoice_of_some_lines(self):
        wizard = self.wizard()
        wizard.credit_line_ids[0].selected = False
        with self.assertRaisesRegex(UserError, "replaces the whole one"):
            wizard.modify_moves()

    def test_d6_reverse_and_create_makes_a_corrected_invoice_that_posts(self):
        wizard = self.wizard()
        wizard.modify_moves()
        corrected = wizard.new_move_ids
        self.assertEqual(corrected.move_type, "out_invoice")
        self.assertEqual(self.move.payment_state, "reversed")
        corrected.action_post()
        self.assertEqual(corrected.replaced_invoice_ids, self.move)
        self.assertEqual(self.ticket.state, "closed")

    def test_d6_credit_at_another_price_or_reference_is_refused(self):
        refund = self.credit()
        refund.invoice_line_ids[0].write({"price_unit": 89, "buyer_po_line": "99"})
        with self.assertRaises(UserError) as refusal:
            refund.action_post()
        for part in ("89.0, but 90.0", "PO Line"):
            self.assertIn(part, str(refusal.exception))

    def test_d6_credit_of_an_invoice_that_was_never_posted_lends_no_price(self):
        fake = self.move.copy()
        fake.invoice_line_ids[0].price_unit = 5999
        refund = self.credit()
        refund.reversed_entry_id = fake
        refund.invoice_line_ids[0].price_unit = 5999
        with self.assertRaisesRegex(UserError, "5999.0, but 90.0"):
            refund.action_post()

    def test_d6_form_offers_the_lines_of_a_tickets_invoice_only(self):
        with Form(self.wizard()) as form:
            self.assertEqual(len(form.credit_line_ids), 2)
        ordinary = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_line_ids": [Command.create({"name": "Rent", "price_unit": 5})],
            }
        )
        ordinary.action_post()
        self.move = ordinary
        self.assertFalse(self.wizard().credit_line_ids)
        self.assertEqual(self.credit().amount_untaxed, 5)
