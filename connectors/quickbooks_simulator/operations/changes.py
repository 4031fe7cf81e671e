"""Change data capture: what changed since a moment."""

from datetime import datetime, timedelta

from quickbooks_simulator.clock import read_time, write_time
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.kinds import find_kind
from quickbooks_simulator.company.store import Record, Stored
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.query.obstacles import check_stored_emails

LONGEST_LOOK_BACK = timedelta(days=30)
MOST_RECORDS = 1000


def capture_changes(company: Company, entities: str | None, changed_since: str | None) -> Record:
    """One QueryResponse per kind; an empty object for a kind without changes. Source: documentation (P), client (V).

    Answers stop at 1000 records in all (P); look-backs over 30 days are refused (P; the code 2030 is from memory, M).
    """
    kinds = [_captured_kind(name.strip()) for name in (entities or "").split(",") if name.strip()]
    if not kinds:
        raise Fault("2020", "Required param missing, need to supply entities", "entities")
    since = _read_since(company, changed_since)
    room = MOST_RECORDS
    responses = []
    for kind in kinds:
        records = _changed(company, kind, since)[:room]
        check_stored_emails(company, records)
        room -= len(records)
        page = {kind.label: records, "startPosition": 1, "maxResults": len(records)}
        responses.append(page if records else {})
    return {"CDCResponse": [{"QueryResponse": responses}]}


def _captured_kind(name: str) -> Kind:
    kind = find_kind(name)
    if not kind.captured:
        raise Fault("500", f"Operation change data capture is not supported for {kind.name}.")
    return kind


def _read_since(company: Company, text: str | None) -> datetime:
    if not text:
        raise Fault("2020", "Required param missing, need to supply changedSince", "changedSince")
    try:
        since = read_time(text)
    except ValueError:
        raise Fault("2030", f"changedSince must be an ISO 8601 time, supplied value: {text}", "changedSince") from None
    if company.clock.now() - since > LONGEST_LOOK_BACK:
        raise Fault("2030", "changedSince must lie within the last 30 days", "changedSince")
    return since


def _changed(company: Company, kind: Kind, since: datetime) -> list[Record]:
    """Changed and deleted records, oldest change first. A change at exactly the moment asked for is included."""
    changed = [
        (stored.changed_at, record) for stored, record in _with_records(company, kind) if stored.changed_at >= since
    ]
    changed += [
        (stored.changed_at, _deleted_entry(stored))
        for stored in company.store.deleted.get(kind.name, {}).values()
        if stored.changed_at >= since
    ]
    return [record for _, record in sorted(changed, key=lambda each: each[0])]


def _with_records(company: Company, kind: Kind) -> list[tuple[Stored, Record]]:
    stored = list(company.store.tables.get(kind.name, {}).values())
    return list(zip(stored, company.present_all(kind.name, [each.record for each in stored]), strict=True))


def _deleted_entry(stored: Stored) -> Record:
    return {
        "domain": "QBO",
        "status": "Deleted",
        "Id": stored.record["Id"],
        "MetaData": {"LastUpdatedTime": write_time(stored.changed_at)},
    }
