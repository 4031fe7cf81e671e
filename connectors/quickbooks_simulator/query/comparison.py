"""Compares a stored value with what a query says."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from quickbooks_simulator.clock import read_time
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.query.sentence import Condition

TIMES = ("MetaData.CreateTime", "MetaData.LastUpdatedTime")
Comparable = str | bool | Decimal | datetime


def value_of(record: Record, name: str) -> Any:
    """The value behind a dotted name; of a reference, its id; of an address object, its text; of a list, the first."""
    values = values_of(record, name)
    return values[0] if values else None


def values_of(record: Record, name: str) -> list[Any]:
    """As `value_of`, with a value for each entry of the lists on the way."""
    found: list[Any] = [record]
    for part in name.split("."):
        found = [_property(each, part) for each in found]
        found = [inner for each in found for inner in (each if isinstance(each, list) else [each]) if inner is not None]
    return [each.get("value", each.get("Address")) if isinstance(each, dict) else each for each in found]


def _property(value: Any, name: str) -> Any:
    """The property; the reference writes the type of a link as Type, records hold it as type (P)."""
    if not isinstance(value, dict):
        return None
    return value.get("type") if name == "Type" and "type" in value else value.get(name)


def matches(record: Record, condition: Condition) -> bool:
    """Whether the record fulfils the condition, in one entry of a list at least. What it lacks fulfils none."""
    return any(_matches(stored, condition) for stored in values_of(record, condition.property) if stored is not None)


def _matches(stored: Any, condition: Condition) -> bool:
    if condition.property.endswith("EntityRef.Type"):
        # Kinds are written in any case (P).
        return any(str(stored).lower() == value.lower() for value in condition.values)
    if condition.comparison == "LIKE":
        return _like(str(stored), condition.values[0])
    own = comparable(stored, condition.property)
    others = [_read(value, own, condition.property) for value in condition.values]
    return any(_compares(own, other, condition.comparison) for other in others)


def comparable(stored: Any, name: str) -> Comparable:
    """The stored value in a form that sorts."""
    if name in TIMES:
        return read_time(stored)
    if isinstance(stored, int) and not isinstance(stored, bool):
        return Decimal(stored)
    if isinstance(stored, (bool, Decimal)):
        return stored
    return str(stored)


def _read(text: str, like: Comparable, name: str) -> Comparable:
    try:
        if isinstance(like, datetime):
            return read_time(text)
        if isinstance(like, Decimal):
            return _number(text)
    except (ValueError, InvalidOperation):
        raise Fault("4001", f"QueryValidationError: value {text} does not fit property {name}") from None
    if isinstance(like, bool):
        return text.lower() == "true"
    return text


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _compares(own: Any, other: Any, comparison: str) -> bool:
    """Text in any case, and != too, as a client's tests use them (V)."""
    if isinstance(own, str):
        own, other = own.casefold(), other.casefold()
    if comparison in ("=", "IN"):
        return bool(own == other)
    if comparison == "!=":
        return bool(own != other)
    if comparison == "<":
        return bool(own < other)
    if comparison == ">":
        return bool(own > other)
    return bool(own <= other) if comparison == "<=" else bool(own >= other)


def _like(text: str, pattern: str) -> bool:
    """A percent sign stands for any text; case does not matter (M)."""
    expression = ".*".join(re.escape(part) for part in pattern.split("%"))
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL) is not None
