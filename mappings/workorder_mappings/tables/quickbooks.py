"""Odoo's records and what they are called in a QuickBooks company."""

from __future__ import annotations

from pydantic import Field

from workorder_mappings.fields import Key, Text
from workorder_mappings.tables.row import MappingRow


class QuickbooksRow(MappingRow):
    """The columns all of these tables have."""

    destination: Key = Field(description="Code of the QuickBooks destination in Odoo, such as qbo.")
    quickbooks_id: Key = Field(description="The Id QuickBooks gives the object; it never changes there.")
    quickbooks_name: Text = Field(default=None, description="For people: how QuickBooks shows it.")


class QuickbooksCustomer(QuickbooksRow):
    """Customer → QuickBooks customer."""

    table = "quickbooks_customers"
    key = ("destination", "customer")

    customer: Key = Field(description="The customer's reference, VAT number or name in Odoo.")


class QuickbooksItem(QuickbooksRow):
    """Product → QuickBooks item."""

    table = "quickbooks_items"
    key = ("destination", "product", "all_variants_of")

    product: Text = Field(default=None, description="The product's internal reference, barcode or name.")
    all_variants_of: Text = Field(default=None, description="Instead of product: every variant without its own row.")


class QuickbooksTax(QuickbooksRow):
    """Sales tax → QuickBooks tax code."""

    table = "quickbooks_taxes"
    key = ("destination", "tax")

    tax: Key = Field(description="The tax's name in Odoo.")


class QuickbooksTerm(QuickbooksRow):
    """Payment terms → QuickBooks term."""

    table = "quickbooks_terms"
    key = ("destination", "terms")

    terms: Key = Field(description="The payment terms' name in Odoo.")


class QuickbooksClass(QuickbooksRow):
    """Buyer's cost centre → QuickBooks class."""

    table = "quickbooks_classes"
    key = ("destination", "cost_center", "buyer")

    cost_center: Key = Field(description="The cost centre's code.")
    buyer: Text = Field(default=None, description="Whose cost centre; empty: one that every buyer may use.")


class QuickbooksLocation(QuickbooksRow):
    """Buyer's cost centre → QuickBooks location."""

    table = "quickbooks_locations"
    key = ("destination", "cost_center", "buyer")

    cost_center: Key = Field(description="The cost centre's code.")
    buyer: Text = Field(default=None, description="Whose cost centre; empty: one that every buyer may use.")


QUICKBOOKS_TABLES = (
    QuickbooksCustomer,
    QuickbooksItem,
    QuickbooksTax,
    QuickbooksTerm,
    QuickbooksClass,
    QuickbooksLocation,
)
