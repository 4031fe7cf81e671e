"""The loop: claim, read, send, verify, settle - and then everything back.

Two source calls per batch, whatever is in it. The batch's keys come from the source and never change here, so being
killed at any point costs nothing: the lease runs out and the same keys go out again, asked about first.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workorder_bridge.attaching import Evidence
from workorder_bridge.document import parse_document
from workorder_bridge.errors import (
    BridgeError,
    DestinationClosed,
    DestinationError,
    DocumentInvalid,
    SourceError,
    TryLater,
)
from workorder_bridge.log import record, trace_of
from workorder_bridge.news import Payment, RefusedPayment, Registration, Seen
from workorder_bridge.ports import (
    Batch,
    Conflict,
    Delivery,
    Destination,
    DestinationInfo,
    Outcome,
    Parcel,
    TicketSource,
)
from workorder_bridge.receipt import Receipt
from workorder_bridge.settlement import outcome_of_error, outcome_of_receipt

PIECE = 500
"""How many changed invoices, and payments, one call to Odoo carries at most."""
LONGEST_WAIT = 120.0
"""So many seconds a run waits for room in the company's limits before it leaves the rest to the next one."""


@dataclass
class Report:
    """What one run did at one destination, grown as it goes, so that it is true even when the run is cut short.

    A long run would fill the memory with rows that went well, so these are only counted unless `every_row` is wanted.
    """

    destination: str
    batches: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    pause: str = ""
    trouble: list[BridgeError] = field(default_factory=list)
    payments_registered: int = 0
    payments_refused: list[RefusedPayment] = field(default_factory=list)
    drift: int = 0
    files_attached: int = 0
    notices: list[str] = field(default_factory=list)
    remaining: int = 0
    every_row: bool = False
    _counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._counted.update(outcome.state for outcome in self.outcomes)

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Rows that were settled."""
        self._counted.update(outcome.state for outcome in outcomes)
        worth_keeping = [one for one in outcomes if self.every_row or one.state != "received"]
        self.outcomes += [_without_document(outcome) for outcome in worth_keeping]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state."""
        return dict(self._counted)

    @property
    def rows(self) -> int:
        """How many rows were settled."""
        return self._counted.total()


def _ignore(_outcomes: Sequence[Outcome], _remaining: int) -> None:
    """No observer."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Run:
    """One run at one destination. `limit` bounds the rows (None: all); `stopping` is asked between batches.

    `pause` waits a moment when the company's limits leave no room; it may end early when the run is to stop.
    """

    source: TicketSource
    destination: Destination
    code: str
    lease_seconds: int = 300
    batch_size: int = 30
    limit: int | None = None
    observe: Callable[[Sequence[Outcome], int], None] = _ignore
    stopping: Callable[[], bool] = _never
    pause: Callable[[float], object] = time.sleep

    def perform(self, report: Report | None = None) -> Report:
        """Send what is ready, then bring everything back. Named trouble ends up in the report, nothing is raised for
        it.
        """
        report = report or Report(self.code)
        try:
            info = self._send_all(report)
            if info is not None and not report.pause and not self.stopping():
                self._bring_news(report, info)
                self._attach_evidence(report, info)
        except (SourceError, DestinationError) as error:
            report.trouble.append(error)
            record("trouble", destination=self.code, message=error.message)
        return report

    def _send_all(self, report: Report) -> DestinationInfo | None:
        """Returns the destination as the last claim described it."""
        info = None
        while not self.stopping() and (size := self._next_size(report)) > 0:
            batch = self._claim(size)
            info, report.remaining = batch.destination, batch.remaining
            if batch.lease is None:
                break
            outcomes = self._send_one(batch, report)
            self.observe(outcomes, batch.remaining)
            if report.pause or _nothing_moved(outcomes) or _all_claimed(batch):
                break
        return info

    def _claim(self, size: int) -> Batch:
        """Raises `TryLater` when the company's limits leave no room for too long."""
        waited = 0.0
        while True:
            batch = self.source.claim(self.code, size, self.lease_seconds)
            if batch.lease is not None or not batch.wait or self.stopping():
                return batch
            if waited + batch.wait > LONGEST_WAIT:
                raise TryLater(
                    f"The limits of {self.code} leave no room for another call for {batch.wait:.0f} seconds.",
                    hint="Nothing is lost: what is ready goes out with the next run.",
                )
            self.pause(batch.wait)
            waited += batch.wait

    def _next_size(self, report: Report) -> int:
        if self.limit is None:
            return self.batch_size
        return min(self.batch_size, self.limit - report.rows)

    def _send_one(self, batch: Batch, report: Report) -> list[Outcome]:
        record(
            "claimed", destination=self.code, trace=batch.request_id[:8], rows=len(batch.rows), attempt=batch.attempt
        )
        parcels, unreadable = read_parcels(batch)
        delivery = self._deliver(batch, parcels)
        outcomes = [*unreadable, *outcomes_of(batch, parcels, delivery)]
        pause = _reason_to_pause(delivery)
        settlement = self.source.settle(
            self.code, batch.request_id, outcomes, delivery.customers, pause or None, delivery.items
        )
        report.batches += 1
        report.add(outcomes)
        report.conflicts += settlement.conflicts
        report.pause = pause
        for outcome in outcomes:
            _record_outcome(self.code, batch, outcome)
        return outcomes

    def _deliver(self, batch: Batch, parcels: Sequence[Parcel]) -> Delivery:
        if not parcels:
            return Delivery({})
        try:
            return self.destination.send(batch, parcels)
        except DestinationError as error:
            # An earlier worker may have sent the batch, whatever happened to us before we could ask.
            error.maybe_sent = error.maybe_sent or batch.attempt > 1
            return Delivery({parcel.row.id: error for parcel in parcels})

    def _attach_evidence(self, report: Report, info: DestinationInfo) -> None:
        """Costs nothing where the destination wants none."""
        if not info.attach_evidence:
            return
        evidence = Evidence(self.source, self.destination, info, self.lease_seconds, self.stopping)
        try:
            evidence.attach_all()
        finally:
            report.files_attached += evidence.attached
            report.notices += evidence.notices

    def _bring_news(self, report: Report, info: DestinationInfo) -> None:
        """One call, unless so much changed that it has to come in pieces; the cursor moves with the last of them."""
        known = self.source.changes_since(self.code)
        if not (known.open_invoices or known.sent_invoices):
            return
        since = datetime.fromisoformat(known.cursor) if known.cursor else None
        news = self.destination.news_since(info, since, lambda seen: self._tell(report, (), None, seen))
        *earlier, last = news.seen.pieces(PIECE)
        for piece in earlier:
            self._tell(report, (), None, piece)
        self._tell(report, news.payments, news.cursor, last)
        report.notices += news.notices
        record("payments", destination=self.code, count=report.payments_registered)
        record("changes to review", destination=self.code, count=report.drift)

    def _tell(self, report: Report, payments: Sequence[Payment], cursor: datetime | None, seen: Seen) -> None:
        answer: Registration = self.source.register_payments(self.code, payments, cursor, seen)
        report.payments_registered += len(answer.registered)
        report.payments_refused += answer.refused
        report.drift += answer.drift


def read_parcels(batch: Batch) -> tuple[list[Parcel], list[Outcome]]:
    """The rows whose document can be read, and the outcomes of those whose document cannot."""
    parcels, unreadable = [], []
    for row in batch.rows:
        try:
            parcels.append(Parcel(row, parse_document(row.document, row.sha256)))
        except DocumentInvalid as error:
            # On a second attempt the first worker may have read it well and sent it: only a person can tell.
            error.maybe_sent = batch.attempt > 1
            unreadable.append(outcome_of_error(row, error, batch.attempt))
    return parcels, unreadable


def outcomes_of(batch: Batch, parcels: Iterable[Parcel], delivery: Delivery) -> list[Outcome]:
    """Each parcel's outcome, verified to the cent where there is a receipt."""
    outcomes = []
    for parcel in parcels:
        answer = delivery.answers[parcel.row.id]
        if isinstance(answer, Receipt):
            row_id = parcel.row.id
            dispute, remark = delivery.disputes.get(row_id, ""), delivery.remarks.get(row_id, "")
            outcomes.append(outcome_of_receipt(parcel, answer, dispute, remark))
        else:
            outcomes.append(outcome_of_error(parcel.row, answer, batch.attempt, parcel.document.number))
    return outcomes


def _without_document(outcome: Outcome) -> Outcome:
    """What a report needs of it; documents of a long run would fill the memory."""
    return replace(outcome, row=outcome.row.model_copy(update={"document": ""}))


def _reason_to_pause(delivery: Delivery) -> str:
    closed = [answer for answer in delivery.answers.values() if isinstance(answer, DestinationClosed)]
    return " ".join(filter(None, [closed[0].message, closed[0].hint])) if closed else ""


def _nothing_moved(outcomes: Sequence[Outcome]) -> bool:
    """Every row goes out again: the destination is in trouble, and asking for more rows would only pile them up."""
    return all(outcome.state in ("retry", "release") for outcome in outcomes)


def _all_claimed(batch: Batch) -> bool:
    """After a batch that was handed out again there may be more of them, which `remaining` need not count."""
    return batch.remaining == 0 and batch.attempt == 1


def _record_outcome(code: str, batch: Batch, outcome: Outcome) -> None:
    receipt = outcome.receipt
    record(
        outcome.state,
        destination=code,
        trace=trace_of(batch.lease, outcome.row.index),
        row=outcome.row.id,
        number=outcome.number,
        attempt=batch.attempt,
        tid=outcome.reference,
        external_id=receipt.external_id if receipt else "",
        message=outcome.message,
    )
