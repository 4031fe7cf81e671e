import json
import os
from pathlib import Path

from odoo.addons.work_order.models.decimal_text import amount_text, number_text
from odoo.fields import Command
from odoo.tests import tagged

from .common import TransmissionCase

GOLDEN = Path(__file__).parent / "golden"
ID_KEYS = {"id", "company_id", "invoice_id"}
NAMED_BY_ODOO = {"number", "work_order", "sales_order", "database_uuid"}


def placeholders(value, pool="", seen=None):
    """The document with what differs between databases (ids, numbers, uuid) replaced in order of appearance.

    Two places that name the same record keep naming the same one; ``pool`` tells a product's id from a tax's.
    """
    seen = {} if seen is None else seen
    if isinstance(value, list):
        return [placeholders(entry, pool, seen) for entry in value]
    if not isinstance(value, dict):
        return value
    replaced = {}
    for key, entry in value.items():
        if entry and key in ID_KEYS | NAMED_BY_ODOO:
            kind = f"{pool}.{key}" if key in ID_KEYS else "number"
            known = seen.setdefault(kind, [])
            if entry not in known:
                known.append(entry)
            replaced[key] = f"{kind} {known.index(entry)}"
        else:
            replaced[key] = placeholders(entry, key, seen)
    return replaced


@tagged("post_install", "-at_install")
class TestDocument(TransmissionCase):
    """The documents the bridge's own tests read too. WRITE_GOLDEN=1 writes them anew: read what changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.name = "Harbor Facility Services"
        ohio = cls.env.ref("base.state_us_30")
        cls.env["account.tax"].search([("name", "=", "Ohio 7.5%")]).name = "Ohio 7.5% (demo)"
        cls.tax.name = "Ohio 7.5%"
        address = {"city": "Columbus", "state_id": ohio.id, "country_id": cls.env.ref("base.us").id}
        cls.mercy = cls.env["res.partner"].create(
            {
                "name": "Mercy General Hospital",
                "is_company": True,
                "email": "ap@mercy-general.example",
                "phone": "+1 614 555 0142",
                "street": "1 Mercy Way",
                "zip": "43205",
                **address,
            }
        )
        cls.cedar = cls.env["res.partner"].create(
            {
                "name": "Cedar Property Management",
                "is_company": True,
                "email": "invoices@cedar-pm.example",
                "street": "88 Cedar Avenue",
                "street2": "Suite 4",
                "zip": "43017",
                **address,
            }
        )
        hour = cls.env.ref("uom.product_uom_hour")
        cls.hvac = cls.product("HVAC labor", 90.0, type="service", default_code="HVAC-LAB", uom_id=hour.id)
        cls.filter = cls.product(
            "HVAC filter 20x25", 21.4, default_code="FLT-2025", taxes_id=[Command.set(cls.tax.ids)]
        )
        cls.cleaning = cls.product("Common area cleaning", 185.5, type="service", default_code="CLEAN")
        cls.center_hvac = cls.new_center(cls.mercy, "CC-HVAC", "Hospital HVAC")
        cls.net_30 = cls.new_terms("Net 30")

    @classmethod
    def new_center(cls, partner, code, name):
        return cls.env["buyer.cost.center"].create({"partner_id": partner.id, "code": code, "name": name})

    @classmethod
    def new_terms(cls, name, **values):
        line = {"value": "percent", "value_amount": 100.0, "nb_days": 30}
        return cls.env["account.payment.term"].create({"name": name, "line_ids": [Command.create(line)], **values})

    def new_site(self, partner, name):
        return self.env["res.partner"].create({"name": name, "type": "delivery", "parent_id": partner.id})

    def check(self, name, order):
        """Confirm, do, invoice and post ``order``; its document must be the golden one."""
        order.action_confirm()
        self.complete(order.work_order_ids)
        invoice = order.with_user(self.billing).sudo()._create_invoices()
        invoice.invoice_date = "2026-11-22"
        invoice.with_user(self.billing).action_post()
        document = json.loads(self.row_of(invoice).document)
        path = GOLDEN / f"{name}.json"
        if os.environ.get("WRITE_GOLDEN"):
            path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        golden = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(placeholders(document), placeholders(golden))
        self.assertEqual(list(document), list(golden))
        self.check_sums(document)
        return document

    def check_sums(self, document):
        cents = lambda text: round(float(text) * 100)  # noqa: E731
        lines = [line for line in document["lines"] if line["kind"] == "product"]
        totals = document["totals"]
        self.assertEqual(sum(cents(line["subtotal"]) for line in lines), cents(totals["untaxed"]))
        self.assertEqual(sum(cents(tax["amount"]) for tax in document["taxes"]), cents(totals["tax"]))
        self.assertEqual(cents(totals["untaxed"]) + cents(totals["tax"]), cents(totals["total"]))

    def test_simple_invoice(self):
        self.check(
            "simple_invoice",
            self.sale_order(
                (self.hvac, 2, {"buyer_po_line": "10", "buyer_item_code": "MERCY-HVAC-01"}),
                partner_id=self.mercy.id,
                partner_shipping_id=self.new_site(self.mercy, "North tower, mechanical room").id,
                buyer_po="4500012345",
                cost_center_id=self.center_hvac.id,
                payment_term_id=self.net_30.id,
            ),
        )

    def test_lines_with_discount_and_tax(self):
        self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 3
        order = self.sale_order(
            (self.hvac, 1.5, {"buyer_po_line": "10", "buyer_item_code": "MERCY-HVAC-01", "discount": 12.5}),
            (self.filter, 7, {"buyer_po_line": "20", "buyer_item_code": "MERCY-FLT-20", "price_unit": 21.455}),
            (
                self.labor,
                0.1,
                {"buyer_po_line": "30", "price_unit": 0.3, "name": "Disposal of old filters,\nas agreed"},
            ),
            partner_id=self.mercy.id,
            buyer_po="4500012399",
            cost_center_id=self.center_hvac.id,
            payment_term_id=self.net_30.id,
        )
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Filter change", "sequence": 1}),
            Command.create({"display_type": "line_note", "name": "Second visit in spring", "sequence": 99}),
        ]
        self.check("lines_with_discount_and_tax", order)

    def test_one_po_over_three_buildings(self):
        lines = []
        for place, (code, building) in enumerate(
            (("MAPLE", "Maple Court"), ("BIRCH", "Birch House"), ("ELM", "Elm Tower")), 1
        ):
            center = self.new_center(self.cedar, code, f"Property {building}")
            more = {
                "work_site_id": self.new_site(self.cedar, building).id,
                "cost_center_id": center.id,
                "buyer_po_line": str(place),
                "buyer_item_code": "CPM-CLEAN",
            }
            lines.append((self.cleaning, place, more))
        order = self.sale_order(
            *lines,
            partner_id=self.cedar.id,
            buyer_po="CPM-2026-118",
            cost_center_id=False,
            payment_term_id=self.net_30.id,
        )
        document = self.check("one_po_over_three_buildings", order)
        self.assertEqual(len(document["work_orders"]), 3)
        self.assertIsNone(document["cost_center"])
        self.assertEqual(document["buyer_po"], "CPM-2026-118")

    def test_terms_with_early_discount(self):
        terms = self.new_terms(
            "2/10 Net 30",
            early_discount=True,
            discount_percentage=2,
            discount_days=10,
            early_pay_discount_computation="excluded",
        )
        self.check(
            "terms_with_early_discount",
            self.sale_order(
                (self.hvac, 2, {"buyer_po_line": "10", "tax_ids": [Command.set(self.tax.ids)]}),
                (self.filter, 4, {"buyer_po_line": "20"}),
                partner_id=self.mercy.id,
                buyer_po="4500012345",
                cost_center_id=self.center_hvac.id,
                payment_term_id=terms.id,
            ),
        )

    def test_contact_is_billed_under_the_name_of_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounts payable", "parent_id": self.mercy.id, "type": "invoice"}
        )
        order = self.sale_order((self.hvac, 1), partner_id=self.mercy.id, partner_invoice_id=contact.id)
        order.action_confirm()
        document = json.loads(self.row_of(self.posted_invoice(order)).document)
        self.assertEqual(
            (document["buyer"]["id"], document["buyer"]["name"], document["buyer"]["email"]),
            (contact.id, "Mercy General Hospital", "ap@mercy-general.example"),
        )

    def test_numbers_have_no_float_noise(self):
        dollar = self.env.ref("base.USD")
        self.assertEqual(amount_text(0.1 + 0.2, dollar), "0.30")
        self.assertEqual(amount_text(-0.0001, dollar), "0.00")
        self.assertEqual(amount_text(1234567.005, dollar), "1234567.01")
        self.assertEqual(number_text(0.1 + 0.2, 4), "0.3")
        self.assertEqual(number_text(2.0, 2), "2")
        self.assertEqual(number_text(90.0, 4, 2), "90.00")
        self.assertEqual(number_text(0.3333, 4, 2), "0.3333")
        self.assertEqual(number_text(-0.00001, 2), "0")
        self.assertEqual(number_text(100.0, 0), "100")

    def test_f10_document_says_how_the_books_count_a_foreign_currency(self):
        foreign = self.env.ref("base.CAD")
        foreign.active = True
        rates = {"name": "2026-11-01", "rate": 1.25, "currency_id": foreign.id, "company_id": self.env.company.id}
        self.env["res.currency.rate"].create(rates)
        values = {
            "move_type": "out_invoice",
            "partner_id": self.mercy.id,
            "currency_id": foreign.id,
            "invoice_date": "2026-11-22",
            "invoice_line_ids": [Command.create({"product_id": self.filter.id, "quantity": 1, "price_unit": 100.0})],
        }
        invoice = self.env["account.move"].create(values)
        invoice.action_post()
        document = json.loads(self.row_of(invoice).document)
        home = self.env.company.currency_id.name
        self.assertEqual((document["currency"], document["exchange"]), ("CAD", {"home": home, "rate": "0.8"}))
        self.assertEqual(document["lines"][0]["product"]["kind"], "goods")
