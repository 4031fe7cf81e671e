"""What an invoice document is made of: its records, lines and amounts, strict and immutable."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _decimal_from_text(value: object) -> Decimal:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError(f'must be a number written as text, such as "12.50", not {json.dumps(value, default=str)}')
    return Decimal(value)


def _date_from_text(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError('must be a date written as text, such as "2026-11-22"')
    return date.fromisoformat(value)


Amount = Annotated[Decimal, BeforeValidator(_decimal_from_text)]


Day = Annotated[date, BeforeValidator(_date_from_text)]


class Frozen(BaseModel):
    """Immutable and strict; keys of later additions within a version are ignored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Origin(Frozen):
    """Which Odoo database, company and invoice the document was made from."""

    database_uuid: str
    company_id: int
    invoice_id: int


class Seller(Frozen):
    """The company that bills, and the account to pay to."""

    name: str
    bank_account: str = ""


class Buyer(Frozen):
    """Who is billed; `id` is the Odoo partner."""

    id: int
    name: str
    email: str
    phone: str
    street: str
    street2: str
    city: str
    state: str
    zip: str
    country: str
    reference: str = ""


class Place(Frozen):
    """Where the work was done, if all of it was in one place; else where Odoo delivers to."""

    id: int
    name: str
    street: str
    street2: str
    city: str
    state: str
    zip: str
    country: str


class SalesOrder(Frozen):
    """An order of ours behind the invoice; its number is never the buyer's PO."""

    id: int
    number: str


class CodedRecord(Frozen):
    """An Odoo record with a code: a product or a cost centre."""

    id: int
    code: str
    name: str


class Product(CodedRecord):
    """What a line sells; `kind` is "" in documents from before it was told."""

    kind: Literal["", "service", "goods"] = ""


class Exchange(Frozen):
    """How the seller's books count the invoice's currency: so many units of `home` for one of it."""

    home: str
    rate: Amount


class NamedRecord(Frozen):
    """A tax on a line; `rate` in percent, None where it is no percentage."""

    id: int
    name: str
    rate: Amount | None = None


class WorkOrder(Frozen):
    """One ticket the invoice bills."""

    id: int
    number: str
    buyer_po: str
    site: str
    completed_on: Day | None
    closed: bool = True
    signed: bool = False
    not_to_exceed: Amount | None = None


class Terms(Frozen):
    """Payment terms, with the early-payment discount if there is one."""

    id: int
    name: str
    discount_percent: Amount | None
    discount_date: Day | None
    discount_amount: Amount | None
    net_days: int | None = None
    discount_days: int | None = None


class Authority(Frozen):
    """What authorised a line: a closed task, an approved change, the sales order, or a person's approval.

    "open" and "pending" only stand on the preview of a ticket, never on an invoice.
    """

    kind: Literal["task", "change", "order", "approval", "open", "pending"]
    by: str
    on: Day | None
    change: str


class ProductLine(Frozen):
    """A billed line. `subtotal` is before tax and after `discount_percent`."""

    id: int
    kind: Literal["product"]
    description: str
    work_order: str
    task: str
    product: Product | None
    quantity: Amount
    unit: str
    unit_price: Amount
    discount_percent: Amount
    subtotal: Amount
    taxes: tuple[NamedRecord, ...] = Field(strict=False)
    tax_amount: Amount
    buyer_po: str
    buyer_po_line: str
    buyer_item_code: str
    cost_center: CodedRecord | None
    service_date: Day | None
    charge: Literal["", "freight", "retention", "deposit", "other"] = ""
    site: str = ""
    sales_order: str = ""
    authority: Authority | None = None


class TextLine(Frozen):
    """A heading or a note between the billed lines."""

    id: int
    kind: Literal["section", "note"]
    description: str


class Tax(Frozen):
    """One tax over the whole invoice."""

    id: int
    name: str
    base: Amount
    amount: Amount
    rate: Amount | None = None


class Totals(Frozen):
    """What the buyer owes; `retention` and `prepaid` are in the lines already, as negative amounts."""

    untaxed: Amount
    tax: Amount
    total: Amount
    retention: Amount = Decimal(0)
    prepaid: Amount = Decimal(0)


class Attachment(Frozen):
    """A file that proves the work or goes with the invoice; its content stays in Odoo."""

    id: int
    kind: str
    name: str
    mimetype: str
    size: int


Line = Annotated[ProductLine | TextLine, Field(discriminator="kind")]


class CreditedInvoice(Frozen):
    """The invoice a credit note takes back, and why."""

    id: int
    number: str
    issue_date: Day | None
    reason: str = ""
