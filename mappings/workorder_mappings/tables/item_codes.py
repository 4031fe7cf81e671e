"""What buyers call our products and services."""

from __future__ import annotations

from pydantic import Field

from workorder_mappings.fields import Code, Day, Factor, Key, Text
from workorder_mappings.tables.row import MappingRow


class ItemCode(MappingRow):
    """One buyer's code of one product, variant or task code: fill one of the three."""

    table = "item_codes"
    key = ("buyer", "product", "variant", "task_code", "valid_from")

    buyer: Key = Field(description="The customer's reference, VAT number or name in Odoo.")
    product: Code = Field(default=None, description="Internal reference, barcode or name of a product.")
    variant: Code = Field(default=None, description="Instead: one variant, by internal reference or barcode.")
    task_code: Code = Field(default=None, description="Instead: the code of a standard task.")
    item_code: Key = Field(description="Exactly as the buyer writes it.")
    description: Text = Field(default=None, description="What the buyer calls it.")
    po_unit: Code = Field(default=None, description="The unit they order it in, as they write it.")
    contains: Factor = Field(default=None, description="How many of our unit one of theirs is; empty: 1.")
    valid_from: Day = Field(default=None, description="First day; empty: always was.")
    valid_to: Day = Field(default=None, description="Last day; empty: no end.")
