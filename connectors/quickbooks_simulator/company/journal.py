"""What happened to each record, when, and who did it."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from quickbooks_simulator.company.store import Key, Record

PROGRAM, ACCOUNTANT = "Connected program", "Accountant"
MOST_ENTRIES = 50
"""The newest ones of each record are kept."""


@dataclass(frozen=True)
class Entry:
    """One change of one record. `before` is None when it was made, `after` when it was deleted.

    `deleted_id` names the record a merge took in.
    """

    kind: str
    record_id: str
    operation: str
    at: datetime
    by: str
    before: Record | None
    after: Record | None
    deleted_id: str | None = None


Reader = Callable[[Entry], None]


class Journal:
    """The history of one company's records since it was planted."""

    def __init__(self) -> None:
        self._entries: dict[Key, deque[Entry]] = {}
        self._readers: list[Reader] = []
        self._by = PROGRAM

    def add_reader(self, reader: Reader) -> None:
        """Tell this reader of each entry at once; it must not raise and must not take long."""
        self._readers.append(reader)

    @contextmanager
    def written_by(self, person: str) -> Iterator[None]:
        """Whose the changes inside are; for code that awaits nothing in between."""
        previous, self._by = self._by, person
        try:
            yield
        finally:
            self._by = previous

    def of(self, kind: str, record_id: str) -> list[Entry]:
        """What happened to a record, the latest first."""
        return list(reversed(self._entries.get((kind, record_id), ())))

    def watch(self, kind: str, before: Record | None, after: Record | None, moment: datetime) -> None:
        """Write down a change of the store."""
        record = after if after is not None else before or {}
        self._add(Entry(kind, record["Id"], operation_between(before, after), moment, self._by, before, after))

    def note_merge(self, kind: str, survivor: Record, deleted_id: str, moment: datetime) -> None:
        """Write down that a record took another one in. Source: documentation of webhooks (P)."""
        self._add(Entry(kind, survivor["Id"], "Merge", moment, self._by, survivor, survivor, deleted_id))

    def _add(self, entry: Entry) -> None:
        self._entries.setdefault((entry.kind, entry.record_id), deque(maxlen=MOST_ENTRIES)).append(entry)
        for reader in self._readers:
            reader(entry)


def operation_between(before: Record | None, after: Record | None) -> str:
    """The word webhooks have for a change: Create, Update, Delete, Void, Emailed. Source: documentation (P).

    A void is known by its note and its zero total (V), an e-mail by its status or the time of its delivery (M).
    """
    if before is None:
        return "Create"
    if after is None:
        return "Delete"
    if is_voided(after) and not is_voided(before):
        return "Void"
    was_sent = after.get("EmailStatus") == "EmailSent" and before.get("EmailStatus") != "EmailSent"
    sent_again = delivery_time(after) is not None and delivery_time(after) != delivery_time(before)
    return "Emailed" if was_sent or sent_again else "Update"


def is_voided(record: Record) -> bool:
    """Whether a transaction was voided: its note begins with "Voided" and its total is zero (V)."""
    return str(record.get("PrivateNote", "")).startswith("Voided") and record.get("TotalAmt") == 0


def delivery_time(record: Record) -> object:
    """When the transaction was last e-mailed, or None."""
    return (record.get("DeliveryInfo") or {}).get("DeliveryTime")
