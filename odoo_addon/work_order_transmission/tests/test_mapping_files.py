"""The QuickBooks tables as files."""

import json
from unittest.mock import patch

from .common import TransmissionCase


class TestMappingFiles(TransmissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uploads = cls.env["work.order.mapping.upload"].with_user(cls.manager)
        cls.startClassPatcher(patch.object(type(cls.uploads), "_tell_progress", lambda *_: None))

    def upload(self, table, columns, *rows):
        upload = self.uploads.open_upload()["id"]
        content = json.dumps([columns, [[number, *row] for number, row in enumerate(rows, start=2)]])
        self.uploads.stage(upload, 1, table, f"{table}.csv", len(rows), content)
        return upload

    def apply(self, table, columns, *rows):
        return self.uploads.apply(self.upload(table, columns, *rows))

    def test_e5_every_quickbooks_table_comes_in_and_goes_out_unchanged(self):
        self.labor.default_code = "LAB-1"
        shared = self.env["buyer.cost.center"].create({"code": "CC-1", "name": "Shared"})
        terms = self.env["account.payment.term"].create({"name": "Net 33"})
        ends = ["quickbooks_id", "quickbooks_name"]
        sheets = {
            "quickbooks_customers": (["destination", "customer", *ends], ["books", "Test Hospital", "007", "Hospital"]),
            "quickbooks_items": (["destination", "product", *ends], ["books", "LAB-1", "3", "=Labor"]),
            "quickbooks_taxes": (["destination", "tax", *ends], ["books", self.tax.name, "TAX", None]),
            "quickbooks_terms": (["destination", "terms", *ends], ["books", terms.name, "5", "Net 33"]),
            "quickbooks_classes": (
                ["destination", "cost_center", "buyer", *ends],
                ["books", "CC-1", "Test Hospital", "8", "HVAC"],
                ["books", "CC-1", None, "9", "Shared"],
            ),
            "quickbooks_locations": (
                ["destination", "cost_center", "buyer", *ends],
                ["books", "CC-1", "Test Hospital", "4", "Columbus"],
            ),
        }
        for table, (columns, *rows) in sheets.items():
            self.assertEqual(self.apply(table, columns, *rows)["faults"], [], table)
            written = self.uploads.export_page(table)["rows"]
            self.assertEqual(len(written), len(rows))
            counts = self.apply(table, self.uploads.mapping_tables()[table], *written)["counts"][table]
            self.assertEqual(counts["unchanged"], len(rows), table)
        classes = self.env["quickbooks.class.map"].search([("destination_id", "=", self.destination.id)])
        self.assertEqual(classes.cost_center_id, shared | self.center)
        customer = self.env["quickbooks.customer.map"].search([("destination_id", "=", self.destination.id)])
        self.assertEqual((customer.external_id, customer.partner_id), ("007", self.buyer))

    def test_e5_a_row_for_a_destination_or_product_nobody_knows_is_told(self):
        columns = ["destination", "product", "all_variants_of", "quickbooks_id"]
        done = self.apply("quickbooks_items", columns, ["elsewhere", "Labor", None, "1"], ["books", None, None, "2"])
        self.assertEqual([fault["row"] for fault in done["faults"]], [2, 3])
        self.assertFalse(self.env["quickbooks.item.map"].search([("destination_id", "=", self.destination.id)]))
