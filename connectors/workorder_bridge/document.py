"""The invoice document, version 1: what Odoo froze when the invoice was posted (contract: docs/design.md).

Amounts are `Decimal` in the document's currency and come from strings only, so no float ever touches money.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationError

from workorder_bridge.document_parts import (
    Attachment,
    Buyer,
    CodedRecord,
    CreditedInvoice,
    Day,
    Exchange,
    Frozen,
    Line,
    Origin,
    Place,
    ProductLine,
    SalesOrder,
    Seller,
    Tax,
    Terms,
    Totals,
    WorkOrder,
)
from workorder_bridge.errors import DocumentInvalid

VERSION = 1
_HALF_CENT = Decimal("0.005")


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
