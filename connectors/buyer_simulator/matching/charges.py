"""Freight, other charges, retention."""

from collections.abc import Iterator
from decimal import Decimal

from buyer_simulator.matching.claims import Examination
from buyer_simulator.matching.posting import posting_of
from buyer_simulator.matching.wording import money
from buyer_simulator.records.invoice import Charge
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.reason import Reason


def check_freight(case: Examination) -> Iterator[Reason]:
    """Freight only where the PO grants it, within its cap over all invoices, and where we want to see it.

    What a PO forbids or caps holds for a vendor whose freight we pay otherwise.

    Source: Dynamics: charges matching; SAP planned delivery cost (D).
    """
    if case.invoice.freight() == 0 or case.is_credit:
        return
    if case.policy.freight == "not_allowed":
        yield Reason(code="FIN", line=_freight_line(case), message="Freight is billed; we do not pay freight.")
    yield from _as_ordered(case)
    yield from _in_place(case)


def check_other_charges(case: Examination) -> Iterator[Reason]:
    """Other charges only where allowed, and described. Source: Tradeshift: charge text mandatory (D)."""
    on_lines = [(line.number, line.description) for line in case.invoice.lines if line.kind == "other"]
    for number, description in [*on_lines, *((None, each.description) for each in _others(case))]:
        if not case.policy.other_charges_allowed:
            message = f"A charge ({description or 'without a text'}) is billed that was not ordered."
            yield Reason(code="FIN", line=number, message=message)
        elif not description.strip():
            yield Reason(code="FIN", line=number, message="A charge is billed without saying what for.")


def check_retention(case: Examination) -> Iterator[Reason]:
    """Retention shown the way we book it: as a line, below the total, or not at all (M)."""
    wanted = case.policy.retention
    on_line = next((line.number for line in case.invoice.lines if line.kind == "retention"), None)
    if on_line is not None and wanted in ("total", "barred"):
        yield Reason(code="FIN", line=on_line, message="Retention is on a line; we cannot book it there.")
    if case.invoice.retention and wanted in ("line", "barred"):
        yield Reason(code="FIN", message="Retention is taken off below the total; we cannot book it there.")


def _freight_line(case: Examination) -> int | None:
    return next((line.number for line in case.invoice.lines if line.kind == "freight"), None)


def _others(case: Examination) -> list[Charge]:
    return [charge for charge in case.invoice.charges if charge.kind == "other"]


def _as_ordered(case: Examination) -> Iterator[Reason]:
    granted = ("allowed",) if case.policy.freight == "po" else ("allowed", "")
    posted = posting_of(case).freight
    if not posted and case.policy.freight == "po":
        yield Reason(
            code="FIN", line=_freight_line(case), message="Freight is billed, and no purchase order grants it."
        )
    for number, amount in posted.items():
        order = case.books.orders[number]
        if order.freight not in granted:
            message = f"Freight is billed; purchase order {order.number} does not grant any."
            yield Reason(code="FIN", line=_freight_line(case), message=message)
        yield from _within_cap(case, order, number, amount)


def _within_cap(case: Examination, order: PurchaseOrder, number: str, amount: Decimal) -> Iterator[Reason]:
    if order.freight_limit is None:
        return
    billed = case.books.ledger.freight_on_order(number) + amount
    if billed > order.freight_limit:
        cap = money(order.freight_limit, order.currency)
        message = (
            f"Freight on purchase order {order.number} is {money(billed, order.currency)} in all; {cap} was agreed."
        )
        yield Reason(code="FIN", line=_freight_line(case), message=message)


def _in_place(case: Examination) -> Iterator[Reason]:
    on_line, wanted = _freight_line(case), case.policy.freight_on
    if on_line is not None and wanted == "header":
        yield Reason(
            code="FIN", line=on_line, message="Freight is on a line; we take it as a charge on the header only."
        )
    if wanted == "line" and any(charge.kind == "freight" for charge in case.invoice.charges):
        yield Reason(code="FIN", message="Freight is a charge on the header; we take it on a line only.")
