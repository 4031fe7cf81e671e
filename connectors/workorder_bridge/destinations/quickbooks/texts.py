"""The texts on a QuickBooks invoice, in fixed shapes that people read and the bridge finds again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workorder_bridge.document import InvoiceDocument
from workorder_bridge.document_parts import ProductLine

_MARKER_BEGINS = "[wb:"
_MARKER = re.compile(r"\[wb:([0-9a-zA-Z-]+)\]")


def marker_of(key: str) -> str:
    """What makes an invoice ours: the row's key, in the private note."""
    return f"{_MARKER_BEGINS}{key}]"


def is_ours(note: str) -> bool:
    """Whether a private note carries a mark of ours."""
    return _MARKER_BEGINS in note


def key_in(note: str) -> str:
    """The row's key in an invoice's private note, "" if it carries no mark of ours; of several marks, the last."""
    found = _MARKER.findall(note)
    return found[-1] if found else ""


def private_note(document: InvoiceDocument, key: str, limit: int) -> str:
    """Work orders and PO for the accountant, ending in the marker; never longer than `limit`."""
    marker = marker_of(key)
    orders = _fitting("Work orders: ", document.work_order_numbers, limit // 2)
    bought = _fitting("PO: ", purchase_orders(document), limit // 4)
    credited = f"Credits {document.original.number}" if document.original else ""
    return " | ".join([*filter(None, [credited, orders, bought]), f"Odoo {document.number} {marker}"])


def customer_memo(document: InvoiceDocument, limit: int) -> str:
    """What the buyer reads at the foot of the invoice; never longer than `limit`."""
    parts = [
        _credited(document, limit // 4),
        _fitting("PO ", purchase_orders(document), limit // 4),
        _fitting("Work order ", document.work_order_numbers, limit // 4),
        _service_period(document),
        _discount_offer(document),
    ]
    return " | ".join(filter(None, parts))


def line_description(line: ProductLine, *, priced: bool) -> str:
    """The line's own text, then `[work order | PO and line | item code | cost centre]`.

    With `priced` False the price goes into the text, because the line carries an amount only.
    """
    details = [
        line.work_order,
        " line ".join(filter(None, [f"PO {line.buyer_po}" if line.buyer_po else "", line.buyer_po_line])),
        f"item {line.buyer_item_code}" if line.buyer_item_code else "",
        f"cost centre {line.cost_center.code or line.cost_center.name}" if line.cost_center else "",
    ]
    known = " | ".join(filter(None, details))
    return "\n".join(filter(None, [line.description, "" if priced else _price(line), f"[{known}]" if known else ""]))


def purchase_orders(document: InvoiceDocument) -> list[str]:
    """Every buyer PO the invoice touches, each once, in order."""
    named = [document.buyer_po, *(line.buyer_po for line in document.product_lines)]
    return list(dict.fromkeys(filter(None, named)))


def in_custom_field(values: Iterable[str], limit: int) -> str:
    """As many of the values as a short field holds; "" when not even the first fits."""
    values = list(values)
    text = _fitting("", values, limit)
    return text if len(text) <= limit and values else ""


def _fitting(label: str, values: Iterable[str], limit: int) -> str:
    """`label` and the values in a row; those that do not fit are counted, not cut in the middle."""
    values = list(values)
    if not values:
        return ""
    for shown in range(len(values), 0, -1):
        rest = len(values) - shown
        text = label + ", ".join(values[:shown]) + (f" and {rest} more" if rest else "")
        if len(text) <= limit or shown == 1:
            return text
    return ""


def _service_period(document: InvoiceDocument) -> str:
    start, end = document.service_start, document.service_end
    if start is None or end is None:
        return ""
    return f"Service {start}" if start == end else f"Service {start} to {end}"


def _discount_offer(document: InvoiceDocument) -> str:
    """QuickBooks stores an early discount and never applies it (fact sheet §8), so the buyer is told in words."""
    terms = None if document.is_credit else document.terms
    if terms is None or not terms.discount_amount or terms.discount_date is None:
        return ""
    return f"{terms.name}: deduct {terms.discount_amount} {document.currency} if paid by {terms.discount_date}"


def _credited(document: InvoiceDocument, limit: int) -> str:
    """What a credit takes back, and why; the reason is cut where it would not fit."""
    if document.original is None:
        return ""
    return ": ".join(filter(None, [f"Credit for invoice {document.original.number}", document.original.reason]))[:limit]


def _price(line: ProductLine) -> str:
    text = f"{line.quantity} {line.unit} at {line.unit_price}".replace("  ", " ")
    return f"{text} less {line.discount_percent}%" if line.discount_percent else text
