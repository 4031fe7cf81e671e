"""P05-P07: will the buyer take the document for one they have already?"""

from __future__ import annotations

from collections.abc import Iterator

from .case import key
from .facts import Facts
from .identity import standing_of_number
from .numbers import fingerprint, listed, po_of, work_order_of
from .rule import Remark


def p05(facts: Facts) -> Iterator[Remark]:
    """No other document to this buyer has this number, also not in other case, punctuation or leading zeros."""
    if standing_of_number(facts) == "live":
        yield Remark(
            message=f"Number {facts.document.number} was sent to this buyer already (upper and lower case, punctuation "
            "and leading zeros do not count). Give the document a number of its own.",
            field="number",
            given=facts.document.number,
        )


def p06(facts: Facts) -> Iterator[Remark]:
    """Nothing billed lately, or on this very document, looks like one of its lines; buildings on one PO are named."""
    seen: dict[tuple[str, ...], list[int]] = {}
    for line in facts.goods:
        seen.setdefault(fingerprint(facts.document, line, facts.site_of(line)), []).append(line.number)
    for print_, numbers in seen.items():
        yield from _like_earlier(facts, print_, min(numbers))
        if len(numbers) > 1:
            yield Remark(
                message=f"Lines {listed(numbers)} bill the same amount for the same PO line, building and period. "
                "A buyer may take them for one line billed twice: name building or service date, or put them together.",
                field="site",
                line=min(numbers),
            )
    yield from _nameless_buildings(facts)


def _like_earlier(facts: Facts, print_: tuple[str, ...], line: int) -> Iterator[Remark]:
    window = facts.profile.duplicate_window_days
    for number, day in facts.history.similar.get(print_, ()) if window > 0 else ():
        if abs((facts.day - day).days) <= window:
            yield Remark(
                message=f"Line {line} bills the same PO line, building, amount and period as {number} of {day}, "
                f"at most {window} days apart. If it is other work, name its building or service date.",
                field="site",
                line=line,
                given=number,
            )


def _nameless_buildings(facts: Facts) -> Iterator[Remark]:
    """One PO for many buildings: a work order that does not say which one, beside others on the same PO."""
    by_po: dict[str, set[str]] = {}
    for line in facts.goods:
        if po := key(po_of(facts.document, line)):
            by_po.setdefault(po, set()).add(key(work_order_of(facts.document, line)))
    for po, numbers in by_po.items():
        nameless = sorted(facts.work_orders[each].number for each in numbers if _has_no_site(facts, each))
        if nameless and (len(numbers) > 1 or facts.history.by_po.get(po)):
            yield Remark(
                message=f"PO {facts.named_orders[po]} is billed for several work orders, and {', '.join(nameless)} "
                "does not name its building: the invoices would look like duplicates. Name the site.",
                field="site",
                given=", ".join(nameless),
            )


def _has_no_site(facts: Facts, number: str) -> bool:
    return number in facts.work_orders and not facts.work_orders[number].site.strip()


def p07(facts: Facts) -> Iterator[Remark]:
    """Where the buyer takes one invoice per work order, the work order has none yet."""
    if not facts.profile.one_invoice_per_work_order:
        return
    for number, order in facts.work_orders.items():
        if earlier := facts.history.by_work_order.get(number):
            yield Remark(
                message=f"Work order {order.number} was invoiced already ({', '.join(earlier)}), and this buyer takes "
                "one invoice per work order. Credit the earlier one first.",
                field="work_orders",
                given=order.number,
                expected=", ".join(earlier),
            )
