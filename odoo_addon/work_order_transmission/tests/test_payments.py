from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestPayments(TransmissionCase):
    CURSOR = "2026-11-22T04:34:00.5-08:00"

    def register(self, *payments, cursor=CURSOR):
        return self.offered.register_payments("books", list(payments), cursor)

    def payment(self, row, external_id="p1", amount=None, **more):
        return {
            "external_id": external_id,
            "invoice_external_id": row.external_id,
            "amount": amount or f"{row.amount_total:.2f}",
            "currency": row.currency_id.name,
            "date": "2026-11-22",
            "reference": "Cheque 1001",
            **more,
        }

    def payments_of(self, row):
        return self.env["account.payment"].search([("destination_invoice_id", "=", row.invoice_id.id)])

    def test_payment_pays_the_invoice_and_the_row(self):
        row = self.arrived()
        answer = self.register(self.payment(row))
        self.assertEqual(answer, {"registered": ["p1"], "unchanged": [], "refused": [], "drift": 0})
        self.assertEqual(row.invoice_id.payment_state, "paid")
        self.assertEqual(row.state, "paid")
        payment = self.payments_of(row)
        self.assertEqual(
            (payment.journal_id, payment.memo, str(payment.date)), (self.journal, "Cheque 1001", "2026-11-22")
        )
        self.assertEqual(payment.amount, row.amount_total)

    def test_account_of_the_payment_method_is_used_else_that_of_the_journal(self):
        method = self.journal.inbound_payment_method_line_ids[0]
        account = self.env["account.account"].create(
            {"name": "Receipts", "code": "101499", "account_type": "asset_current", "reconcile": True}
        )
        for chosen, expected in ((account, account), (False, self.journal.default_account_id)):
            method.payment_account_id = chosen
            row = self.arrived(f"id of {expected.code}")
            self.register(self.payment(row, f"p of {expected.code}"))
            self.assertEqual(self.payments_of(row).outstanding_account_id, expected)
            self.assertEqual(row.invoice_id.payment_state, "paid")

    def test_the_same_payment_again_changes_nothing(self):
        row = self.arrived()
        self.register(self.payment(row))
        self.assertEqual(self.register(self.payment(row))["unchanged"], ["p1"])
        self.assertEqual(len(self.payments_of(row)), 1)

    def test_one_payment_over_two_invoices_is_registered_on_both(self):
        first, second = self.arrived("101"), self.arrived("102")
        answer = self.register(self.payment(first), self.payment(second))
        self.assertEqual(answer["registered"], ["p1", "p1"])
        self.assertEqual({first.state, second.state}, {"paid"})

    def test_part_payment_leaves_the_row_received(self):
        row = self.arrived()
        self.register(self.payment(row, amount="10.00"))
        self.assertEqual((row.state, row.invoice_id.payment_state), ("received", "partial"))

    def test_undone_payment_takes_paid_back(self):
        row = self.arrived()
        self.register(self.payment(row))
        self.payments_of(row).action_cancel()
        self.assertEqual(row.state, "received")

    def test_payment_taken_off_the_invoice_takes_paid_back(self):
        row = self.arrived()
        self.register(self.payment(row))
        row.invoice_id.line_ids.remove_move_reconcile()
        self.assertEqual(row.state, "received")

    def test_payment_in_odoo_itself_counts_too(self):
        row = self.arrived()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=row.invoice_id.ids
        )
        wizard.create({"journal_id": self.journal.id})._create_payments()
        self.assertEqual(row.state, "paid")

    def test_invoice_paid_before_it_was_sent_is_still_sent(self):
        row = self.queued()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=row.invoice_id.ids
        )
        wizard.create({"journal_id": self.journal.id})._create_payments()
        self.assertEqual(row.state, "ready")
        self.settle(self.claim()["lease"], self.received(row))
        self.assertEqual(row.state, "paid")

    def test_refused_payments_say_why_and_do_not_stop_the_others(self):
        row, other = self.arrived("101"), self.arrived("102")
        answer = self.register(
            self.payment(row, "over", "99999.00"),
            self.payment(row, "stranger", invoice_external_id="555"),
            self.payment(row, "euro", currency="EUR"),
            self.payment(other, "good"),
        )
        self.assertEqual(answer["registered"], ["good"])
        refused = {refusal["external_id"]: refusal["message"] for refusal in answer["refused"]}
        self.assertIn("open, the payment is 99999.00", refused["over"])
        self.assertIn("No invoice of Odoo has the ID 555", refused["stranger"])
        self.assertIn("the payment in EUR", refused["euro"])
        self.assertFalse(self.payments_of(row))

    def test_payment_that_is_faster_than_the_answer_is_offered_again(self):
        row = self.queued()
        lease = self.claim()["lease"]
        early = {**self.payment(row), "invoice_external_id": "9001"}
        self.assertEqual([refusal["external_id"] for refusal in self.register(early)["refused"]], ["p1"])
        self.assertFalse(self.destination.payments_read_until)
        self.settle(lease, self.received(row, external_id="9001"))
        self.assertEqual(self.register(early)["registered"], ["p1"])
        self.assertTrue(self.destination.payments_read_until)

    def test_closed_period_is_refused_and_offered_again(self):
        row = self.arrived()
        self.env.company.fiscalyear_lock_date = "2000-01-31"  # long ago: Odoo minds open bank lines of the demo data
        answer = self.register(self.payment(row, date="2000-01-15"))
        self.assertIn("the books are closed until", answer["refused"][0]["message"])
        self.assertFalse(self.destination.payments_read_until)

    def test_missing_journal_names_the_field(self):
        row = self.arrived()
        self.destination.payment_journal_id = False
        answer = self.register(self.payment(row))
        self.assertIn("Fill in Payment Journal", answer["refused"][0]["message"])
        self.assertFalse(self.destination.payments_read_until)

    def test_payment_odoo_refuses_leaves_nothing_behind(self):
        row, other = self.arrived("101"), self.arrived("102")
        self.patch(
            type(self.env["account.payment"]),
            "action_post",
            self.refuse_first(type(self.env["account.payment"]).action_post),
        )
        answer = self.register(self.payment(row, "bad"), self.payment(other, "good"))
        self.assertEqual((answer["registered"], answer["refused"][0]["external_id"]), (["good"], "bad"))
        self.assertFalse(self.payments_of(row))

    def refuse_first(self, original):
        def action_post(payments):
            if payments.destination_external_id == "bad":
                raise UserError(self.env._("No."))
            return original(payments)

        return action_post

    def test_changed_payment_is_refused_not_doubled(self):
        row = self.arrived()
        self.register(self.payment(row, amount="10.00"))
        answer = self.register(self.payment(row, amount="12.00"))
        self.assertIn("was registered with 10.00", answer["refused"][0]["message"])

    def test_cursor_is_kept_in_utc_and_offered(self):
        self.arrived()
        told = self.offered.changes_since("books")
        self.assertEqual((told["cursor"], told["open_invoices"], told["sent_invoices"]), (None, 1, 1))
        self.register()
        self.assertEqual(self.offered.changes_since("books")["cursor"], "2026-11-22T12:34:00+00:00")
        self.register(cursor=None)
        self.assertEqual(self.offered.changes_since("books")["cursor"], "2026-11-22T12:34:00+00:00")

    def test_paid_invoices_are_not_open(self):
        row = self.arrived()
        self.register(self.payment(row))
        self.assertEqual(self.offered.changes_since("books")["open_invoices"], 0)

    def test_malformed_payments_are_refused_whole_with_every_error(self):
        row = self.arrived()
        bad = {"external_id": 5, "amount": "-1", "currency": "", "date": "22.11.2026", "reference": 7}
        with self.assertRaises(UserError) as caught:
            self.register(self.payment(row), bad, None, cursor="yesterday")
        text = str(caught.exception)
        for part in (
            "external_id must",
            "amount must",
            "currency must",
            "date must",
            "reference must",
            "entry 3",
            "cursor",
        ):
            self.assertIn(part, text)
        self.assertFalse(self.payments_of(row))
