"""A destination in memory, for tests and trials; the contract suite holds it to what QuickBooks does.

`lose_answers` makes the next so many sends book everything and then fail as a lost answer does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import (
    BridgeError,
    MappingIncomplete,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
    TryLater,
    WrongCompany,
)
from workorder_bridge.evidence import EvidenceFile
from workorder_bridge.mapping import Translation
from workorder_bridge.news import News, Payment, Seen, SeenInvoice, Tell
from workorder_bridge.ports import Batch, Delivery, DestinationInfo, NewCustomer, Parcel, Tables
from workorder_bridge.receipt import Receipt

KIND = "memory"


@dataclass(frozen=True)
class BookedInvoice:
    """An invoice as this destination holds it; `key` is "" for one that somebody entered by hand."""

    receipt: Receipt
    key: str = ""


@dataclass
class MemoryDestination:
    """The `Destination` port over dicts."""

    realm: str
    clock: Callable[[], datetime]
    booked: list[BookedInvoice] = field(default_factory=list)
    answered: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    payments: list[tuple[datetime, Payment]] = field(default_factory=list)
    edits: list[tuple[datetime, SeenInvoice]] = field(default_factory=list)
    attached: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    busy: int = 0
    lose_answers: int = 0
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def send(self, batch: Batch, parcels: Sequence[Parcel]) -> Delivery:
        """See `Destination.send`."""
        self._refuse(batch.destination)
        answers: dict[int, Receipt | BridgeError] = {}
        made: list[NewCustomer] = []
        for parcel in parcels:
            book = self._void if parcel.row.kind == "void" else self._book
            answers[parcel.row.id] = book(batch, parcel, made)
        if self.lose_answers:
            self.lose_answers -= 1
            raise OutcomeUnknown("The answer was lost.")
        return Delivery(answers, made)

    def news_since(self, info: DestinationInfo, since: datetime | None, tell: Tell | None = None) -> News:  # noqa: ARG002  # all of it is in the answer
        """See `Destination.news_since`."""
        self._refuse(info)
        changed = [payment for moment, payment in self.payments if since is None or moment >= since]
        seen = tuple(invoice for moment, invoice in self.edits if since is None or moment >= since)
        return News(changed, (), self.clock(), Seen(invoices=seen))

    def attach(self, info: DestinationInfo, file: EvidenceFile, content: bytes) -> str:
        """See `Destination.attach`."""
        self._refuse(info)
        if all(booked.receipt.external_id != file.invoice_external_id for booked in self.booked):
            raise Rejected("There is no such invoice.")
        if file.key not in self.attached:
            self.attached[file.key] = (f"A{next(self._ids)}", content)
        if self.lose_answers:
            self.lose_answers -= 1
            raise OutcomeUnknown("The answer was lost.")
        return self.attached[file.key][0]

    def _refuse(self, info: DestinationInfo) -> None:
        if info.realm != self.realm:
            raise WrongCompany(f"This is company {self.realm}, not {info.realm}.")
        if self.busy:
            self.busy -= 1
            raise TryLater("Busy.", retry_after=1)

    def _book(self, batch: Batch, parcel: Parcel, made: list[NewCustomer]) -> Receipt | BridgeError:
        replayed = self.answered.get((batch.request_id, parcel.row.index)) or self._ours(parcel)
        if replayed:
            return replayed
        try:
            customer = self._customer(batch, parcel.document, made)
        except MappingIncomplete as gaps:
            return gaps
        if any(booked.receipt.number == parcel.document.number for booked in self.booked):
            return NumberTaken("The number is taken.")
        receipt = self._receipt(parcel.document, customer)
        self.booked.append(BookedInvoice(receipt, parcel.row.key))
        self.answered[batch.request_id, parcel.row.index] = receipt
        return receipt

    def _void(self, _batch: Batch, parcel: Parcel, _made: list[NewCustomer]) -> Receipt | BridgeError:
        """Nothing is left of the invoice but its number."""
        original = parcel.row.original
        for place, booked in enumerate(self.booked):
            if original is not None and booked.receipt.external_id == original.external_id:
                emptied = replace(booked.receipt, total=Decimal(0), tax=Decimal(0))
                self.booked[place] = replace(booked, receipt=emptied)
                return emptied
        return Rejected("There is no such invoice.")

    def _ours(self, parcel: Parcel) -> Receipt | None:
        return next((booked.receipt for booked in self.booked if booked.key == parcel.row.key), None)

    def _customer(self, batch: Batch, document: InvoiceDocument, made: list[NewCustomer]) -> str:
        create = batch.destination.create_missing_customers
        find = translation(batch.tables, document, need_customer=not create)
        find.refuse_gaps()
        buyer = document.buyer
        known = batch.tables.customers.get(str(buyer.id))
        if known:
            return known.id
        if buyer.name not in self.customers:
            self.customers[buyer.name] = f"C{next(self._ids)}"
        new = NewCustomer(buyer.id, self.customers[buyer.name], buyer.name)
        if new not in made:
            made.append(new)
        return new.external_id

    def _receipt(self, document: InvoiceDocument, customer: str) -> Receipt:
        return Receipt(
            external_id=str(next(self._ids)),
            number=document.number,
            version="0",
            currency=document.currency,
            total=document.totals.total,
            tax=document.totals.tax,
            customer_id=customer,
        )


def translation(tables: Tables, document: InvoiceDocument, *, need_customer: bool) -> Translation:
    """Everything any destination of this kind looks up for a document."""
    find = Translation(tables, document, KIND)
    if need_customer:
        find.find("customers", document.buyer.id, document.buyer.name)
    if document.terms:
        find.find("terms", document.terms.id, document.terms.name)
    for line in document.product_lines:
        if line.product:
            find.find("items", line.product.id, line.product.name)
        for tax in line.taxes:
            find.find("taxes", tax.id, tax.name)
        if line.cost_center:
            find.find("classes", line.cost_center.id, line.cost_center.name)
    return find
