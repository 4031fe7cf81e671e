"""The invoice document, version 1: what Odoo froze when the invoice was posted (contract: docs/design.md).

Amounts are `Decimal` in the document's currency and come from strings only, so no float ever touches money.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from workorder_bridge.errors import DocumentInvalid

VERSION = 1
_HALF_CENT = Decimal("0.005")
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


class InvoiceDocument(Frozen):
    """One posted invoice or credit note, complete: nothing else of Odoo is needed to book it elsewhere.

    A credit's amounts are positive; `original` is the invoice it credits.
    """

    version: Literal[1]
    kind: Literal["invoice", "credit"]
    number: str = Field(min_length=1)
    issue_date: Day
    due_date: Day
    currency: str = Field(min_length=3, max_length=3)
    odoo: Origin
    seller: Seller
    buyer: Buyer
    buyer_po: str
    cost_center: CodedRecord | None
    work_orders: tuple[WorkOrder, ...] = Field(strict=False)
    terms: Terms | None
    service_start: Day | None
    service_end: Day | None
    lines: tuple[Line, ...] = Field(strict=False)
    taxes: tuple[Tax, ...] = Field(strict=False)
    totals: Totals
    original: CreditedInvoice | None = None
    contract: str = ""
    ship_to: Place | None = None
    sales_orders: tuple[SalesOrder, ...] = Field(default=(), strict=False)
    attachments: tuple[Attachment, ...] = Field(default=(), strict=False)
    exchange: Exchange | None = None

    @property
    def is_credit(self) -> bool:
        """Whether it takes back what an invoice billed."""
        return self.kind == "credit"

    @cached_property
    def product_lines(self) -> tuple[ProductLine, ...]:
        """The billed lines, without headings and notes."""
        return tuple(line for line in self.lines if isinstance(line, ProductLine))

    @cached_property
    def rounding(self) -> Decimal:
        """What the untaxed total has more than the rounded lines.

        Odoo's global rounding adds unrounded lines and rounds once, so this may be up to half a cent a line (V: three
        lines of 118.125, 150.185 and 0.03 make 268.34, while their rounded amounts make 268.35).
        """
        return self.totals.untaxed - sum((line.subtotal for line in self.product_lines), Decimal(0))

    @cached_property
    def work_order_numbers(self) -> tuple[str, ...]:
        """The tickets' numbers, in the document's order."""
        return tuple(order.number for order in self.work_orders)


def parse_document(text: str, sha256: str) -> InvoiceDocument:
    """Read the frozen text; raises `DocumentInvalid` listing every reason it cannot be used."""
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise DocumentInvalid(
            ["The stored invoice document was changed after it was frozen."],
            hint="Reset the invoice to draft in Odoo and post it again, so that a new document is made.",
        )
    content = _json_object(text)
    _refuse_unknown_version(content)
    try:
        document = InvoiceDocument.model_validate(content)
    except ValidationError as error:
        raise DocumentInvalid(_sentences(error), hint="Report this: the Odoo addon and the bridge disagree.") from error
    _refuse_sums_that_differ(document)
    return document


def _json_object(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentInvalid([f"The invoice document is not JSON (line {error.lineno})."]) from error
    if not isinstance(content, dict):
        raise DocumentInvalid(["The invoice document is not a JSON object."])
    return content


def _refuse_unknown_version(content: dict[str, Any]) -> None:
    version = content.get("version")
    if version != VERSION or isinstance(version, bool):
        raise DocumentInvalid(
            [f"The invoice document has version {version!r}; this bridge understands version {VERSION}."],
            hint="Update the bridge to the release that matches the Odoo addon.",
        )


def _refuse_sums_that_differ(document: InvoiceDocument) -> None:
    """Odoo computes these; checking them here stops a damaged document before it becomes a wrong invoice."""
    totals, problems = document.totals, []
    if abs(document.rounding) > _HALF_CENT * (len(document.product_lines) + 1):
        lines = totals.untaxed - document.rounding
        problems.append(f"The lines add up to {lines}, but the untaxed total says {totals.untaxed}.")
    if totals.untaxed + totals.tax != totals.total:
        problems.append(f"{totals.untaxed} plus tax {totals.tax} is not the total {totals.total}.")
    if problems:
        raise DocumentInvalid(problems, hint="Reset the invoice to draft in Odoo, check it, and post it again.")


def _sentences(error: ValidationError) -> list[str]:
    found = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"] if part not in ("product", "section", "note"))
        what = problem["msg"].removeprefix("Value error, ")
        found.append(f"The invoice document's {where or 'content'}: {what[0].lower() + what[1:]}.")
    return found
