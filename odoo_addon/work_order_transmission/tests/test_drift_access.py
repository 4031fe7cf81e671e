from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .drift_common import DriftCase


@tagged("post_install", "-at_install")
class TestDriftAccess(DriftCase):
    """Who sees the inbox, who answers it, who may only fill it."""

    def entry(self):
        return self.drift(self.arrived(), number="QB-77")

    def test_f4_the_bridge_reports_and_neither_reads_nor_answers(self):
        entry = self.entry().with_user(self.bridge)
        for attempt in (entry.action_follow, lambda: entry._accept("no"), lambda: entry.read(["name"])):
            with self.assertRaises(AccessError):
                attempt()

    def test_f4_billing_and_accounting_answer(self):
        accounting = new_test_user(self.env, "wt_books", "account.group_account_user")
        for number, user in enumerate((self.billing, accounting, self.manager), 101):
            entry = self.drift(self.arrived(str(number)), number=f"QB-{number}").with_user(user)
            entry.action_follow()
            self.assertEqual(entry.resolved_by_id, user)

    def test_f4_readers_read_and_others_see_nothing(self):
        entry = self.entry()
        self.assertIn("QB-77", entry.with_user(self.accountant).difference_page)
        with self.assertRaises(AccessError):
            entry.with_user(self.accountant).action_follow()
        for user in (self.dispatcher, self.technician):
            with self.assertRaises(AccessError):
                entry.with_user(user).read(["name"])

    def test_f4_nobody_edits_or_forges_an_entry(self):
        entry = self.entry()
        for user in (self.billing, self.manager):
            with self.assertRaises(AccessError):
                entry.with_user(user).write({"state": "fixed"})
            with self.assertRaises(AccessError):
                entry.with_user(user).unlink()

    def test_f4_rules_are_the_managers(self):
        values = {"destination_id": self.destination.id, "cause": "voided", "policy": "follow"}
        rules = self.env["work.order.drift.policy"]
        with self.assertRaises(AccessError):
            rules.with_user(self.billing).create(values)
        self.assertTrue(rules.with_user(self.manager).create(values))

    def test_f4_other_companies_stay_apart(self):
        self.entry()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "wt_drift_stranger", "work_order.group_manager", company_id=company.id, company_ids=[company.id]
        )
        self.assertFalse(self.env["work.order.drift"].with_user(stranger).search([]))

    def test_f4_billing_without_other_rights_follows_a_void_and_a_payment(self):
        row = self.arrived("101")
        self.paid(row)
        self.tell(payments=[self.seen_payment(row, version="1", status="deleted", parts=[])])
        self.inbox().with_user(self.billing).action_follow()
        self.drift(row, status="voided", total="0.00").with_user(self.billing).action_follow()
        self.assertTrue(row.invoice_id.reversal_move_ids)
