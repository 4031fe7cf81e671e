"""Buyers' cost centres, and where and when they hold."""

from __future__ import annotations

from pydantic import Field

from workorder_mappings.fields import Day, Flag, Key, Name, Text
from workorder_mappings.tables.row import MappingRow


class CostCenter(MappingRow):
    """One cost centre (accounting string)."""

    table = "cost_centers"
    key = ("buyer", "code")

    buyer: Text = Field(default=None, description="Reference, VAT number or name; empty: every buyer may use it.")
    code: Key = Field(description="Exactly as the buyer writes it.")
    name: Name = Field(description="For people.")
    sites: Text = Field(default=None, description="Addresses it holds at: references or names, separated by |.")
    building: Text = Field(default=None, description="The building it holds in.")
    is_default: Flag = Field(default=None, description="Taken where nothing else names one.")
    valid_from: Day = Field(default=None, description="First day.")
    valid_to: Day = Field(default=None, description="Last day.")
