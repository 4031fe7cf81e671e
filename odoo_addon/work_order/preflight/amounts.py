"""P22-P25: do the amounts stay within PO line, PO, its dates and the cap of the work?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from .case import ZERO, PoLine, PurchaseOrder, key
from .facts import HUNDRED, Claim, Facts
from .numbers import plain, po_of, work_order_of
from .references import outside_validity
from .report import UNKNOWN_DATA
from .rule import Remark


def room(limit: Decimal, percent: Decimal, amount: Decimal | None, either: bool) -> Decimal:
    """By how much `limit` may be passed. No amount: the percentage alone."""
    by_percent = abs(limit) * percent / HUNDRED
    if amount is None:
        return by_percent
    return max(by_percent, amount) if either else min(by_percent, amount)


def money(value: Decimal) -> str:
    """An amount as people write it: two decimals, more where it has more."""
    text = plain(value)
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"


def with_before(before: str, together: str) -> str:
    """The part of a sentence that adds what was billed before; empty if that is nothing."""
    return "" if before in ("0", "0.00") else f" (with {before} billed before: {together})"


def p22(facts: Facts) -> Iterator[Remark]:
    """All that was billed of a PO line, and this, is no more than the line is worth.

    Worth is its amount limit, else quantity times price, rounded up to the cent. With neither: unknown.
    """
    for claim in facts.claims:
        if claim.place[0] not in facts.comparable_orders:
            continue
        worth = _worth(claim.po_line, facts.cent)
        if worth is not None:
            yield from too_dear(facts, claim, worth, "authorised", "amount_limit")
        elif claim.po_line.quantity is None:
            yield Remark(
                message=f"Neither quantity nor amount of line {claim.po_line.number} of PO {claim.po} is recorded. "
                "Enter what the buyer ordered.",
                field="amount_limit",
                line=claim.line,
                severity=UNKNOWN_DATA,
            )


def _worth(po_line: PoLine, cent: Decimal) -> Decimal | None:
    if po_line.amount_limit is not None:
        return po_line.amount_limit
    if po_line.quantity is None or po_line.unit_price is None or po_line.price_basis <= 0:
        return None
    worth = po_line.quantity * po_line.unit_price / po_line.price_basis
    return worth.quantize(cent, ROUND_CEILING)


def too_dear(facts: Facts, claim: Claim, limit: Decimal, what: str, field: str) -> Iterator[Remark]:
    """A remark if the amounts billed pass the limit of the PO line by more than the buyer tolerates."""
    profile, here = facts.profile, claim.amount
    together = claim.before.amount + here
    allowed = limit + room(
        limit, profile.line_tolerance_percent, profile.line_tolerance_amount, profile.tolerance_either
    )
    if together > allowed:
        yield Remark(
            message=f"{claim.bills} {money(here)} {facts.document.currency} on line {claim.po_line.number} of PO "
            f"{claim.po}{with_before(money(claim.before.amount), money(together))}; {money(limit)} were {what}.",
            field=field,
            line=claim.line,
            given=money(together),
            expected=money(allowed),
        )


def p23(facts: Facts) -> Iterator[Remark]:
    """All that was billed of a PO, and this, is within its limit: without tax, and what is retained counts in full.

    A PO without a limit is limited by its lines. P22 sees to that where each line of the document names one; where
    one does not, what all lines of the PO are worth is the limit. Without those, too, it is unknown.
    """
    here = _by_po(facts)
    unmatched = {key(match.po) for match in facts.matches if match.po_line is None}
    for number, order in facts.comparable_orders.items():
        limit, what = order.limit, "its limit is"
        if limit is None and order.lines and number not in unmatched:
            continue
        if limit is None:
            limit, what = _worth_of_all(order, facts.cent), "all its lines are worth"
        if limit is None:
            message = f"The limit of PO {order.number} is not recorded, nor what all its lines are worth. Enter it."
            yield Remark(message=message, field="limit", severity=UNKNOWN_DATA)
        else:
            yield from _over_limit(facts, order, here.get(number, ZERO), limit, what)


def _by_po(facts: Facts) -> dict[str, Decimal]:
    here: dict[str, Decimal] = {}
    for line in facts.document.lines:
        if line.charge != "retention":
            po = key(po_of(facts.document, line))
            here[po] = here.get(po, ZERO) + line.subtotal
    return here


def _worth_of_all(order: PurchaseOrder, cent: Decimal) -> Decimal | None:
    known = [worth for line in order.lines.values() if (worth := _worth(line, cent)) is not None]
    return sum(known, ZERO) if known and len(known) == len(order.lines) else None


def _over_limit(facts: Facts, order: PurchaseOrder, here: Decimal, limit: Decimal, what: str) -> Iterator[Remark]:
    profile = facts.profile
    before = facts.history.by_po.get(key(order.number), ZERO)
    allowed = limit + room(
        limit, profile.header_tolerance_percent, profile.header_tolerance_amount, profile.tolerance_either
    )
    if before + here > allowed:
        yield Remark(
            message=f"The document bills {money(here)} {facts.document.currency} on PO {order.number}"
            f"{with_before(money(before), money(before + here))}; {what} {money(limit)}. Have the buyer raise it.",
            field="limit",
            given=money(before + here),
            expected=money(allowed),
        )


def p24(facts: Facts) -> Iterator[Remark]:
    """The document's day is within the dates of a blanket PO."""
    for order in facts.orders.values():
        if order.kind == "blanket":
            yield from outside_validity(facts, order)


def p25(facts: Facts) -> Iterator[Remark]:
    """What was billed of a work order, and this, stays within its cap; with tax where the buyer counts it.

    Retention does not lower what the work cost, and a deposit counts only for the work order it names. Charges that
    name no work order must fit below the caps of all together.
    """
    billed = _by_work_order(facts)
    total, caps = billed.get("", ZERO), ZERO
    all_capped = bool(facts.work_orders)
    for number, order in facts.work_orders.items():
        cap = order.not_to_exceed
        now = facts.history.billed_of_work_order.get(number, ZERO) + billed.get(number, ZERO)
        if cap is None:
            all_capped = False
            continue
        total, caps = total + now, caps + cap
        if now > cap:
            yield _over_cap(facts, f"Work order {order.number}", now, cap)
    if all_capped and billed.get("") and total > caps:
        yield _over_cap(facts, "The document with charges that name no work order", total, caps)


def _by_work_order(facts: Facts) -> dict[str, Decimal]:
    billed: dict[str, Decimal] = {}
    for line in facts.document.lines:
        if line.charge == "retention" or (line.charge == "deposit" and not line.work_order):
            continue
        number = key(work_order_of(facts.document, line))
        tax = line.tax_amount if facts.profile.not_to_exceed_includes_tax else ZERO
        billed[number] = billed.get(number, ZERO) + line.subtotal + tax
    return billed


def _over_cap(facts: Facts, subject: str, now: Decimal, cap: Decimal) -> Remark:
    tax = " with tax" if facts.profile.not_to_exceed_includes_tax else ""
    return Remark(
        message=f"{subject} comes to {money(now)} {facts.document.currency}{tax}, and must not exceed {money(cap)}. "
        "Have the cap raised or bill less.",
        field="not_to_exceed",
        given=money(now),
        expected=money(cap),
    )
