from odoo.tests import HttpCase, new_test_user, tagged

from .drift_common import DriftCase

TRANSMISSIONS = "/odoo/action-work_order_transmission.action_work_order_transmission"
CHANGES = "/odoo/action-work_order_transmission.action_work_order_drift"
DESTINATIONS = "/odoo/action-work_order_transmission.action_work_order_destination"


class ScreensCase(HttpCase, DriftCase):
    """Rows in the states people have to do something about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books = new_test_user(cls.env, "wt_books", "account.group_account_user")

    def blocked(self):
        row = self.queued()
        gap = {
            "table": "quickbooks_items",
            "odoo_id": str(self.labor.id),
            "odoo_name": "Labor",
            "needed_by": row.name,
            "message": "Labor is not in quickbooks_items. Add the row (columns odoo_id,odoo_name).",
        }
        batch = self.claim()
        self.settle(batch["lease"], self.result(row, "blocked", gaps=[gap]))
        return row

    def with_files(self):
        """The row of an invoice of which one file was attached there and one was not."""
        self.destination.attach_evidence = True
        invoice = self.draft_invoice()
        for name in ("before.png", "after.png"):
            self.env["ir.attachment"].create(
                {"name": name, "raw": b"a picture", "res_model": "work.order", "res_id": invoice.work_order_ids.id}
            )
        invoice.invoice_date = "2026-11-22"
        invoice.action_post()
        row = self.row_of(invoice)
        batch = self.claim()
        self.settle(batch["lease"], self.received(row))
        answers = [
            {"id": file["id"], "key": file["key"], "state": "refused", "message": "The file is too large."}
            if file["name"] == "before.png"
            else {"id": file["id"], "key": file["key"], "state": "attached", "external_id": str(file["id"])}
            for file in self.offered.claim_files("books")["files"]
        ]
        self.offered.settle_files("books", answers)
        return row

    def payment_undone(self, external_id="101"):
        row = self.arrived(external_id)
        payment = self.paid(row)
        self.tell(payments=[self.seen_payment(row, version="1", status="deleted", parts=[])])
        return payment


@tagged("post_install", "-at_install")
class TestTours(ScreensCase):
    """Transmissions, Changes to Review and the destination, in a real browser."""

    def test_clerk_adds_a_missing_row_from_the_gap(self):
        row = self.blocked()
        self.start_tour(TRANSMISSIONS, "transmission_clerk_adds_a_missing_row", login="wo_billing")
        item = self.env["quickbooks.item.map"].search([("destination_id", "=", self.destination.id)])
        self.assertEqual((item.product_id, item.external_id, item.external_name), (self.labor, "7", "Labor, regular"))
        self.assertEqual(row.state, "ready")

    def test_clerk_sends_a_rejected_invoice_again(self):
        row = self.queued()
        batch = self.claim()
        told = {
            "message": "The books are closed for the invoice's date.",
            "hint": "Ask the accountant to reopen the period, then press Try again in Odoo.",
        }
        self.settle(batch["lease"], self.result(row, "rejected", **told))
        self.start_tour(TRANSMISSIONS, "transmission_clerk_sends_a_rejected_one_again", login="wo_billing")
        again = self.row_of(row.invoice_id)
        self.assertEqual((row.state, again.state, again.revision), ("cancelled", "ready", 2))

    def test_clerk_reads_the_transmission_of_a_credit_note(self):
        row = self.arrived()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=row.invoice_id.ids)
            .create({"reason": "Too much", "journal_id": row.invoice_id.journal_id.id})
        )
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        self.start_tour(TRANSMISSIONS, "transmission_clerk_reads_a_credit_note", login="wo_billing")

    def test_clerk_sends_a_file_again(self):
        row = self.with_files()
        self.start_tour(f"{TRANSMISSIONS}/{row.id}", "transmission_clerk_sends_a_file_again", login="wo_billing")
        states = {file.name: file.state for file in row.sudo().file_ids}
        self.assertEqual((states["before.png"], states["after.png"]), ("waiting", "attached"))

    def test_accountant_settles_changes_with_a_click_and_by_a_rule(self):
        self.rule("number", "follow")
        first = self.arrived("100")
        self.tell(self.seen(first, "0"))
        self.tell(self.seen(first, "1", total="1234.50", number="QB-77"))
        payment = self.payment_undone()
        self.start_tour(CHANGES, "drift_accountant_settles_changes", login="wt_books")
        self.assertEqual(first.external_number, "QB-77", "settled by the rule")
        self.assertEqual(payment.state, "canceled")
        self.assertEqual(self.inbox("accepted").resolved_by_id, self.books)
        self.assertFalse(self.inbox())

    def test_administrator_sets_up_a_destination(self):
        self.destination.read_budget = 500
        self.destination._count_reads(450)
        self.start_tour(DESTINATIONS, "destination_administrator_sets_it_up", login="wt_manager")
        self.assertEqual(self.destination.read_budget, 2000)
        rule = self.destination.drift_policy_ids
        self.assertEqual((rule.cause, rule.policy), ("number", "follow"))
        place = self.env["quickbooks.location.map"].search([("destination_id", "=", self.destination.id)])
        self.assertEqual((place.cost_center_id, place.external_id), (self.center, "3"))


@tagged("post_install", "-at_install")
class TestToursByPhone(ScreensCase):
    """The same on a phone, where lists are cards."""

    browser_size = "390x844"
    touch_enabled = True

    def test_clerk_adds_a_missing_row_from_the_gap(self):
        row = self.blocked()
        self.start_tour(TRANSMISSIONS, "transmission_clerk_adds_a_missing_row_by_phone", login="wo_billing")
        self.assertEqual(row.state, "ready")

    def test_clerk_sends_a_file_again(self):
        row = self.with_files()
        self.start_tour(
            f"{TRANSMISSIONS}/{row.id}", "transmission_clerk_sends_a_file_again_by_phone", login="wo_billing"
        )
        self.assertNotIn("refused", row.sudo().file_ids.mapped("state"))

    def test_accountant_settles_a_change(self):
        payment = self.payment_undone()
        self.start_tour(CHANGES, "drift_accountant_settles_a_change_by_phone", login="wt_books")
        self.assertEqual(payment.state, "canceled")
