from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .drift_common import DriftCase


@tagged("post_install", "-at_install")
class TestDrift(DriftCase):
    """F4: what somebody did to our invoices there lands in the inbox, once, with the fixes that are safe."""

    def test_f4_our_own_writing_and_payments_are_no_change(self):
        row = self.arrived()
        self.assertEqual(self.tell(self.seen(row, "0"))["drift"], 0)
        self.assertEqual(self.tell(self.seen(row, "1"))["drift"], 0)
        self.assertFalse(self.inbox())

    def test_f4_strangers_and_withdrawn_rows_are_nobodys_concern(self):
        row = self.arrived()
        self.tell(self.seen(row, external_id="555", total="1.00"))
        row.sudo().state = "cancelled"
        self.tell(self.seen(row, total="1.00"))
        self.assertFalse(self.inbox())

    def test_f4_every_edit_has_its_cause_with_both_values(self):
        cases = {
            "amount": ({"total": "150.00", "lines": ["1 × HVAC labor: 150.00 (NON)"]}, "Total"),
            "customer": ({"customer_id": "2", "customer_name": "Cedar"}, "Cedar (2)"),
            "number": ({"number": "QB-77"}, "QB-77"),
            "details": ({"due_date": "2027-01-31", "memo": "thanks"}, "01/31/2027"),
        }
        for number, (cause, (changes, told)) in enumerate(cases.items(), 101):
            with self.subTest(cause=cause):
                row = self.arrived(str(number))
                entry = self.drift(row, **changes)
                self.assertEqual((entry.cause, entry.invoice_id, entry.sync_token), (cause, row.invoice_id, "1"))
                self.assertIn(told, entry.difference_page)
                self.assertEqual(str(entry.changed_at), "2026-11-23 10:00:00")
                entry.with_user(self.billing)._accept("fine")

    def test_f4_removed_mark_is_told_without_lines(self):
        entry = self.drift(self.arrived(), note="by hand", lines=None)
        self.assertEqual([row["name"] for row in entry.differences], ["mark"])

    def test_f4_amounts_have_a_currency(self):
        row = self.arrived()
        entry = self.drift(row, total="150.00")
        self.assertEqual(
            (entry.currency_id, entry.amount_here, entry.amount_there), (row.currency_id, row.amount_total, 150.0)
        )

    def test_f4_the_same_change_is_told_once(self):
        row = self.arrived()
        changed = self.seen(row, total="150.00")
        self.assertEqual(self.tell(changed)["drift"], 1)
        self.assertEqual(self.tell(changed, changed)["drift"], 0)
        self.assertEqual(self.tell(self.seen(row, "2", total="150.00"))["drift"], 0)
        self.assertEqual(self.inbox().sync_token, "2")
        self.assertEqual(len(self.inbox().activity_ids), 1)

    def test_f4_a_later_look_updates_and_an_older_one_does_not(self):
        row = self.arrived()
        self.tell(self.seen(row, "3", total="150.00"))
        self.tell(self.seen(row, "2", total="170.00"))
        self.assertEqual(self.inbox().amount_there, 150.0)
        self.tell(self.seen(row, "4", total="140.00"))
        self.assertEqual(self.inbox().amount_there, 140.0)

    def test_f4_put_right_there_closes_the_entry_and_its_activity(self):
        row = self.arrived()
        entry = self.drift(row, total="150.00")
        self.assertEqual(entry.activity_ids.user_id, self.billing)
        self.tell(self.seen(row, "2"))
        self.assertEqual((entry.state, len(entry.activity_ids)), ("past", 0))
        self.tell(self.seen(row, "3", total="150.00"))
        self.assertEqual(len(self.inbox()), 1)

    def test_f4_accepted_difference_is_asked_again_only_when_it_changes(self):
        row = self.arrived()
        entry = self.drift(row, total="150.00")
        wizard = self.env["work.order.drift.accept"].with_user(self.billing)
        wizard.create({"drift_ids": entry.ids, "reason": "Agreed by phone"}).action_accept()
        self.assertEqual(
            (entry.state, entry.resolution, entry.resolved_by_id), ("accepted", "Agreed by phone", self.billing)
        )
        self.assertEqual(self.tell(self.seen(row, "2", total="150.00"))["drift"], 0)
        self.assertEqual(self.tell(self.seen(row, "3", total="149.00"))["drift"], 1)

    def test_f4_reason_is_demanded_and_an_answer_is_final(self):
        entry = self.drift(self.arrived(), total="150.00").with_user(self.billing)
        with self.assertRaises(UserError):
            entry._accept(" ")
        entry._accept("fine")
        for answer in (entry.action_follow, entry.action_send_again, entry.action_accept):
            with self.assertRaises(UserError):
                answer()

    def test_f4_voided_is_followed_by_a_draft_credit_note_once(self):
        row = self.arrived()
        entry = self.drift(row, status="voided", total="0.00", tax="0.00")
        self.assertEqual((entry.cause, entry.amount_there), ("voided", 0.0))
        entry.with_user(self.billing).action_follow()
        credit = entry.credit_note_id
        self.assertEqual((credit.state, credit.reversed_entry_id), ("draft", row.invoice_id))
        self.assertEqual(credit.amount_total, row.invoice_id.amount_total)
        self.assertEqual((entry.state, entry.resolved_by_id), ("fixed", self.billing))
        self.assertEqual(self.tell(self.seen(row, "2", status="voided", total="0.00"))["drift"], 0)

    def test_f4_voided_with_a_credit_note_already_is_not_credited_twice(self):
        row = self.arrived()
        row.invoice_id._reverse_moves()
        entry = self.drift(row, status="voided", total="0.00")
        with self.assertRaisesRegex(UserError, "has a credit note already"):
            entry.with_user(self.billing).action_follow()
        self.assertEqual(entry.state, "open")

    def test_f4_deleted_replaces_what_was_open_before(self):
        row = self.arrived()
        earlier = self.drift(row, total="150.00")
        self.tell(self.gone(row))
        self.assertEqual((earlier.state, self.inbox().cause), ("past", "deleted"))
        self.assertEqual(self.tell(self.gone(row))["drift"], 0)

    def test_f4_deleted_is_sent_again_under_a_new_key(self):
        row = self.arrived()
        self.tell(self.gone(row))
        entry = self.inbox()
        entry.with_user(self.billing).action_send_again()
        again = self.row_of(row.invoice_id)
        self.assertEqual((row.state, again.state, again.revision), ("cancelled", "ready", 2))
        self.assertNotEqual(again.key, row.key)
        self.assertEqual(entry.state, "fixed")
        self.tell(self.gone(row))
        self.assertFalse(self.inbox())

    def test_f4_nothing_but_a_deleted_invoice_is_sent_again(self):
        entry = self.drift(self.arrived(), status="voided", total="0.00").with_user(self.billing)
        with self.assertRaisesRegex(UserError, "only what was deleted"):
            entry.action_send_again()

    def test_f4_deleted_is_not_sent_again_when_its_number_is_in_use_there(self):
        row = self.arrived()
        self.tell(self.gone(row))
        self.tell(self.seen(row, "0", external_id="900", note="typed by hand", lines=None))
        entry = self.inbox().with_user(self.billing)
        with self.assertRaisesRegex(UserError, "in use there by invoice 900"):
            entry.action_send_again()

    def test_f4_deleted_is_not_sent_again_when_odoo_credited_it(self):
        row = self.arrived()
        row.invoice_id._reverse_moves()
        self.tell(self.gone(row))
        with self.assertRaisesRegex(UserError, "credit note"):
            self.inbox().with_user(self.billing).action_send_again()

    def test_f4_number_is_followed_on_the_row_not_on_the_invoice(self):
        row = self.arrived()
        name = row.invoice_id.name
        self.drift(row, number="QB-77").with_user(self.billing).action_follow()
        self.assertEqual((row.external_number, row.invoice_id.name), ("QB-77", name))
        self.assertEqual(self.tell(self.seen(row, "2", number="QB-77"))["drift"], 0)

    def test_f4_amount_and_customer_cannot_be_followed(self):
        entry = self.drift(self.arrived(), total="150.00").with_user(self.billing)
        with self.assertRaisesRegex(UserError, "cannot follow"):
            entry.action_follow()

    def test_f4_nothing_moves_the_date_of_an_invoice(self):
        row = self.arrived()
        before = (row.invoice_id.date, row.invoice_id.invoice_date, row.invoice_id.invoice_date_due)
        entry = self.drift(row, date="2026-12-24", due_date="2027-01-31")
        entry.with_user(self.billing)._accept("theirs")
        self.drift(row, version="5", status="voided", total="0.00").with_user(self.billing).action_follow()
        self.assertEqual((row.invoice_id.date, row.invoice_id.invoice_date, row.invoice_id.invoice_date_due), before)

    def test_f4_rules_follow_or_keep_and_leave_nothing_to_do(self):
        self.rule("voided", "follow")
        self.rule("details", "keep")
        row, other = self.arrived("101"), self.arrived("102")
        answer = self.tell(self.seen(row, status="voided", total="0.00"), self.seen(other, due_date="2027-01-31"))
        self.assertEqual((answer["drift"], len(self.inbox())), (0, 0))
        self.assertTrue(self.inbox("fixed").credit_note_id)
        self.assertEqual(self.inbox("ignored").cause, "details")

    def test_f4_rule_that_cannot_be_carried_out_leaves_the_entry_open(self):
        self.rule("voided", "follow")
        row = self.arrived()
        row.invoice_id._reverse_moves()
        self.assertEqual(self.tell(self.seen(row, status="voided", total="0.00"))["drift"], 1)
        self.assertIn("Could not be followed", self.inbox().message_ids.mapped("body")[0])

    def test_f4_rules_that_would_hide_a_difference_are_refused(self):
        for cause, policy in (
            ("amount", "keep"),
            ("customer", "follow"),
            ("payment_undone", "keep"),
            ("voided", "keep"),
        ):
            with self.subTest(cause=cause), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.rule(cause, policy)

    def test_f4_renamed_customer_can_be_followed(self):
        self.tell(customers=[self.seen_customer(name="Mercy Hospital")])
        self.assertEqual(self.inbox().cause, "customer_renamed")
        self.inbox().with_user(self.billing).action_follow()
        self.assertEqual(self.map.external_name, "Mercy Hospital")

    def test_f4_merged_customer_is_one_entry_and_moves_the_table(self):
        rows = self.arrived("101"), self.arrived("102")
        moved = [self.seen(row, customer_id="2", customer_name="Cedar") for row in rows]
        self.tell(*moved, customers=[self.seen_customer(name="Mercy (deleted)", active=False)])
        entry = self.inbox()
        self.assertEqual((entry.cause, entry.counterpart_id), ("customer_merged", "2"))
        self.tell(moved[0])
        self.assertEqual(self.inbox(), entry)
        entry.with_user(self.billing).action_follow()
        self.assertEqual((self.map.external_id, self.map.external_name), ("2", "Cedar"))
        self.tell(self.seen(rows[0], "5", customer_id="2", customer_name="Cedar"))
        self.assertFalse(self.inbox())

    def test_f4_inactive_customer_is_told_and_closes_when_active_again(self):
        self.tell(customers=[self.seen_customer(name="Mercy (deleted)", active=False)])
        entry = self.inbox()
        self.assertEqual(entry.cause, "customer_inactive")
        self.tell(customers=[self.seen_customer(version="2")])
        self.assertEqual(entry.state, "past")

    def test_f4_malformed_report_is_refused_whole_with_every_error(self):
        row = self.arrived()
        bad = self.seen(row, total="lots", status="odd", kind="bill", number=7, lines=[1])
        with self.assertRaises(UserError) as caught:
            self.tell(bad, self.seen(row, total="150.00"), payments=[{}], customers=["x"])
        for part in ("total must", "status must", "kind must", "number must", "lines must", "parts must", "an object"):
            self.assertIn(part, str(caught.exception))
        self.assertFalse(self.inbox())

    def test_f4_counts_show_on_invoice_ticket_row_and_destination(self):
        invoice = self.posted_invoice()
        row = self.row_of(invoice)
        self.settle(self.claim()["lease"], self.received(row))
        self.tell(self.seen(row, total="150.00"))
        for record in (invoice, row, row.work_order_ids, self.destination):
            self.assertEqual(record.with_user(self.billing).drift_count, 1, record)
        action = row.work_order_ids.with_user(self.billing).action_open_drift()
        self.assertEqual(action["res_id"], self.inbox().id)
        self.assertIn("Changed in", invoice.message_ids.mapped("body")[0])


@tagged("post_install", "-at_install")
class TestDriftOfCreditsAndVoids(DriftCase):
    """F4 beside F5: what we void and credit ourselves is no change; what is done to a credit memo is."""

    def credited(self, row):
        """The row of a posted credit note that arrived."""
        credit = row.invoice_id._reverse_moves([{"invoice_date": "2026-11-23"}])
        credit.action_post()
        note = self.row_of(credit)
        self.settle(self.claim()["lease"], self.received(note, "701"))
        self.assertEqual((note.kind, note.state), ("credit", "received"))
        return note

    def test_f4_our_own_void_is_no_change_and_closes_what_was_open(self):
        row = self.arrived()
        entry = self.drift(row, total="150.00")
        row.invoice_id.button_cancel()
        self.assertEqual(self.tell(self.seen(row, "2", status="voided", total="0.00"))["drift"], 0)
        void = row.invoice_id.transmission_ids.filtered(lambda one: one.kind == "void")
        batch = self.claim()
        there = {"external_id": row.external_id, "external_total": "0.00", "external_version": "2"}
        self.settle(batch["lease"], self.result(void, "received", **there))
        self.assertEqual((row.state, entry.state), ("voided", "past"))
        self.assertEqual(self.tell(self.seen(row, "3", status="voided", total="0.00"))["drift"], 0)

    def test_f4_credit_note_after_a_void_there_is_not_sent(self):
        row = self.arrived()
        entry = self.drift(row, status="voided", total="0.00")
        entry.with_user(self.billing).action_follow()
        entry.credit_note_id.invoice_date = "2026-11-24"
        entry.credit_note_id.action_post()
        self.assertFalse(entry.credit_note_id.transmission_ids)
        self.assertEqual((row.state, row.invoice_id.payment_state), ("voided", "reversed"))

    def test_f4_credit_memo_as_we_wrote_it_is_no_change_and_an_edit_is(self):
        row = self.arrived()
        note = self.credited(row)
        as_sent = self.seen(note, "0", kind="credit", due_date="")
        self.assertEqual(self.tell(as_sent)["drift"], 0)
        self.tell({**as_sent, "version": "1", "total": "1.00"})
        self.assertEqual((self.inbox().cause, self.inbox().transmission_id), ("amount", note))

    def test_f4_deleted_credit_memo_cannot_be_followed_but_sent_again(self):
        note = self.credited(self.arrived())
        self.tell({**self.gone(note), "kind": "credit"})
        entry = self.inbox().with_user(self.billing)
        self.assertFalse(entry.can_follow)
        with self.assertRaisesRegex(UserError, "cannot follow"):
            entry.action_follow()
        entry.action_send_again()
        self.assertEqual(self.row_of(note.invoice_id).revision, 2)

    def test_f4_same_id_of_another_kind_is_a_stranger(self):
        row = self.arrived()
        self.assertEqual(self.tell(self.seen(row, kind="credit", total="1.00"))["drift"], 0)
