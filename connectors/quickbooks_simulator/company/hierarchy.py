"""Lists whose records stand below one another: parents, full names, levels."""

from quickbooks_simulator.company.checks import find_reference
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

DEEPEST_LEVEL = 4
"""Five levels in all, the top one included (M)."""


def place(draft: Draft, name: str) -> Record:
    """Full name, and below a parent also ParentRef and Level; what stands below this record moves with it.

    A parent that is the record itself or stands below it, and a sixth level, are refused (M).
    """
    parent = find_reference(draft, draft.body.get("ParentRef"), draft.kind, "ParentRef")
    placed: Record = {"FullyQualifiedName": name}
    if parent is not None:
        _check_parent(draft, parent)
        level = level_of(parent) + 1
        placed = {
            "FullyQualifiedName": f"{parent['FullyQualifiedName']}:{name}",
            "ParentRef": {"value": parent["Id"]},
            "Level": level,
        }
        if level > DEEPEST_LEVEL:
            raise Fault("6000", f"A list has at most {DEEPEST_LEVEL + 1} levels.", "ParentRef")
    if draft.previous is not None:
        move_descendants(draft.changes, draft.kind, {**placed, "Id": draft.previous["Id"]})
    return placed


def level_of(record: Record) -> int:
    """How many records stand above it."""
    return str(record["FullyQualifiedName"]).count(":")


def move_descendants(changes: Changes, kind: str, record: Record) -> None:
    """Give the records below their new full names and levels (M)."""
    for child in children(changes, kind, record["Id"]):
        own_name = child.get("DisplayName") or child["Name"]
        moved = {**child, "FullyQualifiedName": f"{record['FullyQualifiedName']}:{own_name}"}
        moved["Level"] = level_of(moved)
        if moved != child:
            changes.revise(kind, moved)
            move_descendants(changes, kind, moved)


def children(changes: Changes, kind: str, parent_id: str) -> list[Record]:
    """The records directly below, as this write leaves them so far."""
    stored = [each["Id"] for each in changes.store.all(kind) if "ParentRef" in each]
    records = [changes.find(kind, record_id) for record_id in stored]
    return [each for each in records if each and each.get("ParentRef", {}).get("value") == parent_id]


def _check_parent(draft: Draft, parent: Record) -> None:
    above: Record | None = parent
    while above is not None:
        if draft.previous is not None and above["Id"] == draft.previous["Id"]:
            raise Fault("6000", "A record cannot stand below itself.", "ParentRef")
        above = draft.changes.find(draft.kind, above["ParentRef"]["value"]) if "ParentRef" in above else None
