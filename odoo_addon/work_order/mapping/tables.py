"""The tables of this addon. Columns are those of the files (docs/administrator.md); keys are what tells rows apart."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..models.buyer_purchase_order import po_key
from .column import Choice, Day, Flag, Known, Number, Ref, Refs, Text, Tidied, Whole
from .lookup import BUYER, SITE, TASK_CODE, TEMPLATE, UNIT, Lookup
from .table import Table

_lt = LazyTranslate(__name__)
VARIANT = Lookup("product.product", ("default_code", "barcode"), _lt("the internal reference or barcode of a variant"))


class Units(Table):
    """Units; upper and lower case do not tell them apart."""

    def key_part(self, name, value):
        return po_key(value) if name == "buyer_unit" else super().key_part(name, value)

    def searched(self, name):
        return "code_key" if name == "buyer_unit" else super().searched(name)

    def _changes(self, entry):
        changes = super()._changes(entry)
        old, new = entry.record.code, entry.values["buyer_unit"]
        return {**changes, "buyer_unit": (old, new)} if old != new else changes


class CostCenters(Table):
    """Cost centres, of this company and of all."""

    def domain(self, company):
        return [("company_id", "in", (company.id, False))]

    def complete(self, env, company, values):
        if not values.get("buyer"):
            return [
                (name, _lt("nothing, or a buyer in the column buyer"))
                for name in ("sites", "is_default")
                if values.get(name)
            ]
        return super().complete(env, company, values)


class ItemCodes(Table):
    """Item codes of products, variants and task codes."""

    span = ("valid_from", "valid_to")
    things = ("product", "variant", "task_code")

    def complete(self, _env, _company, values):
        given = [name for name in self.things if values.get(name)]
        if len(given) != 1:
            return [(", ".join(self.things), _lt("exactly one of the three"))]
        start, end = (values.get(name) for name in self.span)
        if start and end and start > end:
            return [("valid_to", _lt("a day not before valid_from"))]
        return []

    def new_vals(self, company, entry):
        """The product of a variant follows from the variant."""
        vals = super().new_vals(company, entry)
        return {name: value for name, value in vals.items() if value or name not in ("product_tmpl_id", "task_code_id")}

    def key_of(self, record):
        template = False if record.product_id else record.product_tmpl_id.id
        days = record.valid_from or False
        return (record.partner_id.id, template, record.product_id.id, record.task_code_id.id, days)

    def existing(self, env, company, entries):
        if not entries:
            return {}
        buyers, templates, variants, codes = ({entry.key[place] for entry in entries} - {False} for place in range(4))
        found = env[self.model].with_context(active_test=False).search_fetch(
            [
                *self.domain(company),
                ("partner_id", "in", list(buyers)),
                "|",
                ("product_tmpl_id", "in", list(templates)),
                "|",
                ("product_id", "in", list(variants)),
                ("task_code_id", "in", list(codes)),
            ],
            order="id",
        )  # fmt: skip
        return {self.key_of(record): record for record in found.sorted("active")}

    def rows(self, env, company, found):
        rows = super().rows(env, company, found)
        product, variant = list(self.columns).index("product"), list(self.columns).index("variant")
        for row in rows:
            row[product] = None if row[variant] else row[product]
        return rows

    def kept(self, company):
        """What Odoo has: thing, from, to, two places for a row of a file, and what it is called."""
        company.env[self.model].flush_model()
        return SQL(
            """SELECT concat_ws(',', partner_id,
                                CASE WHEN product_id IS NULL THEN COALESCE(product_tmpl_id, 0) ELSE 0 END,
                                COALESCE(product_id, 0), COALESCE(task_code_id, 0)),
                      valid_from, valid_to, NULL, NULL, code
                 FROM buyer_item_code WHERE active AND company_id = %s""",
            company.id,
        )

    def span_of(self, entry):
        """What it is for, and from when to when."""
        return (
            ",".join(str(part or 0) for part in entry.key[:4]),
            entry.values.get("valid_from"),
            entry.values.get("valid_to"),
        )


BUYERS = Table(
    "buyers",
    "buyer.profile",
    [
        Ref("buyer", "partner_id", BUYER, required=True),
        Choice("channel"),
        Text("channel_address"),
        Text("submission_email"),
        Choice("invoice_format"),
        Text("dialect"),
        Flag("route_test_required"),
        Day("route_tested_on"),
        Flag("remit_to_required"),
        Flag("ship_to_required"),
        Flag("buyer_reference_required"),
        Text("number_pattern"),
        Whole("number_max_length"),
        Flag("rejected_number_reusable"),
        Choice("reissue_rule"),
        Whole("duplicate_window_days"),
        Flag("one_invoice_per_work_order"),
        Choice("grouping"),
        Flag("po_required"),
        Text("po_pattern"),
        Flag("po_line_required"),
        Flag("po_line_by_item"),
        Flag("one_po_per_invoice"),
        Flag("item_code_required"),
        Flag("contract_required"),
        Flag("cost_center_required"),
        Flag("work_order_required"),
        Flag("receipts_required"),
        Number("price_tolerance_percent"),
        Known("price_tolerance_amount", "price_tolerance_amount", "price_tolerance_in_money"),
        Flag("tolerance_either"),
        Number("quantity_tolerance_percent"),
        Number("line_tolerance_percent"),
        Known("line_tolerance_amount", "line_tolerance_amount", "line_tolerance_in_money"),
        Number("header_tolerance_percent"),
        Known("header_tolerance_amount", "header_tolerance_amount", "header_tolerance_in_money"),
        Flag("not_to_exceed_includes_tax"),
        Flag("zero_lines_allowed"),
        Whole("quantity_decimals"),
        Whole("price_decimals"),
        Choice("tax_rule"),
        Number("tax_rate_tolerance"),
        Choice("freight_rule"),
        Choice("freight_on"),
        Flag("other_charges_allowed"),
        Choice("retention_shown"),
        Flag("terms_must_match"),
        Whole("backdating_days"),
        Whole("submission_days"),
        Tidied("attachments_required"),
        Tidied("attachment_types"),
        Whole("attachment_max_count"),
        Whole("attachment_max_bytes"),
        Flag("sign_off_required"),
        Whole("stale_after_days"),
        Text("billing_instructions"),
    ],
    key=("buyer",),
)
UNITS = Units(
    "units",
    "buyer.unit.code",
    [
        Ref("buyer", "partner_id", BUYER),
        Text("buyer_unit", "code", required=True),
        Ref("unit", "uom_id", UNIT, required=True),
        Number("contains", "factor", positive=True),
    ],
    key=("buyer", "buyer_unit"),
    scope="buyer",
)
COST_CENTERS = CostCenters(
    "cost_centers",
    "buyer.cost.center",
    [
        Ref("buyer", "partner_id", BUYER),
        Text("code", required=True),
        Text("name", required=True),
        Refs("sites", "site_ids", SITE, owner="buyer"),
        Text("building"),
        Flag("is_default"),
        Day("valid_from"),
        Day("valid_to"),
    ],
    key=("buyer", "code"),
    scope="buyer",
)
ITEM_CODES = ItemCodes(
    "item_codes",
    "buyer.item.code",
    [
        Ref("buyer", "partner_id", BUYER, required=True),
        Ref("product", "product_tmpl_id", TEMPLATE),
        Ref("variant", "product_id", VARIANT),
        Ref("task_code", "task_code_id", TASK_CODE),
        Text("item_code", "code", required=True),
        Text("description", "name"),
        Text("po_unit"),
        Number("contains", "po_unit_factor", positive=True),
        Day("valid_from"),
        Day("valid_to"),
    ],
    key=("buyer", "product", "variant", "task_code", "valid_from"),
    scope="buyer",
)
