"""After a lost answer: ask QuickBooks by number, one read for the whole batch, and adopt what is ours.

Numbers are the only thing QuickBooks promises to find invoices by that we know beforehand (fact sheet §6, P); whether
a found one is ours is decided here, by the marker in its private note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.reading import is_voided
from workorder_bridge.destinations.quickbooks.texts import key_in, marker_of
from workorder_bridge.destinations.quickbooks.wire import amount, any_of, reference
from workorder_bridge.ports import Parcel
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry

Invoice = dict[str, Any]


@dataclass
class Findings:
    """Per row id: the receipt of our invoice, what speaks against it, or which stranger holds the number."""

    receipts: dict[int, Receipt] = field(default_factory=dict)
    disputes: dict[int, str] = field(default_factory=dict)
    strangers: dict[int, str] = field(default_factory=dict)


def look_up(
    client: CompanyClient,
    entity: str,
    parcels: Sequence[Parcel],
    agrees: Callable[[Parcel, Invoice], bool],
    receipt: Callable[[Invoice], Receipt],
    retry: Retry,
) -> Findings:
    """Find the parcels' invoices or credit memos, as `entity` says; `agrees` tells whether one has the right customer.

    Raises `DestinationError`.
    """
    findings = Findings()
    holders = _holders(client, entity, [parcel.document.number for parcel in parcels], retry)
    for parcel in parcels:
        held = holders.get(parcel.document.number, [])
        ours = _ours(parcel, held)
        if ours:
            findings.receipts[parcel.row.id] = receipt(ours[0])
            if dispute := _dispute(parcel, ours, agrees):
                findings.disputes[parcel.row.id] = dispute
        elif held:
            findings.strangers[parcel.row.id] = str(held[0].get("Id", ""))
    return findings


def _ours(parcel: Parcel, held: Sequence[Invoice]) -> list[Invoice]:
    """What carries the row's own mark, then what a request that came late brought under an earlier one; of those, one
    that was voided is over and done with.
    """
    earlier = set(parcel.row.earlier_keys) - {parcel.row.key}
    late = [invoice for invoice in held if key_in(_note(invoice)) in earlier and not is_voided(invoice)]
    return [invoice for invoice in held if marker_of(parcel.row.key) in _note(invoice)] + late


def _note(invoice: Invoice) -> str:
    return str(invoice.get("PrivateNote") or "")


def receipt_of(invoice: Invoice, home_currency: str, url: str, trace: str) -> Receipt:
    """What an invoice in an answer proves. A company without multicurrency may leave the currency out (M)."""
    return Receipt(
        external_id=str(invoice["Id"]),
        number=str(invoice.get("DocNumber") or ""),
        version=str(invoice.get("SyncToken") or "0"),
        currency=reference(invoice, "CurrencyRef") or home_currency,
        total=amount(invoice.get("TotalAmt")),
        tax=amount((invoice.get("TxnTaxDetail") or {}).get("TotalTax")),
        customer_id=reference(invoice, "CustomerRef"),
        url=url,
        reference=trace,
    )


def _holders(client: CompanyClient, entity: str, numbers: Sequence[str], retry: Retry) -> Mapping[str, list[Invoice]]:
    select = f"SELECT * FROM {entity} WHERE DocNumber IN {any_of(numbers)} MAXRESULTS 1000"  # noqa: S608  # literals are escaped in wire.py
    found: dict[str, list[Invoice]] = {}
    for invoice in retry.call(lambda: client.ask(select)).get(entity) or []:
        found.setdefault(str(invoice.get("DocNumber") or ""), []).append(invoice)
    return found


def _dispute(parcel: Parcel, ours: Sequence[Invoice], agrees: Callable[[Parcel, Invoice], bool]) -> str:
    if len(ours) > 1:
        ids = ", ".join(str(invoice.get("Id")) for invoice in ours)
        return f"QuickBooks holds {len(ours)} copies of this one document (ids {ids}); void all but one."
    if not agrees(parcel, ours[0]):
        name = (ours[0].get("CustomerRef") or {}).get("name") or reference(ours[0], "CustomerRef")
        kind = "credit memo" if parcel.document.is_credit else "invoice"
        return f"The {kind} in QuickBooks is for customer {name}, in Odoo it is for {parcel.document.buyer.name}."
    return ""
