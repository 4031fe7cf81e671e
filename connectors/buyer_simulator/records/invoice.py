"""An invoice or credit note as a supplier sends it, whatever format carried it."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from buyer_simulator.records.values import (
    ONE,
    ZERO,
    Code,
    Currency,
    Day,
    Days,
    Named,
    NotNegative,
    Number,
    Positive,
    Record,
    Text,
)


class Allocation(Record):
    """A part of a line on one cost centre, as an amount or in percent."""

    cost_center: Named
    amount: Number | None = None
    percent: Number | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.amount is None) == (self.percent is None):
            raise ValueError("either amount or percent")
        return self


class InvoiceLine(Record):
    """`amount` is before tax and after `discount_percent`; `price_basis` units cost `unit_price`.

    `kind`: item for goods and services; freight, other, retention and deposit lines bill no PO line. `purchase_order`
    where it is not the header's. A credit note's figures are positive, as on paper.
    """

    number: int = Field(ge=1, le=999999)
    kind: Literal["item", "freight", "other", "retention", "deposit"] = "item"
    description: Text = ""
    purchase_order: Code = ""
    po_line: Code = ""
    item_code: Code = ""
    quantity: Number = ONE
    unit: Code = ""
    unit_price: Number = ZERO
    price_basis: Positive = ONE
    discount_percent: Number = ZERO
    amount: Number
    tax_rates: tuple[Number, ...] = Field(default=(), max_length=20)
    tax_amount: Number = ZERO
    cost_center: Code = ""
    allocations: tuple[Allocation, ...] = Field(default=(), max_length=200)
    work_order: Code = ""
    service_date: Day | None = None


class Charge(Record):
    """A charge on the header: freight or another one, before tax; `purchase_order` where it is not the header's."""

    kind: Literal["freight", "other"]
    purchase_order: Code = ""
    description: Text = ""
    amount: Number
    tax_rates: tuple[Number, ...] = Field(default=(), max_length=20)
    tax_amount: Number = ZERO


class InvoiceTerms(Record):
    """Payment terms as printed on the invoice."""

    code: Code = ""
    net_days: Days | None = None
    discount_percent: NotNegative | None = None
    discount_days: Days | None = None
    discount_date: Day | None = None


class Job(Record):
    """A work order the invoice is for, with who signed it off for the buyer ("" if nobody did)."""

    number: Named
    completed_on: Day | None = None
    signed_by: Code = ""


class Attachment(Record):
    """A file sent along; `kind` such as sign_off, photo, timesheet, invoice_pdf."""

    kind: Code = ""
    name: Code = ""
    mimetype: Code = ""
    size: int = Field(default=0, ge=0)


class Invoice(Record):
    """What AP gets to see. `total` includes tax; `due` is what is asked for now, None if it is the total."""

    supplier: Named
    number: Named
    kind: Literal["invoice", "credit"] = "invoice"
    issue_date: Day
    due_date: Day | None = None
    currency: Currency
    purchase_order: Code = ""
    contract: Code = ""
    cost_center: Code = ""
    remit_to: Code = ""
    ship_to: Code = ""
    buyer_reference: Code = ""
    terms: InvoiceTerms | None = None
    service_start: Day | None = None
    service_end: Day | None = None
    work_orders: tuple[Job, ...] = Field(default=(), max_length=1000)
    lines: tuple[InvoiceLine, ...] = Field(min_length=1, max_length=5000)
    charges: tuple[Charge, ...] = Field(default=(), max_length=100)
    untaxed: Number
    tax: Number = ZERO
    total: Number
    prepaid: Number = ZERO
    retention: Number = ZERO
    due: Number | None = None
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=1000)
    original: Code = ""

    @model_validator(mode="after")
    def _lines_once(self) -> Self:
        if len({line.number for line in self.lines}) < len(self.lines):
            raise ValueError("each line number once in lines")
        return self

    def items(self) -> list[InvoiceLine]:
        """The lines for goods and services."""
        return [line for line in self.lines if line.kind == "item"]

    def freight(self) -> Decimal:
        """All freight on it, wherever it stands."""
        on_lines = sum((line.amount for line in self.lines if line.kind == "freight"), ZERO)
        return on_lines + sum((charge.amount for charge in self.charges if charge.kind == "freight"), ZERO)
