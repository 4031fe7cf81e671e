import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestClaim(TransmissionCase):
    def test_claim_hands_out_documents_under_a_lease(self):
        rows = self.queued(2)
        batch = self.claim()
        self.assertEqual(
            batch["destination"],
            {
                "code": "books",
                "kind": "quickbooks",
                "realm": "9341450000000009",
                "create_missing_customers": True,
                "create_missing_items": False,
                "income_account": "",
                "untaxed_tax_code": "",
                "attach_evidence": False,
            },
        )
        self.assertEqual(len(batch["lease"]), 36)
        self.assertEqual(batch["attempt"], 1)
        self.assertEqual(batch["remaining"], 0)
        self.assertEqual(
            batch["rows"],
            [
                {
                    "id": row.id,
                    "index": str(place),
                    "key": row.key,
                    "kind": "invoice",
                    "original": None,
                    "revision": 1,
                    "earlier_keys": [],
                    "sha256": row.sha256,
                    "document": row.document,
                }
                for place, row in enumerate(rows, 1)
            ],
        )
        self.assertEqual(set(rows.mapped("state")), {"sending"})
        self.assertEqual(set(rows.mapped("request_id")), {batch["lease"]})
        self.assertEqual(set(rows.mapped("attempt")), {1})
        json.dumps(batch)

    def test_nothing_ready_is_an_empty_batch(self):
        batch = self.claim()
        self.assertIsNone(batch["lease"])
        self.assertEqual((batch["rows"], batch["remaining"]), ([], 0))
        self.assertEqual(
            batch["tables"], {"customers": {}, "items": {}, "taxes": {}, "terms": {}, "classes": {}, "locations": {}}
        )

    def test_limit_leaves_the_rest(self):
        rows = self.queued(3)
        batch = self.claim(limit=2)
        self.assertEqual([row["id"] for row in batch["rows"]], rows[:2].ids)
        self.assertEqual(batch["remaining"], 1)
        self.assertEqual([row["id"] for row in self.claim()["rows"]], rows[2:].ids)

    def test_leased_rows_are_not_handed_out_again(self):
        self.queued()
        self.claim()
        self.assertIsNone(self.claim()["lease"])

    def test_expired_batch_comes_first_whole_under_the_same_keys(self):
        rows = self.queued(3)
        first = self.claim(limit=2)
        self.expire(rows[:2])
        again = self.claim(limit=1)
        self.assertEqual(again["rows"], [dict(row, earlier_keys=[row["key"]]) for row in first["rows"]])
        self.assertEqual(again["lease"], first["lease"])
        self.assertEqual(again["attempt"], 2)
        self.assertEqual(again["remaining"], 1)

    def test_row_that_goes_out_anew_names_the_keys_it_was_handed_out_under(self):
        """Whatever a worker had may come through late; what nobody ever had cannot."""
        row = self.queued()
        self.settle(self.claim()["lease"], self.result(row, "blocked"))
        row.action_try_again()
        batch = self.claim()
        self.assertEqual((batch["attempt"], batch["rows"][0]["earlier_keys"]), (1, [row.key]))
        self.settle(batch["lease"], self.result(row, "rejected"))
        row.action_try_again()
        second = row.invoice_id.transmission_ids - row
        second._withdraw("Never handed out.")
        row.invoice_id.button_draft()
        row.invoice_id.action_post()
        third = row.invoice_id.transmission_ids - row - second
        batch = self.claim()
        self.assertEqual((third.revision, batch["rows"][0]["earlier_keys"]), (3, [row.key]))

    def test_batch_waits_until_its_last_lease_ran_out(self):
        rows = self.queued(2)
        self.claim()
        self.expire(rows[0])
        self.assertIsNone(self.claim()["lease"])

    def test_settled_rows_leave_the_expired_batch(self):
        rows = self.queued(2)
        first = self.claim()
        self.settle(first["lease"], self.received(rows[0]))
        self.expire(rows)
        again = self.claim()
        self.assertEqual([(row["id"], row["index"]) for row in again["rows"]], [(rows[1].id, "2")])
        self.assertEqual(again["lease"], first["lease"])

    def test_unposted_invoice_is_withdrawn_not_handed_out(self):
        row = self.queued()
        self.env.cr.execute("UPDATE account_move SET state = 'draft' WHERE id = %s", [row.invoice_id.id])
        self.env.invalidate_all()
        self.assertEqual(self.claim()["rows"], [])
        self.assertEqual(row.state, "cancelled")

    def test_statements_do_not_grow_with_the_batch(self):
        self.queued(1)
        self.claim()
        self.queued(1)
        one = self.count_statements()
        self.queued(7)
        seven = self.count_statements()
        self.assertEqual(one, seven)
        self.assertLess(seven, 25)

    def count_statements(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.claim()
        return self.env.cr.sql_log_count - before

    def test_tables_name_what_the_documents_can_use(self):
        maps = self.map_everything()
        self.queued()
        self.assertEqual(
            self.claim()["tables"],
            {
                "customers": {str(self.buyer.id): {"id": "1", "name": "Hospital there"}},
                "items": {
                    str(self.labor.id): {"id": "2", "name": ""},
                    str(self.part.id): {"id": "3", "name": ""},
                },
                "taxes": {str(self.tax.id): {"id": "TAX", "name": ""}},
                "terms": {},
                "classes": {str(self.center.id): {"id": "101", "name": ""}},
                "locations": {str(self.center.id): {"id": "4", "name": ""}},
            },
        )
        maps["tax"].active = False
        self.queued()
        self.assertEqual(self.claim()["tables"]["taxes"], {})

    def map_everything(self):
        def row(table, field, record, external_id, name=False):
            return self.env[f"quickbooks.{table}.map"].create(
                {
                    "destination_id": self.destination.id,
                    field: record.id,
                    "external_id": external_id,
                    "external_name": name,
                }
            )

        return {
            "customer": row("customer", "partner_id", self.buyer, "1", "Hospital there"),
            "labor": row("item", "product_id", self.labor, "2"),
            "template": row("item", "product_tmpl_id", self.part.product_tmpl_id, "3"),
            "tax": row("tax", "tax_id", self.tax, "TAX"),
            "class": row("class", "cost_center_id", self.center, "101"),
            "location": row("location", "cost_center_id", self.center, "4"),
        }

    def test_contact_uses_the_row_of_its_company_unless_it_has_one(self):
        contact = self.env["res.partner"].create({"name": "Accounts payable", "parent_id": self.buyer.id})
        table = self.env["quickbooks.customer.map"]
        values = {"destination_id": self.destination.id, "external_id": "1", "partner_id": self.buyer.id}
        table.create(values)
        key = str(contact.id)
        self.assertEqual(table._lookup(self.destination, contact.ids)[key]["id"], "1")
        table.create(dict(values, external_id="9", partner_id=contact.id))
        self.assertEqual(table._lookup(self.destination, contact.ids)[key]["id"], "9")

    def test_variant_row_wins_over_the_row_for_all_variants(self):
        table = self.env["quickbooks.item.map"]
        base = {"destination_id": self.destination.id}
        table.create(dict(base, product_tmpl_id=self.part.product_tmpl_id.id, external_id="3"))
        table.create(dict(base, product_id=self.part.id, external_id="4"))
        self.assertEqual(table._lookup(self.destination, self.part.ids)[str(self.part.id)]["id"], "4")

    def test_refusals_are_sentences(self):
        with self.assertRaisesRegex(UserError, "no destination with the code “nope”"):
            self.claim("nope")
        self.destination.action_pause()
        with self.assertRaisesRegex(UserError, "is paused: Paused by"):
            self.claim()
        self.destination.state = "draft"
        with self.assertRaisesRegex(UserError, "is not active"):
            self.claim()
        for limit in (0, -1, "30", True, 100000):
            with self.assertRaisesRegex(UserError, "limit must be a whole number"):
                self.claim(limit=limit)

    def test_copied_database_hands_out_nothing_until_activated(self):
        self.queued()
        self.destination.activated_database = "another-uuid " + self.env.cr.dbname
        with self.assertRaisesRegex(UserError, "a copy must not bill anyone"):
            self.claim()
        self.destination.action_pause()
        with self.assertRaisesRegex(UserError, "a copy must not bill anyone"):
            self.destination.action_resume()
        self.destination.action_activate()
        self.assertTrue(self.claim()["lease"])

    def test_destination_of_another_company_does_not_exist_for_the_bridge(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.new_destination("elsewhere", company_id=company.id, payment_journal_id=False)
        with self.assertRaisesRegex(UserError, "no destination with the code"):
            self.claim("elsewhere")

    def test_only_the_bridge_may_claim(self):
        for user in (self.billing, self.manager, self.technician, self.accountant):
            with self.assertRaises(AccessError):
                self.env["work.order.destination"].with_user(user).claim("books")
