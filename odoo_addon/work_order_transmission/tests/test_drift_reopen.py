from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .drift_common import DriftCase


@tagged("post_install", "-at_install")
class TestDriftReopen(DriftCase):
    """An accepted difference can be looked at once more; what was fixed cannot be taken back with a button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books = new_test_user(cls.env, "wt_books", "account.group_account_user")

    def test_accepted_difference_waits_again(self):
        row = self.arrived()
        entry = self.drift(row, total="200.00")
        entry.with_user(self.books)._accept("Agreed")
        self.assertEqual((entry.state, entry.resolved_by_id), ("accepted", self.books))
        entry.with_user(self.books).action_reopen()
        self.assertEqual((entry.state, entry.resolution, entry.resolved_by_id.id), ("open", False, False))
        self.assertIn("to be reviewed again", row.invoice_id.message_ids[0].body)
        entry.with_user(self.billing)._accept("All the same")
        self.assertEqual(entry.state, "accepted")

    def test_reopened_difference_closes_when_it_is_put_right_there(self):
        row = self.arrived()
        entry = self.drift(row, total="200.00")
        entry.with_user(self.books)._accept("Agreed")
        entry.with_user(self.books).action_reopen()
        self.tell(self.seen(row, "2"))
        self.assertEqual(entry.state, "past")

    def test_fixed_open_and_overtaken_entries_are_refused(self):
        row = self.arrived()
        entry = self.drift(row, total="200.00")
        with self.assertRaisesRegex(UserError, "Only an accepted difference"):
            entry.with_user(self.books).action_reopen()
        entry.with_user(self.books)._accept("Agreed")
        self.tell(self.seen(row, "2", total="300.00"))
        newer = self.inbox()
        self.assertTrue(newer)
        with self.assertRaisesRegex(UserError, "waits in the list"):
            entry.with_user(self.books).action_reopen()
        self.assertEqual(entry.state, "accepted")

    def test_nobody_else_may(self):
        entry = self.drift(self.arrived(), total="200.00")
        entry.with_user(self.books)._accept("Agreed")
        for user in (self.accountant, self.technician, self.bridge):
            with self.assertRaises(AccessError):
                entry.with_user(user).action_reopen()

    def test_differences_are_told_as_people_write_them(self):
        row = self.arrived()
        entry = self.drift(row, total="1200.00")
        self.assertIn("1,200.00", entry.difference_page)
        self.assertIn("$", entry.difference_page)
