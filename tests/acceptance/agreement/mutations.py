"""What may be different from the sound world: every rule and every pitfall, and figures at the edge of what is allowed.

Each mutation changes a world in place and may draw. Some leave the document sound: not every difference is a mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .world import (
    CENT,
    DONE,
    EARLIER_JOB,
    ISSUED,
    JOB,
    OTHER_JOB,
    OTHER_PO,
    PO,
    TODAY,
    ZERO,
    Doc,
    Line,
    World,
    add_up,
    cents,
    charge,
    coin,
    document,
    line_for,
    pick,
)

Mutation = Callable[[World, Random], None]
MUTATIONS: dict[str, Mutation] = {}
EDGES = (-CENT, ZERO, CENT)


def mutation(change: Mutation) -> Mutation:
    MUTATIONS[change.__name__] = change
    return change


def touch(world: World, **changes: Any) -> None:
    """Change the first line of goods, and let the sums follow."""
    world.line.update(changes)
    add_up(world.document)


# --- numbers and duplicates


@mutation
def number_of_a_form_the_buyer_may_not_take(world: World, draw: Random) -> None:
    world.rules["number_pattern"] = pick(draw, r"INV/\d{4}/\d{5}", r"[A-Z0-9-]+")


@mutation
def number_as_long_as_allowed_or_longer(world: World, draw: Random) -> None:
    world.rules["number_max_length"] = len(world.document["number"]) + pick(draw, -1, 0, 1)


@mutation
def number_used_before(world: World, draw: Random) -> None:
    spelled = pick(
        draw, "INV/2026/00042", "inv/2026/00042", "INV/2026/42", "INV-2026-0042", "inv202600042", "INV/2025/00042"
    )
    earlier = document(spelled, [line_for(world.orders[PO]["lines"][1], Decimal(1))], jobs=[EARLIER_JOB])
    earlier["fate"] = pick(draw, "pending", "accepted", "rejected")
    world.previous.append(earlier)


@mutation
def number_rejected_before(world: World, draw: Random) -> None:
    """The same number again after a rejection, which some buyers take."""
    world.rules["rejected_number_reusable"] = draw.random() < 0.3
    earlier = document(
        world.document["number"], [line_for(world.orders[PO]["lines"][1], Decimal(1))], jobs=[EARLIER_JOB]
    )
    world.previous.append({**earlier, "fate": "rejected"})


@mutation
def work_order_invoiced_before(world: World, draw: Random) -> None:
    world.rules["one_invoice_per_work_order"] = pick(draw, True, True, True, False)
    earlier = document("INV/2026/00030", [line_for(world.orders[PO]["lines"][1], Decimal(1))], jobs=[JOB])
    earlier["fate"] = pick(draw, "pending", "rejected")
    world.previous.append(earlier)


@mutation
def looks_like_an_earlier_one(world: World, _draw: Random) -> None:
    line = {**world.line, "job": "", "po_line": world.po_line()["number"]}
    earlier = document("INV/2026/00029", [line], jobs=[EARLIER_JOB])
    earlier["fate"] = "accepted"
    world.previous.append(earlier)


@mutation
def a_party_missing(world: World, draw: Random) -> None:
    name = pick(draw, "remit_to", "ship_to", "buyer_reference")
    world.rules[f"{name}_required"] = coin(draw)
    world.document[name] = ""


# --- references


@mutation
def po_missing(world: World, draw: Random) -> None:
    world.rules["po_required"] = coin(draw)
    if not _extra_work(world):
        world.document["po"] = ""


@mutation
def po_is_our_own_order(world: World, _draw: Random) -> None:
    world.document["po"] = "S00042"


@mutation
def po_unknown(world: World, _draw: Random) -> None:
    world.document["po"] = "MGH-4500017789"


@mutation
def po_spelled_otherwise(world: World, draw: Random) -> None:
    world.document["po"] = pick(draw, PO.lower(), f" {PO} ", PO.replace("-", ""))


@mutation
def po_of_another_pattern(world: World, draw: Random) -> None:
    world.rules["po_pattern"] = pick(draw, r"MGH-\d{10}", r"PO-\d+")


@mutation
def po_closed_or_cancelled(world: World, draw: Random) -> None:
    world.orders[PO]["state"] = pick(draw, "closed", "cancelled")


@mutation
def two_orders_on_one_document(world: World, draw: Random) -> None:
    world.rules["one_po_per_invoice"] = coin(draw)
    row = world.orders[OTHER_PO]["lines"][0]
    world.document["lines"].append(line_for(row, Decimal(1), po=OTHER_PO))
    add_up(world.document)


@mutation
def orders_on_lines_only(world: World, draw: Random) -> None:
    world.rules["po_required"] = coin(draw)
    named = world.document["po"]
    for line in world.document["lines"]:
        sometimes = line["charge"] == "" and line["authority"] == "task"
        line["po"] = line["po"] or (pick(draw, named, named, "") if sometimes else named)
    world.document["po"] = ""


@mutation
def line_from_memory(world: World, draw: Random) -> None:
    touch(world, po_line=pick(draw, "11", "1", "99"))


@mutation
def line_of_the_po_of_another_item(world: World, _draw: Random) -> None:
    line = world.line
    touch(world, po_line="20" if line["po_line"] != "20" else "30")


@mutation
def line_not_stated(world: World, draw: Random) -> None:
    world.rules["po_line_required"] = coin(draw)
    world.line["po_line"] = ""


@mutation
def line_to_be_found_by_item(world: World, draw: Random) -> None:
    world.rules |= {"po_line_by_item": True, "po_line_required": coin(draw)}
    for line in world.document["lines"]:
        if not line["charge"]:
            line["po_line"] = ""
    if coin(draw):
        world.po_line()["is_open"] = coin(draw)


@mutation
def item_ordered_twice(world: World, draw: Random) -> None:
    world.rules["po_line_by_item"] = True
    row = world.po_line()
    twin = {**row, "number": "60", "is_open": coin(draw)}
    world.orders[PO]["lines"].append(twin)
    if coin(draw):
        world.line["po_line"] = ""


@mutation
def po_line_closed(world: World, _draw: Random) -> None:
    world.po_line()["is_open"] = False


@mutation
def internal_code_instead_of_the_buyers(world: World, draw: Random) -> None:
    world.line["item"] = pick(draw, "HVAC-LAB", "", "m-700114", world.line["item"].lower())


@mutation
def currency_of_another_country(world: World, draw: Random) -> None:
    world.document["currency"] = pick(draw, "EUR", "CAD")


@mutation
def contract_missing_or_another(world: World, draw: Random) -> None:
    world.rules["contract_required"] = coin(draw)
    world.orders[PO]["contract"] = pick(draw, "", "K-100", "K-100")
    world.document["contract"] = pick(draw, "", "", "K-100", "k-100", "K-200", "K-200")


@mutation
def cost_center_missing_or_another(world: World, draw: Random) -> None:
    world.rules["cost_center_required"] = coin(draw)
    world.document["cost_center"] = pick(draw, "", "CC-1", "cc-1", "CC-9")
    world.line.update(cost_center=pick(draw, "", "", "CC-9", "CC-1"), shares=[])
    world.po_line()["cost_center"] = pick(draw, "", "CC-1")


@mutation
def cost_shares_that_may_not_add_up(world: World, draw: Random) -> None:
    world.line["shares"] = [Decimal(50), Decimal(pick(draw, "50", "49", "51", "50"))]
    world.line["cost_center"] = world.line["cost_center"] or pick(draw, "CC-1", "CC-1", "CC-9")


@mutation
def work_order_number_missing(world: World, draw: Random) -> None:
    world.rules["work_order_required"] = coin(draw)
    world.document["jobs"] = []
    for line in world.document["lines"]:
        line["job"] = ""


@mutation
def two_work_orders(world: World, draw: Random) -> None:
    world.document["jobs"] = [JOB, OTHER_JOB]
    for line in world.document["lines"]:
        line["job"] = pick(draw, JOB, JOB, OTHER_JOB, "")
    world.jobs[OTHER_JOB]["cap"] = pick(draw, None, Decimal(150))


@mutation
def one_po_for_many_buildings(world: World, draw: Random) -> None:
    """Two equal lines for two buildings on one PO line; neither names its own."""
    twin = dict(world.line)
    world.document["lines"].append(twin)
    world.document["jobs"] = [JOB, OTHER_JOB] if coin(draw) else [JOB]
    for line in world.document["lines"]:
        line["job"] = JOB if len(world.document["jobs"]) == 2 else ""
    if len(world.document["jobs"]) == 2:
        twin["job"] = OTHER_JOB
    add_up(world.document)


# --- units, prices, quantities, amounts


@mutation
def unit_nobody_can_convert(world: World, draw: Random) -> None:
    world.line["unit"] = pick(draw, "KGM", "LTR", "")


@mutation
def factor_not_recorded(world: World, draw: Random) -> None:
    gone = pick(draw, *world.units) if world.units else None
    world.units = [each for each in world.units if each != gone]


@mutation
def price_at_the_edge(world: World, draw: Random) -> None:
    """The price of one line exactly at its tolerance, a hundredth below or above; dearer or cheaper."""
    row = world.po_line()
    if row["price"] is None or world.line["unit"] != row["unit"]:
        return
    rules = {"price_tolerance_percent": Decimal(2), "price_tolerance_amount": pick(draw, None, Decimal("1.00"))}
    world.rules |= {**rules, "tolerance_either": coin(draw)}
    if coin(draw):
        _loosen(world)
    allowed = _allowed(world, "price", row["price"])
    off = allowed + draw.choice(EDGES)
    touch(world, price=cents(row["price"] + (off if coin(draw) else -off)))


@mutation
def price_of_another_basis(world: World, draw: Random) -> None:
    """The same price for one as for a hundred - or the price of a hundred for one."""
    line = world.line
    if coin(draw):
        touch(world, basis=line["basis"] * 10, price=line["price"] * 10)
    else:
        touch(world, basis=Decimal(1) if line["basis"] != 1 else Decimal(100))


@mutation
def discount_of_our_own(world: World, draw: Random) -> None:
    percent = Decimal(pick(draw, "2", "5", "10", "50"))
    gross = coin(draw)
    if gross:
        _loosen(world)
    price = world.line["price"]
    touch(
        world, discount=percent, price=(price * 100 / (100 - percent)).quantize(Decimal("0.000001")) if gross else price
    )


@mutation
def quantity_at_the_edge(world: World, draw: Random) -> None:
    """All that is billed on one PO line exactly what is allowed, a hundredth less or more."""
    row = world.po_line()
    if row["quantity"] is None:
        return
    if coin(draw):
        _loosen(world)
    allowed = row["quantity"] * world.rules["quantity_tolerance_percent"] / 100
    row["received"] = row["quantity"] + 1000
    quantity = cents(world.remaining(row) + allowed) + draw.choice(EDGES)
    touch(world, quantity=quantity, unit=row["unit"], price=row["price"], basis=row["basis"])


@mutation
def quantity_beyond_what_was_ordered(world: World, draw: Random) -> None:
    """Far too much, in the PO's unit or one that has to be converted first, where only the quantity tells."""
    row = world.po_line()
    if row["quantity"] is None:
        return
    if draw.random() < 0.7:
        _loosen(world)
    row["received"] = row["quantity"] + 1000
    share = row["quantity"] * Decimal(pick(draw, "0.9", "1.2", "1.3"))
    billed = world.in_po_unit(world.line)
    touch(world, quantity=cents(world.line["quantity"] * share / billed) if billed else share)


@mutation
def received_at_the_edge(world: World, draw: Random) -> None:
    """What arrived is exactly what is billed in all, a hundredth less or more."""
    world.rules["receipts_required"] = True
    row = world.po_line()
    if row["quantity"] is None:
        row["received"] = pick(draw, ZERO, Decimal(100), Decimal(3000))
        return
    world.rules["quantity_tolerance_percent"] = ZERO
    billed = row["quantity"] - world.remaining(row) + world.in_po_unit(world.line)
    row["received"] = max(ZERO, cents(billed) + draw.choice(EDGES))


@mutation
def nothing_received(world: World, draw: Random) -> None:
    world.rules["receipts_required"] = coin(draw)
    for row in world.orders[PO]["lines"]:
        row["received"] = ZERO


@mutation
def line_amount_at_the_edge(world: World, draw: Random) -> None:
    """A line bought by amount, billed to its value and what the tolerance adds, a cent less or more."""
    row = world.orders[PO]["lines"][4]
    earlier = sum(
        (line["amount"] for doc in world.previous for line in doc["lines"] if line["item"] == row["item"]), ZERO
    )
    world.rules["receipts_required"] = False
    row["amount_limit"] = cents(earlier + 500)
    most = row["amount_limit"] + _allowed(world, "line", row["amount_limit"])
    value = cents(most - earlier + draw.choice(EDGES))
    lines = [line for line in world.document["lines"] if line["item"] != row["item"]]
    half = cents(value / 2)
    bought = [line_for(row, Decimal(1), price=part) for part in ([half, value - half] if coin(draw) else [value])]
    world.document["lines"] = [*bought, *lines]
    add_up(world.document)


@mutation
def header_at_the_edge(world: World, draw: Random) -> None:
    """A blanket limit that all that is billed meets exactly, a cent less or more."""
    world.rules |= {"header_tolerance_percent": pick(draw, ZERO, Decimal(10)), "header_tolerance_amount": None}
    count = [line["amount"] for line in world.document["lines"] if line["charge"] not in ("retention", "deposit")]
    billed = _billed_before(world) + sum(count, ZERO)
    limit = billed * 100 / (100 + world.rules["header_tolerance_percent"]) + draw.choice(EDGES)
    world.orders[PO]["limit"] = max(ZERO, cents(limit))


@mutation
def blanket_released_beyond_its_limit(world: World, _draw: Random) -> None:
    world.orders[PO]["limit"] = max(ZERO, cents(_billed_before(world) + world.document["untaxed"] / 2))


@mutation
def blanket_of_another_year(world: World, draw: Random) -> None:
    """A blanket order that was valid when the work was done, and may have expired before the invoice."""
    ended = ISSUED + timedelta(days=pick(draw, -1, 0))
    world.orders[PO] |= {"limit": Decimal(50_000), "valid_from": date(2026, 1, 1), "valid_to": ended}


@mutation
def cap_at_the_edge(world: World, draw: Random) -> None:
    """Not to exceed exactly what the job is billed, with tax where that counts."""
    total = world.document["untaxed"]
    if world.rules.get("not_to_exceed_includes_tax"):
        total = world.document["total"]
    world.jobs[JOB]["cap"] = max(ZERO, cents(total + draw.choice(EDGES)))


@mutation
def line_of_nothing(world: World, draw: Random) -> None:
    world.rules["zero_lines_allowed"] = coin(draw)
    what = pick(draw, {"quantity": ZERO}, {"price": ZERO}, {"discount": Decimal(100)})
    touch(world, **what)


@mutation
def more_decimals_than_kept(world: World, draw: Random) -> None:
    world.rules |= {"quantity_decimals": pick(draw, 0, 2, 3), "price_decimals": pick(draw, 0, 2)}
    touch(world, quantity=Decimal(pick(draw, "1.125", "1.50", "2")))


@mutation
def several_lines_on_one_po_line(world: World, draw: Random) -> None:
    """Each of them fits alone; together they may be too much."""
    row = world.po_line()
    if row["quantity"] is not None and coin(draw):
        share = Decimal(pick(draw, "0.4", "0.6"))
        touch(world, quantity=cents(row["quantity"] * share), unit=row["unit"], price=row["price"], basis=row["basis"])
    for _ in range(pick(draw, 1, 2)):
        world.document["lines"].append(dict(world.line))
    add_up(world.document)


@mutation
def negative_line(world: World, draw: Random) -> None:
    """A line that takes something back within an invoice."""
    world.document["lines"].append({**world.line, "quantity": -world.line["quantity"] / pick(draw, 1, 2, 4)})
    add_up(world.document)


# --- authority


@mutation
def change_not_documented(world: World, draw: Random) -> None:
    """Extra work on a line that the buyer's PO does not have; without a PO the buyer has nothing to compare."""
    if not world.line["po"] and not world.document["po"]:
        return
    row = world.orders[PO]["lines"][0]
    authority = pick(draw, "pending", "", "open")
    extra = {"po": world.line["po"], "po_line": "70", "item": "EXTRA", "sound_item": "", "authority": authority}
    world.document["lines"].append({**line_for(row, Decimal(2)), **extra})
    add_up(world.document)


@mutation
def ticket_left_open(world: World, _draw: Random) -> None:
    world.jobs[JOB]["completed"] = False


@mutation
def job_not_verified(world: World, _draw: Random) -> None:
    world.jobs[JOB]["pending"] = True


@mutation
def job_not_signed(world: World, draw: Random) -> None:
    world.rules["sign_off_required"] = coin(draw)
    world.jobs[JOB]["signed"] = False


# --- tax, freight, charges, retention


@mutation
def tax_charged(world: World, draw: Random) -> None:
    world.rules |= {"tax_rule": pick(draw, "any", "exempt", "required", "barred"), "tax_rate_tolerance": Decimal("0.1")}
    world.orders[PO]["tax"] = pick(draw, "", "exempt", "charged", "barred")
    # An order that carries no tax says no rate; the buyer's own books would not take one.
    agreed = pick(draw, None, Decimal("7.5"), ZERO) if world.orders[PO]["tax"] in ("", "charged") else None
    for row in world.orders[PO]["lines"]:
        row["tax_rate"] = agreed
    rates = pick(draw, [], ["7.5"], ["7.6"], ["7.61"], ["5.75", "1.75"], ["7.39"])
    for line in world.document["lines"]:
        line["rates"] = [Decimal(rate) for rate in rates]
    add_up(world.document)


@mutation
def freight_charged(world: World, draw: Random) -> None:
    world.rules |= {
        "freight_rule": pick(draw, "any", "not_allowed", "po", "po"),
        "freight_on": pick(draw, "either", "either", "line", "header"),
    }
    world.orders[PO] |= {
        "freight": pick(draw, "", "allowed", "allowed", "not_allowed"),
        "freight_limit": pick(draw, None, Decimal(30), Decimal("29.99")),
    }
    world.document["lines"].append(charge("freight", Decimal(30), on_line=coin(draw)))
    add_up(world.document)


@mutation
def freight_billed_before(world: World, draw: Random) -> None:
    world.rules |= {"freight_rule": "po", "freight_on": "either"}
    world.orders[PO] |= {"freight": "allowed", "freight_limit": Decimal(50)}
    row = world.orders[PO]["lines"][1]
    lines = [line_for(row, Decimal(1)), charge("freight", Decimal(pick(draw, "20", "20.01", "50")))]
    world.previous.append(document("INV/2026/00028", lines, jobs=[EARLIER_JOB]))
    world.document["lines"].append(charge("freight", Decimal(30)))
    add_up(world.document)


@mutation
def another_charge(world: World, draw: Random) -> None:
    world.rules["other_charges_allowed"] = coin(draw)
    made = charge("other", Decimal(12), description=pick(draw, "Fuel", "", " "), on_line=coin(draw))
    world.document["lines"].append(made)
    add_up(world.document)


@mutation
def retention_shown(world: World, draw: Random) -> None:
    world.rules["retention_shown"] = pick(draw, "any", "line", "total", "barred")
    if coin(draw):
        world.document["lines"].append(charge("retention", Decimal(-10), on_line=True))
    else:
        world.document["retention"] = Decimal(10)
    add_up(world.document)


@mutation
def amount_due_wrong(world: World, draw: Random) -> None:
    world.document["prepaid"] = Decimal(pick(draw, "0", "5"))
    add_up(world.document)
    world.document["due"] += Decimal(pick(draw, "0", "0.01", "0.02", "-1"))


# --- terms and dates


@mutation
def terms_other_than_ordered(world: World, draw: Random) -> None:
    net, percent, days = pick(draw, 15, 30, 45), pick(draw, 0, 1, 2, 3), pick(draw, 5, 10, 15)
    days = days if percent else None
    last = ISSUED + timedelta(days=days) if days else None
    code = pick(draw, "2/10 Net 30", "2/10 net 30", "Other")
    terms = {"code": code, "net_days": net, "discount_percent": Decimal(percent), "discount_days": days}
    world.document["terms"] = {**terms, "discount_date": last}
    world.document["due_date"] = world.document["issued"] + timedelta(days=net)
    world.rules["terms_must_match"] = pick(draw, True, True, False)


@mutation
def terms_not_stated(world: World, draw: Random) -> None:
    if coin(draw):
        world.document["terms"] = None
    else:
        world.orders[PO]["terms"] = None


@mutation
def discount_until_another_day(world: World, draw: Random) -> None:
    if world.document["terms"]:
        world.document["terms"]["discount_date"] = ISSUED + timedelta(days=pick(draw, 9, 10, 11))


@mutation
def due_on_another_day(world: World, draw: Random) -> None:
    world.document["due_date"] = world.document["issued"] + timedelta(days=pick(draw, -1, 0, 29, 30, 31))


@mutation
def issued_on_another_day(world: World, draw: Random) -> None:
    world.rules["backdating_days"] = pick(draw, 0, 5, 7)
    issued = TODAY + timedelta(days=pick(draw, 1, 0, -5, -6, -7, -8))
    world.document |= {"issued": issued, "due_date": issued + timedelta(days=30)}
    if world.document["terms"]:
        world.document["terms"]["discount_date"] = issued + timedelta(days=10)


@mutation
def completed_on_another_day(world: World, draw: Random) -> None:
    world.jobs[JOB]["completed_on"] = pick(draw, None, ISSUED, ISSUED + timedelta(days=1))


@mutation
def order_of_another_validity(world: World, draw: Random) -> None:
    day = pick(draw, DONE, ISSUED, DONE - timedelta(days=1), ISSUED - timedelta(days=1), DONE + timedelta(days=1))
    year = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}
    world.orders[PO] |= {**year, pick(draw, "valid_from", "valid_to"): day}


@mutation
def service_on_another_day(world: World, draw: Random) -> None:
    day = pick(draw, date(2026, 1, 1), date(2025, 12, 31), date(2026, 12, 31), date(2027, 1, 1))
    if coin(draw):
        world.line["service_date"] = day
    else:
        world.document |= {"service_start": min(day, DONE), "service_end": max(day, DONE)}


@mutation
def handed_in_late(world: World, draw: Random) -> None:
    world.rules["submission_days"] = pick(draw, 1, 7, 30)


# --- evidence and arithmetic


@mutation
def files_missing_or_not_taken(world: World, draw: Random) -> None:
    world.rules |= {
        "attachments_required": pick(draw, (), ("sign_off",), ("photo",), ("sign_off", "timesheet")),
        "attachment_types": pick(draw, (), ("application/pdf",), ("image/png",)),
        "attachment_max_count": pick(draw, 0, 1, 2),
        "attachment_max_bytes": pick(draw, 0, 39_999, 40_000),
    }
    if coin(draw):
        world.document["files"].append({"kind": "photo", "name": "a.jpg", "mimetype": "image/jpeg", "size": 1})


@mutation
def sums_that_may_not_add_up(world: World, draw: Random) -> None:
    off = Decimal(pick(draw, "0.01", "0.02", "-0.01", "-0.02", "1"))
    name = pick(draw, "untaxed", "tax", "total", "line")
    if name == "line":
        world.line["amount"] += off
        add_up(world.document, lines=False)
    else:
        world.document[name] += off
    world.document["due"] = world.document["total"] - world.document["prepaid"] - world.document["retention"]


# --- credits


@mutation
def credited_before(world: World, draw: Random) -> None:
    """A credit for something earlier gives room again, once it is accepted."""
    row = world.po_line()
    if row["quantity"] is None:
        return
    lines = [line_for(row, Decimal(2))]
    first = document(
        "INV/2026/00020", lines, issued=date(2026, 5, 20), jobs=[EARLIER_JOB], service_start=date(2026, 5, 1)
    )
    back = {
        **first,
        "kind": "credit",
        "number": "RINV/2026/00003",
        "original": "INV/2026/00020",
        "lines": [dict(lines[0])],
    }
    back["fate"] = pick(draw, "pending", "accepted", "rejected")
    world.previous += [first, back]
    if coin(draw):
        quantity_at_the_edge(world, draw)


@mutation
def is_a_credit(world: World, draw: Random) -> None:
    """The document takes back something of an earlier invoice: less, all, or more than is left."""
    row = pick(draw, *world.orders[PO]["lines"])
    first = document("INV/2026/00020", [line_for(row, Decimal(2))], issued=date(2026, 5, 20), jobs=[EARLIER_JOB])
    first["service_start"] = date(2026, 5, 1)
    first["fate"] = pick(draw, "accepted", "pending", "paid", "rejected")
    world.previous.append(first)
    if coin(draw):
        half = document("RINV/2026/00001", [line_for(row, Decimal(1))], kind="credit", original="INV/2026/00020")
        half["fate"] = pick(draw, "accepted", "pending", "rejected")
        world.previous.append({**half, "jobs": [EARLIER_JOB]})
    quantity = Decimal(pick(draw, "0.50", "1", "1.01", "2", "2.01"))
    other = pick(draw, row, row, row, world.orders[PO]["lines"][0])
    world.document = document("RINV/2026/00002", [line_for(other, quantity)], kind="credit", jobs=[EARLIER_JOB])
    spelled = ["INV/2026/00020", "INV/2026/00020", "INV/2026/00020", "inv-2026-20", "", "INV/2026/00099"]
    world.document["original"] = draw.choice(spelled)
    if coin(draw):
        world.document["po"] = pick(draw, PO, OTHER_PO)


@mutation
def is_a_credit_at_the_edge(world: World, draw: Random) -> None:
    """One of two lines of an earlier invoice is taken back: exactly, or a little off in quantity or amount only."""
    one, other = draw.sample([row for row in world.orders[PO]["lines"] if row["quantity"] is not None], 2)
    billed = [line_for(one, Decimal(2)), line_for(other, Decimal(2))]
    world.previous.append({**_earlier("INV/2026/00020", billed), "fate": "accepted"})
    back = line_for(one, Decimal(2) + draw.choice(EDGES))
    both = pick(draw, [back], [back, line_for(other, Decimal(2))])
    world.document = document(
        "RINV/2026/00002", both, kind="credit", original="INV/2026/00020", jobs=[EARLIER_JOB], terms=None
    )
    if coin(draw):
        off = draw.choice(EDGES)
        quantity = Decimal(pick(draw, 1, 2))
        worth = cents(one["price"] * 2 / one["basis"]) + off
        back.update(quantity=quantity, price=worth / quantity, basis=Decimal(1))
        add_up(world.document)


def _earlier(number: str, lines: list[Line]) -> Doc:
    start = date(2026, 5, 1)
    return document(number, lines, issued=date(2026, 5, 20), jobs=[EARLIER_JOB], service_start=start, service_end=start)


def _extra_work(world: World) -> bool:
    return any(line["authority"] != "task" for line in world.document["lines"])


def _loosen(world: World) -> None:
    """Let the amounts of line and header follow, so that the figure itself decides."""
    wide: dict[str, Any] = {"line_tolerance_percent": Decimal(60), "header_tolerance_percent": Decimal(60)}
    world.rules |= {**wide, "line_tolerance_amount": None, "header_tolerance_amount": None}


def _allowed(world: World, name: str, base: Decimal) -> Decimal:
    """How far off a figure may be by the rules, as both sides are told."""
    percent: Decimal = base * world.rules[f"{name}_tolerance_percent"] / 100
    amount: Decimal | None = world.rules[f"{name}_tolerance_amount"]
    if amount is None:
        return percent
    return max(percent, amount) if world.rules["tolerance_either"] else min(percent, amount)


def _billed_before(world: World) -> Decimal:
    counted = [doc for doc in world.previous if doc["kind"] == "invoice" and doc["fate"] != "rejected"]
    return sum((doc["untaxed"] for doc in counted), ZERO)
