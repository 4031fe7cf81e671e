"""What must be so when everybody has gone home: everything that is not, as sentences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workorder_bridge.ledgers import DocumentKind, Ledger, Period, Posted, PostedPage
from workorder_bridge.reconcile.line import CLEAN
from workorder_bridge.reconcile.run import Reconciliation
from workorder_bridge.sources.memory import MemorySource, StoredRow

from .company import Record
from .expectation import Expectation, Ticket
from .office import number_of
from .workers import CODE

BOOKS = Period(date(2026, 1, 1), date(2027, 12, 31))


@dataclass
class Verdict:
    """Compares the books, Odoo's rows and the tie-out with what people did. `reported` are numbers a person is told."""

    expected: Expectation
    source: MemorySource
    invoices: Sequence[Record]
    ledger: Ledger

    def violations(self) -> list[str]:
        alive = self._alive()
        rows = {number_of(stored): stored for stored in self.source.rows.values() if stored.state != "cancelled"}
        tie_out = dict(self._tie_out())
        found = list(self._about_strangers())
        for number, ticket in self.expected.tickets.items():
            found += self._about_copies(ticket, alive[number])
            found += self._about_row(ticket, rows[number])
            found += self._about_total(ticket, rows[number], alive[number], tie_out.get(number, ""))
        return [*found, *self._about_payments(rows), *self._about_reviews()]

    def _alive(self) -> Mapping[str, list[Record]]:
        alive: defaultdict[str, list[Record]] = defaultdict(list)
        for invoice in self.invoices:
            owner = self.expected.learn_owner(invoice["Id"], invoice.get("PrivateNote") or "")
            if owner and not (invoice.get("PrivateNote") or "").startswith("Voided"):
                alive[owner].append(invoice)
        return alive

    def _tie_out(self) -> Iterator[tuple[str, str]]:
        """By number, what the nightly tie-out tells a person, "" when both sides agree."""
        register = LatestRevisions(self.source, self.expected)
        for line in Reconciliation(register, self.ledger, CODE, BOOKS).lines():
            if line.state not in CLEAN:
                yield line.number, f"{line.state}: {' '.join(line.notes)}"

    def _about_strangers(self) -> Iterator[str]:
        for invoice in self.invoices:
            if invoice["Id"] not in self.expected.owners and invoice["Id"] not in self.expected.strangers:
                yield f"Nobody's invoice {invoice['Id']} ({invoice.get('DocNumber')}) is in the books."

    def _about_copies(self, ticket: Ticket, alive: Sequence[Record]) -> Iterator[str]:
        if len(alive) > 1 or not (alive or ticket.may_be_gone):
            yield f"{ticket.number} is {len(alive)} times in the books."

    def _about_row(self, ticket: Ticket, stored: StoredRow) -> Iterator[str]:
        said = stored.outcome.message if stored.outcome else ""
        excused = {"received": True, "disputed": bool(ticket.touched), "rejected": "note" in ticket.touched}
        if not excused.get(stored.state, False):
            yield f"{ticket.number} ended {stored.state} in Odoo: {said}"
        if stored.external_id and self.expected.owners.get(stored.external_id, ticket.number) != ticket.number:
            yield f"{ticket.number} is stored as somebody else's invoice {stored.external_id}."

    def _about_total(self, ticket: Ticket, stored: StoredRow, alive: Sequence[Record], told: str) -> Iterator[str]:
        differs = any(invoice["TotalAmt"] != ticket.total for invoice in alive) or not alive
        reported = bool(told) or stored.state in ("disputed", "rejected")
        if differs and not reported:
            yield f"{ticket.number} differs from {ticket.total} and nobody is told."
        if told and not ticket.touched and not self._has_touched_payment(stored):
            yield f"{ticket.number} was touched by nobody, and the tie-out says {told}"

    def _about_reviews(self) -> Iterator[str]:
        for invoice_id in self.expected.to_review - {external_id for external_id, _, _ in self.source.drift}:
            yield f"What was done to invoice {invoice_id} is not among the changes to review."

    def _has_touched_payment(self, stored: StoredRow) -> bool:
        return any(money.touched and stored.external_id in money.parts for money in self.expected.payments.values())

    def _about_payments(self, rows: Mapping[str, StoredRow]) -> Iterator[str]:
        known = {stored.external_id for stored in rows.values()}
        entered = {
            (payment_id, invoice_id): amount
            for payment_id, money in self.expected.payments.items()
            for invoice_id, amount in money.parts.items()
        }
        for identity, payment in self.source.payments.items():
            if entered.get(identity) != payment.amount:
                yield f"Payment {identity} of {payment.amount} is registered; entered was {entered.get(identity)}."
        for (payment_id, invoice_id), amount in entered.items():
            lasting = not self.expected.payments[payment_id].touched and invoice_id in known
            if lasting and (payment_id, invoice_id) not in self.source.payments:
                yield f"Payment {payment_id} of {amount} on invoice {invoice_id} is not registered."


def leaks(texts: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """The beginning of each secret that stands in what anybody can read."""
    whole = "\n".join(texts)
    return [f"The secret {secret[:6]}… was written." for secret in secrets if secret in whole]


class LatestRevisions:
    """Odoo's side of a tie-out: each invoice once, with the keys of all its rows."""

    def __init__(self, source: MemorySource, expected: Expectation) -> None:
        self._source = source
        self._expected = expected

    def posted_invoices(
        self, code: str, kind: DocumentKind, period: Period, after: str | None, limit: int
    ) -> PostedPage:
        page = self._source.posted_invoices(code, kind, period, after, limit)
        return PostedPage(invoices=tuple(self._latest(page.invoices)), next=page.next)

    def find_invoices(
        self, code: str, kind: DocumentKind, keys: Sequence[str], numbers: Sequence[str]
    ) -> tuple[Posted, ...]:
        return tuple(self._latest(self._source.find_invoices(code, kind, keys, numbers)))

    def _latest(self, found: Iterable[Posted]) -> Iterator[Posted]:
        for posted in found:
            if posted.transmission != "cancelled":
                yield posted.model_copy(update={"keys": tuple(self._expected.tickets[posted.number].keys)})
