"""One line of a tie-out, and the sums at its foot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from workorder_bridge.ledgers import Booked, DocumentKind, Period, Posted

State = Literal[
    "agrees", "differs", "missing", "deleted", "voided", "twice", "not_sent", "waiting", "only_there", "stranger"
]
MEANINGS: dict[State, str] = {
    "agrees": "the same on both sides, to the cent",
    "differs": "on both sides, but not the same",
    "missing": "posted in Odoo, never handed on to QuickBooks",
    "deleted": "was in QuickBooks, and is no longer",
    "voided": "voided in QuickBooks, still posted in Odoo",
    "twice": "more than once in QuickBooks",
    "not_sent": "not sent yet; goes out with the next run",
    "waiting": "waits for a person",
    "only_there": "ours, in QuickBooks only",
    "stranger": "in QuickBooks only, not ours",
}
"""In the order in which they are told."""

CLEAN: frozenset[State] = frozenset({"agrees", "stranger"})
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """What is on either side, Odoo's invoice and the one(s) in QuickBooks, and a sentence for each thing to look at."""

    state: State
    posted: Posted | None = None
    booked: tuple[Booked, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """What people call it."""
        return self.posted.number if self.posted else self.booked[0].number

    @property
    def kind(self) -> DocumentKind:
        """Invoice, or credit note."""
        return self.posted.kind if self.posted else self.booked[0].kind

    @property
    def currency(self) -> str:
        """Odoo's, else QuickBooks'."""
        return self.posted.currency if self.posted else self.booked[0].currency


@dataclass
class Side:
    """The sums of one side, in one currency."""

    invoices: int = 0
    total: Decimal = _ZERO
    tax: Decimal = _ZERO
    paid: Decimal = _ZERO
    balance: Decimal = _ZERO

    def add(self, invoice: Posted | Booked) -> None:
        """Count an invoice in."""
        self.invoices += 1
        self.total += invoice.total
        self.tax += invoice.tax
        self.paid += invoice.paid
        self.balance += invoice.balance


@dataclass
class Sums:
    """Both sides of one currency."""

    odoo: Side = field(default_factory=Side)
    quickbooks: Side = field(default_factory=Side)


@dataclass
class Tally:
    """Counts by state and sums by currency.

    The sums hold what either side dates in the period, so each can be laid beside a report of its own program.
    Strangers are counted and not summed.
    """

    period: Period
    counts: Counter[State] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Take a line in."""
        self.counts[line.state] += 1
        if line.state == "stranger":
            return
        if line.posted and line.posted.posted and line.posted.date in self.period:
            self._sums(line.posted.currency).odoo.add(line.posted)
        for booked in line.booked:
            if booked.date in self.period:
                self._sums(booked.currency).quickbooks.add(booked)

    @property
    def clean(self) -> bool:
        """Whether everything agrees."""
        return all(state in CLEAN for state, count in self.counts.items() if count)

    def _sums(self, currency: str) -> Sums:
        return self.sums.setdefault(currency, Sums())
