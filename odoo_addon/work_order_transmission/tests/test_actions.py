from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestActions(TransmissionCase):
    def settled(self, state, **more):
        row = self.queued()
        self.settle(self.claim()["lease"], self.result(row, state, **more))
        self.assertEqual(row.state, state)
        return row

    def test_try_again_sends_a_blocked_row_under_its_key(self):
        row = self.settled("blocked", message="No item.")
        row.with_user(self.billing).action_try_again()
        [handed] = self.claim()["rows"]
        self.assertEqual((handed["id"], handed["key"]), (row.id, row.key))

    def test_try_again_makes_a_new_revision_of_a_rejected_row(self):
        row = self.settled("rejected", message="Customer is inactive.")
        self.buyer.street = "2 New Street"
        row.with_user(self.billing).action_try_again()
        fresh = self.row_of(row.invoice_id)
        self.assertEqual((row.state, fresh.state, fresh.revision), ("cancelled", "ready", 2))
        self.assertNotEqual(row.key, fresh.key)
        self.assertIn("2 New Street", fresh.document)
        self.assertNotIn("2 New Street", row.document)
        self.assertIn("Customer is inactive.", row.message)

    def test_try_again_is_refused_where_it_may_be_there(self):
        row = self.settled("unknown", message="No answer.")
        with self.assertRaisesRegex(UserError, "certainly not there"):
            row.with_user(self.billing).action_try_again()

    def test_ask_again_goes_out_under_the_same_keys(self):
        row = self.settled("unknown", message="No answer.")
        lease = row.request_id
        row.with_user(self.billing).action_ask_again()
        batch = self.claim()
        self.assertEqual((batch["lease"], batch["attempt"]), (lease, 2))
        self.assertEqual((batch["rows"][0]["key"], batch["rows"][0]["index"]), (row.key, "1"))

    def test_ask_again_about_a_difference_may_clear_it(self):
        row = self.settled("disputed", external_id="101", message="Total differs.")
        row.with_user(self.billing).action_ask_again()
        self.settle(self.claim()["lease"], self.received(row, "101"))
        self.assertEqual((row.state, row.message), ("received", False))

    def test_ask_again_is_refused_for_settled_rows(self):
        with self.assertRaisesRegex(UserError, "these are settled"):
            self.arrived().with_user(self.billing).action_ask_again()

    def test_unknown_invoice_cannot_be_reset(self):
        row = self.settled("unknown", message="No answer.")
        with self.assertRaisesRegex(UserError, "nobody knows yet"):
            row.invoice_id.with_user(self.billing).button_draft()

    def test_activate_needs_the_company_id(self):
        bare = self.new_destination("bare", realm=False)
        with self.assertRaisesRegex(UserError, "QuickBooks Company ID"):
            bare.action_activate()
        with self.assertRaisesRegex(UserError, "is not paused"):
            bare.action_resume()

    def test_buttons_open_what_they_name(self):
        row = self.row_of(self.posted_invoice())
        invoice = row.invoice_id.with_user(self.billing)
        self.assertEqual(invoice.action_open_transmissions()["res_id"], row.id)
        self.assertEqual(row.work_order_ids.with_user(self.billing).action_open_transmissions()["res_id"], row.id)
        self.assertEqual(row.with_user(self.billing).action_open_invoice()["res_id"], row.invoice_id.id)
        self.assertEqual(row.with_user(self.billing).action_open_work_orders()["res_id"], row.work_order_ids.id)
        for table in ("class", "customer", "item", "location", "tax", "term"):
            action = self.destination.with_user(self.manager).with_context(table=table).action_open_table()
            self.assertEqual(action["res_model"], f"quickbooks.{table}.map")
        self.assertEqual(
            self.destination.action_open_transmissions()["domain"], [("destination_id", "=", self.destination.id)]
        )
        self.assertEqual(self.destination.action_open_transmissions()["context"], {})
        trouble = self.destination.with_context(attention=True).action_open_transmissions()
        self.assertEqual(trouble["context"], {"search_default_attention": 1})

    def test_pages_render(self):
        row = self.settled(
            "blocked",
            gaps=[{"table": "items", "odoo_id": 1, "odoo_name": "<b>x</b>", "needed_by": "y", "message": "Add <x>."}],
        )
        self.assertIn("Add &lt;x&gt;.", row.gap_page)
        self.assertIn(row.name, row.document_page)
