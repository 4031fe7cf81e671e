"""QuickBooks' objects as what Odoo is told about them: values only, no judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any, Literal

from workorder_bridge.destinations.quickbooks.changes import DELETED, changed_at
from workorder_bridge.destinations.quickbooks.reading import is_voided
from workorder_bridge.destinations.quickbooks.texts import is_ours
from workorder_bridge.destinations.quickbooks.wire import amount, reference
from workorder_bridge.news import SeenCustomer, SeenInvoice, SeenPayment

Record = dict[str, Any]


def seen_invoice(kind: Literal["invoice", "credit"], form: Record, home_currency: str) -> SeenInvoice:
    """An invoice or credit memo. A deleted one has nothing left but its id (§11, P)."""
    if form.get("status") == DELETED:
        return SeenInvoice(kind, str(form.get("Id")), "", "deleted", _moment(form))
    note = str(form.get("PrivateNote") or "")
    return SeenInvoice(
        kind=kind,
        external_id=str(form["Id"]),
        version=str(form.get("SyncToken") or "0"),
        status="voided" if is_voided(form) else "present",
        changed_at=_moment(form),
        number=str(form.get("DocNumber") or ""),
        customer_id=reference(form, "CustomerRef"),
        customer_name=_name(form),
        currency=reference(form, "CurrencyRef") or home_currency,
        total=amount(form.get("TotalAmt")),
        tax=amount((form.get("TxnTaxDetail") or {}).get("TotalTax")),
        date=str(form.get("TxnDate") or ""),
        due_date=str(form.get("DueDate") or ""),
        memo=str((form.get("CustomerMemo") or {}).get("value") or ""),
        note=note,
        lines=tuple(_lines(form)) if is_ours(note) else None,
    )


def seen_payment(payment: Record, home_currency: str) -> SeenPayment:
    """A payment with what it pays. Of a deleted one only the id is left."""
    if payment.get("status") == DELETED:
        return SeenPayment(str(payment.get("Id")), "", "deleted", _moment(payment))
    parts, credits_ = links_of(payment)
    return SeenPayment(
        external_id=str(payment["Id"]),
        version=str(payment.get("SyncToken") or "0"),
        status="voided" if is_voided(payment) else "present",
        changed_at=_moment(payment),
        customer_id=reference(payment, "CustomerRef"),
        customer_name=_name(payment),
        currency=reference(payment, "CurrencyRef") or home_currency,
        total=amount(payment.get("TotalAmt")),
        unapplied=amount(payment.get("UnappliedAmt")),
        date=str(payment.get("TxnDate") or ""),
        reference=str(payment.get("PaymentRefNum") or ""),
        parts=tuple((invoice, paid) for invoice, paid in parts.items() if paid > 0),
        credits=tuple(sorted(credits_)),
    )


def seen_customer(customer: Record) -> SeenCustomer:
    """A customer; one that was merged into another shows as inactive (§13.25, P)."""
    return SeenCustomer(
        external_id=str(customer["Id"]),
        version=str(customer.get("SyncToken") or "0"),
        name=str(customer.get("DisplayName") or ""),
        active=customer.get("Active") is not False,
        changed_at=_moment(customer),
    )


def links_of(payment: Record) -> tuple[dict[str, Decimal], set[str]]:
    """What the payment pays, per invoice id, and what other kinds of transaction it takes from."""
    invoices: defaultdict[str, Decimal] = defaultdict(Decimal)
    others: set[str] = set()
    for line in payment.get("Line") or []:
        for link in line.get("LinkedTxn") or []:
            if link.get("TxnType") == "Invoice":
                invoices[str(link.get("TxnId"))] += amount(line.get("Amount"))
            else:
                others.add(str(link.get("TxnType") or "another transaction"))
    return dict(invoices), others


def _lines(form: Record) -> Iterator[str]:
    """Each billed line as a person would compare it; text lines and subtotals bill nothing."""
    for line in form.get("Line") or []:
        if line.get("DetailType") != "SalesItemLineDetail":
            continue
        detail = line.get("SalesItemLineDetail") or {}
        item = str((detail.get("ItemRef") or {}).get("name") or reference(detail, "ItemRef"))
        quantity = f"{amount(detail['Qty']).normalize():f} × " if detail.get("Qty") else ""
        yield f"{quantity}{item}: {amount(line.get('Amount')):.2f} ({reference(detail, 'TaxCodeRef') or 'NON'})"


def _name(form: Mapping[str, Any]) -> str:
    return str((form.get("CustomerRef") or {}).get("name") or "")


def _moment(form: Mapping[str, Any]) -> str:
    """In UTC with its offset; "" where QuickBooks names none."""
    moment = changed_at(form)
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""
