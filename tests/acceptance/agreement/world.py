"""A buyer, what was billed before, and the document to judge - said once, in words of neither side.

Everything is a plain dict, so that a mutation may break it anywhere. `rules` are what the buyer demands, by the names
their profile has in Odoo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

TODAY = date(2026, 6, 15)
ISSUED = date(2026, 6, 10)
DONE = date(2026, 6, 8)
CENT = Decimal("0.01")
ZERO = Decimal(0)
PO, OTHER_PO = "MGH-4500017788", "MGH-4500019000"
JOB, OTHER_JOB, EARLIER_JOB = "WO/00031", "WO/00032", "WO/00009"
RULES: dict[str, Any] = {
    "name": "Mercy General Hospital",
    "channel": "email",
    "channel_address": "ap@mercy-general.example",
    "invoice_format": "ubl",
    "po_required": True,
    "po_line_required": True,
    "freight_rule": "po",
}
TERMS = {"code": "2/10 Net 30", "net_days": 30, "discount_percent": Decimal(2), "discount_days": 10}
UNITS = (("DAY", "HUR", Decimal(7)), ("BX", "EA", Decimal(12)))

Doc = dict[str, Any]
Line = dict[str, Any]


@dataclass
class World:
    """One case."""

    rules: dict[str, Any] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: list[tuple[str, str, Decimal]] = field(default_factory=lambda: list(UNITS))
    previous: list[Doc] = field(default_factory=list)
    document: Doc = field(default_factory=dict)
    mutations: list[str] = field(default_factory=list)

    @property
    def line(self) -> Line:
        """The first line of goods or services."""
        return next(line for line in self.document["lines"] if not line["charge"])

    def po_line(self, line: Line | None = None) -> dict[str, Any]:
        """The PO line that a sound line bills."""
        wanted = line or self.line
        order = self.orders.get(wanted["po"]) or self.orders[PO]
        return next(each for each in order["lines"] if each["item"] == wanted["sound_item"])

    def remaining(self, po_line: dict[str, Any]) -> Decimal:
        """What is left of a PO line's quantity after what was billed before and the document's other lines."""
        used = ZERO
        for doc in self.previous:
            counts = doc["fate"] != "rejected" if doc["kind"] == "invoice" else doc["fate"] in ("accepted", "paid")
            billed = sum((self.in_po_unit(line) for line in doc["lines"] if _on(line, po_line)), ZERO)
            used += billed * counts * (1 if doc["kind"] == "invoice" else -1)
        other = [line for line in self.document["lines"] if _on(line, po_line) and line is not self.line]
        ordered: Decimal = po_line["quantity"]
        return ordered - used - sum((self.in_po_unit(line) for line in other), ZERO)

    def in_po_unit(self, line: Line) -> Decimal:
        """A line's quantity in the unit of the PO line it bills."""
        quantity: Decimal = line["quantity"]
        unit = self.po_line(line)["unit"] if line["sound_item"] else line["unit"]
        for one, other, factor in self.units:
            if (line["unit"], unit) == (one, other):
                return quantity * factor
            if (line["unit"], unit) == (other, one):
                return quantity / factor
        return quantity


def _on(line: Line, po_line: dict[str, Any]) -> bool:
    return bool(line["sound_item"] == po_line["item"])


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def add_up(document: Doc, *, lines: bool = True) -> None:
    """Amounts, taxes and totals that follow from quantities, prices and rates."""
    for line in document["lines"] if lines else ():
        net = line["quantity"] * line["price"] / line["basis"] * (100 - line["discount"]) / 100
        line["amount"] = cents(net)
        line["tax"] = cents(line["amount"] * sum(line["rates"], ZERO) / 100)
    untaxed = sum((line["amount"] for line in document["lines"]), ZERO)
    tax = sum((line["tax"] for line in document["lines"]), ZERO)
    document |= {"untaxed": untaxed, "tax": tax, "total": untaxed + tax}
    document["due"] = document["total"] - document["retention"] - document["prepaid"]


def po_lines() -> list[dict[str, Any]]:
    """Hours, pieces, pieces priced by the hundred, days billed in hours, and a line bought by amount."""
    rows = [
        ("10", "M-700114", "HUR", Decimal(40), Decimal("118.00"), 1),
        ("20", "M-700208", "EA", Decimal(120), Decimal("21.40"), 1),
        ("30", "M-700377", "EA", Decimal(1200), Decimal("12.50"), 100),
        ("40", "M-700460", "DAY", Decimal(6), Decimal("826.00"), 1),
        ("50", "M-700500", "", None, None, 1),
    ]
    names = ("number", "item", "unit", "quantity", "price", "basis")
    common = {"amount_limit": None, "cost_center": "CC-1", "is_open": True, "tax_rate": None}
    lines = [{**dict(zip(names, row, strict=True)), **common} for row in rows]
    for line in lines:
        line["received"] = line["quantity"]
        line["basis"] = Decimal(line["basis"])
    lines[-1] |= {"amount_limit": Decimal(3000), "received": Decimal(3000)}
    return lines


def purchase_order(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "state": "open",
        "currency": "USD",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "limit": None,
        "contract": "",
        "terms": dict(TERMS),
        "tax": "",
        "freight": "",
        "freight_limit": None,
        "lines": po_lines(),
        **changes,
    }


def line_for(po_line: dict[str, Any], quantity: Decimal, unit: str = "", **changes: Any) -> Line:
    """A line that bills so much of a PO line, in its unit or another one, at its price."""
    price, billed_unit = po_line["price"], unit or po_line["unit"]
    if price is None:
        price, billed_unit = Decimal("100.00"), "EA"
    elif unit == "HUR" and po_line["unit"] == "DAY":
        price = price / 7
    elif unit == "BX" and po_line["unit"] == "EA":
        price = price * 12
    return {
        "charge": "",
        "on_line": False,
        "description": "Work",
        "po": "",
        "po_line": po_line["number"],
        "item": po_line["item"],
        "sound_item": po_line["item"],
        "quantity": quantity,
        "unit": billed_unit,
        "price": price,
        "basis": po_line["basis"],
        "discount": ZERO,
        "rates": [],
        "amount": ZERO,
        "tax": ZERO,
        "cost_center": "",
        "shares": [],
        "job": "",
        "service_date": None,
        "authority": "task",
        **changes,
    }


def charge(kind: str, amount: Decimal, **changes: Any) -> Line:
    """A line for freight, another charge or retention."""
    blank = {"item": "", "unit": "", "po_line": "", "sound_item": "", "basis": Decimal(1), "description": kind.title()}
    sound = line_for({"number": "", "item": "", "unit": "", "price": amount, "basis": Decimal(1)}, Decimal(1))
    return {**sound, **blank, "charge": kind, **changes}


def document(number: str, lines: list[Line], **changes: Any) -> Doc:
    issued = changes.get("issued", ISSUED)
    made = {
        "kind": "invoice",
        "number": number,
        "issued": issued,
        "due_date": issued + timedelta(days=30),
        "currency": "USD",
        "po": PO,
        "contract": "",
        "cost_center": "CC-1",
        "remit_to": "Harbor Facility Services",
        "ship_to": "North tower",
        "buyer_reference": "Plant operations",
        "terms": {**TERMS, "discount_date": issued + timedelta(days=10)},
        "service_start": DONE,
        "service_end": DONE,
        "jobs": [JOB],
        "lines": lines,
        "retention": ZERO,
        "prepaid": ZERO,
        "files": [{"kind": "sign_off", "name": "signed.pdf", "mimetype": "application/pdf", "size": 40_000}],
        "original": "",
        "fate": "pending",
        **changes,
    }
    add_up(made)
    return made


def sound_world(draw: Random) -> World:
    """A world in which the document matches, with something billed before now and then."""
    world = World(rules={**RULES, **policy(draw)})
    world.orders = {number: purchase_order(number) for number in (PO, OTHER_PO)}
    if coin(draw):
        world.orders[PO] |= {"limit": Decimal(50_000)}
    world.jobs = {number: job() for number in (JOB, OTHER_JOB)}
    world.jobs[EARLIER_JOB] = job(completed_on=date(2026, 5, 1))
    rows = world.orders[PO]["lines"]
    for index in range(draw.randint(0, 2)):
        lines = [line_for(draw.choice(rows), Decimal(pick(draw, "1", "2", "1.50")))]
        earlier = document(f"INV/2026/0000{index + 1}", lines, issued=date(2026, 5, 4 + index), jobs=[EARLIER_JOB])
        earlier["service_start"] = earlier["service_end"] = date(2026, 5, 1)
        earlier["fate"] = pick(draw, "pending", "accepted", "paid", "rejected")
        world.previous.append(earlier)
    world.document = document("INV/2026/00042", [sound_line(draw, rows) for _ in range(draw.randint(1, 4))])
    return world


def job(**changes: Any) -> dict[str, Any]:
    return {"cap": None, "completed_on": DONE, "completed": True, "signed": True, "pending": False, **changes}


def sound_line(draw: Random, rows: list[dict[str, Any]]) -> Line:
    row = draw.choice(rows)
    if row["unit"] == "DAY":
        unit = pick(draw, "", "HUR")
        return line_for(row, Decimal(pick(draw, 1, 2, 7) if unit else 1), unit)
    quantity = Decimal(pick(draw, "1", "2", "0.50", "3", "4.25"))
    return line_for(
        row, quantity, pick(draw, "", "BX") if row["price"] and row["unit"] == "EA" and quantity < 3 else ""
    )


def policy(draw: Random) -> dict[str, Any]:
    """What a buyer may demand that the sound document meets."""

    def percent() -> Decimal:
        return Decimal(pick(draw, "0", "0", "0.5", "2", "10"))

    def amount() -> Decimal | None:
        return pick(draw, None, None, ZERO, Decimal("0.05"), Decimal(5), Decimal(200))  # type: ignore[no-any-return]

    switches = (
        "tolerance_either",
        "receipts_required",
        "po_line_by_item",
        "rejected_number_reusable",
        "cost_center_required",
        "work_order_required",
        "item_code_required",
        "sign_off_required",
        "not_to_exceed_includes_tax",
        "one_invoice_per_work_order",
    )
    return {
        "price_tolerance_percent": percent(),
        "price_tolerance_amount": amount(),
        "quantity_tolerance_percent": percent(),
        "line_tolerance_percent": percent(),
        "line_tolerance_amount": amount(),
        "header_tolerance_percent": percent(),
        "header_tolerance_amount": amount(),
        **{name: coin(draw) for name in switches},
    }


def pick(draw: Random, *values: Any) -> Any:
    return draw.choice(values)


def coin(draw: Random) -> bool:
    return draw.random() < 0.5
