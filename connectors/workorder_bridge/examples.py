"""A small invoice document and its mapping tables, for tests and trials of an adapter."""

from __future__ import annotations

import copy
import json
from typing import Any

from workorder_bridge.ports import DestinationInfo, Mapped, Tables

_COST_CENTER = {"id": 7, "code": "CC-HVAC", "name": "Hospital HVAC"}
_TAX = {"id": 5, "name": "7.5%"}
_INVOICE: dict[str, Any] = {
    "version": 1,
    "kind": "invoice",
    "number": "INV/2026/00001",
    "issue_date": "2026-11-22",
    "due_date": "2026-12-22",
    "currency": "USD",
    "odoo": {"database_uuid": "00000000-0000-0000-0000-000000000000", "company_id": 1, "invoice_id": 17},
    "seller": {"name": "Harbor Facility Services"},
    "buyer": {
        "id": 42,
        "name": "Mercy General Hospital",
        "email": "ap@mercy.example",
        "phone": "",
        "street": "1 Mercy Way",
        "street2": "",
        "city": "Columbus",
        "state": "OH",
        "zip": "43215",
        "country": "US",
    },
    "buyer_po": "4500012345",
    "cost_center": _COST_CENTER,
    "work_orders": [
        {
            "id": 3,
            "number": "WO00003",
            "buyer_po": "4500012345",
            "site": "North tower",
            "completed_on": "2026-11-20",
        }
    ],
    "terms": {
        "id": 4,
        "name": "2/10 Net 30",
        "discount_percent": "2",
        "discount_date": "2026-12-02",
        "discount_amount": "3.60",
    },
    "service_start": "2026-11-18",
    "service_end": "2026-11-20",
    "lines": [
        {"id": 100, "kind": "section", "description": "North tower"},
        {
            "id": 101,
            "kind": "product",
            "description": "HVAC labor",
            "work_order": "WO00003",
            "task": "Replace blower motor",
            "product": {"id": 12, "code": "HVAC-LAB", "name": "HVAC labor"},
            "quantity": "2",
            "unit": "Hours",
            "unit_price": "90.00",
            "discount_percent": "0",
            "subtotal": "180.00",
            "taxes": [_TAX],
            "tax_amount": "13.50",
            "buyer_po": "4500012345",
            "buyer_po_line": "10",
            "buyer_item_code": "MERCY-HVAC-01",
            "cost_center": _COST_CENTER,
            "service_date": "2026-11-20",
        },
    ],
    "taxes": [{**_TAX, "base": "180.00", "amount": "13.50"}],
    "totals": {"untaxed": "180.00", "tax": "13.50", "total": "193.50"},
}


def example_content(**changes: Any) -> dict[str, Any]:
    """The content of a document; `changes` replace top-level keys. Yours to alter."""
    return {**copy.deepcopy(_INVOICE), **changes}


def example_document(**changes: Any) -> str:
    """The same as frozen text."""
    return json.dumps(example_content(**changes))


def example_credit(reason: str = "", **changes: Any) -> str:
    """A credit note that takes the example invoice back whole, as frozen text."""
    original = {"id": 17, "number": "INV/2026/00001", "issue_date": "2026-11-22", "reason": reason}
    values = {"kind": "credit", "number": "RINV/2026/00001", "issue_date": "2026-11-25", "original": original}
    return example_document(**{**values, **changes})


def example_buyer(**changes: Any) -> dict[str, Any]:
    """The buyer, with changes."""
    return {**copy.deepcopy(_INVOICE["buyer"]), **changes}


def example_line(**changes: Any) -> dict[str, Any]:
    """The billed line, with changes."""
    return {**copy.deepcopy(_INVOICE["lines"][1]), **changes}


def example_tables(**changes: Any) -> Tables:
    """Complete mapping tables for the example; ids as the simulator's demo company has them."""
    tables = {
        "customers": {"42": Mapped(id="1", name="Mercy General Hospital")},
        "items": {"12": Mapped(id="2", name="HVAC labor")},
        "taxes": {"5": Mapped(id="TAX", name="Ohio")},
        "terms": {"4": Mapped(id="3", name="2% 10 Net 30")},
        "classes": {"7": Mapped(id="101", name="Hospital HVAC")},
    }
    return Tables(**{**tables, **changes})


def example_destination(**changes: Any) -> DestinationInfo:
    """A destination that may create missing customers."""
    values = {"code": "qbo", "kind": "quickbooks", "realm": "9341452000000001", "create_missing_customers": True}
    return DestinationInfo(**{**values, **changes})
