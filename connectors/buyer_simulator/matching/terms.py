"""Payment terms: those of the PO, or better ones for us. Code PAY."""

from collections.abc import Iterator
from datetime import timedelta

from buyer_simulator.matching.claims import Examination
from buyer_simulator.records.invoice import InvoiceTerms
from buyer_simulator.records.order import OrderTerms, PurchaseOrder
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import key


def check_terms(case: Examination) -> Iterator[Reason]:
    """Terms on the invoice no worse for us than the PO's; an invoice without terms gets the PO's.

    Source: NetSuite compares terms; Coupa takes only terms it knows, else none (D).
    """
    stated = case.invoice.terms
    if case.is_credit or not case.policy.terms_must_match:
        return
    for order in case.orders:
        if order.terms is None:
            continue
        if stated is not None:
            yield from _compare(stated, order.terms, order)
        yield from _due(case, order.terms, order)


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
    """Dates that do not follow from the terms: an earlier due date, or a discount date that cuts our days."""
    invoice = case.invoice
    if agreed.net_days is not None and invoice.due_date is not None:
        earliest = invoice.issue_date + timedelta(days=agreed.net_days)
        if invoice.due_date < earliest:
            message = f"It is due on {invoice.due_date}; by the terms of {order.number} not before {earliest}."
            yield Reason(code="PAY", message=message)
    last = invoice.terms.discount_date if invoice.terms else None
    if agreed.discount_days is not None and agreed.discount_percent and last is not None:
        earliest = invoice.issue_date + timedelta(days=agreed.discount_days)
        if last < earliest:
            message = f"Discount is offered until {last}; by the terms of {order.number} it is until {earliest}."
            yield Reason(code="PAY", message=message)
