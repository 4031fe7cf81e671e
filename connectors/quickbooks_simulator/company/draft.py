"""What a rule gets to see of a write: the body after merging, the books, and the day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.settings import Settings


@dataclass(frozen=True)
class Draft:
    """One create or update in preparation.

    `body` is what the record should become (blanks taken out, sparse updates merged in), `sent` what the client wrote.
    """

    kind: str
    body: Record
    sent: Record
    previous: Record | None
    changes: Changes
    settings: Settings
    today: date

    def preference(self, section: str, name: str) -> Any:
        """A company preference, or None when it is absent."""
        preferences = self.changes.find("Preferences", "1") or {}
        return preferences.get(section, {}).get(name)


def without_blanks(value: Any) -> Any:
    """The value without nulls, empty strings, empty lists and empty objects.

    An empty string empties a field, it is not stored (P). This also makes clients harmless that write every field.
    """
    if isinstance(value, dict):
        cleaned = {key: without_blanks(each) for key, each in value.items()}
        return {key: each for key, each in cleaned.items() if not is_blank(each)}
    if isinstance(value, list):
        return [without_blanks(each) for each in value]
    return value


def is_blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def merge_sparse(previous: Record, sent: Record) -> Record:
    """The previous record with what was sent laid over it; a list such as Line replaces the old one whole (V)."""
    merged = {**previous, **sent}
    for name in ("CustomField",):
        if name in sent and previous.get(name):
            merged[name] = _merge_fields(previous[name], sent[name] or [])
    return merged


def _merge_fields(previous: list[Record], sent: list[Record]) -> list[Record]:
    """Custom fields are merged one by one (M)."""
    by_id = {each["DefinitionId"]: each for each in previous}
    for each in sent:
        if isinstance(each, dict) and each.get("DefinitionId"):
            by_id[str(each["DefinitionId"])] = each
    return list(by_id.values())


def days_after(start: date, days: int) -> date:
    return start + timedelta(days=days)
