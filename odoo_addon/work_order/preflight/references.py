"""P08-P17: does every line say what it bills in the buyer's own words?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .case import Line, PurchaseOrder, key
from .facts import HUNDRED, Facts, Match
from .form import against_form
from .numbers import plain, po_of, work_order_of
from .report import UNKNOWN_DATA, WARN
from .rule import Remark

_BETWEEN_NUMBERS = re.compile(r"[,;\s]+")


def p08(facts: Facts) -> Iterator[Remark]:
    """A PO on every line of goods where the buyer demands one; never our own number; in the buyer's form.

    Several numbers in one field are looked at one by one: Odoo writes "S00012, S00013" for two orders.
    """
    if facts.profile.po_required:
        without = [line.number for line in facts.goods if not po_of(facts.document, line)]
        if not facts.named_orders:
            yield Remark(message="This buyer demands a PO number, and the document has none.", field="buyer_po")
        else:
            for number in without:
                message = f"Line {number} has no PO number, which this buyer demands."
                yield Remark(message=message, field="buyer_po", line=number)
    ours = {key(number) for number in (*facts.document.our_numbers, facts.document.number)} - {""}
    for po, text in facts.named_orders.items():
        if own := ours.intersection((po, *_BETWEEN_NUMBERS.split(po))):
            yield Remark(
                message=f"The buyer's PO number {text} is our own order or invoice number ({', '.join(sorted(own))}). "
                "Replace it by the number on the buyer's PO.",
                field="buyer_po",
                given=text,
            )
        yield from against_form(text, facts.profile.po_pattern, "buyer_po", "po_pattern", f"The PO number {text}")


def p09(facts: Facts) -> Iterator[Remark]:
    """The PO is in the register, open and not expired; unknown without a register, or with old news of the PO.

    A blanket PO's dates are P24's. What the buyer ordered is unknown, not wrong, where nobody keeps a register, or one
    that does not claim to hold every PO.
    """
    for number, text in facts.named_orders.items():
        order = facts.orders.get(number)
        if facts.case.purchase_orders is None:
            yield Remark(
                message=f"Nobody keeps a register of this buyer's POs, so what PO {text} orders is not known.",
                field="purchase_orders",
                given=text,
                severity=UNKNOWN_DATA,
            )
        elif order is None:
            yield Remark(
                message=f"PO {text} is not in the register of this buyer's POs. Correct the number or enter the PO.",
                field="buyer_po",
                given=text,
                severity="" if facts.case.register_complete else UNKNOWN_DATA,
            )
        else:
            yield from _standing_of(facts, order)


def _standing_of(facts: Facts, order: PurchaseOrder) -> Iterator[Remark]:
    days = facts.profile.stale_after_days
    if days > 0 and (order.read_on is None or (facts.case.today - order.read_on).days > days):
        since = f"was last read on {order.read_on}" if order.read_on else "was never compared with the buyer's"
        yield Remark(
            message=f"What we know of PO {order.number} {since}; news older than {days} days is not relied on. "
            "Read the PO again.",
            field="read_on",
            given=str(order.read_on or ""),
            severity=UNKNOWN_DATA,
        )
    if facts.is_credit:
        return
    if order.state != "open":
        yield Remark(
            message=f"PO {order.number} is {order.state}. Ask the buyer for an open one.",
            field="state",
            given=order.state,
            expected="open",
        )
    if order.kind != "blanket":
        yield from outside_validity(facts, order)


def outside_validity(facts: Facts, order: PurchaseOrder) -> Iterator[Remark]:
    """Nothing if the document's day is within the PO's dates; both days count as within."""
    if order.valid_from and facts.day < order.valid_from:
        yield Remark(
            message=f"PO {order.number} is valid from {order.valid_from}; the document is of {facts.day}.",
            field="valid_from",
            given=str(facts.day),
            expected=str(order.valid_from),
        )
    if order.valid_to and facts.day > order.valid_to:
        yield Remark(
            message=f"PO {order.number} expired on {order.valid_to}; the document is of {facts.day}. Ask the buyer to "
            "extend it.",
            field="valid_to",
            given=str(facts.day),
            expected=str(order.valid_to),
        )


def p10(facts: Facts) -> Iterator[Remark]:
    """One PO per document, where the buyer's format has room for one."""
    if facts.profile.one_po_per_invoice and len(facts.named_orders) > 1:
        listed = ", ".join(sorted(facts.named_orders.values()))
        yield Remark(
            message=f"The document bills several POs ({listed}), and this buyer takes one per document. Divide it.",
            field="buyer_po",
            given=listed,
        )


def p11(facts: Facts) -> Iterator[Remark]:
    """Every line of a PO names the PO line, or item code and unit by which the buyer finds exactly one.

    A line that names none although the buyer does not demand it is a warning: nothing of it can be compared.
    """
    for match in facts.matches:
        if match.po and not match.line.po_line.strip() and match.po_line is None:
            yield from _unresolved(facts, match)


def _unresolved(facts: Facts, match: Match) -> Iterator[Remark]:
    line, profile = match.line, facts.profile
    if profile.po_line_by_item and line.item_code.strip() and line.unit.strip():
        if match.order is None:
            return  # P09 says why nothing is known of that PO
        if not match.order.lines:
            message = f"Line {line.number} names no PO line, and the lines of PO {match.po} are not in the register."
            yield Remark(message=message, field="lines", line=line.number, severity=UNKNOWN_DATA)
            return
        found = facts.candidates(match.order, line)
        numbers = ", ".join(sorted(each.number for each in found)) or "none"
        yield Remark(
            message=f"Line {line.number} names no PO line, and item code {line.item_code} in {line.unit} must name "
            f"exactly one open line of PO {match.po} (found: {numbers}). Enter the PO line.",
            field="po_line",
            line=line.number,
            given=numbers,
        )
    elif profile.po_line_required or profile.po_line_by_item:
        besides = ", nor item code and unit that could stand for it" if profile.po_line_by_item else ""
        yield Remark(
            message=f"Line {line.number} names no line of PO {match.po}{besides}.",
            field="po_line",
            line=line.number,
        )
    elif match.order is not None and match.order.lines:
        yield Remark(
            message=f"Line {line.number} names no line of PO {match.po}, so its price and quantity were not compared.",
            field="po_line",
            line=line.number,
            severity=WARN,
        )


def p12(facts: Facts) -> Iterator[Remark]:
    """The PO line exists and is open; unknown where nobody entered the lines of the PO."""
    for line in facts.document.lines:
        order = facts.orders.get(key(po_of(facts.document, line)))
        if order is None or not line.po_line.strip():
            continue
        po_line = order.lines.get(key(line.po_line))
        if not order.lines:
            message = f"The lines of PO {order.number} are not in the register. Enter them."
            yield Remark(message=message, field="lines", line=line.number, severity=UNKNOWN_DATA)
        elif po_line is None:
            yield Remark(
                message=f"Line {line.number} names line {line.po_line} of PO {order.number}, which has no such line.",
                field="po_line",
                line=line.number,
                given=line.po_line,
            )
        elif not po_line.is_open and not facts.is_credit:
            message = f"Line {line.number} bills line {line.po_line} of PO {order.number}, which is closed."
            yield Remark(message=message, field="po_line", line=line.number, given=line.po_line)


def p13(facts: Facts) -> Iterator[Remark]:
    """The item code is the buyer's code of that PO line, not another one and not our own.

    A line without code passes unless codes are demanded: the PO line says what it is. Our own code, where codes are
    demanded and the PO line has none to compare with, is unknown.
    """
    for match in facts.matches:
        line, wanted = match.line, match.po_line.item_code.strip() if match.po_line else ""
        if not line.item_code.strip():
            if facts.profile.item_code_required:
                message = f"Line {line.number} has no item code of the buyer, which this buyer demands."
                yield Remark(message=message, field="item_code", line=line.number, expected=wanted)
        elif wanted and key(line.item_code) != key(wanted):
            ours = " (which is our own code)" if key(line.item_code) == key(line.our_code) else ""
            yield Remark(
                message=f"Line {line.number} has item code {line.item_code}{ours}; line {match.line.po_line or '?'} of "
                f"PO {match.po} has {wanted}.",
                field="item_code",
                line=line.number,
                given=line.item_code,
                expected=wanted,
            )
        elif not wanted and facts.profile.item_code_required and key(line.item_code) == key(line.our_code):
            yield Remark(
                message=f"Line {line.number} has our own code {line.item_code} where the buyer's belongs, and the PO "
                "has none to compare with. Look the buyer's code up.",
                field="item_code",
                line=line.number,
                given=line.item_code,
                severity=UNKNOWN_DATA,
            )


def p14(facts: Facts) -> Iterator[Remark]:
    """The document is in the PO's currency; unknown where the register does not say which that is.

    Amounts in different currencies are never compared, so P19, P22 and P23 are silent then.
    """
    currency = facts.document.currency
    if not currency.strip():
        yield Remark(message="The document does not say its currency.", field="currency")
        return
    for order in facts.orders.values():
        if not order.currency.strip():
            yield Remark(
                message=f"The currency of PO {order.number} is not recorded. Enter it.",
                field="currency",
                severity=UNKNOWN_DATA,
            )
        elif key(order.currency) != key(currency):
            yield Remark(
                message=f"The document is in {currency}, PO {order.number} in {order.currency}.",
                field="currency",
                given=currency,
                expected=order.currency,
            )


def p15(facts: Facts) -> Iterator[Remark]:
    """A contract number where the buyer demands one, and the PO's where both name one."""
    contract = facts.document.contract
    if not contract.strip():
        if facts.profile.contract_required:
            yield Remark(message="The document names no contract, which this buyer demands.", field="contract")
        return
    for order in facts.orders.values():
        if order.contract.strip() and key(order.contract) != key(contract):
            yield Remark(
                message=f"The document names contract {contract}, PO {order.number} contract {order.contract}.",
                field="contract",
                given=contract,
                expected=order.contract,
            )


def p16(facts: Facts) -> Iterator[Remark]:
    """A cost centre on every line where demanded, the PO line's where both name one; shares add up to 100 percent."""
    for match in facts.matches:
        line = match.line
        given = line.cost_center.strip() or facts.document.cost_center.strip()
        wanted = match.po_line.cost_center.strip() if match.po_line else ""
        if not given and facts.profile.cost_center_required:
            message = f"Line {line.number} has no cost centre, which this buyer demands."
            yield Remark(message=message, field="cost_center", line=line.number, expected=wanted)
        elif given and wanted and key(given) != key(wanted):
            yield Remark(
                message=f"Line {line.number} goes to cost centre {given}, its PO line to {wanted}.",
                field="cost_center",
                line=line.number,
                given=given,
                expected=wanted,
            )
    for line in facts.document.lines:
        yield from _shares(line)


def _shares(line: Line) -> Iterator[Remark]:
    total = sum(line.cost_shares, Decimal(0))
    if line.cost_shares and abs(total - HUNDRED) > Decimal("0.01"):
        yield Remark(
            message=f"The cost centres of line {line.number} add up to {plain(total)} percent, not 100.",
            field="cost_shares",
            line=line.number,
            given=plain(total),
            expected="100",
        )


def p17(facts: Facts) -> Iterator[Remark]:
    """A work order number on every line where demanded; none that the document does not list."""
    document = facts.document
    for line in facts.goods:
        number = work_order_of(document, line)
        if not number and facts.profile.work_order_required:
            message = f"Line {line.number} names no work order, which this buyer demands."
            yield Remark(message=message, field="work_order", line=line.number)
        elif number and key(number) not in facts.work_orders:
            yield Remark(
                message=f"Line {line.number} names work order {number}, which the document does not list.",
                field="work_order",
                line=line.number,
                given=number,
            )
