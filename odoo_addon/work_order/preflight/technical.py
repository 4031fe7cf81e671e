"""P39-P42: does the document add up, and are these the bytes the buyer's system reads?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Protocol

from .amounts import money
from .case import ZERO, Case, Line
from .facts import HUNDRED, Facts
from .report import UNKNOWN_DATA
from .rule import Remark


class FormatChecker(Protocol):
    """What a channel knows about one format: P40 (schema and business rules) or P41 (lengths of fields)."""

    def __call__(self, content: bytes, case: Case) -> Iterable[Remark]:
        """Everything that is wrong with exactly these bytes; nothing if they will do."""


_checkers: dict[tuple[str, str], FormatChecker] = {}


def register_checker(code: str, invoice_format: str, checker: FormatChecker) -> None:
    """Let `checker` judge rule `code` ("P40" or "P41") of documents in that format; ValueError if one does already."""
    if code not in ("P40", "P41"):
        raise ValueError(f"no rule about bytes: {code}")
    if _checkers.setdefault((code, invoice_format), checker) is not checker:
        raise ValueError(f"{code} of format {invoice_format} has a checker already")


def p39(facts: Facts) -> Iterator[Remark]:
    """The document adds up to the cent: lines, sum of lines, total.

    Tax per line is rounded line by line and may miss the tax in all by a cent for each tax charged.
    """
    totals, cent, lines = facts.document.totals, facts.cent, facts.document.lines
    for line in lines:
        yield from _line(line, cent)
    taxes = sum(len(line.taxes) or 1 for line in lines if line.taxes or line.tax_amount)
    for name, what, given, wanted, off in (
        ("untaxed", "amount without tax", totals.untaxed, sum((line.subtotal for line in lines), ZERO), cent),
        ("tax", "tax", totals.tax, sum((line.tax_amount for line in lines), ZERO), cent * (taxes + 1)),
        ("total", "total", totals.total, totals.untaxed + totals.tax, cent),
    ):
        if abs(given - wanted) > off:
            yield Remark(
                message=f"The {what} is {money(given)} and adds up to {money(wanted)}.",
                field=f"totals.{name}",
                given=money(given),
                expected=money(wanted),
            )


def _line(line: Line, cent: Decimal) -> Iterator[Remark]:
    if line.price_basis <= 0:
        message = f"The price of line {line.number} is for {line.price_basis} units, which is none."
        yield Remark(message=message, field="price_basis", line=line.number, given=str(line.price_basis))
        return
    gross = line.quantity * line.unit_price / line.price_basis
    wanted = gross * (HUNDRED - line.discount_percent) / HUNDRED
    if abs(line.subtotal - wanted) > cent:
        yield Remark(
            message=f"Line {line.number} comes to {money(line.subtotal)}; quantity times price is "
            f"{money(round(wanted, 4))}.",
            field="subtotal",
            line=line.number,
            given=money(line.subtotal),
            expected=money(round(wanted, 4)),
        )


def bytes_rule(code: str, what: str) -> Callable[[Facts], Iterator[Remark]]:
    """The rule that asks the channel's checker of the buyer's format; unknown without bytes or checker."""

    def judge(facts: Facts) -> Iterator[Remark]:
        invoice_format, content = facts.profile.invoice_format, facts.case.content
        checker = _checkers.get((code, invoice_format))
        if content is None or checker is None:
            lacking = "there are no bytes to look at" if content is None else "nothing here can check it"
            yield Remark(
                message=f"Whether {what} of format {invoice_format or '(none)'} are right is not known: {lacking}.",
                field="invoice_format",
                given=invoice_format,
                severity=UNKNOWN_DATA,
            )
        else:
            yield from checker(content, facts.case)

    return judge


p40 = bytes_rule("P40", "structure and business rules")
p41 = bytes_rule("P41", "the lengths of fields")


def p42(facts: Facts) -> Iterator[Remark]:
    """The last verdict was on this very content."""
    before, now = facts.case.judged_sha256, facts.document.sha256
    if before and before != now:
        yield Remark(
            message="The document changed since it was last checked. That verdict no longer holds; this one does.",
            field="sha256",
            given=now,
            expected=before,
        )
