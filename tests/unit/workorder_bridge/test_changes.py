"""Reading everything that changed: one question when little did, as many as it takes when much did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from workorder_bridge.destinations.quickbooks.changes import KINDS, MOST_CHANGES, OVERLAP, REACH, read_changes

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Books:
    """A company with changes by kind, oldest first; its answers stop at 1,000 objects as the real ones do."""

    def __init__(self, **records: list[dict[str, Any]]) -> None:
        self.records = records
        self.asked: list[str] = []

    def fetch(self, path: str, **params: str) -> dict[str, Any]:
        self.asked.append(f"{path} {params['entities']} {params['changedSince']}")
        since, room, found = datetime.fromisoformat(params["changedSince"]), MOST_CHANGES, []
        for kind in params["entities"].split(","):
            changed = [one for one in self.records.get(kind, []) if moment_of(one) >= since][:room]
            room -= len(changed)
            found.append({kind: changed} if changed else {})
        return {"CDCResponse": [{"QueryResponse": found}], "time": "2026-12-01T04:00:01.000-08:00"}

    def ask(self, select: str) -> dict[str, Any]:
        self.asked.append(select)
        kind = select.split("FROM ")[1].split()[0]
        since = datetime.fromisoformat(select.split("'")[1])
        start = int(select.split("STARTPOSITION ")[1].split()[0])
        living = [one for one in self.records.get(kind, []) if "status" not in one and moment_of(one) >= since]
        return {kind: living[start - 1 : start + 999]}


def moment_of(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(one["MetaData"]["LastUpdatedTime"])


def record(number: int, *, ago: float = 60, deleted: bool = False) -> dict[str, Any]:
    moment = (NOW - timedelta(minutes=ago)).isoformat()
    return {"Id": str(number), "MetaData": {"LastUpdatedTime": moment}, **({"status": "Deleted"} if deleted else {})}


def changes(books: Books, since: datetime | None = NOW - timedelta(days=1)):
    return read_changes(books, since, NOW, lambda _kind, one: one)


def test_quiet_company_is_asked_once_for_all_kinds():
    books = Books(Invoice=[record(1)])
    assert list(changes(books).kept["Invoice"].values()) == [record(1)]
    assert books.asked == [f"cdc {','.join(KINDS)} {(NOW - timedelta(days=1) - OVERLAP).isoformat()}"]


def test_window_overlaps_and_names_its_offset():
    books = Books()
    changes(books, NOW)
    assert books.asked[0].endswith("T11:55:00+00:00")


def test_window_from_another_time_zone_is_the_same_window():
    books = Books()
    changes(books, datetime.fromisoformat("2026-12-01T04:00:00-08:00"))
    assert books.asked[0].endswith("T11:55:00+00:00")


def test_cursor_is_the_other_sides_clock():
    assert changes(Books()).cursor == datetime(2026, 12, 1, 12, 0, 1, tzinfo=UTC)


def test_first_window_reaches_as_far_as_change_data_capture():
    books = Books()
    assert changes(books, None).notices == ()
    assert (NOW - REACH).isoformat() in books.asked[0]


def test_full_answer_is_asked_again_kind_by_kind():
    books = Books(Payment=[record(n) for n in range(700)], Invoice=[record(n) for n in range(700)])
    found = changes(books).kept
    assert {kind: len(found[kind]) for kind in ("Payment", "Invoice")} == {"Payment": 700, "Invoice": 700}
    assert [asked.split()[1] for asked in books.asked] == [",".join(KINDS), *KINDS]


def test_full_kind_is_read_by_pages_and_its_deletions_by_walking_on():
    living = [record(n, ago=1400 - n / 10) for n in range(2500)]
    deleted = [record(9000 + n, ago=60, deleted=True) for n in range(3)]
    books = Books(Invoice=[*living, *deleted])
    found = list(changes(books).kept["Invoice"].values())
    assert len(found) == 2503
    assert [one["Id"] for one in found if one.get("status") == "Deleted"] == ["9000", "9001", "9002"]


def test_more_than_fit_at_one_moment_ends_the_walk():
    books = Books(Invoice=[record(n) for n in range(MOST_CHANGES + 1)])
    assert len(list(changes(books).kept["Invoice"].values())) == MOST_CHANGES + 1


def test_window_beyond_change_data_capture_is_read_by_pages_and_says_what_it_cannot_see():
    old = record(1, ago=60 * 24 * 35)
    gone = record(2, deleted=True)
    books = Books(Invoice=[old, gone], Customer=[record(3)])
    found = changes(books, NOW - timedelta(days=40))
    assert list(found.kept["Invoice"].values()) == [old, gone]
    assert "deleted there before is not told" in found.notices[0]
    assert any("Customer" in asked and "Active IN (true, false)" in asked for asked in books.asked)


@pytest.mark.parametrize("time", [None, "soon", "2026-12-01T12:00:01"])
def test_answer_without_a_usable_time_leaves_our_own_clock(time):
    books = Books()
    fetch = books.fetch
    books.fetch = lambda path, **params: {**fetch(path, **params), "time": time}
    assert changes(books).cursor == NOW
