"""From the document (version 1) that Odoo freezes to what pre-flight judges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import Any

from .case import ONE, ZERO, Attachment, Document, Line, Tax, Terms, Totals, WorkOrder, key

#: Papers that are made of the document itself; printing it changes nothing of what it says.
_DERIVED_FILES = ("invoice_pdf",)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of what the document says; the same whatever the order of its keys."""
    files = [file for file in content.get("attachments") or () if file["kind"] not in _DERIVED_FILES]
    text = dumps({**content, "attachments": files}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def document_of(content: Mapping[str, Any], terms_codes: Mapping[int, str] | None = None) -> Document:
    """The document as pre-flight sees it.

    Headings and notes are left out; lines keep their place in the document, counted from 1. The PO all lines that name
    one agree on is the document's, so that freight follows it. `terms_codes`: the buyer's own names of our terms by id.
    """
    lines = [(place, line) for place, line in enumerate(content["lines"], 1) if line["kind"] == "product"]
    purchase_orders = {key(line["buyer_po"]): line["buyer_po"] for _place, line in lines if line["buyer_po"]}
    return Document(
        kind=content["kind"],
        stage=content.get("stage", "invoice"),
        number=content["number"],
        issue_date=_day(content["issue_date"]),
        due_date=_day(content["due_date"]),
        currency=content["currency"],
        buyer_po=next(iter(purchase_orders.values())) if len(purchase_orders) == 1 else "",
        contract=content.get("contract", ""),
        cost_center=_code(content["cost_center"]),
        our_numbers=_our_numbers(content),
        remit_to=content["seller"].get("bank_account", ""),
        ship_to=_place(content.get("ship_to")),
        buyer_reference=content["buyer"].get("reference", ""),
        terms=_terms(content["terms"], terms_codes or {}),
        service_start=_day(content["service_start"]),
        service_end=_day(content["service_end"]),
        work_orders=tuple(_work_order(each) for each in content["work_orders"]),
        lines=tuple(_line(place, line) for place, line in lines),
        totals=_totals(content["totals"]),
        attachments=tuple(
            Attachment(kind=file["kind"], name=file["name"], mimetype=file["mimetype"], size=file["size"])
            for file in content.get("attachments") or ()
        ),
        original=(content.get("original") or {}).get("number", ""),
        sha256=content_hash(content),
    )


def _line(place: int, line: Mapping[str, Any]) -> Line:
    subtotal, product = Decimal(line["subtotal"]), line["product"] or {}
    taxes = tuple(
        Tax(name=tax["name"], rate=None if tax.get("rate") is None else Decimal(tax["rate"])) for tax in line["taxes"]
    )
    return Line(
        number=place,
        description=line["description"],
        charge=line.get("charge", ""),
        authority=(line.get("authority") or {}).get("kind", ""),
        work_order=line["work_order"],
        task=line["task"],
        our_code=product.get("code", ""),
        item_code=line["buyer_item_code"],
        buyer_po=line["buyer_po"],
        po_line=line["buyer_po_line"],
        quantity=Decimal(line["quantity"]),
        unit=line["unit"],
        unit_price=Decimal(line["unit_price"]),
        price_basis=ONE,
        discount_percent=Decimal(line["discount_percent"]),
        subtotal=subtotal,
        taxes=taxes,
        tax_amount=Decimal(line["tax_amount"]),
        cost_center=_code(line["cost_center"]),
        service_date=_day(line["service_date"]),
    )


def _work_order(order: Mapping[str, Any]) -> WorkOrder:
    cap = order.get("not_to_exceed")
    return WorkOrder(
        number=order["number"],
        buyer_po=order["buyer_po"],
        site=order["site"],
        completed_on=_day(order["completed_on"]),
        closed=order.get("closed", True),
        signed=order.get("signed", False),
        not_to_exceed=None if cap is None else Decimal(cap),
    )


def _terms(terms: Mapping[str, Any] | None, codes: Mapping[int, str]) -> Terms | None:
    if terms is None:
        return None
    amount = terms["discount_amount"]
    return Terms(
        code=codes.get(terms["id"]) or terms["name"],
        net_days=terms.get("net_days"),
        discount_percent=Decimal(terms["discount_percent"] or 0),
        discount_days=terms.get("discount_days"),
        discount_date=_day(terms["discount_date"]),
        discount_amount=None if amount is None else Decimal(amount),
    )


def _totals(totals: Mapping[str, Any]) -> Totals:
    """Retention and deposits are lines of ours, so the total is what is due."""
    return Totals(
        untaxed=Decimal(totals["untaxed"]),
        tax=Decimal(totals["tax"]),
        total=Decimal(totals["total"]),
        retention=ZERO,
        prepaid=ZERO,
        due=Decimal(totals["total"]),
    )


def _our_numbers(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Numbers of ours that no buyer may find where their PO belongs."""
    return tuple(each["number"] for each in (*content.get("sales_orders", ()), *content["work_orders"]))


def _place(place: Mapping[str, Any] | None) -> str:
    if not place:
        return ""
    return ", ".join(text for text in (place["name"], place["street"], place["city"]) if text)


def _code(center: Mapping[str, Any] | None) -> str:
    return str(center["code"]) if center else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
