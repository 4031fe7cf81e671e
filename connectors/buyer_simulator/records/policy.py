"""The vendor rules of an AP department. Defaults are strict where a strict buyer is, silent where most are."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from buyer_simulator.records.values import ZERO, Code, Days, Named, NotNegative, Positive, Record, key


class Tolerance(Record):
    """How far a figure may be off. Neither percent nor amount: not at all. Both: see `Policy.tolerances`.

    Source: tolerance keys with absolute and percent limits in SAP; percent and/or amount in Dynamics, NetSuite (D).
    """

    percent: NotNegative | None = None
    amount: NotNegative | None = None


class Conversion(Record):
    """One `unit` is `factor` of `into`; it holds in both directions."""

    unit: Named
    into: Named
    factor: Positive


class Policy(Record):
    """What this buyer demands of an invoice.

    `po_line`: required (the number itself), resolvable (or found by item code and unit), optional. `tolerances`:
    whether the stricter of percent and amount holds, or either suffices. `price_direction`: whether a price below the
    PO's is questioned as well. `matching`: 2-way compares with the order, 3-way with receipts too. Limits of 0 mean
    none. `processing`: at once, or when a clerk gets to it. `accept_matched`: what matches needs no person.
    """

    buyer: Code = "Buyer"
    # what an invoice must be called
    number_pattern: Code = ""
    number_max_length: int = Field(default=0, ge=0, le=200)
    rejected_number_reusable: bool = False
    one_invoice_per_work_order: bool = False
    required: tuple[Literal["remit_to", "ship_to", "buyer_reference"], ...] = ()
    # what it must refer to
    po_required: bool = True
    po_pattern: Code = ""
    po_line: Literal["required", "resolvable", "optional"] = "required"
    one_po_per_invoice: bool = True
    item_code_required: bool = False
    contract_required: bool = False
    cost_center_required: bool = False
    cost_centers: tuple[Named, ...] = Field(default=(), max_length=10000)
    work_order_required: bool = False
    work_order_known: bool = False
    # how much it may bill
    matching: Literal["2-way", "3-way"] = "2-way"
    tolerances: Literal["strictest", "either"] = "strictest"
    price: Tolerance = Tolerance()
    price_direction: Literal["both", "over"] = "both"
    quantity: Tolerance = Tolerance()
    line_amount: Tolerance = Tolerance()
    header_amount: Tolerance = Tolerance()
    conversions: tuple[Conversion, ...] = Field(default=(), max_length=10000)
    not_to_exceed_includes_tax: bool = False
    zero_lines_allowed: bool = False
    quantity_decimals: int = Field(default=6, ge=0, le=12)
    price_decimals: int = Field(default=6, ge=0, le=12)
    # taxes and charges; tax where the PO does not say
    tax: Literal["any", "exempt", "charged", "barred"] = "any"
    tax_rate_tolerance: NotNegative = ZERO
    freight: Literal["any", "not_allowed", "po"] = "po"
    freight_on: Literal["either", "line", "header"] = "either"
    other_charges_allowed: bool = False
    retention: Literal["any", "line", "total", "barred"] = "any"
    # terms and dates
    terms_must_match: bool = True
    backdating_days: Days = 0
    # what must come with it
    attachments_required: tuple[Named, ...] = ()
    attachment_types: tuple[Named, ...] = ()
    attachment_max_count: int = Field(default=0, ge=0)
    attachment_max_bytes: int = Field(default=0, ge=0)
    sign_off_required: bool = False
    # how it is handled
    processing: Literal["at_once", "by_hand"] = "at_once"
    accept_matched: bool = False

    @field_validator("number_pattern", "po_pattern")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as problem:
            raise ValueError(f"a regular expression ({problem})") from problem
        return value

    @model_validator(mode="after")
    def _conversions_once(self) -> Self:
        pairs = [frozenset((key(each.unit), key(each.into))) for each in self.conversions]
        if len(set(pairs)) < len(pairs):
            raise ValueError("each pair of units once in conversions; it holds in both directions")
        return self
