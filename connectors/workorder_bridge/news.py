"""What comes back from a destination to Odoo, and what Odoo answers to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from workorder_bridge.calls import CallGrant
from workorder_bridge.message import Message


@dataclass(frozen=True)
class Payment:
    """Money the destination received for one invoice: one per payment × invoice."""

    external_id: str
    invoice_external_id: str
    amount: Decimal
    currency: str
    date: date
    reference: str

    def as_message(self) -> dict[str, str]:
        """The shape `register_payments` expects."""
        return {
            "external_id": self.external_id,
            "invoice_external_id": self.invoice_external_id,
            "amount": f"{self.amount:.2f}",
            "currency": self.currency,
            "date": self.date.isoformat(),
            "reference": self.reference,
        }


Status = Literal["present", "voided", "deleted"]


@dataclass(frozen=True)
class SeenInvoice:
    """An invoice (or credit memo) as it is there now. A deleted one has nothing left but its id.

    `lines` is None where they were not looked at; a date that is not there is "".
    """

    kind: Literal["invoice", "credit"]
    external_id: str
    version: str
    status: Status
    changed_at: str = ""
    number: str = ""
    customer_id: str = ""
    customer_name: str = ""
    currency: str = ""
    total: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    date: str = ""
    due_date: str = ""
    memo: str = ""
    note: str = ""
    lines: tuple[str, ...] | None = None

    def as_message(self) -> dict[str, Any]:
        """The shape `register_payments` expects in `seen`; amounts as text."""
        told: dict[str, Any] = {**vars(self), "total": f"{self.total:.2f}", "tax": f"{self.tax:.2f}"}
        return {**told, "lines": None if self.lines is None else list(self.lines)}


@dataclass(frozen=True)
class SeenPayment:
    """A payment as it is there now: what it pays (invoice id → amount), and which credits it uses besides money."""

    external_id: str
    version: str
    status: Status
    changed_at: str = ""
    customer_id: str = ""
    customer_name: str = ""
    currency: str = ""
    total: Decimal = Decimal(0)
    unapplied: Decimal = Decimal(0)
    date: str = ""
    reference: str = ""
    parts: tuple[tuple[str, Decimal], ...] = ()
    credits: tuple[str, ...] = ()

    def as_message(self) -> dict[str, Any]:
        """The shape `register_payments` expects in `seen`; amounts as text."""
        return {
            **vars(self),
            "total": f"{self.total:.2f}",
            "unapplied": f"{self.unapplied:.2f}",
            "parts": [{"invoice_external_id": invoice, "amount": f"{amount:.2f}"} for invoice, amount in self.parts],
            "credits": list(self.credits),
        }


@dataclass(frozen=True)
class SeenCustomer:
    """A customer as it is there now."""

    external_id: str
    version: str
    name: str
    active: bool
    changed_at: str = ""

    def as_message(self) -> dict[str, Any]:
        """The shape `register_payments` expects in `seen`."""
        return dict(vars(self))


@dataclass(frozen=True)
class Seen:
    """Everything that changed there, ours or not: Odoo knows which of it is ours, and what it expects to find."""

    invoices: tuple[SeenInvoice, ...] = ()
    payments: tuple[SeenPayment, ...] = ()
    customers: tuple[SeenCustomer, ...] = ()

    def pieces(self, size: int) -> Iterator[Seen]:
        """At most `size` invoices and payments each, at least one piece; every piece names the customers, because a
        merge is told by a customer and its invoices together.
        """
        for start in range(0, max(len(self.invoices), len(self.payments), 1), size):
            piece = slice(start, start + size)
            yield replace(self, invoices=self.invoices[piece], payments=self.payments[piece])

    def as_message(self) -> dict[str, Any]:
        """The shape `register_payments` expects in `seen`."""
        return {
            "invoices": [invoice.as_message() for invoice in self.invoices],
            "payments": [payment.as_message() for payment in self.payments],
            "customers": [customer.as_message() for customer in self.customers],
        }


NOTHING_SEEN = Seen()
Tell = Callable[[Seen], None]
"""Takes a piece of what was seen, long before all of it is."""


@dataclass(frozen=True)
class News:
    """What changed at the destination: payments to register, `notices` for a person, where to go on next time, and how
    everything looks there now.
    """

    payments: Sequence[Payment]
    notices: Sequence[str]
    cursor: datetime
    seen: Seen = NOTHING_SEEN


class Cursor(Message):
    """How far news was read, how many invoices still wait for a payment, how many are there
    at all, and leave to read on.
    """

    cursor: str | None
    open_invoices: int
    sent_invoices: int = 0
    calls: CallGrant | None = None


class RefusedPayment(Message):
    """A payment Odoo would not register, and why."""

    external_id: str
    message: str


class Registration(Message):
    """Odoo's answer to `register_payments`."""

    registered: tuple[str, ...] = Field(strict=False)
    unchanged: tuple[str, ...] = Field(strict=False)
    refused: tuple[RefusedPayment, ...] = Field(strict=False)
    drift: int = 0
    """How many changes made there are new and wait for a person."""
