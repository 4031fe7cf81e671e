"""The ticket source in Odoo, over whatever carries a call there. One call per claim, one per settle.

Why repeating a call whose answer was lost is safe:
- claim: the rows it leased wait until their lease runs out, then go out again with the same keys; nobody sent them.
- claim_files: as claim. file_content: a read.
- settle, settle_files, register_payments: rows and files are found by id and key, payments by their own id; the same
  answer twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from workorder_bridge.evidence import ClaimedFiles, EvidenceFile, FileContent, FileOutcome
from workorder_bridge.ledgers import DocumentKind, FoundInvoices, Period, Posted, PostedPage
from workorder_bridge.news import NOTHING_SEEN, Cursor, Payment, Registration, Seen
from workorder_bridge.odoo import OdooCaller, read_answer
from workorder_bridge.ports import Access, Batch, DestinationSummary, NewCustomer, NewItem, Outcome, Settlement

MODEL = "work.order.destination"


class OdooSource:
    """The ports `TicketSource` and `Register` over Odoo."""

    def __init__(self, caller: OdooCaller) -> None:
        self._caller = caller

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        """See `TicketSource.claim`."""
        return read_answer(Batch, self._call("claim", code=code, limit=limit, lease_seconds=lease_seconds))

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
        results = [outcome.as_settlement() for outcome in outcomes]
        new: dict[str, object] = {"customers": [customer.as_settlement() for customer in customers]}
        if items:  # an addon from before items were made does not know the argument
            new["items"] = [item.as_settlement() for item in items]
        return read_answer(
            Settlement, self._call("settle", code=code, lease=lease, results=results, pause=pause, **new)
        )

    def changes_since(self, code: str) -> Cursor:
        """See `TicketSource.changes_since`."""
        return read_answer(Cursor, self._call("changes_since", code=code))

    def register_payments(
        self, code: str, payments: Sequence[Payment], cursor: datetime | None, seen: Seen = NOTHING_SEEN
    ) -> Registration:
        """See `TicketSource.register_payments`."""
        messages = [payment.as_message() for payment in payments]
        time = cursor.astimezone(UTC).isoformat(timespec="seconds") if cursor else None
        news = {"payments": messages, "cursor": time, "seen": seen.as_message()}
        return read_answer(Registration, self._call("register_payments", code=code, **news))

    def summary(self, code: str | None = None) -> list[DestinationSummary]:
        """See `TicketSource.summary`."""
        return [read_answer(DestinationSummary, one) for one in self._call("summary", code=code)]

    def access_ends(self) -> datetime | None:
        """See `TicketSource.access_ends`."""
        ends = read_answer(Access, self._call("access")).ends
        return datetime.fromisoformat(ends) if ends else None

    def posted_invoices(
        self, code: str, kind: DocumentKind, period: Period, after: str | None, limit: int
    ) -> PostedPage:
        """See `Register.posted_invoices`."""
        first, last = period.first.isoformat(), period.last.isoformat()
        asked = {"code": code, "kind": kind, "first": first, "last": last, "after": after, "limit": limit}
        return read_answer(PostedPage, self._call("posted_invoices", **asked))

    def find_invoices(
        self, code: str, kind: DocumentKind, keys: Sequence[str], numbers: Sequence[str]
    ) -> tuple[Posted, ...]:
        """See `Register.find_invoices`."""
        answer = self._call("find_invoices", code=code, kind=kind, keys=list(keys), numbers=list(numbers))
        return read_answer(FoundInvoices, answer).invoices

    def claim_files(self, code: str, limit: int, lease_seconds: int) -> tuple[EvidenceFile, ...]:
        """See `TicketSource.claim_files`."""
        answer = self._call("claim_files", code=code, limit=limit, lease_seconds=lease_seconds)
        return read_answer(ClaimedFiles, answer).files

    def file_content(self, code: str, file: EvidenceFile) -> bytes | None:
        """See `TicketSource.file_content`."""
        answer = self._call("file_content", code=code, file=file.id, key=file.key)
        return read_answer(FileContent, answer).decoded()

    def settle_files(self, code: str, outcomes: Sequence[FileOutcome]) -> None:
        """See `TicketSource.settle_files`."""
        self._call("settle_files", code=code, results=[outcome.as_settlement() for outcome in outcomes])

    def _call(self, method: str, **arguments: object) -> Any:
        return self._caller.call(MODEL, method, **arguments)
