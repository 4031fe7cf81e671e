"""From parcels to invoices ready to send: mapping rows judged by the company's lists, missing items made first.

The lists may be an hour old. They never refuse anything before they were read anew, so a person who put something right
in QuickBooks is believed at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workorder_bridge.destinations.quickbooks.books import Books
from workorder_bridge.destinations.quickbooks.invoice_body import Draft, draft_invoice
from workorder_bridge.destinations.quickbooks.items import income_account, make_items
from workorder_bridge.destinations.quickbooks.lists import ITEM
from workorder_bridge.destinations.quickbooks.merges import follow_merged
from workorder_bridge.destinations.quickbooks.usable import PENDING
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.document_parts import Product
from workorder_bridge.errors import BridgeError, DestinationError, DocumentInvalid, MappingIncomplete, Rejected
from workorder_bridge.log import record
from workorder_bridge.ports import Batch, Mapped, NewCustomer, NewItem, Parcel, Tables
from workorder_bridge.retry import Retry


@dataclass
class Drafts:
    """Invoices that can be sent, why others cannot (by row id), and what was made for them."""

    ready: list[Draft] = field(default_factory=list)
    refused: dict[int, BridgeError] = field(default_factory=dict)
    items: list[NewItem] = field(default_factory=list)
    customers: list[NewCustomer] = field(default_factory=list)


def draft_all(books: Books, batch: Batch, parcels: Sequence[Parcel], retry: Retry) -> Drafts:
    """Draft every parcel. Writes only missing items, and only where the destination lets it. Raises nothing."""
    creates = batch.destination.create_missing_items
    tables = _with_pending_items(batch.tables, parcels) if creates else batch.tables
    drafts = _draft_each(books, batch, parcels, tables)
    try:
        if drafts.refused and books.renew():
            drafts = _draft_each(books, batch, parcels, tables)
        if drafts.refused and (followed := follow_merged(books, tables.customers, retry)):
            tables = _with_customers(tables, followed)
            batch = batch.model_copy(update={"tables": _with_customers(batch.tables, followed)})
            drafts = _draft_each(books, batch, parcels, tables)
            drafts.customers = followed
        if creates:
            return _with_items(books, batch, drafts, retry)
    except DestinationError as error:
        drafts.refused.update({draft.parcel.row.id: error for draft in drafts.ready})
        drafts.ready = []
    return drafts


def explained(
    books: Books, batch: Batch, parcels: Sequence[Parcel], answers: Mapping[int, object], retry: Retry
) -> Drafts:
    """For invoices QuickBooks refused: which mapping row is to blame, where the lists, read anew, tell.

    A customer that was merged away is told, so that the invoice goes out the next time. Raises nothing: an explanation
    that cannot be had changes no answer.
    """
    told = Drafts()
    refused = [parcel for parcel in parcels if type(answers.get(parcel.row.id)) is Rejected]
    try:
        if not refused or not books.renew():
            return told
        found = _draft_each(books, batch, refused, _with_pending_items(batch.tables, refused)).refused
        told.refused = {row_id: error for row_id, error in found.items() if isinstance(error, MappingIncomplete)}
        if told.refused:
            told.customers = follow_merged(books, batch.tables.customers, retry)
    except DestinationError as error:
        record("not explained", message=error.message)
    return told


def _draft_each(books: Books, batch: Batch, parcels: Sequence[Parcel], tables: Tables) -> Drafts:
    drafts = Drafts()
    for parcel in parcels:
        try:
            draft = draft_invoice(
                parcel,
                tables,
                books.facts,
                may_create_customer=batch.destination.create_missing_customers,
                lists=books.lists,
                untaxed_code=batch.destination.untaxed_tax_code,
            )
        except (MappingIncomplete, DocumentInvalid) as error:
            drafts.refused[parcel.row.id] = error
        else:
            drafts.ready.append(draft)
    return drafts


def _with_items(books: Books, batch: Batch, drafts: Drafts, retry: Retry) -> Drafts:
    """Make the items that drafts wait for - of invoices that can be sent otherwise only - and draft these anew."""
    missing = {
        product.id: product
        for draft in drafts.ready
        for product in _products(draft.parcel.document)
        if str(product.id) not in batch.tables.items
    }
    if not missing:
        return drafts
    waiting = [draft.parcel for draft in drafts.ready if missing.keys() & _ids(draft.parcel.document)]
    ready = [draft for draft in drafts.ready if not missing.keys() & _ids(draft.parcel.document)]
    refused = dict(drafts.refused)
    try:
        account = _account(books, batch.destination.income_account)
        items = make_items(books.client, list(missing.values()), account, batch.request_id, retry)
    except DestinationError as error:
        refused.update({parcel.row.id: error for parcel in waiting})
        return Drafts(ready, refused, customers=drafts.customers)
    for made_there in items.records:
        books.lists.put(ITEM, made_there)
    books.keep()
    made = {str(new.product_id): Mapped(id=new.external_id, name=new.external_name) for new in items.made}
    tables = batch.tables.model_copy(update={"items": {**batch.tables.items, **made}})
    failed = {parcel.row.id: _refusal(items.refused, parcel.document) for parcel in waiting}
    refused.update({row_id: error for row_id, error in failed.items() if error is not None})
    again = _draft_each(books, batch, [one for one in waiting if failed[one.row.id] is None], tables)
    order = {parcel.row.id: place for place, parcel in enumerate([d.parcel for d in drafts.ready])}
    both = sorted([*ready, *again.ready], key=lambda draft: order[draft.parcel.row.id])
    return Drafts(both, refused | again.refused, items.made, drafts.customers)


def _account(books: Books, wanted: str) -> str:
    """Raises `DestinationError`, but for something in the lists only after reading them anew."""
    try:
        return income_account(books.lists, wanted)
    except DestinationError:
        if not books.renew():
            raise
    return income_account(books.lists, wanted)


def _with_pending_items(tables: Tables, parcels: Sequence[Parcel]) -> Tables:
    """The tables as if every missing item had been made."""
    pending = {
        str(product.id): Mapped(id=PENDING, name=product.name)
        for parcel in parcels
        for product in _products(parcel.document)
    }
    return tables.model_copy(update={"items": {**pending, **tables.items}})


def _with_customers(tables: Tables, followed: Sequence[NewCustomer]) -> Tables:
    moved = {str(new.partner_id): Mapped(id=new.external_id, name=new.external_name) for new in followed}
    return tables.model_copy(update={"customers": {**tables.customers, **moved}})


def _products(document: InvoiceDocument) -> list[Product]:
    return [line.product for line in document.product_lines if line.product is not None]


def _ids(document: InvoiceDocument) -> set[int]:
    return {product.id for product in _products(document)}


def _refusal(refused: dict[int, DestinationError], document: InvoiceDocument) -> DestinationError | None:
    """Why this invoice's items could not all be made; the first reason of several kinds decides what happens to it."""
    return next((refused[product_id] for product_id in sorted(_ids(document)) if product_id in refused), None)
