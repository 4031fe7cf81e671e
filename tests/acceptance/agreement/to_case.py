"""The world as we know it: a case of pre-flight."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from workorder_preflight import Case, Document, History, Profile, fingerprints, line_key, normal_number, number_keys
from workorder_preflight import case as facts

from .world import TODAY, ZERO, Doc, Line, World


def case_of(world: World) -> Case:
    """What we would hand to pre-flight, had we been told everything."""
    return Case(
        document=document(world, world.document),
        today=TODAY,
        profile=Profile(**world.rules),
        purchase_orders={facts.key(number): order_of(order) for number, order in world.orders.items()},
        history=history(world),
        factors={(one, other): factor for one, other, factor in world.units},
    )


def document(world: World, doc: Doc) -> Document:
    totals = facts.Totals(
        untaxed=doc["untaxed"],
        tax=doc["tax"],
        total=doc["total"],
        retention=doc["retention"],
        prepaid=doc["prepaid"],
        due=doc["due"],
    )
    return Document(
        kind=doc["kind"],
        number=doc["number"],
        issue_date=doc["issued"],
        due_date=doc["due_date"],
        currency=doc["currency"],
        buyer_po=doc["po"],
        contract=doc["contract"],
        cost_center=doc["cost_center"],
        our_numbers=("S00042",),
        remit_to=doc["remit_to"],
        ship_to=doc["ship_to"],
        buyer_reference=doc["buyer_reference"],
        terms=doc["terms"] and facts.Terms(**doc["terms"]),
        service_start=doc["service_start"],
        service_end=doc["service_end"],
        work_orders=tuple(work_order(world, number) for number in doc["jobs"]),
        lines=tuple(line_of(index, line) for index, line in enumerate(doc["lines"], 1)),
        totals=totals,
        attachments=tuple(facts.Attachment(**each) for each in doc["files"]),
        original=doc["original"],
        sha256="0" * 64,
    )


def work_order(world: World, number: str) -> facts.WorkOrder:
    job = world.jobs.get(number, {})
    return facts.WorkOrder(
        number=number,
        site="North tower",
        completed_on=job.get("completed_on"),
        closed=job.get("completed", True),
        signed=job.get("signed", False),
        verification_pending=job.get("pending", False),
        not_to_exceed=job.get("cap"),
    )


def line_of(number: int, line: Line) -> facts.Line:
    return facts.Line(
        number=number,
        description=line["description"],
        charge=line["charge"],
        authority=line["authority"],
        work_order=line["job"],
        item_code=line["item"],
        buyer_po=line["po"],
        # A charge names a PO line where it stands on one, and none in the header.
        po_line=line["po_line"] or ("10" if line["charge"] and line["on_line"] else ""),
        quantity=line["quantity"],
        unit=line["unit"],
        unit_price=line["price"],
        price_basis=line["basis"],
        discount_percent=line["discount"],
        subtotal=line["amount"],
        taxes=tuple(facts.Tax(name=f"{rate} %", rate=rate) for rate in line["rates"]),
        tax_amount=line["tax"],
        cost_center=line["cost_center"],
        cost_shares=tuple(line["shares"]),
        service_date=line["service_date"],
    )


def order_of(order: dict[str, Any]) -> facts.PurchaseOrder:
    terms = order["terms"] or {}
    return facts.PurchaseOrder(
        number=order["number"],
        state=order["state"],
        kind="standard" if order["limit"] is None else "blanket",
        currency=order["currency"],
        valid_from=order["valid_from"],
        valid_to=order["valid_to"],
        limit=order["limit"],
        contract=order["contract"],
        terms_code=terms.get("code", ""),
        terms_net_days=terms.get("net_days"),
        terms_discount_percent=terms.get("discount_percent"),
        terms_discount_days=terms.get("discount_days"),
        tax_rule=order["tax"],
        freight_rule=order["freight"],
        freight_limit=order["freight_limit"],
        read_on=TODAY,
        lines={facts.key(line["number"]): po_line_of(line) for line in order["lines"]},
    )


def po_line_of(line: dict[str, Any]) -> facts.PoLine:
    return facts.PoLine(
        number=line["number"],
        item_code=line["item"],
        quantity=line["quantity"],
        unit=line["unit"],
        unit_price=line["price"],
        price_basis=line["basis"],
        amount_limit=line["amount_limit"],
        cost_center=line["cost_center"],
        is_open=line["is_open"],
        received=line["received"],
        tax_rate=line["tax_rate"],
    )


def history(world: World) -> History:
    """What we remember of each earlier document, with the fate its buyer told us."""
    numbers: dict[str, str] = {}
    by_line: dict[tuple[str, str], facts.Billed] = defaultdict(facts.Billed)
    by_po: dict[str, Decimal] = defaultdict(lambda: ZERO)
    freight: dict[str, Decimal] = defaultdict(lambda: ZERO)
    by_job: dict[str, tuple[str, ...]] = defaultdict(tuple)
    of_job: dict[str, Decimal] = defaultdict(lambda: ZERO)
    similar: dict[tuple[str, ...], tuple[tuple[str, date], ...]] = defaultdict(tuple)
    originals: dict[str, facts.Original] = {}
    for doc in world.previous:
        rejected = doc["fate"] == "rejected"
        for name in number_keys(doc["number"]):
            numbers[name] = "rejected" if rejected and numbers.get(name) != "live" else "live"
        if rejected:
            continue
        sign = 1 if doc["kind"] == "invoice" else -1
        if sign == 1 or doc["fate"] in ("accepted", "paid"):
            for line in doc["lines"]:
                _bill(world, doc, line, sign, by_line, by_po, of_job)
                if line["charge"] == "freight":
                    freight[facts.key(line["po"] or doc["po"])] += sign * line["amount"]
        _remember_original(world, doc, originals)
        if sign == 1:
            for job in doc["jobs"]:
                by_job[facts.key(job)] += (doc["number"],)
        for print_ in fingerprints(document(world, doc)):
            similar[print_] += ((doc["number"], doc["issued"]),)
    return History(
        numbers=numbers,
        by_line=by_line,
        by_po=by_po,
        by_work_order=by_job,
        billed_of_work_order=of_job,
        similar=similar,
        originals=originals,
        freight_by_po=freight,
    )


def _bill(world: World, doc: Doc, line: Line, sign: int, by_line: Any, by_po: Any, of_job: Any) -> None:
    if line["charge"] in ("retention", "deposit"):
        return
    po = line["po"] or doc["po"]
    by_po[facts.key(po)] += sign * line["amount"]
    if not line["charge"]:
        spot = line_key(po, line["po_line"])
        by_line[spot] = _plus(by_line[spot], world.in_po_unit(line), line["amount"], sign)
    job = line["job"] or (doc["jobs"][0] if len(doc["jobs"]) == 1 else "")
    if job:
        tax = line["tax"] if world.rules.get("not_to_exceed_includes_tax") else ZERO
        of_job[facts.key(job)] += sign * (line["amount"] + tax)


def _plus(billed: facts.Billed, quantity: Decimal, amount: Decimal, sign: int) -> facts.Billed:
    return facts.Billed(quantity=billed.quantity + sign * quantity, amount=billed.amount + sign * amount)


def _remember_original(world: World, doc: Doc, originals: dict[str, facts.Original]) -> None:
    """An invoice may be credited; every credit under way takes from what is left of it."""
    number = normal_number(doc["number"] if doc["kind"] == "invoice" else doc["original"])
    sign = 1 if doc["kind"] == "invoice" else -1
    known = originals.get(number) or facts.Original(number=doc["number"], buyer_po=doc["po"])
    left = dict(known.by_line)
    for line in doc["lines"]:
        if not line["charge"]:
            spot = line_key(line["po"] or doc["po"], line["po_line"])
            left[spot] = _plus(left.get(spot, facts.Billed()), world.in_po_unit(line), line["amount"], sign)
    originals[number] = replace(known, by_line=left, amount=known.amount + sign * doc["untaxed"])
