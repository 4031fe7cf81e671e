"""The world as the buyer keeps it: the simulator's JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .world import Doc, Line, World

Json = dict[str, Any]
SUPPLIER = "Harbor Facility Services"


def policy(world: World) -> Json:
    rules = world.rules
    get = rules.get
    return {
        "number_pattern": get("number_pattern", ""),
        "number_max_length": get("number_max_length", 0),
        "rejected_number_reusable": get("rejected_number_reusable", False),
        "one_invoice_per_work_order": get("one_invoice_per_work_order", False),
        "required": [name for name in ("remit_to", "ship_to", "buyer_reference") if get(f"{name}_required")],
        "po_required": get("po_required", False),
        "po_pattern": get("po_pattern", ""),
        "po_line": _po_line(rules),
        "one_po_per_invoice": get("one_po_per_invoice", True),
        "item_code_required": get("item_code_required", False),
        "contract_required": get("contract_required", False),
        "cost_center_required": get("cost_center_required", False),
        "work_order_required": get("work_order_required", False),
        "matching": "3-way" if get("receipts_required") else "2-way",
        "tolerances": "either" if get("tolerance_either") else "strictest",
        "price": _tolerance(rules, "price"),
        "quantity": _tolerance(rules, "quantity"),
        "line_amount": _tolerance(rules, "line"),
        "header_amount": _tolerance(rules, "header"),
        "conversions": [{"unit": one, "into": other, "factor": str(factor)} for one, other, factor in world.units],
        "not_to_exceed_includes_tax": get("not_to_exceed_includes_tax", False),
        "zero_lines_allowed": get("zero_lines_allowed", False),
        "quantity_decimals": get("quantity_decimals", 6),
        "price_decimals": get("price_decimals", 6),
        "tax": {"required": "charged"}.get(get("tax_rule", "any"), get("tax_rule", "any")),
        "tax_rate_tolerance": str(get("tax_rate_tolerance", 0)),
        "freight": get("freight_rule", "not_allowed"),
        "freight_on": get("freight_on", "either"),
        "other_charges_allowed": get("other_charges_allowed", False),
        "retention": get("retention_shown", "any"),
        "terms_must_match": get("terms_must_match", True),
        "backdating_days": get("backdating_days", 0),
        "attachments_required": list(get("attachments_required", ())),
        "attachment_types": list(get("attachment_types", ())),
        "attachment_max_count": get("attachment_max_count", 0),
        "attachment_max_bytes": get("attachment_max_bytes", 0),
        "sign_off_required": get("sign_off_required", False),
    }


def _po_line(rules: dict[str, Any]) -> str:
    if rules.get("po_line_by_item"):
        return "resolvable"
    return "required" if rules.get("po_line_required") else "optional"


def _tolerance(rules: dict[str, Any], name: str) -> Json:
    """A profile's percentage is always said; zero is exact."""
    amount = rules.get(f"{name}_tolerance_amount")
    return {"percent": str(rules.get(f"{name}_tolerance_percent", 0)), "amount": _text(amount)}


def orders(world: World) -> list[Json]:
    return [_order(each) for each in world.orders.values()]


def _order(order: dict[str, Any]) -> Json:
    texts = {name: order[name] for name in ("number", "state", "currency", "contract", "tax", "freight")}
    amounts = {name: _text(order[name]) for name in ("limit", "freight_limit")}
    days = {name: order[name] and order[name].isoformat() for name in ("valid_from", "valid_to")}
    terms = order["terms"] and {name: _text(value) for name, value in order["terms"].items() if value is not None}
    return {**texts, **amounts, **days, "terms": terms, "lines": [_order_line(line) for line in order["lines"]]}


def _order_line(line: dict[str, Any]) -> Json:
    return {
        "number": line["number"],
        "item_code": line["item"],
        "unit": line["unit"],
        "quantity": _text(line["quantity"]),
        "unit_price": _text(line["price"]),
        "price_basis": _text(line["basis"]),
        "amount_limit": _text(line["amount_limit"]),
        "cost_center": line["cost_center"],
        "tax_rate": _text(line["tax_rate"]),
        "is_open": line["is_open"],
    }


def receipts(world: World) -> list[Json]:
    return [
        {
            "purchase_order": order["number"],
            "line": line["number"],
            "amount" if line["quantity"] is None else "quantity": str(line["received"]),
        }
        for order in world.orders.values()
        for line in order["lines"]
        if line["received"] is not None
    ]


def jobs(world: World) -> list[Json]:
    return [
        {
            "number": number,
            "not_to_exceed": _text(job["cap"]),
            "completed": job["completed"],
            "completed_on": job["completed_on"] and job["completed_on"].isoformat(),
            "verification_pending": job["pending"],
        }
        for number, job in world.jobs.items()
    ]


def invoice(world: World, doc: Doc) -> Json:
    texts = (
        "kind",
        "number",
        "currency",
        "contract",
        "cost_center",
        "remit_to",
        "ship_to",
        "buyer_reference",
        "original",
    )
    days = {
        "issue_date": "issued",
        "due_date": "due_date",
        "service_start": "service_start",
        "service_end": "service_end",
    }
    header = [line for line in doc["lines"] if line["charge"] in ("freight", "other") and not line["on_line"]]
    return {
        "supplier": SUPPLIER,
        "purchase_order": doc["po"],
        **{name: doc[name] for name in texts},
        **{name: doc[ours] and doc[ours].isoformat() for name, ours in days.items()},
        "terms": doc["terms"] and {name: _text(value) for name, value in doc["terms"].items() if value is not None},
        "work_orders": [_job(number, world) for number in doc["jobs"]],
        "lines": [_line(index, line) for index, line in enumerate(doc["lines"], 1) if line not in header],
        "charges": [
            {
                "kind": line["charge"],
                "purchase_order": line["po"],
                "description": line["description"],
                "amount": str(line["amount"]),
                "tax_amount": str(line["tax"]),
                "tax_rates": [str(rate) for rate in line["rates"]],
            }
            for line in header
        ],
        **{name: str(doc[name]) for name in ("untaxed", "tax", "total", "prepaid", "retention", "due")},
        "attachments": doc["files"],
    }


def _job(number: str, world: World) -> Json:
    job = world.jobs.get(number, {})
    done = job.get("completed_on")
    return {
        "number": number,
        "completed_on": done and done.isoformat(),
        "signed_by": "R. Okafor" if job.get("signed") else "",
    }


def _line(number: int, line: Line) -> Json:
    return {
        "number": number,
        "kind": line["charge"] or "item",
        "description": line["description"],
        "purchase_order": line["po"],
        "po_line": line["po_line"] or ("10" if line["charge"] and line["on_line"] else ""),
        "item_code": line["item"],
        "quantity": str(line["quantity"]),
        "unit": line["unit"],
        "unit_price": str(line["price"]),
        "price_basis": str(line["basis"]),
        "discount_percent": str(line["discount"]),
        "amount": str(line["amount"]),
        "tax_rates": [str(rate) for rate in line["rates"]],
        "tax_amount": str(line["tax"]),
        "cost_center": line["cost_center"],
        "allocations": [{"cost_center": line["cost_center"], "percent": str(share)} for share in line["shares"]],
        "work_order": line["job"],
        "service_date": line["service_date"] and line["service_date"].isoformat(),
    }


def _text(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else value if isinstance(value, str) else value.isoformat()
