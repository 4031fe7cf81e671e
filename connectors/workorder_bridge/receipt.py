"""What the destination now holds, and the proof that it equals the document to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import ReceiptMismatch


@dataclass(frozen=True)
class Receipt:
    """One invoice as the destination reports it: amounts in `currency`, `version` is its edit counter as text."""

    external_id: str
    number: str
    version: str
    currency: str
    total: Decimal
    tax: Decimal
    customer_id: str = ""
    url: str = ""
    reference: str = ""


def verify(document: InvoiceDocument, receipt: Receipt) -> None:
    """Compare number, currency, total and total tax; raises `ReceiptMismatch` naming both values of each difference."""
    differences = [
        *_text_difference("invoice number", document.number, receipt.number),
        *_text_difference("currency", document.currency, receipt.currency),
        *_amount_difference("total", document.totals.total, receipt.total),
        *_amount_difference("total tax", document.totals.tax, receipt.tax),
    ]
    if differences:
        raise ReceiptMismatch(differences, reference=receipt.reference)


def verify_void(document: InvoiceDocument, receipt: Receipt) -> None:
    """After a void the invoice keeps its number and has no total; raises `ReceiptMismatch` where it still has one.

    One that is gone altogether has neither.
    """
    differences = _amount_difference("total of the voided invoice", Decimal(0), receipt.total)
    if receipt.number:
        differences = [*_text_difference("invoice number", document.number, receipt.number), *differences]
    if differences:
        raise ReceiptMismatch(differences, reference=receipt.reference)


def _text_difference(what: str, ours: str, theirs: str) -> list[str]:
    return [] if ours == theirs else [f"The {what} is {ours} in Odoo but {theirs or 'empty'} at the destination."]


def _amount_difference(what: str, ours: Decimal, theirs: Decimal) -> list[str]:
    if ours == theirs:
        return []
    return [
        f"The {what} is {ours:.2f} in Odoo but {theirs:.2f} at the destination: a difference of {theirs - ours:.2f}."
    ]
