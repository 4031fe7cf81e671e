"""One batch on its way into one QuickBooks company: ask if it may be there, address, write, ask about what stays in
doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workorder_bridge.destinations.quickbooks.batch import create_batch
from workorder_bridge.destinations.quickbooks.books import Books
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.customers import display_name, make_customers
from workorder_bridge.destinations.quickbooks.drafting import draft_all, explained
from workorder_bridge.destinations.quickbooks.invoice_body import Draft
from workorder_bridge.destinations.quickbooks.merges import follow_invoice, remember_witnesses
from workorder_bridge.destinations.quickbooks.recovery import Findings, look_up, receipt_of
from workorder_bridge.destinations.quickbooks.wire import reference
from workorder_bridge.document_parts import Buyer
from workorder_bridge.errors import (
    BridgeError,
    DestinationError,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
)
from workorder_bridge.ports import Batch, Delivery, Mapped, NewCustomer, NewItem, Parcel
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry

INVOICE, CREDIT_MEMO = "Invoice", "CreditMemo"
NAMES = {INVOICE: "Invoice", CREDIT_MEMO: "Credit memo"}

ROUNDS = 3
"""How often one run writes the same rows under the same keys before it leaves them to the next."""

SETTLING_SECONDS = 2.0
"""How long to wait before asking about a lost answer: QuickBooks may still be at work on it."""


@dataclass
class Shipment:
    """Carries out `Destination.send` for the invoices, or for the credit notes, of one batch: `entity` says which."""

    client: CompanyClient
    books: Books
    batch: Batch
    retry: Retry
    entity: str = INVOICE
    answers: dict[int, Receipt | BridgeError] = field(default_factory=dict)
    disputes: dict[int, str] = field(default_factory=dict)
    customers: list[NewCustomer] = field(default_factory=list)
    items: list[NewItem] = field(default_factory=list)

    def deliver(self, parcels: Sequence[Parcel]) -> Delivery:
        """Book every parcel at most once. Raises only when asking about an earlier attempt fails."""
        asked = [parcel for parcel in parcels if self.batch.attempt > 1 or parcel.row.earlier_keys]
        if asked:
            self._adopt(self._look_up(asked))
            parcels = [parcel for parcel in parcels if parcel.row.id not in self.answers]
        self._write(self._addressed(self._drafts(parcels)))
        told = explained(self.books, self.batch, parcels, self.answers, self.retry)
        self.answers.update(told.refused)
        self.customers += told.customers
        if self.entity == INVOICE:
            remember_witnesses(self.books, self.answers)
        return Delivery(self.answers, self.customers, self.disputes, items=self.items)

    def _drafts(self, parcels: Sequence[Parcel]) -> list[Draft]:
        drafts = draft_all(self.books, self.batch, parcels, self.retry)
        self.answers.update(drafts.refused)
        self.items += drafts.items
        self.customers += drafts.customers
        return drafts.ready

    def _addressed(self, drafts: list[Draft]) -> list[tuple[Draft, dict[str, Any]]]:
        """Each draft with its customer; those whose customer cannot be made are answered and left out."""
        nameless = {draft.parcel.document.buyer.id: self._buyer(draft) for draft in drafts if not draft.customer_id}
        try:
            made = make_customers(self.client, list(nameless.values()), self.batch.request_id, self.retry)
        except DestinationError as error:
            self._answer_all(drafts, error)
            return []
        self.customers += made.made
        ready = []
        for draft in drafts:
            buyer_id = draft.parcel.document.buyer.id
            customer_id = draft.customer_id or made.id_of(buyer_id)
            if customer_id:
                ready.append((draft, draft.for_customer(customer_id)))
            else:
                self.answers[draft.parcel.row.id] = made.refused[buyer_id]
        return ready

    def _buyer(self, draft: Draft) -> tuple[Buyer, str]:
        document = draft.parcel.document
        return document.buyer, document.currency if self.books.facts.multicurrency else ""

    def _write(self, pending: list[tuple[Draft, dict[str, Any]]]) -> None:
        """Write, ask about what stays in doubt, write what is not there again - always under the same keys."""
        for _ in range(ROUNDS):
            doubtful = self._write_once(pending)
            if not doubtful:
                return
            pending = [(draft, body) for draft, body in pending if draft.parcel.row.id in doubtful]
            pending = self._settle_doubts(pending, doubtful)
        for draft, _body in pending:
            self.answers[draft.parcel.row.id] = doubtful[draft.parcel.row.id]

    def _write_once(self, pending: list[tuple[Draft, dict[str, Any]]]) -> dict[int, DestinationError]:
        """Returns the rows in doubt, each with the reason; the others are answered."""
        bodies = {draft.parcel.row.index: body for draft, body in pending}
        try:
            answered = create_batch(self.client, self.entity, bodies, self.batch.request_id, self.retry)
        except OutcomeUnknown as error:
            return {draft.parcel.row.id: error for draft, _ in pending}
        except DestinationError as error:
            if isinstance(error, Rejected) and error.maybe_sent:
                # Refused as a whole, but an earlier try of the same call may have arrived: worth asking about.
                return {draft.parcel.row.id: error for draft, _ in pending}
            self._answer_all([draft for draft, _ in pending], error)
            return {}
        doubtful: dict[int, DestinationError] = {}
        for draft, _ in pending:
            answer = answered[draft.parcel.row.index]
            if isinstance(answer, dict):
                self.answers[draft.parcel.row.id] = self._receipt(answer)
            elif isinstance(answer, OutcomeUnknown | NumberTaken):
                doubtful[draft.parcel.row.id] = answer
            else:
                self.answers[draft.parcel.row.id] = answer
        return doubtful

    def _settle_doubts(
        self, pending: list[tuple[Draft, dict[str, Any]]], doubtful: dict[int, DestinationError]
    ) -> list[tuple[Draft, dict[str, Any]]]:
        """Adopt what is there; returns what is not there and may be written again."""
        if any(isinstance(error, OutcomeUnknown) for error in doubtful.values()):
            self.retry.sleep(SETTLING_SECONDS)
        try:
            findings = self._look_up([draft.parcel for draft, _ in pending])
        except DestinationError as error:
            self._leave_in_doubt(pending, error)
            return []
        self._adopt(findings)
        again = []
        for draft, body in pending:
            row_id = draft.parcel.row.id
            if row_id in self.answers:
                continue
            if isinstance(doubtful[row_id], NumberTaken):
                self.answers[row_id] = self._held_by(doubtful[row_id], findings.strangers.get(row_id))
            else:
                again.append((draft, body))
        return again

    def _leave_in_doubt(self, pending: list[tuple[Draft, dict[str, Any]]], error: DestinationError) -> None:
        """We could not ask. Even who was refused for its number may be ours, so nothing here is definite."""
        error.maybe_sent = True
        self._answer_all([draft for draft, _ in pending], error)

    def _look_up(self, parcels: Sequence[Parcel]) -> Findings:
        """Raises `DestinationError`; a query that is refused leaves everything as unknown as it was."""
        try:
            return look_up(self.client, self.entity, parcels, self._has_our_customer, self._receipt, self.retry)
        except Rejected as error:
            raise OutcomeUnknown(error.message, hint=error.hint, reference=error.reference) from error

    def _adopt(self, findings: Findings) -> None:
        self.answers.update(findings.receipts)
        self.disputes.update(findings.disputes)

    def _has_our_customer(self, parcel: Parcel, invoice: dict[str, Any]) -> bool:
        """By id where the customer is known, else by the name it would have been made with."""
        buyer = parcel.document.buyer
        made = {str(new.partner_id): new.external_id for new in self.customers}
        mapped = self.batch.tables.customers.get(str(buyer.id))
        known = {mapped.id if mapped else "", made.get(str(buyer.id), "")} - {""}  # two after a merge
        now_under = reference(invoice, "CustomerRef")
        if known:
            return now_under in known or (mapped is not None and self._was_merged(parcel, mapped, now_under))
        name = str((invoice.get("CustomerRef") or {}).get("name") or "")
        return name.casefold() == display_name(buyer).casefold()

    def _was_merged(self, parcel: Parcel, mapped: Mapped, now_under: str) -> bool:
        """The customer was merged into another one between two attempts; Odoo is told."""
        went = follow_invoice(self.books, parcel.document.buyer.id, mapped, now_under, self.retry)
        if went is not None:
            self.customers.append(went)
        return went is not None

    def _receipt(self, invoice: dict[str, Any]) -> Receipt:
        url = self.client.access.place.form_url(self.entity, str(invoice["Id"]))
        trace = str(invoice.get("trace") or self.client.trace_number)
        return receipt_of(invoice, self.books.facts.home_currency, url, trace)

    def _answer_all(self, drafts: Sequence[Draft], error: DestinationError) -> None:
        self.answers.update({draft.parcel.row.id: error for draft in drafts})

    def _held_by(self, error: DestinationError, stranger: str | None) -> Rejected:
        holder = f" {NAMES[self.entity]} {stranger} has it." if stranger else ""
        return Rejected(f"{error.message}{holder}", hint=error.hint, reference=error.reference)
