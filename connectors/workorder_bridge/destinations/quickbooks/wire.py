"""JSON as QuickBooks wants it, and its query language's literals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any


def to_json(value: Any) -> str:
    """JSON text in which a Decimal is a number with exactly its digits.

    The standard encoder refuses Decimal, and python-quickbooks writes it as a string (trap 9, V); going through float
    would let binary fractions near money. Raises TypeError for anything that is not JSON, floats included.
    """
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise TypeError(f"{type(value).__name__} is not JSON, or not a safe amount; amounts are Decimals")
    return writer(value)


def _object(value: dict[str, Any]) -> str:
    parts = [
        f"{encode_basestring(key)}:{encode_basestring(item) if type(item) is str else to_json(item)}"
        for key, item in value.items()
    ]
    return "{" + ",".join(parts) + "}"


def _array(value: Iterable[Any]) -> str:
    return "[" + ",".join([to_json(item) for item in value]) + "]"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    dict: _object,
    list: _array,
    tuple: _array,
    Decimal: lambda value: format(value, "f"),
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _value: "null",
}
"""By type, since this runs for every field of every invoice."""


def amount(value: object) -> Decimal:
    """A number from an answer (int, Decimal or text; the client never parses floats); nothing counts as zero."""
    if isinstance(value, Decimal):
        return value
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
