"""Rows of the source in memory as a tie-out sees them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workorder_bridge.document import parse_document
from workorder_bridge.ledgers import Posted
from workorder_bridge.news import Payment
from workorder_bridge.ports import Row


def posted_of(row: Row, state: str, external_id: str, message: str, payments: Sequence[Payment]) -> Posted:
    """The invoice or credit note of a row."""
    document = parse_document(row.document, row.sha256)
    totals, paid = document.totals, sum((payment.amount for payment in payments), Decimal(0))
    sign = -1 if document.is_credit else 1
    return Posted.model_validate(
        {
            "id": row.id,
            "kind": document.kind,
            "number": document.number,
            "date": document.issue_date.isoformat(),
            "customer": document.buyer.name,
            "currency": document.currency,
            "total": f"{sign * totals.total:.2f}",
            "tax": f"{sign * totals.tax:.2f}",
            "balance": f"{sign * totals.total - paid:.2f}",
            "posted": True,
            "work_orders": document.work_order_numbers,
            "purchase_orders": [document.buyer_po] if document.buyer_po else [],
            "keys": [row.key],
            "transmission": state,
            "external_id": external_id,
            "message": message,
            "payments": [payment.external_id for payment in payments],
        }
    )


def place(posted: Posted) -> tuple[str, int]:
    """Where it stands in a period."""
    return posted.date.isoformat(), posted.id


def place_of(after: str) -> tuple[str, int]:
    """The same, as a page said it in `next`."""
    day, _, number = after.partition("/")
    return day, int(number)
