"""P36: does a credit note undo an invoice the buyer has, and no more of it than is left?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .amounts import money
from .case import ZERO, Original, key
from .facts import Facts, Match
from .numbers import line_key, normal_number, plain
from .report import UNKNOWN_DATA
from .rule import Remark

_DUST = Decimal("1E-9")


def p36(facts: Facts) -> Iterator[Remark]:
    """A credit names its invoice, that invoice's PO and lines, and takes back no more than is left of them.

    Quantities and amounts of a credit are positive, as it is printed. Lines that bill no PO line, and charges, count
    in the sum only. A quantity that does not convert to the PO's unit is unknown, one without a unit refused. A credit
    is not judged against what was ordered, received or capped.
    """
    document = facts.document
    if not facts.is_credit:
        return
    if not document.original.strip():
        yield Remark(message="The credit does not name the invoice it corrects.", field="original")
        return
    original = facts.history.originals.get(normal_number(document.original))
    if original is None:
        yield Remark(
            message=f"The credit corrects invoice {document.original}, which was never sent to this buyer.",
            field="original",
            given=document.original,
        )
        return
    if original.buyer_po and not facts.named_orders:
        message = f"The credit names no PO; invoice {original.number} was for PO {original.buyer_po}."
        yield Remark(message=message, field="buyer_po", expected=original.buyer_po)
    if others := [
        text for po, text in facts.named_orders.items() if po != key(original.buyer_po) and original.buyer_po
    ]:
        yield Remark(
            message=f"The credit names PO {', '.join(sorted(others))}; invoice {original.number} was for PO "
            f"{original.buyer_po}.",
            field="buyer_po",
            given=", ".join(sorted(others)),
            expected=original.buyer_po,
        )
    yield from _lines(facts, original)
    credited = sum((line.subtotal for line in document.lines), ZERO)
    if credited > original.amount:
        yield Remark(
            message=f"The credit takes back {money(credited)}; {money(original.amount)} are left of invoice "
            f"{original.number}.",
            field="lines",
            given=money(credited),
            expected=money(original.amount),
        )


def _lines(facts: Facts, original: Original) -> Iterator[Remark]:
    credited: dict[tuple[str, str], list[Match]] = {}
    for match in facts.matches:
        if number := match.line.po_line.strip() or (match.po_line.number if match.po_line else ""):
            credited.setdefault(line_key(match.po, number), []).append(match)
    for place, matches in credited.items():
        line = min(match.line.number for match in matches)
        left = original.by_line.get(place)
        named = f"line {place[1]} of PO {matches[0].po}"
        if left is None:
            message = f"Line {line} credits {named}, which invoice {original.number} did not bill."
            yield Remark(message=message, field="po_line", line=line, given=matches[0].line.po_line)
            continue
        amount = sum((match.line.subtotal for match in matches), ZERO)
        if amount > left.amount:
            yield Remark(
                message=f"{money(amount)} of {named} are credited; {money(left.amount)} are left of invoice "
                f"{original.number}.",
                field="subtotal",
                line=line,
                given=money(amount),
                expected=money(left.amount),
            )
        yield from _unconverted(matches)
        quantity = sum((match.quantity for match in matches if match.quantity is not None), ZERO)
        if quantity > left.quantity + _DUST:
            yield Remark(
                message=f"{plain(quantity)} of {named} are credited; {plain(left.quantity)} are left of invoice "
                f"{original.number}.",
                field="quantity",
                line=line,
                given=plain(quantity),
                expected=plain(left.quantity),
            )


def _unconverted(matches: list[Match]) -> Iterator[Remark]:
    for match in matches:
        if match.po_line is not None and match.po_line.quantity is not None and match.quantity is None:
            yield Remark(
                message=f"Line {match.line.number} credits {match.line.unit or 'no unit'}; how many of the PO's "
                f"{match.po_line.unit or '(unit not recorded)'} that is, nobody recorded.",
                field="unit",
                line=match.line.number,
                given=match.line.unit,
                expected=match.po_line.unit,
                severity=UNKNOWN_DATA if match.line.unit.strip() else "",
                reason="QTY",
            )
