"""Units as buyers write them, and what they are in ours."""

from __future__ import annotations

from pydantic import Field

from workorder_mappings.fields import Factor, Key, Text
from workorder_mappings.tables.row import MappingRow


class UnitCode(MappingRow):
    """One unit of one buyer, or of every buyer."""

    table = "units"
    key = ("buyer", "buyer_unit")

    buyer: Text = Field(default=None, description="Reference, VAT number or name; empty: holds for every buyer.")
    buyer_unit: Key = Field(description="As the buyer writes it, such as EA, HUR or CS.")
    unit: Key = Field(description="Our unit's name in Odoo.")
    contains: Factor = Field(default=None, description="How many of our unit one of theirs is; empty: 1.")
