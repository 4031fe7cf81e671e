"""Buyers' purchase orders: a row per line, what holds for the whole PO repeated on each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workorder_mappings.fields import Amount, Code, Day, Factor, Key, Text, choice
from workorder_mappings.tables.row import MappingRow


class PurchaseOrderLine(MappingRow):
    """One line of a PO. A PO without lines is one row whose line columns are empty."""

    table = "purchase_orders"
    key = ("buyer", "number", "line")
    group = ("buyer", "number")

    buyer: Key = Field(description="The customer's reference, VAT number or name in Odoo.")
    number: Key = Field(description="The PO's number, exactly as the buyer writes it.")
    kind: Annotated[str | None, choice("standard", "blanket")] = Field(
        default=None, description="Blanket: released bit by bit."
    )
    state: Annotated[str | None, choice("open", "closed", "cancelled")] = Field(
        default=None, description="How it stands."
    )
    revision: Code = Field(default=None, description="The buyer's name of the latest revision.")
    currency: Code = Field(default=None, description="Such as USD; empty: the company's.")
    valid_from: Day = Field(default=None, description="First day.")
    valid_to: Day = Field(default=None, description="Last day.")
    limit: Amount = Field(default=None, description="The most all work may come to, untaxed; empty: no limit.")
    hours_limit: Amount = Field(default=None, description="The most hours; empty: no limit.")
    contract: Code = Field(default=None, description="The buyer's contract or agreement number.")
    terms: Text = Field(default=None, description="Payment terms by their name in Odoo.")
    terms_code: Code = Field(default=None, description="The buyer's own name of the terms.")
    tax_rule: Annotated[str | None, choice("exempt", "charged", "barred")] = Field(
        default=None, description="What it says of tax."
    )
    freight_rule: Annotated[str | None, choice("allowed", "not_allowed")] = Field(
        default=None, description="What it says of freight."
    )
    freight_limit: Amount = Field(default=None, description="The most freight; empty: no limit.")
    note: Text = Field(default=None, description="Anything else it says.")
    line: Code = Field(default=None, description="The line's number, exactly as the buyer writes it.")
    line_state: Annotated[str | None, choice("open", "closed")] = Field(
        default=None, description="How the line stands."
    )
    item_code: Code = Field(default=None, description="The buyer's item code.")
    product: Code = Field(default=None, description="Our product: internal reference, barcode or name.")
    description: Text = Field(default=None, description="What the line is for.")
    quantity: Amount = Field(default=None, description="Ordered; empty: only an amount is limited.")
    unit: Code = Field(default=None, description="Our unit's name in Odoo.")
    buyer_unit: Code = Field(default=None, description="The unit as the PO writes it.")
    unit_price: Amount = Field(default=None, description="Price of `price_basis` units.")
    price_basis: Factor = Field(default=None, description="How many units the price is for; empty: 1.")
    line_limit: Amount = Field(default=None, description="The most this line may come to; empty: no limit.")
    cost_center: Code = Field(default=None, description="The cost centre's code.")
    received: Amount = Field(default=None, description="What the buyer received; empty: nobody told us.")
    tax_rate: Amount = Field(default=None, description="In %; empty: the PO does not say.")
