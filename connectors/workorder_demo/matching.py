"""A hospital's PO from a spreadsheet, a verdict that says FAIL and why, and an invoice that matches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from workorder_demo.hospital import Hospital
from workorder_demo.story import Cast, StoryBroken, do_the_work, invoice_the_work

BUYER, NUMBER, COST_CENTER = "Mercy General Hospital", "4500018901", "6310-HVAC"
#: What the hospital ordered: PO line, their item code, what it is, quantity, their unit, our unit, price.
LINES = (
    ("10", "M-700114", "HVAC labor", "4", "HUR", "Hours", "118.00"),
    ("20", "M-700208", "HVAC filter 20x25, merv 13", "8", "EA", "Units", "21.40"),
)
#: What the dispatcher types from memory: our own code, and last year's price.
FROM_MEMORY = {"buyer_item_code": "HVAC-LAB", "price_unit": 125.0}


def match_a_purchase_order(cast: Cast, hospital: Hospital, scratch: Path) -> int:
    """The whole act; gives the work order, whose invoice goes on to QuickBooks like the others."""
    _order(hospital)
    _import(cast, _spreadsheet(scratch))
    ticket = _sell_from_memory(cast)
    _explain(cast, ticket)
    _mend(cast, ticket)
    do_the_work(cast, [ticket])
    hospital.receive(NUMBER, {line: quantity for line, _code, _name, quantity, *_rest in LINES})
    invoices = invoice_the_work(cast, [ticket])
    case = _case(cast, invoices)
    _judge_outside(cast, case["name"])
    _submit(cast, hospital, case["case"]["document"])
    return ticket


def _order(hospital: Hospital) -> None:
    lines = [
        {
            "number": line,
            "item_code": code,
            "description": name,
            "quantity": quantity,
            "unit": unit,
            "unit_price": price,
            "cost_center": COST_CENTER,
        }
        for line, code, name, quantity, unit, _ours, price in LINES
    ]
    hospital.order({"number": NUMBER, "currency": "USD", "tax": "exempt", "lines": lines})


def _spreadsheet(scratch: Path) -> Path:
    """The PO as the hospital mailed it: a row per line, the rest repeated."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  # a new workbook has one
    names = ["buyer", "number", "tax_rule", "line", "item_code", "description", "quantity", "buyer_unit", "unit"]
    sheet.append([*names, "unit_price", "cost_center"])
    for line, code, name, quantity, unit, ours, price in LINES:
        sheet.append([BUYER, NUMBER, "exempt", line, code, name, quantity, unit, ours, price, COST_CENTER])
    path = scratch / "purchase_orders.xlsx"
    book.save(path)
    return path


def _import(cast: Cast, path: Path) -> None:
    told = _workorder(cast, "mappings", "apply", "--yes", "--json", str(path))
    if not cast.admin.ids("buyer.purchase.order", [("number", "=", NUMBER)]):
        raise StoryBroken(f"The hospital's PO was not imported: {told}")
    cast.say(f"PO {NUMBER} of {BUYER} imported from {path.name}: {len(LINES)} lines, as the hospital wrote them.")


def _sell_from_memory(cast: Cast) -> int:
    yesterday = datetime.now(tz=UTC).date() - timedelta(days=1)
    at_eight = datetime.combine(yesterday, time(13)).strftime("%Y-%m-%d %H:%M:%S")
    labor, filters = (cast.admin.record(f"work_order.product_hvac_{each}") for each in ("labor", "filter"))
    first = {
        "product_id": labor,
        "product_uom_qty": 4,
        "tax_ids": [],
        "buyer_po_line": "10",
        "name": LINES[0][2],
        **FROM_MEMORY,
    }
    second = {"product_id": filters, "product_uom_qty": 8, "tax_ids": [], "price_unit": 21.4, "name": LINES[1][2]}
    order = {
        "partner_id": cast.admin.record("work_order.partner_mercy"),
        "partner_shipping_id": cast.admin.record("work_order.site_mercy_north"),
        "buyer_po": NUMBER,
        "cost_center_id": cast.admin.record("work_order.cost_center_hospital_hvac"),
        "commitment_date": at_eight,
        "order_line": [(0, 0, first), (0, 0, second)],
    }
    created = cast.dispatcher.call("sale.order", "create", [order])
    cast.dispatcher.do("sale.order", "action_confirm", created)
    return cast.dispatcher.ids("work.order", [("sale_order_id", "in", created)])[0]


def _explain(cast: Cast, ticket: int) -> None:
    seen = cast.dispatcher.find("work.order", [("id", "=", ticket)], ["name", "preflight_verdict", "preflight_text"])[0]
    cast.say(f"{seen['name']} is sold from memory. Pre-flight, before anybody is sent: {seen['preflight_verdict']}.")
    for reason in str(seen["preflight_text"]).splitlines():
        cast.say(f"  {reason}")
    if seen["preflight_verdict"] != "FAIL":
        raise StoryBroken("Pre-flight did not see what the hospital would reject.")


def _mend(cast: Cast, ticket: int) -> None:
    """The dispatcher puts the buyer's code and price in place of what was remembered."""
    line, code, _name, _quantity, _unit, _ours, price = LINES[0]
    tasks = cast.dispatcher.find(
        "work.order.task", [("work_order_id", "=", ticket), ("buyer_po_line", "=", line)], ["sale_line_id"]
    )
    cast.dispatcher.do("work.order.task", "write", [task["id"] for task in tasks], {"buyer_item_code": code})
    ordered = [task["sale_line_id"][0] for task in tasks]
    cast.dispatcher.do("sale.order.line", "write", ordered, {"price_unit": float(price)})
    seen = cast.dispatcher.find("work.order", [("id", "=", ticket)], ["preflight_verdict", "preflight_text"])[0]
    cast.say(f"Code and price corrected to the PO's. Pre-flight now: {seen['preflight_verdict']}.")
    if seen["preflight_verdict"] not in ("PASS", "PASS_WITH_WARNINGS"):
        raise StoryBroken(f"The corrected work order still fails: {seen['preflight_text']}")


def _case(cast: Cast, invoices: list[int]) -> dict[str, Any]:
    cases: list[dict[str, Any]] = cast.billing.do("account.move", "preflight_cases", invoices)
    return cases[0]


def _judge_outside(cast: Cast, name: str) -> None:
    """The same rules on the command line, on the case as Odoo hands it over."""
    verdict = json.loads(_workorder(cast, "preflight", "--json", "--from-odoo", name))["verdict"]
    cast.say(f"{name}: `workorder preflight` says {verdict}.")


def _submit(cast: Cast, hospital: Hospital, document: dict[str, Any]) -> None:
    answer = hospital.submit(_as_received(document))
    reasons = "; ".join(reason["message"] for reason in answer["reasons"])
    if not answer["matched"]:
        raise StoryBroken(f"The hospital rejected {document['number']}: {reasons}")
    cast.say(f"The hospital's AP matched {document['number']} with PO {NUMBER} in one pass.")


def _as_received(document: dict[str, Any]) -> dict[str, Any]:
    """The invoice as the hospital's clerk enters it, with their units."""
    units = {ours: theirs for _l, _c, _n, _q, theirs, ours, _p in LINES}
    same = ("number", "description", "po_line", "item_code", "quantity", "unit_price", "work_order", "service_date")
    lines = [
        {name: line[name] for name in same}
        | {
            "unit": units[line["unit"]],
            "discount_percent": line["discount_percent"],
            "amount": line["subtotal"],
            "tax_amount": line["tax_amount"],
            "cost_center": line["cost_center"],
        }
        for line in document["lines"]
    ]
    jobs = [
        {"number": order["number"], "completed_on": order["completed_on"], "signed_by": "Pat Doyle"}
        for order in document["work_orders"]
    ]
    totals = document["totals"]
    return {
        "supplier": "Workorder Bridge Demo",
        "number": document["number"],
        "issue_date": document["issue_date"],
        "due_date": document["due_date"],
        "currency": document["currency"],
        "purchase_order": document["buyer_po"],
        "work_orders": jobs,
        "lines": lines,
        "untaxed": totals["untaxed"],
        "tax": totals["tax"],
        "total": totals["total"],
    }


def _workorder(cast: Cast, *arguments: str) -> str:
    """Run `workorder` as the mapping administrator does, as a process of its own; gives what it printed."""
    people = {"WORKORDER_ODOO_LOGIN": cast.admin.login, "WORKORDER_ODOO_PASSWORD": cast.admin.password}
    command = [sys.executable, "-m", "workorder_bridge", *arguments]
    done = subprocess.run(
        command, env=os.environ | cast.environment | people, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StoryBroken(
            f"`workorder {' '.join(arguments[:2])}` ended with {done.returncode}: {done.stdout}{done.stderr}"
        )
    return done.stdout
