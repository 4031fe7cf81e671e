"""What a rule gets to see of a write: the body after merging, the books, and the day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.settings import Settings

SWITCHES = frozenset(
    {"Active", "Taxable", "Job", "BillWithParent", "ApplyTaxAfterDiscount", "PercentBased", "sparse", "TrackQtyOnHand"}
    | {
        "SubItem",
        "SubAccount",
        "SubClass",
        "SubDepartment",
        "Vendor1099",
        "BillableTime",
        "IsProject",
        "Adjustment",
        "Credit",
    }
)
"""Properties that are true or false; the text "true" or "false" is understood too (M)."""


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
        cleaned = {key: _read_switch(key, without_blanks(each)) for key, each in value.items()}
        return {key: each for key, each in cleaned.items() if not is_blank(each)}
    if isinstance(value, list):
        return [without_blanks(each) for each in value]
    return value


def _read_switch(name: str, value: Any) -> Any:
    return value == "true" if name in SWITCHES and isinstance(value, str) else value


def is_blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def merge_sparse(previous: Record, sent: Record) -> Record:
    """The previous record with what was sent laid over it; a list such as Line replaces the old one whole (V)."""
    merged = {**previous, **sent}
    if sent.get("CustomField") and previous.get("CustomField"):
        merged["CustomField"] = _merge_fields(previous["CustomField"], sent["CustomField"])
    return merged


def _merge_fields(previous: list[Record], sent: list[Record]) -> list[Record]:
    """Custom fields are merged one by one (M)."""
    by_id = {str(each["DefinitionId"]): each for each in [*previous, *sent] if each.get("DefinitionId")}
    return list(by_id.values())
