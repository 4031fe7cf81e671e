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
from functools import partial
from typing import Any

from workorder_bridge.calls import CallAnswer, CallGrant, CallPurse, CallReport
from workorder_bridge.evidence import ClaimedFiles, EvidenceFile, FileContent, FileOutcome
from workorder_bridge.ledgers import DocumentKind, FoundInvoices, Period, Posted, PostedPage
from workorder_bridge.news import NOTHING_SEEN, Cursor, Payment, Registration, Seen
from workorder_bridge.odoo import OdooCaller, read_answer
from workorder_bridge.ports import Batch, NewCustomer, NewItem, Outcome, Settlement
from workorder_bridge.standing import Access, DestinationSummary

MODEL = "work.order.destination"


class OdooSource:
    """The ports `TicketSource` and `Register` over Odoo.

    With a purse, leave to call the destination that comes with a claim goes in there, and reports of what was made of
    it go out with `settle` and `register_payments`: no call to Odoo is made for it.
    """

    def __init__(self, caller: OdooCaller, purse: CallPurse | None = None) -> None:
        self._caller = caller
        self._purse = purse

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        """See `TicketSource.claim`."""
        asked_at = self._open_purse(code)
        batch = read_answer(Batch, self._call("claim", code=code, limit=limit, lease_seconds=lease_seconds))
        self._fill_purse(batch.calls, asked_at)
        return batch

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
        answer = self._call("settle", code=code, lease=lease, results=results, pause=pause, **new, **self._reports())
        return read_answer(Settlement, answer)

    def changes_since(self, code: str) -> Cursor:
        """See `TicketSource.changes_since`."""
        asked_at = self._open_purse(code)
        cursor = read_answer(Cursor, self._call("changes_since", code=code))
        self._fill_purse(cursor.calls, asked_at)
        return cursor

    def register_payments(
        self, code: str, payments: Sequence[Payment], cursor: datetime | None, seen: Seen = NOTHING_SEEN
    ) -> Registration:
        """See `TicketSource.register_payments`."""
        messages = [payment.as_message() for payment in payments]
        time = cursor.astimezone(UTC).isoformat(timespec="seconds") if cursor else None
        news = {"payments": messages, "cursor": time, "seen": seen.as_message(), **self._reports()}
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

    def take_calls(self, code: str, reports: Sequence[CallReport], batch: bool) -> CallAnswer:
        """Leave for calls beyond what comes with a claim, with room for a `batch` or without."""
        messages = [report.as_message() for report in reports]
        return read_answer(CallAnswer, self._call("take_calls", code=code, batch=batch, calls=messages))

    def give_back_calls(self, code: str) -> None:
        """Tell what is not reported yet, if anything, so that nobody waits for leave that nobody uses."""
        if reports := self._reports():
            self._call("give_back_calls", code=code, **reports)

    def _open_purse(self, code: str) -> float:
        """The moment of asking, by the purse's clock; from now on it can ask for more by itself."""
        if self._purse is None:
            return 0.0
        self._purse.ask = partial(self.take_calls, code)
        return self._purse.clock()

    def _fill_purse(self, grant: CallGrant | None, asked_at: float) -> None:
        if self._purse is not None:
            self._purse.receive(grant, asked_at)

    def _reports(self) -> dict[str, Any]:
        reports = self._purse.reports() if self._purse else []
        return {"calls": [report.as_message() for report in reports]} if reports else {}

    def _call(self, method: str, **arguments: object) -> Any:
        return self._caller.call(MODEL, method, **arguments)
