"""One batch, by what its rows ask for: invoices and credit memos are booked, credits applied, voids carried out.

Odoo hands out rows of one kind together. Were they mixed, each kind would still go its own way, under the same stored
keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from workorder_bridge.destinations.quickbooks.applying import Applying, Credit
from workorder_bridge.destinations.quickbooks.books import Books
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.shipment import CREDIT_MEMO, INVOICE, Shipment
from workorder_bridge.destinations.quickbooks.voiding import Voiding
from workorder_bridge.errors import ReceiptMismatch
from workorder_bridge.ports import Batch, Delivery, Parcel
from workorder_bridge.receipt import Receipt, verify
from workorder_bridge.retry import Retry


def deliver(books: Books, batch: Batch, parcels: Sequence[Parcel], retry: Retry) -> Delivery:
    """See `Destination.send`."""
    client = books.client
    kinds = {kind: [parcel for parcel in parcels if parcel.row.kind == kind] for kind in ("invoice", "credit", "void")}
    parts = []
    if kinds["invoice"]:
        parts.append(Shipment(client, books, batch, retry, INVOICE).deliver(kinds["invoice"]))
    if kinds["credit"]:
        booked = Shipment(client, books, batch, retry, CREDIT_MEMO).deliver(kinds["credit"])
        parts.append(_applied(client, batch, kinds["credit"], booked, retry))
    if kinds["void"]:
        parts.append(Voiding(client, books.facts, batch, retry).deliver(kinds["void"]))
    return parts[0] if len(parts) == 1 else _together(parts)


def _applied(
    client: CompanyClient, batch: Batch, parcels: Sequence[Parcel], booked: Delivery, retry: Retry
) -> Delivery:
    """Credits that agree are set against their invoices; one in dispute waits for the person who looks at it."""
    applying = Applying(client, batch.request_id, retry)
    applying.apply([credit for parcel in parcels if (credit := _to_apply(parcel, booked))])
    answers = {**booked.answers, **applying.errors}
    return Delivery(answers, booked.customers, booked.disputes, applying.remarks, booked.items)


def _to_apply(parcel: Parcel, booked: Delivery) -> Credit | None:
    receipt, original = booked.answers.get(parcel.row.id), parcel.row.original
    if not isinstance(receipt, Receipt) or original is None or parcel.row.id in booked.disputes:
        return None
    try:
        verify(parcel.document, receipt)
    except ReceiptMismatch:
        return None
    return Credit(parcel, receipt, original)


def _together(parts: Sequence[Delivery]) -> Delivery:
    return Delivery(
        answers={row_id: answer for part in parts for row_id, answer in part.answers.items()},
        customers=[customer for part in parts for customer in part.customers],
        disputes={row_id: text for part in parts for row_id, text in part.disputes.items()},
        remarks={row_id: text for part in parts for row_id, text in part.remarks.items()},
        items=[item for part in parts for item in part.items],
    )
