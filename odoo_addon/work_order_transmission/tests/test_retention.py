import json
from decimal import Decimal

from odoo.addons.work_order.tests.test_progress import ProgressCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRetentionDocument(ProgressCase):
    """A progress invoice with retention, and the release of it, are handed on as documents that add up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        destinations = cls.env["work.order.destination"]
        destinations.search([]).write({"state": "draft"})
        destinations.create({"name": "Books", "code": "retained", "realm": "9341450000000010"}).action_activate()
        cls.env.company.work_order_retention_account_id = cls.env["account.account"].create(
            {"name": "Retention receivable", "code": "TRETDOC", "account_type": "asset_current"}
        )

    def document(self, invoice):
        return json.loads(invoice.sudo().transmission_ids.document)

    def assertAddsUp(self, document):
        lines = [line for line in document["lines"] if line["kind"] == "product"]
        self.assertEqual(sum(Decimal(line["subtotal"]) for line in lines), Decimal(document["totals"]["untaxed"]))
        for line in lines:
            self.assertEqual(Decimal(line["quantity"]) * Decimal(line["unit_price"]), Decimal(line["subtotal"]))

    def test_b6_progress_invoice_with_retention_and_its_release_make_documents_that_add_up(self):
        ticket = self.under_way(
            (self.lump, 1, {"tax_ids": [Command.set(self.tax.ids)]}), (self.labor, 33.5), retention_percent=7.35
        )
        self.approve(ticket, 33.33, 12.5)
        invoice = self.bill(ticket)
        document = self.document(invoice)
        self.assertAddsUp(document)
        self.assertEqual(
            [(line["product"]["code"], line["subtotal"]) for line in document["lines"]][-1],
            ("RETENTION", "-272.68"),
        )
        totals = {"untaxed": "3437.19", "tax": "249.97", "total": "3687.16", "retention": "272.68", "prepaid": "0.00"}
        self.assertEqual(document["totals"], totals)
        self.assertEqual((document["buyer_po"], document["cost_center"]["code"]), ("4500-1", "CC-1"))
        self.approve(ticket, 100, 100)
        self.bill(ticket)
        self.finish(ticket)
        order = ticket.sale_order_id
        release = order.with_user(self.billing)._release_retention(order.retention_open, "2026-12-31")
        release.action_post()
        document = self.document(release)
        self.assertAddsUp(document)
        self.assertEqual(Decimal(document["totals"]["total"]), Decimal(str(order.retention_withheld)))
