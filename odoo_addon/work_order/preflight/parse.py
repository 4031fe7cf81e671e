"""A case as JSON.

Objects have the names of the dataclasses in `case.py`; what has a default may be left out. Amounts, quantities and
percentages are text ("90.00") or whole numbers, days are "2026-11-25", `content` is Base64. What the code looks up by
key is written as lists, and the keys follow from what each entry names:

    purchase_orders, lines of a PO, originals   [{"number": …, …}]
    by_line                                     [{"po": …, "po_line": …, "quantity": …, "amount": …}]
    similar                                     [{"fingerprint": [texts], "number": …, "day": …}]
    factors                                     [{"from": "DAY", "to": "HUR", "factor": "8"}]

`numbers`, `by_po`, `freight_by_po`, `by_work_order` and `billed_of_work_order` are objects; their keys are compared as
`History` says.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from .case import Billed, Case, Document, History, Original, PoLine, Profile, PurchaseOrder, key
from .numbers import line_key, normal_number, number_keys
from .rule import STAGES

_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_LONGEST_TEXT = 10_000
_MOST = 10**12
_CHOICES: Mapping[tuple[type, str], tuple[str, ...]] = {
    (Document, "kind"): ("invoice", "credit"),
    (Document, "stage"): STAGES,
    (Profile, "tax_rule"): ("any", "exempt", "required", "barred"),
    (Profile, "freight_rule"): ("any", "not_allowed", "po"),
    (Profile, "freight_on"): ("either", "line", "header"),
    (Profile, "retention_shown"): ("any", "line", "total", "barred"),
    (PurchaseOrder, "kind"): ("standard", "blanket"),
    (PurchaseOrder, "tax_rule"): ("", "exempt", "charged", "barred"),
    (PurchaseOrder, "freight_rule"): ("", "allowed", "not_allowed"),
}
_BAD: Any = object()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where, what is there, what should be."""

    path: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path or '(the whole)'}: {self.value} - expected {self.expected}"


class CaseInvalid(ValueError):
    """The text is no case; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def parse_case(text: str | bytes) -> Case:
    """The case this JSON describes; raises `CaseInvalid` with every problem, and nothing else."""
    try:
        content = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise CaseInvalid([Problem("", _shown(text), f"JSON ({error or 'not so deep'})")]) from None
    reader = _Reader()
    case = reader.record(Case, content, "")
    if reader.problems:
        raise CaseInvalid(reader.problems)
    return typing.cast("Case", case)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"twice in one object: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _shown(value: object) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    shown = json.dumps(text, default=str) if not isinstance(text, int) else str(text)[:60]
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


@cache
def _hints(record: type) -> Mapping[str, Any]:
    return typing.get_type_hints(record)


class _Reader:
    """Reads values by the types of the dataclasses and collects what does not fit."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, path: str, value: object, expected: str) -> Any:
        self.problems.append(Problem(path, _shown(value), expected))
        return _BAD

    def record(self, record: type, value: object, path: str, also: Iterable[str] = ()) -> Any:
        """A dataclass; names in `also` are allowed and left to the caller."""
        if not isinstance(value, dict):
            return self.refuse(path, value, f"an object ({record.__name__})")
        fields = {each.name: each for each in dataclasses.fields(record)}
        for name in value.keys() - fields.keys() - set(also):
            self.refuse(_below(path, name), value[name], f"no such name; {record.__name__} has {', '.join(fields)}")
        made = {}
        for name, field in fields.items():
            if name in value:
                made[name] = self.field(record, name, value[name], _below(path, name))
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                made[name] = self.refuse(_below(path, name), None, "a value: it has no default")
        return _BAD if _BAD in made.values() else record(**made)

    def field(self, record: type, name: str, value: object, path: str) -> Any:
        """One attribute, by its own reader if its place is not read by type."""
        choices = _CHOICES.get((record, name))
        if choices is not None and value not in choices:
            return self.refuse(path, value, f"one of {', '.join(repr(each) for each in choices)}")
        if (record, name) in _LISTED:
            no_register = value is None and name == "purchase_orders"
            return None if no_register else _LISTED[record, name](self, value, path)
        read = self.typed(_hints(record)[name], value, path)
        if (record, name) == (Document, "lines") and read is not _BAD:
            self._lines_once(read, path)
        return read

    def _lines_once(self, lines: Iterable[Any], path: str) -> None:
        seen: set[int] = set()
        for index, line in enumerate(lines):
            if line.number in seen:
                self.refuse(f"{path}[{index}].number", line.number, "a number that no other line has")
            seen.add(line.number)

    def typed(self, hint: Any, value: object, path: str) -> Any:
        """A value of that type."""
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return None if value is None else self.typed(inner[0], value, path)
        if origin is tuple:
            return self.list(value, path, lambda each, where: self.typed(inner[0], each, where))
        if dataclasses.is_dataclass(hint):
            return self.record(typing.cast("type", hint), value, path)
        return _SCALARS[hint](self, value, path)

    def list(self, value: object, path: str, read: Callable[[object, str], Any]) -> Any:
        if not isinstance(value, list):
            return self.refuse(path, value, "a list")
        items = [read(each, f"{path}[{index}]") for index, each in enumerate(value)]
        return _BAD if any(each is _BAD for each in items) else tuple(items)

    def text(self, value: object, path: str) -> Any:
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT or _HALF_CHARACTER.search(value):
            return self.refuse(path, value, f"text of at most {_LONGEST_TEXT} characters")
        return value

    def flag(self, value: object, path: str) -> Any:
        return value if isinstance(value, bool) else self.refuse(path, value, "true or false")

    def whole(self, value: object, path: str) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
            return self.refuse(path, value, "a whole number")
        return value

    def number(self, value: object, path: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST:
            return Decimal(value)
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            return self.refuse(path, value, 'a number as text, such as "90.00"')
        return Decimal(value)

    def day(self, value: object, path: str) -> Any:
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):  # such as the 31st of June
                return date.fromisoformat(value)
        return self.refuse(path, value, 'a day, such as "2026-11-25"')

    def content(self, value: object, path: str) -> Any:
        try:
            return base64.b64decode(value, validate=True) if isinstance(value, str) else self._no_base64(value, path)
        except (binascii.Error, ValueError):
            return self._no_base64(value, path)

    def _no_base64(self, value: object, path: str) -> Any:
        return self.refuse(path, value, "Base64 text")

    def by_number(self, record: type, keys: Callable[[str], str], value: object, path: str) -> Any:
        """A list of records, by the key of their number; each number once."""
        items = self.list(value, path, lambda each, where: self.record(record, each, where))
        if items is _BAD:
            return _BAD
        found: dict[str, Any] = {}
        for index, each in enumerate(items):
            if keys(each.number) in found:
                self.refuse(f"{path}[{index}].number", each.number, "a number that no other entry has")
            found[keys(each.number)] = each
        return found

    def entries(self, value: object, path: str, names: Mapping[str, Any]) -> Any:
        """A list of plain objects with exactly these names, each of its type."""

        def entry(each: object, where: str) -> Any:
            if not isinstance(each, dict) or each.keys() != names.keys():
                return self.refuse(where, each, f"an object with {', '.join(names)}")
            read = {name: self.typed(hint, each[name], _below(where, name)) for name, hint in names.items()}
            return _BAD if any(item is _BAD for item in read.values()) else read

        return self.list(value, path, entry)

    def pairs(self, hint: Any, keys: Callable[[str], Iterable[str]], value: object, path: str) -> Any:
        """An object, its keys normalised."""
        if not isinstance(value, dict):
            return self.refuse(path, value, "an object")
        read = {name: self.typed(hint, each, _below(path, name)) for name, each in value.items()}
        if any(each is _BAD for each in read.values()):
            return _BAD
        return {normal: each for name, each in read.items() for normal in keys(name)}


def _below(path: str, name: str) -> str:
    shown = name if len(name) <= 60 else f"{name[:57]}…"
    return f"{path}.{shown}" if path else shown


def _by_line(reader: _Reader, value: object, path: str) -> Any:
    names = {"po": str, "po_line": str, "quantity": Decimal, "amount": Decimal}
    entries = reader.entries(value, path, names)
    if entries is _BAD:
        return _BAD
    return {
        line_key(each["po"], each["po_line"]): Billed(quantity=each["quantity"], amount=each["amount"])
        for each in entries
    }


def _similar(reader: _Reader, value: object, path: str) -> Any:
    entries = reader.entries(value, path, {"fingerprint": tuple[str, ...], "number": str, "day": date})
    if entries is _BAD:
        return _BAD
    found: dict[tuple[str, ...], tuple[tuple[str, date], ...]] = {}
    for each in entries:
        found[each["fingerprint"]] = (*found.get(each["fingerprint"], ()), (each["number"], each["day"]))
    return found


def _factors(reader: _Reader, value: object, path: str) -> Any:
    entries = reader.entries(value, path, {"from": str, "to": str, "factor": Decimal})
    if entries is _BAD:
        return _BAD
    for index, each in enumerate(entries):
        if each["factor"] <= 0:
            reader.refuse(f"{path}[{index}].factor", str(each["factor"]), "a number above zero")
    return {(key(each["from"]), key(each["to"])): each["factor"] for each in entries}


def _numbers(reader: _Reader, value: object, path: str) -> Any:
    found = reader.pairs(str, number_keys, value, path)
    states = ("live", "rejected")
    for name, state in value.items() if isinstance(value, dict) else ():
        if isinstance(state, str) and state not in states:
            reader.refuse(_below(path, name), state, f"one of {', '.join(states)}")
    return found


def _keyed(hint: Any) -> Callable[[_Reader, object, str], Any]:
    return lambda reader, value, path: reader.pairs(hint, lambda name: (key(name),), value, path)


def _numbered(record: type, keys: Callable[[str], str]) -> Callable[[_Reader, object, str], Any]:
    return lambda reader, value, path: reader.by_number(record, keys, value, path)


_SCALARS: Mapping[Any, Callable[[_Reader, object, str], Any]] = {
    str: _Reader.text,
    bool: _Reader.flag,
    int: _Reader.whole,
    Decimal: _Reader.number,
    date: _Reader.day,
    bytes: _Reader.content,
}
_LISTED: Mapping[tuple[type, str], Callable[[_Reader, object, str], Any]] = {
    (Case, "purchase_orders"): _numbered(PurchaseOrder, key),
    (Case, "factors"): _factors,
    (PurchaseOrder, "lines"): _numbered(PoLine, key),
    (History, "originals"): _numbered(Original, normal_number),
    (Original, "by_line"): _by_line,
    (History, "by_line"): _by_line,
    (History, "similar"): _similar,
    (History, "numbers"): _numbers,
    (History, "by_po"): _keyed(Decimal),
    (History, "freight_by_po"): _keyed(Decimal),
    (History, "by_work_order"): _keyed(tuple[str, ...]),
    (History, "billed_of_work_order"): _keyed(Decimal),
}
