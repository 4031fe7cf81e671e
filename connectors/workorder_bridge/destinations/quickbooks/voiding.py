"""Invoices cancelled in Odoo, voided in QuickBooks: read, judge, void what nobody has touched, read what is in doubt.

A void keeps the invoice and its number and takes its amounts away (fact sheet §7, V). Whatever a person did to the
invoice meanwhile wins: it is then told, never overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.batch import REQUEST_ID_LENGTH, void_batch
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.company import CompanyFacts
from workorder_bridge.destinations.quickbooks.reading import Record, is_voided, read_by_id
from workorder_bridge.destinations.quickbooks.recovery import receipt_of
from workorder_bridge.destinations.quickbooks.shipment import INVOICE, ROUNDS, SETTLING_SECONDS
from workorder_bridge.destinations.quickbooks.texts import marker_of
from workorder_bridge.destinations.quickbooks.wire import amount
from workorder_bridge.errors import (
    BridgeError,
    DestinationError,
    DocumentInvalid,
    OutcomeUnknown,
    Rejected,
    StaleEdit,
    TryLater,
)
from workorder_bridge.ports import Batch, Delivery, Original, Parcel
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry

_BY_HAND = "Void it there by hand if it is meant to go, then press Ask again in Odoo."


@dataclass
class Voiding:
    """Carries out `Destination.send` for the voids of one batch."""

    client: CompanyClient
    company: CompanyFacts
    batch: Batch
    retry: Retry
    answers: dict[int, Receipt | BridgeError] = field(default_factory=dict)
    disputes: dict[int, str] = field(default_factory=dict)
    remarks: dict[int, str] = field(default_factory=dict)
    refused: dict[int, Rejected] = field(default_factory=dict)

    def deliver(self, parcels: Sequence[Parcel]) -> Delivery:
        """Void each invoice at most once; nothing is raised, since every row may have been voided before.

        A fault that is definite and says “changed since” is judged anew, under a request id of its own.
        """
        pending = list(parcels)
        doubt: dict[int, DestinationError] = {}
        try:
            for turn in range(ROUNDS):
                if any(isinstance(error, OutcomeUnknown | TryLater) for error in doubt.values()):
                    self.retry.sleep(SETTLING_SECONDS)
                doubt = self._void_once(pending, turn)
                pending = [parcel for parcel in pending if parcel.row.id in doubt]
                if not pending:
                    break
        except DestinationError as error:
            error.maybe_sent = True
            doubt = {parcel.row.id: error for parcel in pending if parcel.row.id not in self.answers}
        self.answers.update(doubt)
        return Delivery(self.answers, disputes=self.disputes, remarks=self.remarks)

    def _void_once(self, pending: Sequence[Parcel], turn: int) -> dict[int, DestinationError]:
        """Read and judge, then void what may be; returns what has to be read again, each with the reason."""
        ids = [parcel.row.original.external_id for parcel in pending if parcel.row.original]
        found = read_by_id(self.client, INVOICE, ids, self.retry)
        bodies: dict[str, dict[str, Any]] = {}
        for parcel in pending:
            original = parcel.row.original
            if original is None:
                self.answers[parcel.row.id] = DocumentInvalid(["Odoo does not know which invoice is to be voided."])
            elif self._is_done(parcel, original, found.get(original.external_id)):
                continue
            else:
                invoice = found[original.external_id]
                bodies[parcel.row.index] = {"Id": str(invoice["Id"]), "SyncToken": str(invoice.get("SyncToken") or "0")}
        return self._write([parcel for parcel in pending if parcel.row.index in bodies], bodies, turn)

    def _is_done(self, parcel: Parcel, original: Original, invoice: Record | None) -> bool:
        """Whether the row is answered without a void: gone already, or not ours to void any more."""
        row_id = parcel.row.id
        if invoice is None:
            self.answers[row_id] = self._gone(original)
            self.remarks[row_id] = f"Invoice {original.number} was deleted in QuickBooks before it could be voided."
            return True
        if is_voided(invoice):
            self.answers[row_id] = self._receipt(invoice)
            self.remarks[row_id] = f"Invoice {original.number} is voided in QuickBooks."
            return True
        if dispute := _changed(parcel, original, invoice):
            self.answers[row_id] = self._receipt(invoice)
            self.disputes[row_id] = f"{dispute} {_BY_HAND}"
            return True
        if refusal := self.refused.get(row_id):
            self.answers[row_id] = refusal
            return True
        return False

    def _write(
        self, pending: Sequence[Parcel], bodies: dict[str, dict[str, Any]], turn: int
    ) -> dict[int, DestinationError]:
        try:
            answers = void_batch(self.client, INVOICE, bodies, self._request_id(turn), self.retry)
        except OutcomeUnknown as error:
            return {parcel.row.id: error for parcel in pending}
        doubt: dict[int, DestinationError] = {}
        for parcel in pending:
            answer = answers[parcel.row.index]
            if isinstance(answer, dict):
                self.answers[parcel.row.id] = self._receipt(answer)
                self.remarks[parcel.row.id] = f"Invoice {parcel.document.number} was voided in QuickBooks."
            else:
                doubt[parcel.row.id] = answer
                if isinstance(answer, Rejected) and not isinstance(answer, StaleEdit):
                    self.refused[parcel.row.id] = answer  # it stands unless the invoice turns out to be gone
        return doubt

    def _request_id(self, turn: int) -> str:
        """The claim's own first. Later turns say something else - another SyncToken - so they have their own, each the
        same for the same claim and turn; what an earlier turn did, its read has shown.
        """
        if turn == 0:
            return self.batch.request_id
        text = f"voiding:{self.batch.request_id}:{turn}"
        return hashlib.sha256(text.encode()).hexdigest()[:REQUEST_ID_LENGTH]

    def _receipt(self, invoice: Record) -> Receipt:
        url = self.client.access.place.form_url(INVOICE, str(invoice["Id"]))
        trace = str(invoice.get("trace") or self.client.trace_number)
        return receipt_of(invoice, self.company.home_currency, url, trace)

    def _gone(self, original: Original) -> Receipt:
        return Receipt(original.external_id, "", original.version, self.company.home_currency, Decimal(0), Decimal(0))


def _changed(parcel: Parcel, original: Original, invoice: Record) -> str:
    """What a person did to the invoice that a void would undo, as a sentence; "" when nothing that counts.

    The edit counter alone proves nothing: it also moves when the invoice is e-mailed or printed (M). So the content
    decides, and the counter read now goes with the void, which QuickBooks refuses if it moves in between (5010, V).
    """
    document, number = parcel.document, original.number
    if marker_of(original.key) not in str(invoice.get("PrivateNote") or ""):
        return f"Invoice {number} in QuickBooks does not carry our mark any more, so it was left as it is."
    if str(invoice.get("DocNumber") or "") != document.number:
        return f"Invoice {number} has the number {invoice.get('DocNumber')} in QuickBooks now, so it was left as it is."
    total, balance = amount(invoice.get("TotalAmt")), amount(invoice.get("Balance"))
    if total != document.totals.total:
        sent = document.totals.total
        return f"Invoice {number} has a total of {total:.2f} in QuickBooks, {sent} was sent; it was left as it is."
    if balance != total:
        return (
            f"{total - balance:.2f} was paid or credited on invoice {number} in QuickBooks, so it was not voided. "
            "Take that off it first."
        )
    return ""
