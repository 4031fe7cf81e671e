"""The QuickBooks tables among the mapping tables that are exchanged as files."""

from odoo import api, models
from odoo.addons.work_order.mapping.column import Ref, Text
from odoo.addons.work_order.mapping.lookup import BUYER, CONTACT, COST_CENTER, PRODUCT, TEMPLATE, TERMS, Lookup
from odoo.addons.work_order.mapping.table import Table
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
DESTINATION = Lookup(
    "work.order.destination",
    ("code",),
    _lt("the code of a destination, such as qbo"),
    lambda company: [("company_id", "=", company.id)],
)
TAX = Lookup(
    "account.tax",
    ("name",),
    _lt("a sales tax by its name in Odoo"),
    lambda company: [("company_id", "=", company.id), ("type_tax_use", "=", "sale")],
)


class QuickbooksTable(Table):
    """A mapping table of the destinations of one company."""

    def __init__(self, name, model, columns, key):
        head = [Ref("destination", "destination_id", DESTINATION, required=True)]
        tail = [Text("quickbooks_id", "external_id", required=True), Text("quickbooks_name", "external_name")]
        super().__init__(name, model, [*head, *columns, *tail], ("destination", *key), scope="destination")

    def new_vals(self, company, entry):
        """The company follows from the destination."""
        vals = super().new_vals(company, entry)
        del vals[self.company_field]
        return vals


class QuickbooksItems(QuickbooksTable):
    """Items of one product, or of all variants of one."""

    things = ("product", "all_variants_of")

    def complete(self, _env, _company, values):
        if sum(bool(values.get(name)) for name in self.things) != 1:
            return [(", ".join(self.things), _lt("exactly one of the two"))]
        return []


class Whose(Ref):
    """The buyer of a cost centre: says which one is meant, and is no field of the row itself."""

    def vals(self, _value):
        return {}

    def of(self, record):
        return record.cost_center_id.partner_id.id

    def records(self, records):
        return records.cost_center_id.partner_id

    def same(self, _one, _other):
        return True


TABLES = (
    QuickbooksTable(
        "quickbooks_customers",
        "quickbooks.customer.map",
        [Ref("customer", "partner_id", CONTACT, required=True)],
        ("customer",),
    ),
    QuickbooksItems(
        "quickbooks_items",
        "quickbooks.item.map",
        [Ref("product", "product_id", PRODUCT), Ref("all_variants_of", "product_tmpl_id", TEMPLATE)],
        QuickbooksItems.things,
    ),
    QuickbooksTable("quickbooks_taxes", "quickbooks.tax.map", [Ref("tax", "tax_id", TAX, required=True)], ("tax",)),
    QuickbooksTable(
        "quickbooks_terms",
        "quickbooks.term.map",
        [Ref("terms", "payment_term_id", TERMS, required=True)],
        ("terms",),
    ),
    QuickbooksTable(
        "quickbooks_classes",
        "quickbooks.class.map",
        [
            Whose("buyer", "cost_center_id", BUYER),
            Ref("cost_center", "cost_center_id", COST_CENTER, required=True, owner="buyer"),
        ],
        ("cost_center",),
    ),
    QuickbooksTable(
        "quickbooks_locations",
        "quickbooks.location.map",
        [
            Whose("buyer", "cost_center_id", BUYER),
            Ref("cost_center", "cost_center_id", COST_CENTER, required=True, owner="buyer"),
        ],
        ("cost_center",),
    ),
)


class WorkOrderMappingUpload(models.Model):
    _inherit = "work.order.mapping.upload"

    @api.model
    def _mapping_tables(self):
        return {**super()._mapping_tables(), **{table.name: table for table in TABLES}}
