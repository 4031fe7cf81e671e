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
    """The value behind a dotted name; of a reference, its id; of an address object, its text."""
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, dict):
        return value.get("value", value.get("Address"))
    return value


def matches(record: Record, condition: Condition) -> bool:
    """Whether the record fulfils the condition. A property it lacks fulfils none."""
    stored = value_of(record, condition.property)
    if stored is None:
        return False
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
            return Decimal(text)
    except (ValueError, InvalidOperation):
        raise Fault("4001", f"QueryValidationError: value {text} does not fit property {name}") from None
    if isinstance(like, bool):
        return text.lower() == "true"
    return text


def _compares(own: Any, other: Any, comparison: str) -> bool:
    if comparison in ("=", "IN"):
        return bool(own == other)
    if comparison == "<":
        return bool(own < other)
    if comparison == ">":
        return bool(own > other)
    return bool(own <= other) if comparison == "<=" else bool(own >= other)


def _like(text: str, pattern: str) -> bool:
    """A percent sign stands for any text; case does not matter (M)."""
    expression = ".*".join(re.escape(part) for part in pattern.split("%"))
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL) is not None
