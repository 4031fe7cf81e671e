"""What comes back from a destination to Odoo, and what Odoo answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

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


@dataclass(frozen=True)
class News:
    """What changed at the destination: payments to register, `notices` for a person, and where to go on next time."""

    payments: Sequence[Payment]
    notices: Sequence[str]
    cursor: datetime


class Cursor(Message):
    """How far payments were read, and how many invoices still wait for one."""

    cursor: str | None
    open_invoices: int


class RefusedPayment(Message):
    """A payment Odoo would not register, and why."""

    external_id: str
    message: str


class Registration(Message):
    """Odoo's answer to `register_payments`."""

    registered: tuple[str, ...] = Field(strict=False)
    unchanged: tuple[str, ...] = Field(strict=False)
    refused: tuple[RefusedPayment, ...] = Field(strict=False)
