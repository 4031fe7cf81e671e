"""News from QuickBooks: money received for invoices, and how everything that changed looks now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.changes import DELETED, read_changes
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.reading import is_voided
from workorder_bridge.destinations.quickbooks.seen import links_of, seen_of
from workorder_bridge.destinations.quickbooks.texts import is_ours
from workorder_bridge.destinations.quickbooks.wire import amount, reference
from workorder_bridge.log import record
from workorder_bridge.news import News, Payment

Record = dict[str, Any]


def read_news(client: CompanyClient, since: datetime | None, now: datetime, home_currency: str) -> News:
    """What changed since then (None: as far as change data capture reaches). Raises `DestinationError`."""
    changes = read_changes(client, since, now)
    for invoice in changes.records["Invoice"]:
        _log_undone(invoice)
    foreign = frozenset(str(one.get("Id")) for one in changes.records["Invoice"] if _is_foreign(one))
    received: list[Payment] = []
    notices = list(changes.notices)
    for payment in changes.records["Payment"]:
        if payment.get("status") == DELETED:
            record("payment deleted", external_id=str(payment.get("Id")))
            continue
        if _applies_our_credit(payment):
            continue
        invoices, others = links_of(payment)
        ours = {invoice: paid for invoice, paid in invoices.items() if invoice not in foreign and paid > 0}
        if ours and others:
            notices.append(_mixed(payment, others))
        else:
            received += (_payment(payment, invoice, paid, home_currency) for invoice, paid in ours.items())
    return News(received, notices, changes.cursor, seen_of(changes.records, home_currency))


def _payment(payment: Record, invoice: str, paid: Decimal, home_currency: str) -> Payment:
    return Payment(
        external_id=str(payment["Id"]),
        invoice_external_id=invoice,
        amount=paid,
        currency=reference(payment, "CurrencyRef") or home_currency,
        date=date.fromisoformat(str(payment["TxnDate"])),
        reference=str(payment.get("PaymentRefNum") or ""),
    )


def _applies_our_credit(payment: Record) -> bool:
    """No money: the payment of zero by which `applying` set our credit memo against its invoice."""
    return not amount(payment.get("TotalAmt")) and is_ours(str(payment.get("PrivateNote") or ""))


def _mixed(payment: Record, others: Iterable[str]) -> str:
    kinds = ", ".join(sorted(others))
    return (
        f"Payment {payment.get('Id')} in QuickBooks also uses {kinds}, so it is not all money; "
        "register it in Odoo by hand."
    )


def _is_foreign(invoice: Mapping[str, Any]) -> bool:
    """An invoice that is there to look at and does not carry our marker was not made by us."""
    return invoice.get("status") != DELETED and not is_ours(str(invoice.get("PrivateNote") or ""))


def _log_undone(invoice: Mapping[str, Any]) -> None:
    if invoice.get("status") == DELETED:
        record("invoice deleted there", external_id=str(invoice.get("Id")))
    elif is_voided(invoice):
        record("invoice voided there", external_id=str(invoice.get("Id")), number=str(invoice.get("DocNumber")))
