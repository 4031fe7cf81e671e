import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestMapping(TransmissionCase):
    def blocked(self):
        row = self.queued()
        self.settle(self.claim()["lease"], self.result(row, "blocked", message="No item."))
        self.assertEqual(row.state, "blocked")
        return row

    def values(self, **more):
        return {"destination_id": self.destination.id, "product_id": self.labor.id, "external_id": "2", **more}

    def test_every_edit_wakes_blocked_rows(self):
        table = self.env["quickbooks.item.map"].with_user(self.manager)
        row = self.blocked()
        entry = table.create(self.values())
        self.assertEqual((row.state, row.message, row.attempt), ("ready", False, 0))
        row = self.blocked()
        entry.external_id = "3"
        self.assertEqual(row.state, "ready")
        row = self.blocked()
        entry.unlink()
        self.assertEqual(row.state, "ready")

    def test_row_blocked_by_a_table_edited_meanwhile_is_checked_again(self):
        row = self.queued()
        lease = self.claim()["lease"]
        self.env["quickbooks.item.map"].create(self.values())
        for _turn in range(2):
            answer = self.settle(lease, self.result(row, "blocked", message="No item."))
            self.assertFalse(answer["conflicts"])
            self.assertEqual((row.state, row.attempt), ("ready", 0))

    def test_customer_found_by_the_bridge_itself_does_not_reopen_its_batch(self):
        row = self.queued()
        lease = self.claim()["lease"]
        found = [{"partner_id": self.buyer.id, "external_id": "5", "external_name": "x"}]
        self.settle(lease, self.result(row, "blocked", message="No item."), customers=found)
        self.assertEqual(row.state, "blocked")

    def test_f3_new_items_need_an_income_account(self):
        with self.assertRaisesRegex(ValidationError, "Income Account is missing on Books of books"):
            self.destination.create_missing_items = True
        self.destination.write({"create_missing_items": True, "income_account": " 4000 ", "untaxed_tax_code": "5"})
        told = self.claim()["destination"]
        self.assertEqual((told["create_missing_items"], told["income_account"]), (True, "4000"))
        self.assertEqual(told["untaxed_tax_code"], "5")

    def test_rows_of_another_destination_stay_blocked(self):
        row = self.blocked()
        other = self.new_destination("other")
        self.env["quickbooks.item.map"].create(self.values(destination_id=other.id))
        self.assertEqual(row.state, "blocked")

    def test_key_stays_when_a_blocked_row_is_woken(self):
        row = self.blocked()
        key = row.key
        self.env["quickbooks.item.map"].create(self.values())
        self.assertEqual(self.claim()["rows"][0]["key"], key)

    @mute_logger("odoo.sql_db")
    def test_one_row_per_record_and_destination(self):
        tables = {
            "item": {"product_id": self.labor.id},
            "customer": {"partner_id": self.buyer.id},
            "tax": {"tax_id": self.tax.id},
            "class": {"cost_center_id": self.center.id},
            "term": {"payment_term_id": self.env["account.payment.term"].create({"name": "T"}).id},
        }
        for table, record in tables.items():
            values = {"destination_id": self.destination.id, "external_id": "2", **record}
            model = self.env[f"quickbooks.{table}.map"]
            model.create(values)
            with self.subTest(table=table), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
                model.create(values)

    @mute_logger("odoo.sql_db")
    def test_item_row_names_exactly_one_product(self):
        table = self.env["quickbooks.item.map"]
        for values in (
            self.values(product_tmpl_id=self.labor.product_tmpl_id.id),
            self.values(product_id=False),
        ):
            with self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
                table.create(values)

    def test_empty_id_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "QuickBooks ID is empty"):
            self.env["quickbooks.item.map"].create(self.values(external_id=" "))

    def test_import_like_a_person_does(self):
        header = ["destination_id", "product_id", "external_id", "external_name"]
        lines = [[self.destination.name, self.labor.name, "2", "HVAC labor"]]
        result = self.env["quickbooks.item.map"].with_user(self.manager).load(header, lines)
        self.assertFalse(result["messages"])
        self.assertEqual(self.env["quickbooks.item.map"].browse(result["ids"]).product_id, self.labor)

    def test_destination_that_has_invoices_stays_the_same_company(self):
        self.queued()
        with self.assertRaisesRegex(Exception, "cannot change"):
            self.destination.realm = "1"
        self.destination.realm = self.destination.realm
