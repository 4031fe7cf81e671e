"""Which invoice in QuickBooks belongs to which in Odoo: by its id there, else by our mark, else by its number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workorder_bridge.ledgers import Booked, Posted

_COUNTER = re.compile(r"\d+$")


@dataclass(frozen=True)
class Pair:
    """An invoice of Odoo with those that are it in QuickBooks, and those that only stand under its number."""

    posted: Posted
    ours: tuple[Booked, ...] = ()
    sharing: tuple[Booked, ...] = ()


@dataclass(frozen=True)
class Matching:
    """Every invoice of Odoo in one pair, every one of QuickBooks in one pair or left over."""

    pairs: tuple[Pair, ...]
    left_over: tuple[Booked, ...]


def match(posted: Sequence[Posted], booked: Iterable[Booked]) -> Matching:
    """Pair them. The one whose id Odoo stored comes first among `ours`."""
    free = {each.id: each for each in booked}
    ours: dict[int, list[Booked]] = {each.id: [] for each in posted}
    for invoice in posted:
        if invoice.external_id in free:
            ours[invoice.id].append(free.pop(invoice.external_id))
    by_key, by_number = _indexed(free.values())
    for invoice in posted:
        for key in invoice.keys:
            ours[invoice.id] += _taken(free, by_key.get(key, ()))
    pairs = []
    for invoice in posted:
        sharing = _taken(free, by_number.get(invoice.number, ())) if invoice.number else []
        pairs.append(Pair(invoice, tuple(ours[invoice.id]), tuple(sharing)))
    return Matching(tuple(pairs), tuple(free.values()))


def prefix_of(number: str) -> str:
    """What our numbers have in common: INV/2026/ of INV/2026/00012; "" of a bare number, which tells nothing."""
    return _COUNTER.sub("", number)


def _indexed(booked: Iterable[Booked]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    by_key, by_number = defaultdict(list), defaultdict(list)
    for each in booked:
        if each.key:
            by_key[each.key].append(each.id)
        by_number[each.number].append(each.id)
    return by_key, by_number


def _taken(free: dict[str, Booked], ids: Iterable[str]) -> list[Booked]:
    return [free.pop(each) for each in ids if each in free]
