"""The nightly duplicate scan, the last layer of "exactly once": it asks QuickBooks only.

Of each invoice only number, mark and id are remembered, some 200 bytes; what is found is read again to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workorder_bridge.ledgers import Booked, Ledger, Period
from workorder_bridge.reconcile.judgement import line_of_copies
from workorder_bridge.reconcile.line import Line
from workorder_bridge.reconcile.match import prefix_of
from workorder_bridge.reconcile.run import Observer


@dataclass
class _Seen:
    ids_by_key: dict[str, list[str]] = field(default_factory=dict)
    ids_by_number: dict[str, list[str]] = field(default_factory=dict)
    our_numbers: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)

    def take_in(self, booked: Booked) -> None:
        if booked.number:
            self.ids_by_number.setdefault(booked.number, []).append(booked.id)
        if booked.key:
            self.ids_by_key.setdefault(booked.key, []).append(booked.id)
            self.our_numbers.add(booked.number)
            self.prefixes |= {prefix_of(booked.number)} - {""}

    def suspects(self) -> Iterator[tuple[list[str], str]]:
        """Ids that should be one invoice, and why; a number counts when one of ours has it or it looks like ours."""
        told: set[frozenset[str]] = set()
        for ids in self.ids_by_key.values():
            if len(ids) > 1:
                told.add(frozenset(ids))
                yield ids, "The same mark"
        for number, ids in self.ids_by_number.items():
            ours = number in self.our_numbers or prefix_of(number) in self.prefixes
            if len(ids) > 1 and ours and frozenset(ids) not in told:
                yield ids, f"The same number {number}"


def duplicates(ledger: Ledger, period: Period, observe: Observer = lambda _odoo, _quickbooks: None) -> Iterator[Line]:
    """A line for invoices that carry the same mark, and for those of ours under one number. Voided ones do not count.

    Raises `DestinationError`.
    """
    seen = _Seen()
    for place, booked in enumerate(ledger.between(period), 1):
        if not booked.voided:
            seen.take_in(booked)
        if place % 500 == 0:
            observe(0, place)
    for ids, why in seen.suspects():
        valid = [booked for booked in ledger.find(ids, []) if not booked.voided]
        if len(valid) > 1:
            yield line_of_copies(valid, why)
