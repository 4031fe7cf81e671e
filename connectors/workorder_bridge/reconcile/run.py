"""Reads both sides slice by slice and tells a line for each invoice.

A slice is a number of days with at most `slice_size` invoices on either side (or one day), so memory does not grow with
the period. An invoice whose other half is not dated in the slice is looked up by id, number or mark before anything is
said about it; hence an invoice somebody moved to another date is told as that, and not as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from workorder_bridge.ledgers import Booked, Ledger, Period, Posted, Register
from workorder_bridge.reconcile.judgement import line_of_left_over, line_of_pair, line_of_stranger
from workorder_bridge.reconcile.line import Line
from workorder_bridge.reconcile.match import Matching, Pair, match, prefix_of

SLICE = 5000
PAGE = 500
T = TypeVar("T")
Observer = Callable[[int, int], None]
"""Told how many invoices were read so far: Odoo's, QuickBooks'."""


def _ignore(_odoo: int, _quickbooks: int) -> None:
    """No observer."""


@dataclass
class Reconciliation:
    """The tie-out of one destination for one period, of the kind the ledger holds."""

    register: Register
    ledger: Ledger
    code: str
    period: Period
    observe: Observer = _ignore
    slice_size: int = SLICE
    page_size: int = PAGE
    _prefixes: set[str] = field(default_factory=set)
    _read: list[int] = field(default_factory=lambda: [0, 0])

    def lines(self) -> Iterator[Line]:
        """Every invoice of either side in the period, once. Raises `SourceError` or `DestinationError`."""
        for part in slices(self.ledger, self.period, self.slice_size):
            yield from self._of_slice(part)

    def _of_slice(self, part: Period) -> Iterator[Line]:
        posted = self._posted(part)
        if posted is None:
            for half in part.halves():
                yield from self._of_slice(half)
            return
        matching = match(posted, self._booked(part))
        self._learn_prefixes(matching)
        for pair in self._completed(matching.pairs):
            yield line_of_pair(pair)
        yield from self._left_over(matching.left_over, part)

    def _posted(self, part: Period) -> list[Posted] | None:
        """Odoo's side of the slice; None when it is too much for one and the slice has days to be divided at."""
        posted: list[Posted] = []
        after = None
        while True:
            page = self.register.posted_invoices(self.code, self.ledger.kind, part, after, self.page_size)
            posted += page.invoices
            if len(posted) > self.slice_size and part.days > 1:
                return None
            self.observe(self._read[0] + len(posted), self._read[1])
            after = page.next
            if after is None:
                self._read[0] += len(posted)
                return posted

    def _booked(self, part: Period) -> Iterator[Booked]:
        for place, booked in enumerate(self.ledger.between(part), 1):
            yield booked
            if place % self.page_size == 0:
                self._read[1] += self.page_size
                self.observe(*self._read)

    def _learn_prefixes(self, matching: Matching) -> None:
        numbers = [pair.posted.number for pair in matching.pairs]
        numbers += [booked.number for booked in matching.left_over if booked.key]
        self._prefixes |= {prefix_of(number) for number in numbers} - {""}

    def _completed(self, pairs: Sequence[Pair]) -> Iterator[Pair]:
        """The pairs, after asking for halves that are not dated in the slice: by the id Odoo stored, else by number."""
        for chunk in chunks(pairs, self.page_size):
            away = [pair for pair in chunk if not _is_whole(pair)]
            ids = [pair.posted.external_id for pair in away if pair.posted.external_id]
            numbers = [pair.posted.number for pair in away if not pair.posted.external_id]
            found = self.ledger.find(ids, numbers) if away else []
            halves = {half.posted.id: half for half in match([pair.posted for pair in away], found).pairs}
            for pair in chunk:
                yield _joined(pair, halves.get(pair.posted.id))

    def _left_over(self, booked: Sequence[Booked], part: Period) -> Iterator[Line]:
        ours = [each for each in booked if each.key or prefix_of(each.number) in self._prefixes]
        for chunk in chunks(ours, self.page_size):
            keys = [each.key for each in chunk if each.key]
            numbers = [each.number for each in chunk if each.number]
            known = self.register.find_invoices(self.code, self.ledger.kind, keys, numbers)
            by_key = {key: posted for posted in known for key in posted.keys}
            by_number = {posted.number: posted for posted in known}
            for each in chunk:
                its_own = by_key.get(each.key) or by_number.get(each.number)
                if not self._told_elsewhere(each, its_own, part):
                    yield line_of_left_over(each, its_own)
        mine = {each.id for each in ours}
        for each in booked:
            if each.id not in mine:
                yield line_of_stranger(each)

    def _told_elsewhere(self, booked: Booked, known: Posted | None, part: Period) -> bool:
        """Whether the slice of Odoo's date finds this very invoice, by its id or by its number."""
        if known is None or not known.posted or known.date not in self.period or known.date in part:
            return False
        by_number = not known.external_id and booked.key in known.keys and booked.number == known.number
        return booked.id == known.external_id or by_number


def _is_whole(pair: Pair) -> bool:
    """Whether the invoice that Odoo knows is among ours, or any is when Odoo knows none."""
    expected = pair.posted.external_id
    return any(booked.id == expected for booked in pair.ours) if expected else bool(pair.ours)


def _joined(pair: Pair, half: Pair | None) -> Pair:
    if half is None or not half.ours:
        return pair
    rest = [booked for booked in pair.ours if booked.id not in {each.id for each in half.ours}]
    return Pair(pair.posted, (*half.ours, *rest), pair.sharing)


def slices(ledger: Ledger, period: Period, most: int) -> Iterator[Period]:
    """The period in parts with at most so many invoices each, where days allow it."""
    if period.days == 1 or ledger.count(period) <= most:
        yield period
        return
    for half in period.halves():
        yield from slices(ledger, half, most)


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items, so many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
