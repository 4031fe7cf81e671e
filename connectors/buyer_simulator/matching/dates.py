"""Is it dated within what we accept?"""

from collections.abc import Iterator
from datetime import date, timedelta

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import key


def check_invoice_date(case: Examination) -> Iterator[Reason]:
    """Not in the future, not too old. Source: Tradeshift 6 months, Ariba backdating rule (D)."""
    issued, limit = case.invoice.issue_date, case.policy.backdating_days
    if issued > case.today:
        yield Reason(code="OTH", message=f"The invoice date {issued} is in the future.")
    if limit and issued < case.today - timedelta(days=limit):
        yield Reason(code="OTH", message=f"The invoice date {issued} is more than {limit} days ago.")


def check_completion(case: Examination) -> Iterator[Reason]:
    """Not dated before the job was done. Source: ServiceChannel: invoice date on or after completion (D)."""
    if case.is_credit:
        return
    stated = {key(job.number): job.completed_on for job in case.invoice.work_orders}
    for job in case.jobs:
        known = case.books.work_orders.get(key(job))
        done = (known.completed_on if known else None) or stated.get(key(job))
        if done is not None and case.invoice.issue_date < done:
            message = f"The invoice date {case.invoice.issue_date} is before work order {job} was completed ({done})."
            yield Reason(code="OTH", message=message)


def check_validity(case: Examination) -> Iterator[Reason]:
    """Invoice and service within the PO's validity. Source: SAP LD counts days outside it (D)."""
    if case.is_credit:
        return
    for order in case.orders:
        if _outside(order, case.invoice.issue_date):
            message = f"Purchase order {order.number} was not valid on the invoice date; it is valid {_span(order)}."
            yield Reason(code="FIN" if order.limit is not None else "REF", message=message)
        for day in (case.invoice.service_start, case.invoice.service_end):
            if day is not None and _outside(order, day):
                message = f"Service on {day} is outside purchase order {order.number}, valid {_span(order)}."
                yield Reason(code="DEL", message=message)
    yield from _line_days(case)


def check_service_period(case: Examination) -> Iterator[Reason]:
    """A period that ends before it begins is none."""
    start, end = case.invoice.service_start, case.invoice.service_end
    if case.is_credit:
        return
    if start is not None and end is not None and end < start:
        yield Reason(code="DEL", message=f"The service period ends ({end}) before it begins ({start}).")


def _line_days(case: Examination) -> Iterator[Reason]:
    for claim in case.claims:
        day = claim.line.service_date
        if claim.order is not None and day is not None and _outside(claim.order, day):
            yield _line_reason(claim, claim.order, day)


def _line_reason(claim: Claim, order: PurchaseOrder, day: date) -> Reason:
    message = f"Service on {day} is outside purchase order {order.number}, valid {_span(order)}."
    return Reason(code="DEL", line=claim.line.number, message=message)


def _outside(order: PurchaseOrder, day: date) -> bool:
    too_early = order.valid_from is not None and day < order.valid_from
    return too_early or (order.valid_to is not None and day > order.valid_to)


def _span(order: PurchaseOrder) -> str:
    parts = [f"from {order.valid_from}" if order.valid_from else "", f"to {order.valid_to}" if order.valid_to else ""]
    return " ".join(part for part in parts if part)
