"""P18-P21: do quantity and price stay within what was ordered and received?

Quantities are converted to the PO's unit before anything is compared, and prices with them. Lines of one document that
bill the same PO line count together, with all that was billed before. Of two tolerances the stricter holds unless the
buyer said either. Credits are P36's.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .amounts import bills, first, money, room, too_dear
from .case import ZERO, Billed, PoLine, key
from .facts import HUNDRED, Facts, Match
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
        if po_line.unit_price is None:
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
    for place, matches in facts.by_po_line.items():
        po_line = matches[0].po_line
        if po_line is not None and po_line.quantity is not None:
            yield from _too_much(facts, place, matches, po_line, po_line.quantity, "ordered")


def p21(facts: Facts) -> Iterator[Remark]:
    """Where the buyer matches receipts, the same against what was received; unknown while nobody told us.

    Of a PO line that only an amount limits, `received` is the amount the buyer accepted.
    """
    if not facts.profile.receipts_required:
        return
    for place, matches in facts.by_po_line.items():
        po_line = matches[0].po_line
        if po_line is None:
            continue
        if po_line.received is None:
            yield Remark(
                message=f"This buyer pays what was received, and nobody told us what was received of line "
                f"{po_line.number} of PO {matches[0].po}. Ask for the receipt or service entry.",
                field="received",
                line=first(matches),
                severity=UNKNOWN_DATA,
            )
        elif po_line.quantity is not None:
            yield from _too_much(facts, place, matches, po_line, po_line.received, "received", "DEL")
        elif key(matches[0].po) in facts.comparable_orders:
            yield from too_dear(facts, place, matches, po_line, po_line.received, "received")


def _too_much(
    facts: Facts,
    place: tuple[str, str],
    matches: list[Match],
    po_line: PoLine,
    limit: Decimal,
    what: str,
    reason: str = "",
) -> Iterator[Remark]:
    """A remark if the quantities known to be billed pass the limit; those in unknown units are P18's."""
    before = facts.history.by_line.get(place, Billed()).quantity
    here = sum((match.quantity for match in matches if match.quantity is not None), ZERO)
    allowed = limit * (HUNDRED + facts.profile.quantity_tolerance_percent) / HUNDRED
    if before + here > allowed + _DUST:
        unit = po_line.unit
        yield Remark(
            message=f"{bills(matches)} {plain(here)} {unit} of line {po_line.number} of PO {matches[0].po}; with "
            f"{plain(before)} billed before that is {plain(before + here)}, and {plain(limit)} {unit} were {what}.",
            field="quantity" if what == "ordered" else "received",
            line=first(matches),
            given=plain(before + here),
            expected=plain(allowed),
            reason=reason,
        )
