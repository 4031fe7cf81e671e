"""Rules of an attachable: a file or a note, linked to any number of records."""

from typing import Any

from quickbooks_simulator.company.checks import check_length, check_properties, reference_value
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

CATEGORIES = ("Contact Photo", "Document", "Image", "Receipt", "Signature", "Sound", "Other")
OF_THE_FILE = ("FileName", "ContentType", "Size")
DERIVED = ("FileAccessUri", "TempDownloadUri", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri")
LINK_PROPERTIES = frozenset({"EntityRef", "IncludeOnSend", "LineInfo", "NoRefOnly", "CustomField", "Inactive", "Ex"})


def prepare_attachable(draft: Draft) -> Record:
    """A note or the description of a file. Names, lengths and categories from types (V) and the reference (P).

    What belongs to the file stays even when a full update leaves it out (M).
    """
    previous = draft.previous or {}
    of_the_file = {name: previous[name] for name in OF_THE_FILE if name in previous}
    record = {**of_the_file, **{name: value for name, value in draft.body.items() if name not in DERIVED}}
    if "FileName" not in record and "Note" not in record:
        raise Fault("2020", "Required param missing, need to supply a FileName or a Note", "Note")
    check_length(record.get("Note"), "Note", 2000)
    check_length(record.get("FileName"), "FileName", 1000)
    if record.get("Category", CATEGORIES[0]) not in CATEGORIES:
        raise Fault("2170", f"Category must be one of {', '.join(CATEGORIES)}", "Category")
    record["AttachableRef"] = [_prepare_link(draft, link) for link in draft.body.get("AttachableRef", [])]
    return record


def forget_nothing(_changes: Changes, _attachable: Record) -> None:
    """Deleting an attachable leaves the records it was linked to as they are (M)."""


def _prepare_link(draft: Draft, link: Any) -> Record:
    """A link to a record that exists; IncludeOnSend sends the file along with the e-mail. Source: types (V).

    An unknown record is fault 2500 (M for the code).
    """
    check_properties(link, LINK_PROPERTIES, "AttachableRef.")
    prepared: Record = {name: value for name, value in link.items() if name in ("LineInfo", "NoRefOnly", "Inactive")}
    prepared["IncludeOnSend"] = link.get("IncludeOnSend") in (True, "true")
    reference = link.get("EntityRef")
    record_id = reference_value(reference, "AttachableRef.EntityRef")
    if reference is None or record_id is None:
        return prepared
    kind = _kind_in_books(draft, str(reference.get("type", "")))
    if kind is None or draft.changes.find(kind, record_id) is None:
        raise Fault(
            "2500",
            f"Invalid Reference Id : AttachableRef names {reference.get('type')} {record_id}, which does not exist",
            "AttachableRef.EntityRef",
        )
    return {"EntityRef": {"type": kind, "value": record_id}, **prepared}


def _kind_in_books(draft: Draft, name: str) -> str | None:
    """The kind of this name in any case, among those the company has a record of."""
    return next((kind for kind in draft.changes.store.tables if kind.lower() == name.lower()), None)
