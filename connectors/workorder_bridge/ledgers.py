"""The two sets of books a tie-out compares, and how they are read: Odoo's invoices and the destination's.

Amounts are `Decimal` in the invoice's currency; days are the company's own, without a time zone on either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import Field

from workorder_bridge.document_parts import Amount, Day
from workorder_bridge.message import Message

DocumentKind = Literal["invoice", "credit"]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = ("invoice", "credit")
"""A credit note's amounts are negative in here, so that everything can be added up."""


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included. Raises ValueError when they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """A period has one day at least."""
        if self.last < self.first:
            raise ValueError("a period cannot end before it begins")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def halves(self) -> tuple[Period, Period]:
        """Two periods that make up this one, which must have two days or more."""
        end = self.first + timedelta(days=self.days // 2 - 1)
        return Period(self.first, end), Period(end + timedelta(days=1), self.last)


class Posted(Message):
    """An invoice or credit note as Odoo has it now, and its row for the destination.

    `transmission` is the row's state, "" when no row is alive; `keys` are those of all its rows, withdrawn ones too.
    `payments` are the destination's ids of the payments Odoo registered from there.
    """

    id: int
    kind: DocumentKind
    number: str
    date: Day
    customer: str
    currency: str
    total: Amount
    tax: Amount
    balance: Amount
    posted: bool
    work_orders: tuple[str, ...] = Field(strict=False)
    purchase_orders: tuple[str, ...] = Field(strict=False)
    keys: tuple[str, ...] = Field(strict=False)
    transmission: str
    external_id: str
    message: str
    payments: tuple[str, ...] = Field(strict=False)

    @property
    def paid(self) -> Decimal:
        """What is no longer open."""
        return self.total - self.balance


class PostedPage(Message):
    """A part of a period. `next` leads to the page after it; None: this was the last."""

    invoices: tuple[Posted, ...] = Field(strict=False)
    next: str | None


class FoundInvoices(Message):
    """What was found under keys and numbers."""

    invoices: tuple[Posted, ...] = Field(strict=False)


@dataclass(frozen=True, slots=True)
class Booked:
    """An invoice or credit memo as the destination has it. `key` is what our mark on it says, "" without one."""

    id: str
    kind: DocumentKind
    number: str
    date: date
    customer: str
    currency: str
    total: Decimal
    tax: Decimal
    balance: Decimal
    key: str
    voided: bool
    payments: tuple[str, ...]
    url: str

    @property
    def paid(self) -> Decimal:
        """What is no longer open."""
        return self.total - self.balance


class Register(Protocol):
    """Odoo's side. Methods only read; they raise `SourceError`."""

    def posted_invoices(
        self, code: str, kind: DocumentKind, period: Period, after: str | None, limit: int
    ) -> PostedPage:
        """Posted ones of a kind that belong at the destination, by date; may be short of `limit` and not the last."""
        ...

    def find_invoices(
        self, code: str, kind: DocumentKind, keys: Sequence[str], numbers: Sequence[str]
    ) -> tuple[Posted, ...]:
        """Those of a kind with these keys or numbers, whatever their date and state; at most 1,000 of each at once."""
        ...


class Ledger(Protocol):
    """The destination's side, of one kind. Methods only read; they raise `DestinationError`."""

    @property
    def kind(self) -> DocumentKind:
        """Invoices or credit memos."""
        ...

    def count(self, period: Period) -> int:
        """How many are dated in the period."""
        ...

    def between(self, period: Period) -> Iterator[Booked]:
        """Those dated in the period, page by page."""
        ...

    def find(self, ids: Sequence[str], numbers: Sequence[str]) -> list[Booked]:
        """Those with these ids or numbers, whatever their date; each once."""
        ...
