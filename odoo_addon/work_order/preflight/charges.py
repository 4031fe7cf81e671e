"""P28-P31: tax, freight, other charges, retention - only what the buyer and the PO allow, where the buyer wants it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .amounts import money
from .case import ZERO, Line, PoLine, PurchaseOrder, key
from .facts import HUNDRED, Facts
from .numbers import plain, po_of
from .rule import Remark

_UNTAXED = ("exempt", "barred")
_TAXED = ("required", "charged")
CHARGES = ("", "freight", "retention", "deposit", "other")


def p28(facts: Facts) -> Iterator[Remark]:
    """Tax as buyer and PO say; where they differ both must be kept.

    "exempt" and "barred" take no tax at all. "required" (the buyer) and "charged" (the PO) want tax on every line of
    goods that comes to something, unless its PO line says 0 percent. A rate on the PO line is compared wherever tax may
    be charged at all.
    """
    po_lines = {id(match.line): match.po_line for match in facts.matches}
    for line in facts.document.lines:
        order = facts.orders.get(key(po_of(facts.document, line)))
        yield from _tax_of(facts, line, order, po_lines.get(id(line)))
    rules = {facts.profile.tax_rule, *(order.tax_rule for order in facts.orders.values())}
    taxed_lines = any(line.tax_amount or line.taxes for line in facts.document.lines)
    if facts.document.totals.tax and not taxed_lines and rules.intersection(_UNTAXED):
        yield Remark(
            message=f"The document charges {money(facts.document.totals.tax)} tax, and the work is to be billed "
            "without tax.",
            field="totals.tax",
            given=money(facts.document.totals.tax),
            expected="0.00",
        )


def _tax_of(facts: Facts, line: Line, order: PurchaseOrder | None, po_line: PoLine | None) -> Iterator[Remark]:
    rules = (
        ("this buyer", facts.profile.tax_rule),
        (f"PO {order.number}" if order else "", order.tax_rule if order else ""),
    )
    given = _rate(line)
    owes_tax = not line.charge and line.subtotal and not line.tax_amount and not given
    for who, rule in rules:
        if rule in _UNTAXED and (line.tax_amount or given):
            yield Remark(
                message=f"Line {line.number} charges tax ({money(line.tax_amount)}), and {who} is billed without tax "
                f"({rule}).",
                field="taxes",
                line=line.number,
                given=money(line.tax_amount),
                expected="0.00",
            )
        elif rule in _TAXED and owes_tax and not (po_line and po_line.tax_rate == 0):
            message = f"Line {line.number} charges no tax, and {who} wants us to charge it."
            yield Remark(message=message, field="taxes", line=line.number, given="0.00")
    barred = any(rule in _UNTAXED for _who, rule in rules)
    wanted = po_line.tax_rate if po_line and not barred else None
    if wanted is not None and abs(given - wanted) > facts.profile.tax_rate_tolerance + _rounding(facts, line):
        yield Remark(
            message=f"Line {line.number} charges {plain(given)} % tax, its PO line says {plain(wanted)} %.",
            field="taxes",
            line=line.number,
            given=plain(given),
            expected=plain(wanted),
        )


def _rate(line: Line) -> Decimal:
    """The tax on a line in percent: what its taxes say, else what its amount comes to."""
    if line.taxes and all(tax.rate is not None for tax in line.taxes):
        return sum((tax.rate or ZERO for tax in line.taxes), ZERO)
    return round(line.tax_amount * HUNDRED / line.subtotal, 4) if line.subtotal else ZERO


def _rounding(facts: Facts, line: Line) -> Decimal:
    """How far a rate that was computed from amounts may be off because tax is rounded to the cent."""
    if not line.subtotal or (line.taxes and all(tax.rate is not None for tax in line.taxes)):
        return ZERO
    return facts.cent * HUNDRED / abs(line.subtotal)


def p29(facts: Facts) -> Iterator[Remark]:
    """Freight where buyer and PO allow it, within the PO's limit, on a line or in the header as the buyer wants.

    "po" means that the PO must say so: a PO that is silent never allowed it. What a PO forbids or limits holds under
    every rule, and a limit over all documents. Freight that names a PO line stands on that line, freight that names
    none in the header.
    """
    profile, sums = facts.profile, dict[str, Decimal]()
    for line in facts.document.lines:
        if line.charge != "freight" or not line.subtotal:
            continue
        po = key(po_of(facts.document, line))
        sums[po] = sums.get(po, ZERO) + line.subtotal
        order = facts.orders.get(po)
        if why := _against_freight(profile.freight_rule, order, bool(po)):
            yield Remark(
                message=f"Line {line.number} charges freight of {money(line.subtotal)}, and {why}. Take it off or have "
                "the buyer allow it.",
                field="charge",
                line=line.number,
                given=money(line.subtotal),
                expected="0.00",
            )
        on_line = bool(line.po_line.strip())
        if profile.freight_on != "either" and on_line != (profile.freight_on == "line"):
            wanted = "on a PO line" if profile.freight_on == "line" else "in the header, without a PO line"
            message = f"This buyer wants freight {wanted}; correct line {line.number}."
            yield Remark(message=message, field="po_line", line=line.number, given=line.po_line)
    for number, order in facts.comparable_orders.items():
        before, charged = facts.history.freight_by_po.get(number, ZERO), sums.get(number, ZERO)
        if order.freight_limit is not None and charged and before + charged > order.freight_limit:
            earlier = f" after {money(before)} billed before" if before else ""
            yield Remark(
                message=f"Freight of {money(charged)}{earlier} is more than the {money(order.freight_limit)} that PO "
                f"{order.number} allows.",
                field="freight_limit",
                given=money(before + charged),
                expected=money(order.freight_limit),
            )


def _against_freight(rule: str, order: PurchaseOrder | None, names_po: bool) -> str:
    """Why freight is not allowed, or "". A PO that nobody knows is P09's."""
    if rule == "not_allowed":
        return "this buyer pays no freight"
    if order is not None and order.freight_rule == "not_allowed":
        return f"PO {order.number} does not allow it"
    if rule == "po" and order is not None and order.freight_rule != "allowed":
        return f"PO {order.number} never allowed it"
    if rule == "po" and not names_po:
        return "there is no PO that allows it"
    return ""


def p30(facts: Facts) -> Iterator[Remark]:
    """Other charges where the buyer takes them; every charge is of a known kind and says what it is for."""
    for line in facts.document.lines:
        if line.charge not in CHARGES:
            message = f"Line {line.number} is a charge of an unknown kind ({line.charge})."
            yield Remark(message=message, field="charge", line=line.number, given=line.charge)
        elif line.charge == "other" and not facts.profile.other_charges_allowed:
            message = f"Line {line.number} is a charge besides goods, services and freight, which this buyer refuses."
            yield Remark(message=message, field="charge", line=line.number, given=line.charge)
        if line.charge in ("freight", "other") and not line.description.strip():
            message = f"The charge on line {line.number} does not say what it is for. Describe it."
            yield Remark(message=message, field="description", line=line.number)


def p31(facts: Facts) -> Iterator[Remark]:
    """Retention where the buyer wants to see it, once; and what is due is total less prepaid and retention.

    A retention line has lowered the total already; `totals.retention` is what is withheld beyond that.
    """
    totals, shown = facts.document.totals, facts.profile.retention_shown
    lines = [line.number for line in facts.document.lines if line.charge == "retention" and line.subtotal]
    if lines and totals.retention:
        yield Remark(
            message=f"Retention is taken off twice: on line {lines[0]} and below the total.",
            field="totals.retention",
            line=min(lines),
            given=money(totals.retention),
            expected="0.00",
        )
    if lines and shown in ("total", "barred"):
        where = "below the total, not on a line" if shown == "total" else "nowhere"
        message = f"This buyer wants retention shown {where}; correct line {min(lines)}."
        yield Remark(message=message, field="charge", line=min(lines), given="retention")
    if totals.retention and shown in ("line", "barred"):
        where = "on a line, not below the total" if shown == "line" else "nowhere"
        message = f"This buyer wants retention shown {where}."
        yield Remark(message=message, field="totals.retention", given=money(totals.retention))
    if totals.due is not None:
        due = totals.total - totals.prepaid - totals.retention
        if abs(totals.due - due) > facts.cent:
            yield Remark(
                message=f"{money(totals.due)} is said to be due; total less prepaid and retention is {money(due)}.",
                field="totals.due",
                given=money(totals.due),
                expected=money(due),
            )
