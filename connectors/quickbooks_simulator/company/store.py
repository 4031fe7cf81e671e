"""What the company has stored. Records are replaced, never changed in place, so a reader may keep what it was given."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quickbooks_simulator.clock import write_time

Record = dict[str, Any]
Key = tuple[str, str]
"""The kind of a record and its id."""


@dataclass(frozen=True)
class Stored:
    """A record, and the exact moment it last changed."""

    record: Record
    changed_at: datetime


Watcher = Callable[[str, Record | None, Record | None, datetime], None]
"""Is told of each change at once: the kind, the record before and after (None when there is none), the moment."""

TRANSACTIONS = frozenset(
    {"Invoice", "Payment", "CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate", "Deposit", "TimeActivity"}
    | {
        "Bill",
        "VendorCredit",
        "PurchaseOrder",
        "Purchase",
        "BillPayment",
        "JournalEntry",
        "Transfer",
        "CreditCardPayment",
    }
)
NAME_HOLDERS = frozenset({"Customer", "Vendor", "Employee"})


def unique_marks(kind: str, record: Record) -> list[Key]:
    """The values of a record that others are checked against: its number, or its name.

    Names are shared by customers, vendors and employees (V); numbers are per kind of transaction (P).
    """
    if kind in TRANSACTIONS:
        number = record.get("DocNumber")
        return [(kind, number)] if number else []
    if kind in NAME_HOLDERS:
        return [("name", record["DisplayName"].lower())]
    name = record.get("FullyQualifiedName") or record.get("Name")
    return [(kind, name.lower())] if name else []


def _sequence(kind: str) -> str:
    """Transactions of all kinds share one row of ids (V), so do customers, vendors and employees (M)."""
    if kind in TRANSACTIONS:
        return "transaction"
    return "name" if kind in NAME_HOLDERS else kind


def revised(record: Record) -> Record:
    """A copy of the record one SyncToken further. Source: recorded answers (V)."""
    return {**record, "SyncToken": str(int(record["SyncToken"]) + 1)}


@dataclass
class Store:
    """All tables of one company."""

    tables: dict[str, dict[str, Stored]] = field(default_factory=dict)
    deleted: dict[str, dict[str, Stored]] = field(default_factory=dict)
    watchers: list[Watcher] = field(default_factory=list)
    _marks: dict[Key, set[Key]] = field(default_factory=dict)
    _last_ids: dict[str, int] = field(default_factory=dict)

    def find(self, kind: str, record_id: str) -> Record | None:
        stored = self.tables.get(kind, {}).get(record_id)
        return stored.record if stored else None

    def all(self, kind: str) -> Iterator[Record]:
        """The records of a kind in the order they were made."""
        return (stored.record for stored in self.tables.get(kind, {}).values())

    def holders(self, mark: Key) -> set[Key]:
        """Which records hold this number or name."""
        return self._marks.get(mark, set())

    def next_id(self, kind: str) -> str:
        """The id the next record will get. It is used up when the record is stored, so a refused write costs none."""
        return str(self._last_ids.get(_sequence(kind), 0) + 1)

    def put(self, kind: str, record: Record, moment: datetime) -> None:
        key = (kind, record["Id"])
        if record["Id"].isdigit():
            self._last_ids[_sequence(kind)] = max(self._last_ids.get(_sequence(kind), 0), int(record["Id"]))
        before = self.find(*key)
        self._forget_marks(key)
        self.tables.setdefault(kind, {})[record["Id"]] = Stored(record, moment)
        for mark in unique_marks(kind, record):
            self._marks.setdefault(mark, set()).add(key)
        self._tell(kind, before, record, moment)

    def remove(self, kind: str, record_id: str, moment: datetime) -> None:
        self._forget_marks((kind, record_id))
        gone = self.tables[kind].pop(record_id)
        self.deleted.setdefault(kind, {})[record_id] = Stored(gone.record, moment)
        self._tell(kind, gone.record, None, moment)

    def _tell(self, kind: str, before: Record | None, after: Record | None, moment: datetime) -> None:
        for watcher in self.watchers:
            watcher(kind, before, after, moment)

    def _forget_marks(self, key: Key) -> None:
        previous = self.find(*key)
        if previous is None:
            return
        for mark in unique_marks(key[0], previous):
            holders = self._marks.get(mark, set())
            holders.discard(key)
            if not holders:
                self._marks.pop(mark, None)


@dataclass
class Changes:
    """One write being prepared: sees the store through its own changes; nothing is stored before `commit`.

    `hidden` holds the records this write must not see: those made earlier in the same batch.
    """

    store: Store
    hidden: frozenset[Key] = frozenset()
    _pending: dict[Key, Record | None] = field(default_factory=dict)

    def find(self, kind: str, record_id: str) -> Record | None:
        key = (kind, record_id)
        if key in self._pending:
            return self._pending[key]
        return None if key in self.hidden else self.store.find(kind, record_id)

    def put(self, kind: str, record: Record) -> None:
        self._pending[(kind, record["Id"])] = record

    def revise(self, kind: str, record: Record) -> None:
        """Put a changed record, one SyncToken past the stored one however often this write touches it."""
        stored = self.store.tables[kind][record["Id"]].record
        self.put(kind, {**record, "SyncToken": revised(stored)["SyncToken"]})

    def remove(self, kind: str, record_id: str) -> None:
        self._pending[(kind, record_id)] = None

    def commit(self, moment: datetime) -> None:
        """Store everything at one moment. No step of it can fail half way: all checks were made before."""
        for (kind, record_id), record in self._pending.items():
            if record is None:
                self.store.remove(kind, record_id, moment)
            else:
                self.store.put(kind, stamped(record, moment), moment)


def stamped(record: Record, moment: datetime) -> Record:
    """The record with its times: made when it was first stored, changed now. Source: recorded answers (V)."""
    now = write_time(moment)
    created = record.get("MetaData", {}).get("CreateTime", now)
    return {**record, "MetaData": {"CreateTime": created, "LastUpdatedTime": now}}
