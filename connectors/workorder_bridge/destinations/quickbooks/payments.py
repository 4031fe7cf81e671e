"""News from QuickBooks: money received for invoices, and how everything that changed looks now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.changes import DELETED, read_changes
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.seen import seen_customer, seen_invoice, seen_payment
from workorder_bridge.destinations.quickbooks.texts import is_ours
from workorder_bridge.destinations.quickbooks.wire import amount
from workorder_bridge.log import record
from workorder_bridge.news import News, Payment, Seen, SeenCustomer, SeenInvoice, SeenPayment, Tell

Record = dict[str, Any]

PIECE = 500
"""How many invoices are told at once."""


@dataclass
class _Sorter:
    """Takes objects as they come: how each looks now, which invoices are not ours, and which payments only set our
    credits against invoices. Many invoices are told in pieces meanwhile, and only what they belong to is remembered.
    """

    home_currency: str
    tell: Tell | None = None
    invoices: dict[tuple[str, str], SeenInvoice] = field(default_factory=dict)
    customers: dict[str, SeenCustomer] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    our_credits: set[str] = field(default_factory=set)

    def keep(self, kind: str, one: Record) -> SeenPayment | None:
        """Only payments have to be kept until all is known."""
        if kind == "Payment":
            if _applies_our_credit(one):
                self.our_credits.add(str(one.get("Id")))
            return seen_payment(one, self.home_currency)
        if kind == "Customer":
            self._keep_customer(one)
        else:
            self._keep_invoice(seen_invoice("credit" if kind == "CreditMemo" else "invoice", one, self.home_currency))
        return None

    def _keep_customer(self, one: Record) -> None:
        """One that was deleted was never used by us, and nothing is left of it."""
        if one.get("status") != DELETED:
            customer = seen_customer(one)
            self.customers[customer.external_id] = customer

    def _keep_invoice(self, invoice: SeenInvoice) -> None:
        if invoice.kind == "invoice":
            _log_undone(invoice)
            mark = self.foreign.add if _is_foreign(invoice) else self.foreign.discard
            mark(invoice.external_id)
        self.invoices[invoice.kind, invoice.external_id] = invoice
        if self.tell is not None and len(self.invoices) >= PIECE:
            self.tell(Seen(tuple(self.invoices.values()), (), tuple(self.customers.values())))
            self.invoices = {}


def read_news(
    client: CompanyClient,
    since: datetime | None,
    now: datetime,
    home_currency: str,
    tell: Tell | None = None,
) -> News:
    """See `Destination.news_since`; change data capture bounds how far back it reaches."""
    sorter = _Sorter(home_currency, tell)
    changes = read_changes(client, since, now, sorter.keep)
    payments = tuple(one for one in changes.kept["Payment"].values() if one is not None)
    received: list[Payment] = []
    notices = list(changes.notices)
    for payment in payments:
        if payment.status == "deleted":
            record("payment deleted", external_id=payment.external_id)
            continue
        if payment.external_id in sorter.our_credits:
            continue
        ours = {invoice: paid for invoice, paid in payment.parts if invoice not in sorter.foreign}
        if ours and payment.credits:
            notices.append(_mixed(payment))
        else:
            received += (_payment(payment, invoice, paid) for invoice, paid in ours.items())
    seen = Seen(tuple(sorter.invoices.values()), payments, tuple(sorter.customers.values()))
    return News(received, notices, changes.cursor, seen)


def _payment(payment: SeenPayment, invoice: str, paid: Decimal) -> Payment:
    day = date.fromisoformat(payment.date)
    return Payment(payment.external_id, invoice, paid, payment.currency, day, payment.reference)


def _applies_our_credit(payment: Record) -> bool:
    """No money: the payment of zero by which `applying` set our credit memo against its invoice."""
    return not amount(payment.get("TotalAmt")) and is_ours(str(payment.get("PrivateNote") or ""))


def _mixed(payment: SeenPayment) -> str:
    return (
        f"Payment {payment.external_id} in QuickBooks also uses {', '.join(payment.credits)}, so it is not all money; "
        "register it in Odoo by hand."
    )


def _is_foreign(invoice: SeenInvoice) -> bool:
    """An invoice that is there to look at and does not carry our marker was not made by us."""
    return invoice.status != "deleted" and not is_ours(invoice.note)


def _log_undone(invoice: SeenInvoice) -> None:
    """A credit memo's end is told as drift alone."""
    if invoice.kind == "invoice" and invoice.status != "present":
        record(f"invoice {invoice.status} there", external_id=invoice.external_id, number=invoice.number)
