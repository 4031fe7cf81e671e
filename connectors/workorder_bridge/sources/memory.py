"""A ticket source in memory, for tests and trials; the contract suite holds it to what Odoo does."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import get_args

from workorder_bridge.errors import SourceError
from workorder_bridge.evidence import EvidenceFile, FileOutcome
from workorder_bridge.ledgers import DocumentKind, Period, Posted, PostedPage
from workorder_bridge.news import NOTHING_SEEN, Cursor, Payment, RefusedPayment, Registration, Seen
from workorder_bridge.ports import (
    Batch,
    Conflict,
    DestinationInfo,
    Kind,
    Mapped,
    NewCustomer,
    NewItem,
    Outcome,
    Row,
    Settlement,
    Tables,
)
from workorder_bridge.sources.memory_files import Files
from workorder_bridge.sources.memory_posted import place, place_of, posted_of
from workorder_bridge.sources.memory_rows import StoredRow, drift_of, payments_in
from workorder_bridge.standing import DestinationSummary, Trouble

KINDS = get_args(Kind)
_TROUBLE = ("blocked", "rejected", "disputed", "unknown")


@dataclass
class MemorySource:
    """The ports `TicketSource` and `Register` over a dict. `clock` tells the time that leases run by."""

    destination: DestinationInfo
    clock: Callable[[], datetime]
    tables: Tables = field(default_factory=Tables)
    rows: dict[int, StoredRow] = field(default_factory=dict)
    state: str = "active"
    pause_reason: str = ""
    cursor: datetime | None = None
    ends: datetime | None = None
    payments: dict[tuple[str, str], Payment] = field(default_factory=dict)
    drift: set[tuple[str, str, str]] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        document: str,
        kind: Kind = "invoice",
        about: StoredRow | None = None,
        replaces: StoredRow | None = None,
    ) -> StoredRow:
        """A posted invoice, or a credit or void about one: its frozen text becomes a ready row, or a new revision of
        the row it replaces.
        """
        number = len(self.rows) + 1
        revision = replaces.row.revision + 1 if replaces else 1
        digest = hashlib.sha256(document.encode()).hexdigest()
        row = Row(
            id=number,
            index="0",
            key=uuid.uuid4().hex,
            revision=revision,
            sha256=digest,
            document=document,
            kind=kind,
        )
        self.rows[number] = StoredRow(row, about=about, replaces=replaces)
        return self.rows[number]

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        """See `TicketSource.claim`."""
        self._called("claim", code)
        if self.state != "active":
            raise SourceError(f"Destination {code} is {self.state}: {self.pause_reason}")
        rows = self._expired() or self._newly_leased(limit)
        until = self.clock() + timedelta(seconds=lease_seconds)
        for stored in rows:
            stored.row = stored.row.model_copy(update={"earlier_keys": stored.earlier_keys})
            stored.leased_until, stored.attempt, stored.was_claimed = until, stored.attempt + 1, True
        return Batch(
            destination=self.destination,
            lease=rows[0].lease if rows else None,
            attempt=rows[0].attempt if rows else 1,
            rows=tuple(stored.row for stored in rows),
            tables=self.tables,
            remaining=sum(stored.is_claimable for stored in self.rows.values()),
        )

    def _expired(self) -> list[StoredRow]:
        now = self.clock()
        late = [r for r in self.rows.values() if r.state == "sending" and r.leased_until and r.leased_until <= now]
        return [stored for stored in late if stored.lease == late[0].lease]

    def _newly_leased(self, limit: int) -> list[StoredRow]:
        claimable = [stored for stored in self.rows.values() if stored.is_claimable]
        kind = min((stored.row.kind for stored in claimable), key=KINDS.index, default=None)
        ready = [stored for stored in claimable if stored.row.kind == kind][:limit]
        lease = str(uuid.uuid4())
        for index, stored in zip(itertools.count(1), ready, strict=False):
            stored.row = stored.row.model_copy(update={"index": str(index), "original": stored.original})
            stored.lease, stored.state, stored.attempt = lease, "sending", 0
        return ready

    def settle(
        self,
        code: str,
        lease: str,
        outcomes: Sequence[Outcome],
        customers: Sequence[NewCustomer] = (),
        pause: str | None = None,
        items: Sequence[NewItem] = (),
    ) -> Settlement:
        """See `TicketSource.settle`."""
        self._called("settle", code)
        for new in customers:
            known = self.tables.customers.get(str(new.partner_id))
            if not new.replaces or (known and known.id == new.replaces):
                self.tables.customers[str(new.partner_id)] = Mapped(id=new.external_id, name=new.external_name)
        for item in items:
            self.tables.items.setdefault(str(item.product_id), Mapped(id=item.external_id, name=item.external_name))
        if pause:
            self.state, self.pause_reason = "paused", pause
        results = [self._settle_one(lease, outcome) for outcome in outcomes]
        return Settlement(
            settled=tuple(id_ for id_, what in results if what == "settled"),
            unchanged=tuple(id_ for id_, what in results if what == "unchanged"),
            conflicts=tuple(
                Conflict(id=id_, message=what) for id_, what in results if what not in ("settled", "unchanged")
            ),
        )

    def _settle_one(self, lease: str, outcome: Outcome) -> tuple[int, str]:
        stored = self.rows.get(outcome.row.id)
        if stored is None or stored.row.key != outcome.row.key:
            return outcome.row.id, "There is no row with this id and key."
        external = outcome.receipt.external_id if outcome.receipt else ""
        if stored.external_id:
            return outcome.row.id, self._repeated(stored, external)
        if stored.state != "sending" or stored.lease != lease:
            same = stored.outcome is not None and stored.outcome.state == outcome.state
            return outcome.row.id, "unchanged" if same else f"The row is {stored.state} and not in this lease."
        self._apply(stored, outcome, external)
        return outcome.row.id, "settled"

    def _repeated(self, stored: StoredRow, external: str) -> str:
        if external in ("", stored.external_id):
            return "unchanged"
        return f"The row already has {stored.external_id}; {external} was not stored."

    def _apply(self, stored: StoredRow, outcome: Outcome, external: str) -> None:
        stored.outcome, stored.external_id = outcome, external
        if outcome.state == "retry":
            stored.leased_until = self.clock() + timedelta(seconds=outcome.retry_after or 0)
        elif outcome.state == "release":
            stored.state, stored.lease, stored.attempt = "ready", None, 0
        else:
            stored.state = outcome.state

    def try_again(self, row_id: int) -> StoredRow:
        """Send what is certainly not there, as the button in Odoo does: a blocked row under its key, a rejected one as
        a new revision, which is returned. Any other row stays as it is.
        """
        stored = self.rows[row_id]
        if stored.state == "blocked":
            stored.state, stored.lease, stored.attempt = "ready", None, 0
        elif stored.state == "rejected":
            stored.state = "cancelled"
            return self.add(stored.row.document, stored.row.kind, stored.about, replaces=stored)
        return stored

    def changes_since(self, code: str) -> Cursor:
        """See `TicketSource.changes_since`."""
        self._called("changes_since", code)
        arrived = [r for r in self.rows.values() if r.row.kind == "invoice" and r.state in ("received", "disputed")]
        open_ones = [stored for stored in arrived if self._posted_of(stored).balance > 0]
        return Cursor(
            cursor=self.cursor.isoformat() if self.cursor else None,
            open_invoices=len(open_ones),
            sent_invoices=sum(bool(stored.external_id) for stored in self.rows.values()),
        )

    def register_payments(
        self, code: str, payments: Sequence[Payment], cursor: datetime | None, seen: Seen = NOTHING_SEEN
    ) -> Registration:
        """See `TicketSource.register_payments`."""
        self._called("register_payments", code)
        known = {stored.external_id for stored in self.rows.values() if stored.external_id}
        news = drift_of({stored.external_id: stored for stored in self.rows.values()}, seen) - self.drift
        self.drift |= news
        registered, unchanged, refused = [], [], []
        told = payments_in(seen)
        unmarked = [one for one in told if one not in payments and one.invoice_external_id in known]
        for payment in [*payments, *unmarked]:
            identity = (payment.external_id, payment.invoice_external_id)
            if payment.invoice_external_id not in known:
                refused.append(RefusedPayment(external_id=payment.external_id, message="No invoice of ours."))
            elif identity in self.payments:
                unchanged.append(payment.external_id)
            else:
                self.payments[identity] = payment
                registered.append(payment.external_id)
        paid = {payment.invoice_external_id for payment in [*payments, *told]}
        if cursor and (paid <= known or not self._awaits_answers()):
            self.cursor = cursor
        return Registration(
            registered=tuple(registered), unchanged=tuple(unchanged), refused=tuple(refused), drift=len(news)
        )

    def _awaits_answers(self) -> bool:
        """Whether an invoice may be there whose id has yet to come."""
        return any(r.row.kind == "invoice" and r.state in ("sending", "unknown") for r in self.rows.values())

    def summary(self, code: str | None = None) -> list[DestinationSummary]:
        """See `TicketSource.summary`."""
        if code not in (None, self.destination.code):
            return []
        return [
            DestinationSummary(
                code=self.destination.code,
                name=self.destination.code,
                kind=self.destination.kind,
                realm=self.destination.realm,
                state=self.state,
                pause_reason=self.pause_reason,
                counts=dict(Counter(stored.state for stored in self.rows.values())),
                oldest_ready=None,
                trouble=[_trouble(stored) for stored in self.rows.values() if stored.state in _TROUBLE],
            )
        ]

    def posted_invoices(
        self, code: str, kind: DocumentKind, period: Period, after: str | None, limit: int
    ) -> PostedPage:
        """See `Register.posted_invoices`."""
        self._called("posted_invoices", code)
        found = sorted((each for each in self._posted(kind) if each.date in period), key=place)
        if after is not None:
            found = [each for each in found if place(each) > place_of(after)]
        page = found[:limit]
        end = f"{page[-1].date.isoformat()}/{page[-1].id}" if len(page) == limit else None
        return PostedPage(invoices=tuple(page), next=end)

    def find_invoices(
        self, code: str, kind: DocumentKind, keys: Sequence[str], numbers: Sequence[str]
    ) -> tuple[Posted, ...]:
        """See `Register.find_invoices`."""
        self._called("find_invoices", code)
        return tuple(each for each in self._posted(kind) if each.number in numbers or set(each.keys) & set(keys))

    def _posted(self, kind: DocumentKind) -> list[Posted]:
        rows = [stored for stored in self.rows.values() if stored.row.kind == kind]
        return [self._posted_of(stored) for stored in rows]

    def _posted_of(self, stored: StoredRow) -> Posted:
        payments = [payment for (_, invoice), payment in self.payments.items() if invoice == stored.external_id]
        message = stored.outcome.message if stored.outcome else ""
        return posted_of(stored.row, stored.state, stored.external_id, message, payments)

    @cached_property
    def files(self) -> Files:
        """What is to be attached."""
        return Files(self.clock)

    def claim_files(self, code: str, limit: int, lease_seconds: int) -> tuple[EvidenceFile, ...]:
        """See `TicketSource.claim_files`."""
        self._called("claim_files", code)
        return self.files.claim(limit, lease_seconds)

    def file_content(self, code: str, file: EvidenceFile) -> bytes | None:
        """See `TicketSource.file_content`."""
        self._called("file_content", code)
        return self.files.content(file)

    def settle_files(self, code: str, outcomes: Sequence[FileOutcome]) -> None:
        """See `TicketSource.settle_files`."""
        self._called("settle_files", code)
        self.files.settle(outcomes)

    def access_ends(self) -> datetime | None:
        """See `TicketSource.access_ends`."""
        return self.ends

    def _called(self, method: str, code: str) -> None:
        self.calls[method] += 1
        if code != self.destination.code:
            raise SourceError(f"There is no destination {code}.")


def _trouble(stored: StoredRow) -> Trouble:
    outcome = stored.outcome
    return Trouble(
        id=stored.row.id,
        invoice=outcome.number if outcome else "",
        work_orders=[],
        state=stored.state,
        message=outcome.message if outcome else "",
        hint=outcome.hint if outcome else "",
        gaps=list(outcome.gaps) if outcome else [],
    )
