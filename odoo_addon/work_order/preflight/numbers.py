"""How numbers and lines are compared. Whoever collects a `History` uses these, or nothing will be found in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal

from .case import ONE, Document, Line, key

_GROUPS = re.compile(r"[^\W\d_]+|\d+")


def normal_number(number: str) -> str:
    """What is left of a document number when case, punctuation and leading zeros of each group of digits do not count.

    >>> normal_number("inv/2026/00012") == normal_number("INV-2026-12")
    True

    The groups stay apart, since INV/2026/01/11 and INV/2026/11/1 are two invoices.
    """
    return "-".join(_without_zeros(group) for group in _groups(number))


def number_keys(number: str) -> tuple[str, ...]:
    """Every key under which a number is kept in `History.numbers`: the normal one, and all groups written together.

    The second finds 4500-123 written as 4500123.
    """
    together = "".join(_groups(number))
    return tuple(dict.fromkeys((normal_number(number), _without_zeros(together))))


def _groups(number: str) -> list[str]:
    return _GROUPS.findall(unicodedata.normalize("NFKC", number).upper())


def _without_zeros(group: str) -> str:
    return group.lstrip("0") or group[-1:]


def po_of(document: Document, line: Line) -> str:
    """The buyer's PO this line bills: its own, else the document's."""
    return line.buyer_po.strip() or document.buyer_po.strip()


def line_key(po: str, po_line: str) -> tuple[str, str]:
    """The key of a PO line in `History.by_line` and `Original.by_line`."""
    return (key(po), key(po_line))


def work_order_of(document: Document, line: Line) -> str:
    """The work order this line bills: its own, else the only one of the document, else ""."""
    if line.work_order or len(document.work_orders) != 1:
        return line.work_order
    return document.work_orders[0].number


def fingerprint(document: Document, line: Line, site: str) -> tuple[str, ...]:
    """What makes two billed lines look alike to a buyer, the key of `History.similar`.

    Kind of document, PO and line (without a PO: work order and our code), building, amount, and day or period of
    service. `site` is the building of the line's work order: two buildings on one PO never look alike when both are
    named, and do when nobody named them.
    """
    po = key(po_of(document, line))
    what = (po, key(line.po_line or line.item_code)) if po else (key(work_order_of(document, line)), key(line.our_code))
    return (document.kind, *what, key(site), plain(line.subtotal), *_period(document, line))


def fingerprints(document: Document) -> tuple[tuple[str, ...], ...]:
    """The fingerprints of a document's goods and services, each once."""
    sites = {order.number: order.site for order in document.work_orders}
    lines = (line for line in document.lines if not line.charge)
    prints = (fingerprint(document, line, sites.get(work_order_of(document, line), "")) for line in lines)
    return tuple(dict.fromkeys(prints))


def _period(document: Document, line: Line) -> tuple[str, str]:
    start, end = line.service_date or document.service_start, line.service_date or document.service_end
    return (start.isoformat() if start else "", end.isoformat() if end else "")


def factor_between(unit: str, po_unit: str, factors: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """How many of the PO's units are one of ours; None if nobody recorded it."""
    pair = (key(unit), key(po_unit))
    if pair[0] == pair[1]:
        return ONE
    if factors.get(pair):
        return factors[pair]
    back = factors.get((pair[1], pair[0]))
    return ONE / back if back else None


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no zeros that say nothing.

    >>> plain(Decimal("1.50E+3")), plain(Decimal("0.10"))
    ('1500', '0.1')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def listed(numbers: Iterable[int]) -> str:
    """Numbers of lines, the first few of many.

    >>> listed([3, 1]), listed(range(1, 21))
    ('1, 3', '1, 2, 3, 4, 5 and 15 more')
    """
    ordered = sorted(numbers)
    shown = ", ".join(map(str, ordered[:5]))
    return shown if len(ordered) <= 5 else f"{shown} and {len(ordered) - 5} more"
