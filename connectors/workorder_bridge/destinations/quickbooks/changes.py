"""What changed in a QuickBooks company since a moment: change data capture, and paged queries where that ends.

Windows overlap by a few minutes and the cursor is QuickBooks' own clock, because clocks differ and a change can become
visible late (fact sheet §13.43); whoever hears of a change twice makes nothing of it. One answer holds at most 1,000
objects and reaches back 30 days (§11, P): a full one is asked again kind by kind, a kind that is still full is read by
pages and its deletions by walking on in time, and what is older is read by pages alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.wire import quoted

KINDS = ("Payment", "Invoice", "CreditMemo", "Customer")
OVERLAP = timedelta(minutes=5)
REACH = timedelta(days=29)
MOST_CHANGES = PAGE = 1000
DELETED = "Deleted"

Record = dict[str, Any]

_UNSEEN = (
    "QuickBooks was last asked more than 29 days ago; what was deleted there before is not told any more. "
    "Run `workorder quickbooks reconcile` for that time."
)


@dataclass(frozen=True)
class Changes:
    """Changed objects by kind, the moment they are complete up to, and what a person should know about them."""

    records: Mapping[str, list[Record]]
    cursor: datetime
    notices: tuple[str, ...] = ()


def read_changes(client: CompanyClient, since: datetime | None, now: datetime) -> Changes:
    """Everything changed since then (None: as far as change data capture reaches); one read when little changed.

    Raises `DestinationError`.
    """
    start = (since or now - REACH) - (OVERLAP if since else timedelta(0))
    if now - start > REACH + OVERLAP:
        late = _capture(client, KINDS, now - REACH)
        paged = {kind: _merged(list(_pages(client, kind, start)), _of(late, kind)) for kind in KINDS}
        return Changes(paged, _time(late.get("time"), now), (_UNSEEN,))
    answer = _capture(client, KINDS, start)
    records = {kind: _of(answer, kind) for kind in KINDS}
    if sum(map(len, records.values())) >= MOST_CHANGES:
        # A kind that fills the answer alone would fill the next one, too.
        records = {kind: _whole(client, kind, start, records[kind]) for kind in KINDS}
    return Changes(records, _time(answer.get("time"), now))


def _whole(client: CompanyClient, kind: str, start: datetime, known: list[Record]) -> list[Record]:
    """All of one kind, however many changed; `known` are those in an answer about all kinds."""
    records = known if len(known) >= MOST_CHANGES else _of(_capture(client, (kind,), start), kind)
    if len(records) < MOST_CHANGES:
        return records
    return _merged(list(_pages(client, kind, start)), list(_deletions(client, kind, start, records)))


def _deletions(client: CompanyClient, kind: str, start: datetime, records: list[Record]) -> Iterator[Record]:
    """No query finds what is deleted, so change data capture is asked on and on, each time from where it stopped."""
    while True:
        yield from (one for one in records if one.get("status") == DELETED)
        last = max((moment for one in records if (moment := changed_at(one))), default=start)
        if len(records) < MOST_CHANGES or last <= start:
            return
        start = last
        records = _of(_capture(client, (kind,), start), kind)


def _merged(pages: list[Record], captured: list[Record]) -> list[Record]:
    """Each object once; the later look, which is the captured one, wins."""
    return list({str(one.get("Id")): one for one in [*pages, *captured]}.values())


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


def _pages(client: CompanyClient, kind: str, since: datetime) -> Iterator[Record]:
    """Inactive names too, which are left out of a query that does not ask for them (§6, V)."""
    every = " AND Active IN (true, false)" if kind == "Customer" else ""
    select = f"SELECT * FROM {kind} WHERE MetaData.LastUpdatedTime >= {quoted(_text(since))}{every} ORDERBY Id"  # noqa: S608  # a time and a name of ours
    for start in range(1, 1_000_000, PAGE):
        page = client.ask(f"{select} STARTPOSITION {start} MAXRESULTS {PAGE}").get(kind) or []
        yield from page
        if len(page) < PAGE:
            return


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
