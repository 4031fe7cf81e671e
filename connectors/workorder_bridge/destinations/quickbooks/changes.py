"""What changed in a QuickBooks company since a moment: change data capture, and paged queries where that ends.

Windows overlap by a few minutes and the cursor is QuickBooks' own clock, because clocks differ and a change can become
visible late (fact sheet §13.43); whoever hears of a change twice makes nothing of it. One answer holds at most 1,000
objects and reaches back 30 days (§11, P): a full one is asked again kind by kind, a kind that is still full is read by
pages and its deletions by walking on in time, and what is older is read by pages alone.

Of each object only what the reader makes of it is kept, as soon as its page is there: an invoice as QuickBooks tells it
takes some ten kilobytes, and tens of thousands may have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.wire import quoted

KINDS = ("Customer", "Payment", "Invoice", "CreditMemo")
"""In the order they are kept: whoever tells of invoices as they come knows all customers by then."""

OVERLAP = timedelta(minutes=5)
REACH = timedelta(days=29)
MOST_CHANGES = PAGE = 1000
DELETED = "Deleted"

Record = dict[str, Any]
T = TypeVar("T")
Keep = Callable[[str, Record], T]
"""What is kept of an object of that kind. Of a deleted one nothing is left but its id and the moment (§11, P)."""

_UNSEEN = (
    "QuickBooks was last asked more than 29 days ago; what was deleted there before is not told any more. "
    "Run `workorder quickbooks reconcile` for that time."
)


@dataclass(frozen=True)
class Changes(Generic[T]):
    """What is kept of changed objects, by kind and id; until when they are complete; what a person should know."""

    kept: Mapping[str, Mapping[str, T]]
    cursor: datetime
    notices: tuple[str, ...] = ()


def read_changes(client: CompanyClient, since: datetime | None, now: datetime, keep: Keep[T]) -> Changes[T]:
    """Everything changed since then (None: as far as change data capture reaches); one read when little changed.

    Raises `DestinationError`.
    """
    start = (since or now - REACH) - (OVERLAP if since else timedelta(0))
    if now - start > REACH + OVERLAP:
        late = _capture(client, KINDS, now - REACH)
        # Of two looks at an object the captured one wins: only it tells of the end of one.
        paged = {kind: _pages(client, kind, start, keep) | _kept(kind, _of(late, kind), keep) for kind in KINDS}
        return Changes(paged, _time(late.get("time"), now), (_UNSEEN,))
    answer = _capture(client, KINDS, start)
    found = {kind: _of(answer, kind) for kind in KINDS}
    if sum(map(len, found.values())) < MOST_CHANGES:
        kept = {kind: _kept(kind, records, keep) for kind, records in found.items()}
    else:
        # A kind that fills the answer alone would fill the next one, too.
        kept = {kind: _whole(client, kind, start, found.pop(kind), keep) for kind in KINDS}
    return Changes(kept, _time(answer.get("time"), now))


def _kept(kind: str, records: Iterable[Record], keep: Keep[T]) -> dict[str, T]:
    return {str(one.get("Id")): keep(kind, one) for one in records}


def _whole(client: CompanyClient, kind: str, start: datetime, known: list[Record], keep: Keep[T]) -> dict[str, T]:
    """All of one kind, however many changed; `known` are those in an answer about all kinds."""
    records = known if len(known) >= MOST_CHANGES else _of(_capture(client, (kind,), start), kind)
    if len(records) < MOST_CHANGES:
        return _kept(kind, records, keep)
    deletions = _deletions(client, kind, start, records, keep)
    return _pages(client, kind, start, keep) | deletions


def _deletions(client: CompanyClient, kind: str, start: datetime, records: list[Record], keep: Keep[T]) -> dict[str, T]:
    """No query finds what is deleted, so change data capture is asked on and on, each time from where it stopped."""
    gone: dict[str, T] = {}
    while True:
        gone |= _kept(kind, (one for one in records if one.get("status") == DELETED), keep)
        last = max((moment for one in records if (moment := changed_at(one))), default=start)
        if len(records) < MOST_CHANGES or last <= start:
            return gone
        start = last
        records = _of(_capture(client, (kind,), start), kind)


def _capture(client: CompanyClient, kinds: tuple[str, ...], since: datetime) -> Record:
    return client.fetch("cdc", entities=",".join(kinds), changedSince=_text(since))


def _of(answer: Record, kind: str) -> list[Record]:
    """The objects of one kind in a change data capture answer; nothing changed shows as an empty object (§11, V)."""
    return [
        one
        for response in answer.get("CDCResponse") or []
        for query in response.get("QueryResponse") or []
        for one in query.get(kind) or []
    ]


def _pages(client: CompanyClient, kind: str, since: datetime, keep: Keep[T]) -> dict[str, T]:
    """Inactive names too, which are left out of a query that does not ask for them (§6, V)."""
    every = " AND Active IN (true, false)" if kind == "Customer" else ""
    select = f"SELECT * FROM {kind} WHERE MetaData.LastUpdatedTime >= {quoted(_text(since))}{every} ORDERBY Id"  # noqa: S608  # a time and a name of ours
    kept: dict[str, T] = {}
    for start in range(1, 10_000_000, PAGE):
        page = client.ask(f"{select} STARTPOSITION {start} MAXRESULTS {PAGE}").get(kind) or []
        kept |= _kept(kind, page, keep)
        if len(page) < PAGE:
            break
    return kept


def changed_at(one: Mapping[str, Any]) -> datetime | None:
    """When the object last changed, by QuickBooks' own clock."""
    return read_time((one.get("MetaData") or {}).get("LastUpdatedTime"))


def read_time(text: object) -> datetime | None:
    """A moment with its offset; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _text(moment: datetime) -> str:
    """With its offset: a time without one is read in another zone (§13.43, V)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _time(text: object, otherwise: datetime) -> datetime:
    return read_time(text) or otherwise
