"""JSON as QuickBooks wants it, and its query language's literals."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any


def to_json(value: Any) -> str:
    """JSON text in which a Decimal is a number with exactly its digits.

    The standard encoder refuses Decimal, and python-quickbooks writes it as a string (trap 9, V); going through float
    would let binary fractions near money. Raises TypeError for anything that is not JSON, floats included.
    """
    if isinstance(value, float):
        raise TypeError("a float is not a safe amount; use Decimal")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(to_json(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def amount(value: object) -> Decimal:
    """A number from an answer (int, Decimal or text; the client never parses floats); nothing counts as zero."""
    return Decimal(0) if value in (None, "") else Decimal(str(value))


def quoted(text: str) -> str:
    """A string literal of the query language: quote and backslash escaped with a backslash (fact sheet §6, P).

    python-quickbooks leaves backslashes alone (trap 11, V), which would let a name end the literal.
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def any_of(texts: Iterable[str]) -> str:
    """The right side of IN."""
    return "(" + ", ".join(quoted(text) for text in texts) + ")"


def reference(record: dict[str, Any], name: str) -> str:
    """The id a reference field such as CustomerRef points to, "" if there is none."""
    return str((record.get(name) or {}).get("value") or "")
