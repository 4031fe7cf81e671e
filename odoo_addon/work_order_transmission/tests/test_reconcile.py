from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestReconcile(TransmissionCase):
    """What the bridge may read to tie out a period."""

    def posted(self, first="2026-11-01", last="2026-11-30", kind="invoice", **options):
        return self.offered.posted_invoices("books", kind, first, last, **options)

    def mine(self, answer, rows):
        return [told for told in answer["invoices"] if told["number"] in rows.mapped("name")]

    def test_invoice_is_told_with_its_work_its_amounts_and_its_row(self):
        invoice = self.posted_invoice()
        row = self.row_of(invoice)
        (told,) = self.mine(self.posted(), row)
        self.assertEqual((told["date"], told["posted"], told["transmission"]), ("2026-11-22", True, "ready"))
        self.assertEqual(told["keys"], [row.key])
        self.assertEqual(told["work_orders"], row.work_order_ids.mapped("name"))
        self.assertEqual(", ".join(told["purchase_orders"]), row.buyer_po)
        self.assertEqual(told["total"], f"{invoice.sudo().amount_total:.2f}")
        self.assertEqual((told["external_id"], told["payments"]), ("", []))

    def test_payment_from_the_destination_shows_with_the_open_balance(self):
        row = self.arrived("501")
        payment = {
            "external_id": "77",
            "invoice_external_id": "501",
            "amount": "10.00",
            "currency": row.currency_id.name,
            "date": "2026-11-25",
            "reference": "",
        }
        self.offered.register_payments("books", [payment], None)
        (told,) = self.mine(self.posted(), row)
        self.assertEqual((told["payments"], told["external_id"]), (["77"], "501"))
        self.assertEqual(told["balance"], f"{row.invoice_id.amount_total - 10:.2f}")

    def test_period_includes_its_first_and_last_day_and_nothing_else(self):
        row = self.queued()
        self.assertTrue(self.mine(self.posted("2026-11-22", "2026-11-22"), row))
        self.assertFalse(self.mine(self.posted("2026-11-01", "2026-11-21"), row))
        self.assertFalse(self.mine(self.posted("2026-11-23", "2026-11-30"), row))

    def test_pages_hold_every_invoice_once(self):
        rows = self.queued(5)
        numbers, after = [], None
        while True:
            page = self.posted(after=after, limit=2)
            numbers += [told["number"] for told in page["invoices"]]
            after = page["next"]
            if after is None:
                break
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertLessEqual(set(rows.mapped("name")), set(numbers))

    def test_drafts_and_what_belongs_elsewhere_are_left_out(self):
        self.destination.all_invoices = False
        draft = self.draft_invoice().sudo()
        other = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": "2026-11-22",
                "invoice_line_ids": [(0, 0, {"product_id": self.labor.id, "quantity": 1, "price_unit": 5})],
            }
        )
        other.action_post()
        told = [each["id"] for each in self.posted()["invoices"]]
        self.assertNotIn(draft.id, told)
        self.assertNotIn(other.id, told)

    def test_invoice_is_found_by_key_or_number_in_any_state(self):
        row = self.queued()
        row.invoice_id.button_draft()
        for keys, numbers in (([row.key], []), ([], [row.name])):
            (told,) = self.offered.find_invoices("books", "invoice", keys, numbers)["invoices"]
            self.assertEqual((told["number"], told["posted"], told["transmission"]), (row.name, False, ""))
            self.assertEqual(told["keys"], [row.key])
        self.assertFalse(self.offered.find_invoices("books", "invoice", ["0" * 32], ["NO/SUCH"])["invoices"])

    def test_credit_notes_are_told_apart_and_negative(self):
        row = self.queued()
        credit = row.invoice_id._reverse_moves([{"invoice_date": "2026-11-23"}])
        credit.action_post()
        self.assertFalse(self.mine(self.posted(), credit))
        (told,) = self.mine(self.posted(kind="credit"), credit)
        self.assertEqual((told["kind"], told["transmission"]), ("credit", credit.transmission_ids.state))
        self.assertEqual(told["total"], f"-{credit.amount_total:.2f}")
        self.assertEqual(told["keys"], credit.transmission_ids.mapped("key"))
        (asked,) = self.offered.find_invoices("books", "invoice", [row.key], [credit.name])["invoices"]
        self.assertEqual((asked["kind"], asked["number"]), ("invoice", row.name))

    def test_malformed_questions_are_refused_naming_everything(self):
        with self.assertRaises(UserError) as caught:
            self.posted("22.11.2026", None, "order", after="x", limit=0)
        for name in ("first", "last", "after", "limit", "kind"):
            self.assertIn(name, str(caught.exception))
        with self.assertRaises(UserError):
            self.offered.find_invoices("books", "invoice", "abc", [])

    def test_only_the_bridge_may_ask(self):
        for user in (self.billing, self.manager, self.accountant, self.technician):
            offered = self.env["work.order.destination"].with_user(user)
            with self.assertRaises(AccessError):
                offered.posted_invoices("books", "invoice", "2026-11-01", "2026-11-30")
            with self.assertRaises(AccessError):
                offered.find_invoices("books", "invoice", [], [])

    def test_number_of_queries_does_not_grow_with_the_page(self):
        self.queued(3)
        self.posted(limit=3)
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.posted("2026-11-22", "2026-11-22", limit=3)
        self.queued(12)
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.posted("2026-11-22", "2026-11-22", limit=1000)
