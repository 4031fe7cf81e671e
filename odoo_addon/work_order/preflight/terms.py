"""P32-P35: payment terms and days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .amounts import money
from .case import PurchaseOrder, Terms, key
from .facts import HUNDRED, Facts
from .numbers import plain
from .report import WARN
from .rule import Remark


def p32(facts: Facts) -> Iterator[Remark]:
    """Terms are those of the PO, and the document's dates and discount follow from them.

    Worse for the buyer than the PO (fewer days, less discount), or than the document's own terms, is refused; giving
    the buyer more is a warning. Another code for terms whose days and discount are equal is a warning, too. What a PO
    does not say is not compared.
    """
    terms = facts.document.terms
    if facts.profile.terms_must_match:
        for order in facts.orders.values():
            yield from _against_order(terms, order)
    if terms is not None:
        yield from _wrong_dates(facts, terms)
        yield from _wrong_discount(facts, terms)


def _against_order(terms: Terms | None, order: PurchaseOrder) -> Iterator[Remark]:
    says_days, says_discount = order.terms_net_days is not None, order.terms_discount_percent is not None
    if terms is None:
        if order.terms_code.strip() or says_days or says_discount:
            what = order.terms_code or f"{order.terms_net_days} days"
            message = f"The document has no payment terms; PO {order.number} says {what}."
            yield Remark(message=message, field="terms", expected=what)
        return
    differences = list(_differences(terms, order))
    yield from differences
    other_code = order.terms_code.strip() and key(order.terms_code) != key(terms.code)
    if other_code and not differences:
        same = says_days and terms.net_days == order.terms_net_days
        yield Remark(
            message=f"The document's terms are {terms.code or 'not named'}, those of PO {order.number} "
            f"{order.terms_code}" + ("; the days are the same." if same else "."),
            field="terms.code",
            given=terms.code,
            expected=order.terms_code,
            severity=WARN if same else "",
        )


def _differences(terms: Terms, order: PurchaseOrder) -> Iterator[Remark]:
    """Each figure that both sides know and that differs; the buyer is better off where ours is the greater."""
    discounts = order.terms_discount_percent is not None
    grants = bool(order.terms_discount_percent)
    for name, what, ours, theirs in (
        ("net_days", "days to pay", terms.net_days, order.terms_net_days),
        ("discount_percent", "percent early-payment discount", terms.discount_percent, order.terms_discount_percent),
        ("discount_days", "days for the discount", terms.discount_days, order.terms_discount_days if grants else None),
    ):
        if ours is None or theirs is None or ours == theirs or (name == "discount_days" and not discounts):
            continue
        gives_more = ours > theirs
        yield Remark(
            message=f"The document gives {ours} {what}, PO {order.number} {theirs}: "
            + ("more than the buyer asked for." if gives_more else "worse for the buyer. Correct the terms."),
            field=f"terms.{name}",
            given=str(ours),
            expected=str(theirs),
            severity=WARN if gives_more else "",
        )


def _wrong_dates(facts: Facts, terms: Terms) -> Iterator[Remark]:
    issued, due = facts.document.issue_date, facts.document.due_date
    if issued is None:
        return
    if terms.net_days is not None and due is not None and due != (wanted := _later(issued, terms.net_days)):
        yield Remark(
            message=f"The due date {due} does not follow from the terms: {terms.net_days} days after {issued} is "
            f"{wanted}.",
            field="due_date",
            given=str(due),
            expected=str(wanted),
            severity=WARN if due > wanted else "",
        )
    if not terms.discount_percent:
        return
    if terms.discount_date is None:
        message = "The document grants an early-payment discount and does not say until which day."
        # With the days, the buyer finds the day alone.
        known = terms.discount_days is not None
        yield Remark(message=message, field="terms.discount_date", severity=WARN if known else "")
        return
    if terms.discount_days is not None and terms.discount_date != (wanted := _later(issued, terms.discount_days)):
        yield Remark(
            message=f"The discount date {terms.discount_date} does not follow from the terms: {terms.discount_days} "
            f"days after {issued} is {wanted}.",
            field="terms.discount_date",
            given=str(terms.discount_date),
            expected=str(wanted),
            severity=WARN if terms.discount_date > wanted else "",
        )
    if due is not None and not issued <= terms.discount_date <= due:
        yield Remark(
            message=f"The discount date {terms.discount_date} is not between the invoice date {issued} and the due "
            f"date {due}.",
            field="terms.discount_date",
            given=str(terms.discount_date),
        )


def _wrong_discount(facts: Facts, terms: Terms) -> Iterator[Remark]:
    """The discount is its percentage of what is due, of the total or of the amount without tax: all three are usual."""
    totals = facts.document.totals
    if terms.discount_amount is None:
        return
    bases = {totals.total, totals.untaxed, totals.total if totals.due is None else totals.due}
    wanted = [base * terms.discount_percent / HUNDRED for base in bases]
    if all(abs(terms.discount_amount - each) > facts.cent for each in wanted):
        best = money(round(totals.total * terms.discount_percent / HUNDRED, 2))
        yield Remark(
            message=f"The discount of {money(terms.discount_amount)} is not {plain(terms.discount_percent)} % of the "
            f"invoice ({best}).",
            field="terms.discount_amount",
            given=money(terms.discount_amount),
            expected=best,
        )


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max


def p33(facts: Facts) -> Iterator[Remark]:
    """A date: not in the future, not before the work was complete, not too far back; due on it or later."""
    document, today, limit = facts.document, facts.case.today, facts.profile.backdating_days
    issued = document.issue_date
    if issued is None:
        yield Remark(message="The document has no date.", field="issue_date")
        return
    if issued > today:
        message = f"The document is dated {issued}, after today ({today})."
        yield Remark(message=message, field="issue_date", given=str(issued), expected=str(today))
    if document.due_date is not None and document.due_date < issued:
        message = f"It is due on {document.due_date}, before its own date {issued}."
        yield Remark(
            message=message, field="due_date", given=str(document.due_date), expected=str(issued), reason="PAY"
        )
    if limit > 0 and (today - issued).days > limit:
        message = f"The document is dated {issued}; this buyer takes none that is older than {limit} days."
        yield Remark(message=message, field="issue_date", given=str(issued), expected=str(limit))
    if facts.is_credit:
        return
    for order in document.work_orders:
        if order.completed_on is not None and issued < order.completed_on:
            yield Remark(
                message=f"The document is dated {issued}, before work order {order.number} was complete on "
                f"{order.completed_on}.",
                field="issue_date",
                given=str(issued),
                expected=str(order.completed_on),
            )


def p34(facts: Facts) -> Iterator[Remark]:
    """Days of service lie within the dates of the PO, and the period ends after it begins."""
    document = facts.document
    start, end = document.service_start, document.service_end
    if start and end and start > end:
        message = f"The service period ends on {end}, before it begins on {start}."
        yield Remark(message=message, field="service_end", given=str(end), expected=str(start))
    for match in facts.matches:
        if match.order and match.line.service_date:
            yield from _outside(match.order, match.line.service_date, "service_date", match.line.number)
    for order in facts.orders.values():
        for name, day in (("service_start", start), ("service_end", end)):
            if day:
                yield from _outside(order, day, name, None)


def _outside(order: PurchaseOrder, day: date, name: str, line: int | None) -> Iterator[Remark]:
    first, last = order.valid_from or date.min, order.valid_to or date.max
    if not first <= day <= last:
        subject = f"Line {line}" if line is not None else "The document"
        span = " ".join(
            text
            for text in (f"from {first}" if order.valid_from else "", f"to {last}" if order.valid_to else "")
            if text
        )
        yield Remark(
            message=f"{subject} bills service of {day}; PO {order.number} is valid {span}.",
            field=name,
            line=line,
            given=str(day),
            expected=span,
        )


def p35(facts: Facts) -> Iterator[Remark]:
    """Handed in within the buyer's deadline after the work was complete."""
    days = facts.profile.submission_days
    for order in facts.document.work_orders if days > 0 else ():
        if order.completed_on is not None and (late := (facts.case.today - order.completed_on).days - days) > 0:
            yield Remark(
                message=f"Work order {order.number} was complete on {order.completed_on}; this buyer wants invoices "
                f"within {days} days, {late} days ago.",
                field="completed_on",
                given=str(order.completed_on),
                expected=str(days),
            )
