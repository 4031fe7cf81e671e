from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestAgreedTerms(WorkOrderCase):
    """D3: terms repeat the PO or the agreement; an early discount shows its day and amount, and the full due date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.net_30 = cls.terms("Net thirty")
        cls.net_45 = cls.terms("Net 45", days=45)
        cls.early = cls.terms("2/10 net thirty", early_discount=True, discount_percentage=2, discount_days=10)
        cls.buyer.property_payment_term_id = cls.net_30
        cls.po = cls.env["buyer.purchase.order"].create(
            {"number": "4500-1", "partner_id": cls.buyer.id, "payment_term_id": cls.early.id}
        )

    @classmethod
    def terms(cls, name, days=30, **values):
        line = {"value": "percent", "value_amount": 100.0, "nb_days": days}
        return cls.env["account.payment.term"].create({"name": name, "line_ids": [Command.create(line)], **values})

    def posted(self, ticket):
        move = self.invoice(ticket)
        move.invoice_date = "2026-11-22"
        move.action_post()
        return move

    def test_d3_terms_of_the_po_come_before_the_customers_default(self):
        order = self.sale_order((self.labor, 2), buyer_po=" 4500-1")
        self.assertEqual(order.payment_term_id, self.early)
        self.assertFalse(order.terms_difference)
        order.action_confirm()
        self.assertEqual(self.invoice(self.complete(order.work_order_ids)).invoice_payment_term_id, self.early)

    def test_d3_terms_of_the_agreement_where_the_po_says_none(self):
        job = self.env["work.order.job"].create(
            {"title": "Service", "kind": "agreement", "partner_id": self.buyer.id, "payment_term_id": self.net_45.id}
        )
        order = self.sale_order((self.labor, 2), buyer_po="other", work_order_job_id=job.id)
        self.assertEqual(order.payment_term_id, self.net_45)
        order = self.sale_order((self.labor, 2), work_order_job_id=job.id)
        self.assertEqual(order.payment_term_id, self.early, "the PO is the later word")

    def test_d3_po_number_typed_later_brings_its_terms(self):
        order = self.sale_order((self.labor, 2), buyer_po=False)
        self.assertEqual(order.payment_term_id, self.net_30)
        with Form(order) as form:
            form.buyer_po = "4500-1"
        self.assertEqual(order.payment_term_id, self.early)
        order.buyer_po = "unknown"
        self.assertEqual(order.payment_term_id, self.early, "an unknown PO says nothing")

    def test_d3_po_registered_after_the_order_still_rules_the_invoice(self):
        order = self.sale_order((self.labor, 2), buyer_po="4500-9")
        order.action_confirm()
        ticket = self.complete(order.work_order_ids)
        self.env["buyer.purchase.order"].create(
            {"number": "4500-9", "partner_id": self.buyer.id, "payment_term_id": self.net_45.id}
        )
        self.assertIn("“Net thirty”, but PO 4500-9 says “Net 45”", order.terms_difference)
        self.assertEqual(self.invoice(ticket).invoice_payment_term_id, self.net_45)

    def test_d3_terms_chosen_on_the_order_stay_and_the_difference_is_shown(self):
        order = self.sale_order((self.labor, 2), payment_term_id=self.net_45.id)
        self.assertIn("“Net 45”, but PO 4500-1 says “2/10 net thirty”", order.terms_difference)
        order.action_confirm()
        move = self.invoice(self.complete(order.work_order_ids))
        self.assertEqual(move.invoice_payment_term_id, self.net_45)
        self.assertIn("but PO 4500-1 says", move.terms_difference)

    def test_d3_early_discount_shows_day_amount_and_full_due_date(self):
        move = self.posted(self.complete(self.standard_order().work_order_ids))
        text = move.early_discount_text
        for part in ("12/02/2026", "$ 244.04", "$ 4.98", "2 %", "$ 249.02", "12/22/2026"):
            self.assertIn(part, text.replace("\xa0", " "))

    def test_d3_wrong_discount_date_or_amount_is_refused_at_posting(self):
        move = self.invoice(self.complete(self.standard_order().work_order_ids))
        move.invoice_date = "2026-11-22"
        line = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move_line SET discount_date = '2027-01-31' WHERE id = %s", (line.id,))
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Discount Date is 01/31/2027"):
            move.action_post()

    def test_d3_discount_of_a_posted_invoice_cannot_be_rewritten(self):
        move = self.posted(self.complete(self.standard_order().work_order_ids))
        line = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        for values in ({"discount_date": "2027-01-31"}, {"discount_amount_currency": 1.0}):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                line.write(values)

    def test_d3_discount_that_outlives_the_due_date_is_refused(self):
        self.early.discount_days = 60
        move = self.invoice(self.complete(self.standard_order().work_order_ids))
        with self.assertRaisesRegex(UserError, "after the full amount is due"):
            move.action_post()

    def test_d3_invoice_without_discount_says_nothing_of_one(self):
        self.po.payment_term_id = self.net_30
        move = self.posted(self.complete(self.standard_order().work_order_ids))
        self.assertFalse(move.early_discount_text)
