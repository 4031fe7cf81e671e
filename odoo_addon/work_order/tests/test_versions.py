from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestVersions(WorkOrderCase):
    """A1: every change of scope makes a new version; old ones stay readable."""

    def next_transaction(self):
        """Versions are kept once per transaction, which a test never ends."""
        self.env.cr._now = self.env.cr.now() + timedelta(seconds=1)

    def test_a1_numbers_are_unique_and_start_at_version_one(self):
        first, second = self.standard_order().work_order_ids, self.standard_order().work_order_ids
        self.assertNotEqual(first.name, second.name)
        self.assertEqual((first.version, bool(first.version_date), first.version_ids.ids), (1, True, []))

    def test_a1_change_of_scope_makes_a_new_version_and_the_old_one_stays_readable(self):
        ticket = self.standard_order().work_order_ids
        ticket.with_user(self.dispatcher).write({"title": "Replace the blower", "buyer_po": "4500-2"})
        self.assertEqual((ticket.version, ticket.version_ids.number), (2, 1))
        text = ticket.version_ids.with_user(self.dispatcher).scope_text
        for kept in ("Labor", "4500-1", "M-2"):
            self.assertIn(kept, text)
        self.assertNotIn("4500-2", text)
        self.assertEqual(ticket.version_ids.user_id, self.dispatcher)

    def test_a1_crew_reads_earlier_versions_without_caps_in_money(self):
        ticket = self.standard_order().work_order_ids
        self.next_transaction()
        ticket.with_user(self.dispatcher).write({"nte_amount": 4321.0})
        ticket.task_ids[1].with_user(self.dispatcher).nte_amount = 1234.0
        self.next_transaction()
        self.dispatch(ticket).with_user(self.dispatcher).title = "Other"
        version = ticket.version_ids.sorted("number")[-1:]
        self.env.flush_all()
        for user, seen in ((self.technician, False), (self.dispatcher, True)):
            mine = version.with_user(user)
            mine.invalidate_recordset()
            text = mine.scope_text
            self.assertEqual(("4321.0" in text, "1234.0" in text), (seen, seen))
            self.assertIn("Labor", text)
        with self.assertRaises(AccessError):
            version.with_user(self.technician).read(["scope_money"])
        self.assertNotIn("4321", str(version.with_user(self.technician).read(["scope"])))

    def test_a1_refuses_to_renumber_or_backdate_a_work_order(self):
        ticket = self.standard_order().work_order_ids.with_user(self.dispatcher)
        for values in ({"name": "WO1"}, {"version": 9}, {"completed_on": "2020-01-01"}):
            with self.assertRaisesRegex(UserError, "follows from its steps"):
                ticket.write(values)

    def test_a1_each_transaction_makes_one_version_whatever_it_changes(self):
        ticket = self.standard_order().work_order_ids
        ticket.title = "One"
        ticket.task_ids[0].quantity = 1
        ticket.task_ids = [Command.create({"name": "More"})]
        self.assertEqual(ticket.version, 2)
        self.next_transaction()
        ticket.task_ids[1].unlink()
        self.assertEqual(ticket.version_ids.mapped("number"), [2, 1])
        self.assertIn("More", ticket.version_ids[0].scope_text)

    def test_a1_planning_and_reporting_are_no_change_of_scope(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        ticket.with_user(self.dispatcher).action_reopen()
        ticket.write({"title": ticket.title, "site_id": ticket.site_id.id})
        self.assertEqual(ticket.version, 1)

    def test_a1_draft_is_not_issued_yet_so_it_has_no_versions(self):
        ticket = self.env["work.order"].create({"title": "Draft", "partner_id": self.buyer.id})
        ticket.title = "Draft again"
        self.assertEqual(ticket.version, 1)

    def test_a1_refuses_to_let_anybody_rewrite_or_delete_a_version(self):
        ticket = self.standard_order().work_order_ids
        ticket.title = "Changed"
        version = ticket.version_ids.with_user(self.dispatcher)
        for change in (lambda: version.write({"reason": "x"}), version.unlink):
            with self.assertRaises(AccessError):
                change()

    def test_a1_technician_reads_versions_of_their_own_tickets_only(self):
        ticket = self.standard_order().work_order_ids
        ticket.title = "Changed"
        versions = self.env["work.order.version"].with_user(self.technician)
        self.assertFalse(versions.search([("work_order_id", "=", ticket.id)]))
        ticket.technician_ids = [Command.link(self.technician.id)]
        self.assertEqual(versions.search([("work_order_id", "=", ticket.id)]).number, 1)
