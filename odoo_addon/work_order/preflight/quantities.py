"""P18-P21: do quantity and price stay within what was ordered and received?

Quantities are converted to the PO's unit before anything is compared, and prices with them. Lines of one document that
bill the same PO line count together, with all that was billed before. Of two tolerances the stricter holds unless the
buyer said either. Credits are P36's.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .amounts import money, room, too_dear, with_before
from .case import ZERO, PoLine, key
from .facts import HUNDRED, Claim, Facts, Match
from .numbers import plain
from .report import UNKNOWN_DATA
from .rule import Remark

# A converted quantity such as 1/3 x 3 may miss the whole by less than this.
_DUST = Decimal("1E-9")


def p18(facts: Facts) -> Iterator[Remark]:
    """The unit is the PO's, or converts to it; unknown where the PO line's unit or the factor is not recorded."""
    for match in facts.matches:
        line, po_line = match.line, match.po_line
        if po_line is None or po_line.quantity is None or match.factor is not None:
            continue
        if not po_line.unit.strip():
            message = f"The unit of line {po_line.number} of PO {match.po} is not recorded. Enter it."
            yield Remark(message=message, field="unit", line=line.number, severity=UNKNOWN_DATA)
        elif not line.unit.strip():
            message = f"Line {line.number} has no unit; line {po_line.number} of PO {match.po} is in {po_line.unit}."
            yield Remark(message=message, field="unit", line=line.number, expected=po_line.unit)
        else:
            yield Remark(
                message=f"Line {line.number} is in {line.unit}, line {po_line.number} of PO {match.po} in "
                f"{po_line.unit}, and nobody recorded how many {po_line.unit} are one {line.unit}.",
                field="unit",
                line=line.number,
                given=line.unit,
                expected=po_line.unit,
                severity=UNKNOWN_DATA,
            )


def p19(facts: Facts) -> Iterator[Remark]:
    """The price after discount is the PO's, no higher and no lower than the buyer tolerates.

    Both are compared for as many PO units as the PO states its price for. Lines that only an amount limits have no
    price to compare.
    """
    profile = facts.profile
    for match in facts.matches:
        line, po_line = match.line, match.po_line
        if po_line is None or po_line.quantity is None or key(match.po) not in facts.comparable_orders:
            continue
        if po_line.unit_price is None or po_line.price_basis <= 0:
            message = f"The price of line {po_line.number} of PO {match.po} is not recorded. Enter it."
            yield Remark(message=message, field="unit_price", line=line.number, severity=UNKNOWN_DATA)
        elif match.price is not None:
            allowed = room(
                po_line.unit_price,
                profile.price_tolerance_percent,
                profile.price_tolerance_amount,
                profile.tolerance_either,
            )
            if abs(match.price - po_line.unit_price) > allowed + _DUST:
                yield _wrong_price(facts, match, po_line, po_line.unit_price, allowed)


def _wrong_price(facts: Facts, match: Match, po_line: PoLine, price: Decimal, allowed: Decimal) -> Remark:
    given, currency = match.price or ZERO, facts.document.currency
    per = f"{plain(po_line.price_basis)} {po_line.unit}" if po_line.price_basis != 1 else po_line.unit
    tolerance = f"; this buyer tolerates {money(allowed)}" if allowed else ""
    return Remark(
        message=f"Line {match.line.number} bills {money(given)} {currency} per {per}, line {po_line.number} of PO "
        f"{match.po} says {money(price)}{tolerance}. Correct the price or have the PO changed.",
        field="unit_price",
        line=match.line.number,
        given=money(given),
        expected=money(price),
    )


def p20(facts: Facts) -> Iterator[Remark]:
    """All that was billed of a PO line, and this, is no more than was ordered."""
    for claim in facts.claims:
        if claim.po_line.quantity is not None:
            yield from _too_much(facts, claim, claim.po_line.quantity, "ordered", "quantity")


def p21(facts: Facts) -> Iterator[Remark]:
    """Where the buyer matches receipts, the same against what was received; unknown while nobody told us.

    Of a PO line that only an amount limits, `received` is the amount the buyer accepted.
    """
    for claim in facts.claims if facts.profile.receipts_required else ():
        received = claim.po_line.received
        if received is None:
            yield Remark(
                message=f"This buyer pays what was received, and nobody told us what was received of line "
                f"{claim.po_line.number} of PO {claim.po}. Ask for the receipt or service entry.",
                field="received",
                line=claim.line,
                severity=UNKNOWN_DATA,
            )
        elif claim.po_line.quantity is not None:
            yield from _too_much(facts, claim, received, "received", "received")
        elif claim.place[0] in facts.comparable_orders:
            yield from too_dear(facts, claim, received, "received", "received")


def _too_much(facts: Facts, claim: Claim, limit: Decimal, what: str, field: str) -> Iterator[Remark]:
    """A remark if the quantities known to be billed pass the limit; those in unknown units are P18's."""
    before, here, unit = claim.before.quantity, claim.quantity, claim.po_line.unit
    allowed = limit * (HUNDRED + facts.profile.quantity_tolerance_percent) / HUNDRED
    if before + here > allowed + _DUST:
        yield Remark(
            message=f"{claim.bills} {plain(here)} {unit} of line {claim.po_line.number} of PO {claim.po}"
            f"{with_before(plain(before), plain(before + here))}; {plain(limit)} {unit} were {what}.",
            field=field,
            line=claim.line,
            given=plain(before + here),
            expected=plain(allowed),
        )
