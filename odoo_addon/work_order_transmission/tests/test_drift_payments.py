from odoo.exceptions import UserError
from odoo.tests import tagged

from .drift_common import DriftCase


@tagged("post_install", "-at_install")
class TestDriftPayments(DriftCase):
    """F4: payments changed or undone there are corrected in Odoo once, and only when somebody says so."""

    def payments_of(self, row):
        return self.env["account.payment"].search([("destination_invoice_id", "=", row.invoice_id.id)])

    def undone(self, row, **changes):
        self.tell(payments=[self.seen_payment(row, version="1", parts=[], **changes)])
        return self.inbox().filtered(lambda drift: drift.cause == "payment_undone")

    def test_f4_voided_deleted_or_taken_off_is_undone_once(self):
        for number, changes in enumerate(({"status": "voided", "total": "0.00"}, {"status": "deleted"}, {}), 101):
            with self.subTest(changes=changes):
                row = self.arrived(str(number))
                self.tell(payments=[self.seen_payment(row, external_id=f"p{number}")])
                entry = self.undone(row, external_id=f"p{number}", **changes)
                self.assertEqual((row.state, entry.amount_here, entry.amount_there), ("paid", row.amount_total, 0.0))
                entry.with_user(self.billing).action_follow()
                self.assertEqual((row.state, row.invoice_id.payment_state), ("received", "not_paid"))
                self.assertEqual(self.payments_of(row).state, "canceled")
                self.assertFalse(self.undone(row, external_id=f"p{number}", **changes))

    def test_f4_changed_amount_and_date_correct_the_same_payment(self):
        row = self.arrived()
        payment = self.paid(row)
        again = self.seen_payment(row, "100.00", version="1", date="2026-11-25")
        self.assertEqual(self.tell(payments=[again])["drift"], 1)
        self.assertEqual(payment.amount, row.amount_total)
        self.inbox().with_user(self.billing).action_follow()
        self.assertEqual((payment.amount, str(payment.date)), (100.0, "2026-11-25"))
        self.assertEqual(row.invoice_id.payment_state, "partial")
        self.assertEqual(row.invoice_id.amount_residual, row.amount_total - 100.0)
        self.assertEqual(self.payments_of(row), payment)
        self.assertEqual(self.tell(payments=[again])["drift"], 0)

    def test_f4_payment_that_is_back_pays_again_with_the_same_record(self):
        row = self.arrived()
        payment = self.paid(row)
        self.undone(row).with_user(self.billing).action_follow()
        self.tell(payments=[self.seen_payment(row, version="2")])
        self.assertEqual(self.inbox().cause, "payment_changed")
        self.inbox().with_user(self.billing).action_follow()
        self.assertEqual((self.payments_of(row), row.state), (payment, "paid"))

    def test_f4_payment_cancelled_by_a_person_in_odoo_stays_so(self):
        row = self.arrived()
        payment = self.paid(row)
        payment.action_draft()
        payment.action_cancel()
        self.tell(payments=[self.seen_payment(row)])
        self.assertFalse(self.inbox())

    def test_f4_payment_moved_to_another_invoice_is_registered_there_and_undone_here(self):
        first, second = self.arrived("101"), self.arrived("102")
        self.tell(payments=[self.seen_payment(first)])
        moved = self.seen_payment(first, version="1")
        moved["parts"][0]["invoice_external_id"] = second.external_id
        self.tell(payments=[moved])
        self.assertEqual((self.inbox().cause, self.inbox().invoice_id), ("payment_undone", first.invoice_id))
        self.assertEqual(second.state, "paid")

    def test_f4_one_payment_over_two_invoices_gives_an_entry_for_each(self):
        first, second = self.arrived("101"), self.arrived("102")
        both = self.seen_payment(first)
        both["parts"].append({"invoice_external_id": second.external_id, "amount": f"{second.amount_total:.2f}"})
        self.tell(payments=[both])
        self.tell(payments=[{**both, "version": "1", "status": "deleted", "parts": []}])
        self.assertEqual(self.inbox().invoice_id, first.invoice_id | second.invoice_id)

    def test_f4_money_that_is_not_applied_is_told_until_it_is(self):
        row = self.arrived()
        self.tell(payments=[self.seen_payment(row, total="300.00", unapplied="50.00")])
        entry = self.inbox()
        self.assertEqual(
            (entry.cause, entry.amount_there, entry.partner_id), ("payment_unapplied", 50.0, self.map.partner_id)
        )
        self.tell(payments=[self.seen_payment(row, version="1")])
        self.assertEqual(entry.state, "past")

    def test_f4_money_that_was_never_applied_and_is_deleted_needs_nobody(self):
        row = self.arrived()
        free = self.seen_payment(row, external_id="p5", unapplied="50.00", parts=[])
        self.tell(payments=[free])
        entry = self.inbox()
        self.tell(payments=[{**free, "version": "", "status": "deleted", "customer_id": "", "currency": ""}])
        self.assertEqual(entry.state, "past")

    def test_f4_payment_of_an_invoice_that_lost_its_mark_is_still_registered(self):
        row = self.arrived()
        answer = self.tell(self.seen(row, note="by hand", lines=None), payments=[self.seen_payment(row)])
        self.assertEqual((answer["registered"], row.state), (["p1"], "paid"))

    def test_f4_money_of_strangers_is_nobodys_concern(self):
        row = self.arrived()
        stranger = self.seen_payment(row, external_id="p9", customer_id="77", unapplied="10.00", parts=[])
        self.assertEqual(self.tell(payments=[stranger])["drift"], 0)

    def test_f4_closed_period_keeps_the_payment_and_the_entry(self):
        row = self.arrived()
        payment = self.paid(row)
        self.tell(payments=[self.seen_payment(row, "100.00", version="1", date="2000-01-15")])
        entry = self.inbox()
        self.env.company.fiscalyear_lock_date = "2000-01-31"
        with self.assertRaisesRegex(UserError, "books are closed"), self.env.cr.savepoint():
            entry.with_user(self.billing).action_follow()
        self.assertEqual((entry.state, payment.amount), ("open", row.amount_total))

    def test_f4_more_than_is_open_is_refused_by_a_sentence(self):
        row = self.arrived()
        self.paid(row)
        self.tell(payments=[self.seen_payment(row, "99999.00", version="1")])
        with self.assertRaisesRegex(UserError, "has .* open"), self.env.cr.savepoint():
            self.inbox().with_user(self.billing).action_follow()

    def test_f4_rule_corrects_payments_by_itself(self):
        self.rule("payment_undone", "follow")
        row = self.arrived()
        payment = self.paid(row)
        self.tell(payments=[self.seen_payment(row, version="1", status="deleted", parts=[])])
        self.assertEqual((payment.state, row.state, len(self.inbox())), ("canceled", "received", 0))
