"""P26-P27: is every line backed by work that was done, in figures the buyer's system can hold?"""

from __future__ import annotations

from collections.abc import Iterator

from .facts import Facts
from .numbers import plain
from .rule import Remark

AUTHORITIES = ("task", "change", "order", "approval")
_WITHOUT = {
    "open": "a task that is not closed yet",
    "pending": "a change that nobody approved",
    "": "nothing: no closed task, no approved change",
}


def p26(facts: Facts) -> Iterator[Remark]:
    """Every line goes back to closed work or an approved change, and every work order billed is closed.

    Whether the buyer's PO was revised for a change is seen by P12, P20 and P22: the change fits, or it does not.
    """
    for line in facts.document.lines:
        if line.charge not in ("retention", "deposit") and line.authority not in AUTHORITIES:
            backing = _WITHOUT.get(line.authority, f"something pre-flight does not know ({line.authority})")
            yield Remark(
                message=f"Line {line.number} is backed by {backing}. Close the task, have the change approved, or take "
                "the line off.",
                field="authority",
                line=line.number,
                given=line.authority,
                expected=", ".join(AUTHORITIES),
            )
    for order in facts.document.work_orders:
        if not order.closed:
            yield Remark(
                message=f"Work order {order.number} is still open: time and cost could follow after it was billed. "
                "Close it.",
                field="work_orders",
                given=order.number,
                reason="DEL",
            )


def p27(facts: Facts) -> Iterator[Remark]:
    """Some line, none of quantity zero, none of amount zero where barred, no more decimals than the buyer takes."""
    profile = facts.profile
    if not facts.document.lines:
        yield Remark(message="The document has no lines.", field="lines")
    for line in facts.document.lines:
        if line.quantity == 0:
            yield Remark(message=f"Line {line.number} has quantity 0.", field="quantity", line=line.number, given="0")
        elif line.subtotal == 0 and not profile.zero_lines_allowed:
            message = f"Line {line.number} comes to 0, and this buyer takes no lines without an amount."
            yield Remark(message=message, field="subtotal", line=line.number, given="0", reason="FIN")
        for name, what, allowed, reason in (
            ("quantity", "quantity", profile.quantity_decimals, "QTY"),
            ("unit_price", "price", profile.price_decimals, "PRI"),
        ):
            text = plain(getattr(line, name))
            if len(text.partition(".")[2]) > allowed:
                yield Remark(
                    message=f"The {what} {text} of line {line.number} has more decimals than the {allowed} this buyer "
                    "takes.",
                    field=name,
                    line=line.number,
                    given=text,
                    expected=str(allowed),
                    reason=reason,
                )
