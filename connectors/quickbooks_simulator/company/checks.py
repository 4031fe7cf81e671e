"""Checks that several kinds of record share."""

import re
from datetime import date
from typing import Any

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+")


def check_properties(record: Record, known: frozenset[str], where: str = "") -> None:
    """Refuse an unknown property and list the known ones. Source: recorded answer (V)."""
    for name in record:
        if name not in known:
            listed = ", ".join(f'"{each}"' for each in sorted(known))
            raise Fault(
                "2010",
                f"Property Name:Unrecognized field {where}{name}, not marked as ignorable "
                f"({len(known)} known properties: {listed})",
                f"{where}{name}",
            )


def check_length(value: Any, element: str, longest: int, shortest: int = 0) -> None:
    """Refuse a text that is too long, naming the numbers. Source: thread (P)."""
    if not isinstance(value, str):
        return
    if not shortest <= len(value) <= longest:
        raise Fault(
            "2050",
            f"String length is either shorter or longer than supported by specification. "
            f"Min:{shortest} Max:{longest} supplied length:{len(value)}. Supplied value:{value[:60]}",
            element,
        )


def check_lengths(record: Record, limits: dict[str, int]) -> None:
    for name, longest in limits.items():
        check_length(record.get(name), name, longest)


def is_email(address: Any) -> bool:
    """Whether it is one address, or a comma list of them."""
    return all(_EMAIL.fullmatch(part.strip()) for part in str(address).split(","))


def check_email(address: Any, element: str, longest: int = 100) -> None:
    """Refuse what is not an address, or a comma list of them. Source: fault list (P), length from types (V)."""
    if address is None:
        return
    check_length(address, element, longest)
    if not is_email(address):
        raise Fault("2210", f"Email address format does not conform to RFC 822 standard: {address}", element)


def read_date(value: Any, element: str) -> date:
    """An ISO date (a time after it is cut off), else fault 2030 (M)."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Fault("2030", f"{element} must be a date as YYYY-MM-DD, supplied value: {value}", element) from None


def reference_value(reference: Any, element: str) -> str | None:
    """The id inside a reference, or None when the reference is absent or empty."""
    if reference is None:
        return None
    if isinstance(reference, dict):
        value = reference.get("value")
        return None if value in (None, "") else str(value)
    raise Fault("2010", f"{element} must be an object with a value", element)


def find_reference(draft: Draft, reference: Any, kind: str, element: str) -> Record | None:
    """The record a reference names; None when absent. A missing one is fault 2500 (P).

    An inactive one is fault 2500 or 610, reports disagree (P, switch inactive_reference_fault). A reference that the
    stored record already had may stay although its target became inactive (M).
    """
    record_id = reference_value(reference, element)
    if record_id is None:
        return None
    target = draft.changes.find(kind, record_id)
    if target is None:
        raise Fault("2500", f"Invalid Reference Id : {element} element id {record_id} not found", element)
    kept = draft.previous is not None and reference_value(draft.previous.get(element), element) == record_id
    if target.get("Active") is False and not kept:
        if draft.settings.inactive_reference_fault == "610":
            raise Fault("610", f"Object Not Found : {element} {record_id} is inactive.", element)
        raise Fault("2500", f"Invalid Reference Id : {element} element id {record_id} is inactive", element)
    return target


def refer_to(target: Record) -> Record:
    """A reference to the record, with its display name."""
    name = target.get("DisplayName") or target.get("FullyQualifiedName") or target.get("Name")
    return {"value": target["Id"], "name": name}


def resolve(draft: Draft, reference: Any, kind: str, element: str) -> Record | None:
    """A checked reference completed with the name of its target, or None."""
    target = find_reference(draft, reference, kind, element)
    return refer_to(target) if target else None


def check_books_open(draft: Draft, *dates: date) -> None:
    """Refuse a transaction dated on or before the closing date.

    Fault 6210 by the list (P); fault 5010 was seen with the same text (P, switch closed_books_fault).
    """
    closing = draft.preference("AccountingInfoPrefs", "BookCloseDate")
    if closing is None:
        return
    closed_until = read_date(closing, "BookCloseDate")
    if any(each <= closed_until for each in dates):
        raise Fault(
            draft.settings.closed_books_fault,
            f"The account period has closed and the closing date is {closed_until.isoformat()}.",
        )
