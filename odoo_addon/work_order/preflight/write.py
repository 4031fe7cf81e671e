"""A case written as the JSON that `parse.py` reads: Odoo hands cases to the command line this way."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .case import Billed, Case, History, Original, PurchaseOrder


def case_to_json(case: Case) -> dict[str, Any]:
    """Plain values for `json.dumps`; `parse_case` makes an equal case of them, with numbers kept under more keys."""
    written: dict[str, Any] = _plain(case)
    return written


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            each.name: _LISTED.get((type(value), each.name), _plain)(getattr(value, each.name))
            for each in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _entries(records: Mapping[Any, Any] | None) -> list[Any] | None:
    return None if records is None else [_plain(each) for each in records.values()]


def _by_line(billed: Mapping[tuple[str, str], Billed]) -> list[Any]:
    return [
        {"po": po, "po_line": line, "quantity": _plain(each.quantity), "amount": _plain(each.amount)}
        for (po, line), each in billed.items()
    ]


def _similar(similar: Mapping[tuple[str, ...], tuple[tuple[str, date], ...]]) -> list[Any]:
    return [
        {"fingerprint": list(print_), "number": number, "day": day.isoformat()}
        for print_, known in similar.items()
        for number, day in known
    ]


def _factors(factors: Mapping[tuple[str, str], Decimal]) -> list[Any]:
    return [{"from": one, "to": other, "factor": _plain(factor)} for (one, other), factor in factors.items()]


_LISTED: Mapping[tuple[type, str], Callable[[Any], Any]] = {
    (Case, "purchase_orders"): _entries,
    (Case, "factors"): _factors,
    (PurchaseOrder, "lines"): _entries,
    (History, "originals"): _entries,
    (History, "by_line"): _by_line,
    (History, "similar"): _similar,
    (Original, "by_line"): _by_line,
}
