"""Payment terms: those of the PO, or better ones for us. Code PAY."""

from collections.abc import Iterator
from datetime import timedelta

from buyer_simulator.matching.claims import Examination
from buyer_simulator.records.invoice import InvoiceTerms
from buyer_simulator.records.order import OrderTerms, PurchaseOrder
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import key


def check_terms(case: Examination) -> Iterator[Reason]:
    """Terms on the invoice no worse for us than the PO's.

    Source: NetSuite compares terms; at Coupa terms it does not know become none, which is not what was agreed (D).
    """
    stated = case.invoice.terms
    if case.is_credit or not case.policy.terms_must_match:
        return
    for order in case.orders:
        if order.terms is None:
            continue
        if stated is None:
            message = f"No payment terms are stated; purchase order {order.number} has {order.terms.code or 'some'}."
            yield Reason(code="PAY", message=message)
        else:
            yield from _compare(stated, order.terms, order)
        yield from _due(case, order.terms, order)


def check_own_dates(case: Examination) -> Iterator[Reason]:
    """Dates that cut the days the invoice itself states: a clerk cannot know which of the two holds."""
    stated, invoice = case.invoice.terms, case.invoice
    if stated is None or case.is_credit:
        return
    if stated.net_days is not None and invoice.due_date is not None:
        wanted = invoice.issue_date + timedelta(days=stated.net_days)
        if invoice.due_date < wanted:
            message = f"It is due on {invoice.due_date}, and {stated.net_days} days net from its date is {wanted}."
            yield Reason(code="PAY", message=message)
    if not stated.discount_percent:
        return
    if stated.discount_days is None and stated.discount_date is None:
        yield Reason(code="PAY", message="A discount is offered without saying until when.")
    if stated.discount_days is not None and stated.discount_date is not None:
        wanted = invoice.issue_date + timedelta(days=stated.discount_days)
        if stated.discount_date < wanted:
            message = f"Discount is offered until {stated.discount_date}, and {stated.discount_days} days are {wanted}."
            yield Reason(code="PAY", message=message)


def check_due_date(case: Examination) -> Iterator[Reason]:
    """Not due before it was issued. Source: Tradeshift (D)."""
    invoice = case.invoice
    if invoice.due_date is not None and invoice.due_date < invoice.issue_date:
        yield Reason(code="PAY", message=f"The due date {invoice.due_date} is before the invoice date.")


def _compare(stated: InvoiceTerms, agreed: OrderTerms, order: PurchaseOrder) -> Iterator[Reason]:
    worse = _worse(stated, agreed)
    if worse:
        yield Reason(code="PAY", message=f"{worse} was agreed on purchase order {order.number}.")
    elif agreed.code and key(stated.code) != key(agreed.code) and not _comparable(stated, agreed):
        message = f"Terms {stated.code or '(none)'} are not those of purchase order {order.number} ({agreed.code})."
        yield Reason(code="PAY", message=message)


def _worse(stated: InvoiceTerms, agreed: OrderTerms) -> str:
    """What the supplier takes away from us, as the start of a sentence; empty if nothing."""
    if agreed.net_days is not None and stated.net_days is not None and stated.net_days < agreed.net_days:
        return f"{stated.net_days} days net are stated; {agreed.net_days}"
    if agreed.discount_percent and stated.discount_percent is not None:
        if stated.discount_percent < agreed.discount_percent:
            return f"{stated.discount_percent} % discount is stated; {agreed.discount_percent} %"
        if (stated.discount_days or 0) < (agreed.discount_days or 0):
            return f"Discount within {stated.discount_days or 0} days is stated; {agreed.discount_days} days"
    return ""


def _comparable(stated: InvoiceTerms, agreed: OrderTerms) -> bool:
    """Whether the figures say enough that another name for the terms does not matter."""
    return agreed.net_days is not None and stated.net_days is not None


def _due(case: Examination, agreed: OrderTerms, order: PurchaseOrder) -> Iterator[Reason]:
    """Dates earlier than the PO's terms give us, where the invoice states no days that say so already."""
    invoice, stated = case.invoice, case.invoice.terms
    if agreed.net_days is not None and invoice.due_date is not None and (stated is None or stated.net_days is None):
        earliest = invoice.issue_date + timedelta(days=agreed.net_days)
        if invoice.due_date < earliest:
            message = f"It is due on {invoice.due_date}; by the terms of {order.number} not before {earliest}."
            yield Reason(code="PAY", message=message)
    last = stated.discount_date if stated is not None and stated.discount_days is None else None
    if agreed.discount_days is not None and agreed.discount_percent and last is not None:
        earliest = invoice.issue_date + timedelta(days=agreed.discount_days)
        if last < earliest:
            message = f"Discount is offered until {last}; by the terms of {order.number} it is until {earliest}."
            yield Reason(code="PAY", message=message)
