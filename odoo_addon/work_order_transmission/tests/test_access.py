from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TransmissionCase

TABLES = ("class", "customer", "item", "tax", "term")


@tagged("post_install", "-at_install")
class TestAccess(TransmissionCase):
    """What each kind of user may and may not do, as that user."""

    def test_the_bridge_uses_its_methods_and_nothing_else(self):
        row = self.queued()
        self.assertEqual(self.offered.summary("books")[0]["counts"], {"ready": 1})
        batch = self.claim()
        self.settle(batch["lease"], self.received(row))
        self.assertEqual(self.offered.changes_since("books")["open_invoices"], 1)
        for model in (
            "account.move",
            "account.payment",
            "work.order.transmission",
            "work.order.destination",
            "work.order",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.bridge).search([])
        with self.assertRaises(AccessError):
            row.with_user(self.bridge).action_try_again()

    def test_nobody_else_may_call_the_bridge_methods(self):
        for user in (self.billing, self.manager, self.dispatcher, self.technician, self.accountant):
            offered = self.env["work.order.destination"].with_user(user)
            for call in (
                lambda offered=offered: offered.claim("books"),
                lambda offered=offered: offered.settle("books", None, []),
                lambda offered=offered: offered.register_payments("books", [], None),
                lambda offered=offered: offered.changes_since("books"),
                lambda offered=offered: offered.summary(),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_billing_reads_and_presses_buttons_but_edits_nothing(self):
        row = self.queued().with_user(self.billing)
        row.sudo().state = "blocked"
        self.assertTrue(row.document)
        row.action_try_again()
        self.assertEqual(row.state, "ready")
        with self.assertRaises(AccessError):
            row.write({"state": "paid"})
        with self.assertRaises(AccessError):
            self.destination.with_user(self.billing).action_pause()
        with self.assertRaises(AccessError):
            self.item_row(self.billing)

    def item_row(self, user):
        return (
            self.env["quickbooks.item.map"]
            .with_user(user)
            .create({"destination_id": self.destination.id, "product_id": self.labor.id, "external_id": "2"})
        )

    def test_manager_configures_but_cannot_forge_rows(self):
        self.destination.with_user(self.manager).action_pause()
        self.destination.with_user(self.manager).action_resume()
        self.assertTrue(self.item_row(self.manager))
        row = self.queued().with_user(self.manager)
        for change in ({"state": "received"}, {"document": "{}"}):
            with self.assertRaises(Exception) as caught:
                row.write(change)
            self.assertNotIsInstance(caught.exception, AssertionError)

    def test_read_only_accountant_reads_everything_and_changes_nothing(self):
        row = self.queued().with_user(self.accountant)
        self.assertTrue(row.document_page)
        self.assertEqual(row.invoice_id.transmission_state, "ready")
        self.assertEqual(self.destination.with_user(self.accountant).transmission_count, 1)
        for table in TABLES:
            self.env[f"quickbooks.{table}.map"].with_user(self.accountant).search([])
        row.sudo().state = "blocked"
        with self.assertRaises(AccessError):
            row.action_try_again()
        with self.assertRaises(AccessError):
            self.item_row(self.accountant)

    def test_technician_and_dispatcher_see_no_rows(self):
        row = self.row_of(self.posted_invoice())
        for user in (self.technician, self.dispatcher):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["document"])
            for model in ("work.order.destination", *(f"quickbooks.{table}.map" for table in TABLES)):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        ticket = row.work_order_ids
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).read(["transmission_state"])
        self.assertEqual(ticket.with_user(self.dispatcher).transmission_state, "ready")

    def test_other_companies_stay_apart(self):
        row = self.queued()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "wt_stranger", "work_order.group_manager", company_id=company.id, company_ids=[company.id]
        )
        self.item_row(self.manager)
        self.assertFalse(self.env["work.order.transmission"].with_user(stranger).search([("id", "=", row.id)]))
        self.assertFalse(self.env["work.order.destination"].with_user(stranger).search([]))
        self.assertFalse(self.env["quickbooks.item.map"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.destination.with_user(stranger).action_pause()

    def test_billing_user_without_other_rights_posts_and_queues(self):
        invoice = self.posted_invoice()
        self.assertEqual(invoice.env.user, self.billing)
        self.assertEqual(invoice.transmission_state, "ready")
