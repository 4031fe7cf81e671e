"""Does the invoice say what it is for, in our terms? Oracle maps an invalid PO, line or item to REF (D)."""

import re
from collections.abc import Iterator

from buyer_simulator.matching.claims import Claim, Examination, candidates
from buyer_simulator.records.invoice import InvoiceLine
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import key


def check_orders(case: Examination) -> Iterator[Reason]:
    """A PO where one is demanded; each one ours, open and in the invoice's currency."""
    named = case.order_numbers
    if not named and case.policy.po_required:
        yield Reason(code="REF", message="There is no purchase order number on the invoice; we pay only against one.")
    if len(named) > 1 and case.policy.one_po_per_invoice:
        message = f"The invoice names {len(named)} purchase orders ({', '.join(named.values())}); please send one each."
        yield Reason(code="REF", message=message)
    for number in named.values():
        yield from _order(case, number)


def check_missing_on_lines(case: Examination) -> Iterator[Reason]:
    """With POs on some lines only, the others have none."""
    if not case.policy.po_required or not case.order_numbers:
        return
    for claim in case.claims:
        if not claim.order_number:
            yield Reason(code="REF", line=claim.line.number, message="There is no purchase order number on this line.")


def check_lines(case: Examination) -> Iterator[Reason]:
    """Each line of goods and services on an open line of the PO, with that line's item."""
    for claim in case.claims:
        if case.policy.item_code_required and not claim.line.item_code:
            yield Reason(code="ITM", line=claim.line.number, message="Our item code is missing.")
        if claim.order is None:
            continue
        if claim.order_line is None:
            yield from _unresolved(case, claim, claim.order)
        else:
            yield from _resolved(case, claim, claim.order)
    for line in case.invoice.lines:
        # A charge need not name a line of the PO; where it does, it must be one.
        order = case.books.order(line.purchase_order or case.invoice.purchase_order)
        if line.kind != "item" and line.po_line and order is not None:
            yield from _named_by_charge(case, line, order)


def check_contract(case: Examination) -> Iterator[Reason]:
    """The agreement's number, where demanded, and the same as on the PO."""
    stated = case.invoice.contract
    if case.policy.contract_required and not stated:
        yield Reason(code="REF", message="The contract number is missing.")
    for order in case.orders:
        if stated and order.contract and key(stated) != key(order.contract):
            message = f"The invoice is for contract {stated}; purchase order {order.number} is for {order.contract}."
            yield Reason(code="REF", message=message)


def check_work_orders(case: Examination) -> Iterator[Reason]:
    """The number of the job, where demanded, and one we called for. Source: ServiceChannel WoIdentifier (D).

    With several jobs on one invoice each line has to say which one is its own.
    """
    for claim in case.claims if case.policy.work_order_required and len(case.jobs) != 1 else ():
        if not claim.line.work_order:
            message = "The work order number is missing; we cannot tell which job this is for."
            yield Reason(code="REF", line=claim.line.number, message=message)
    for job in case.jobs:
        if case.policy.work_order_known and key(job) not in case.books.work_orders:
            yield Reason(code="REF", message=f"We have no work order {job}.")


def _order(case: Examination, number: str) -> Iterator[Reason]:
    policy, order = case.policy, case.books.order(number)
    if policy.po_pattern and not re.fullmatch(policy.po_pattern, number):
        yield Reason(code="REF", message=f"{number} does not look like one of our purchase order numbers.")
    if order is None:
        yield Reason(code="REF", message=f"We have no purchase order {number}.")
        return
    # What was billed may be credited whatever became of the order.
    if order.state != "open" and not case.is_credit:
        yield Reason(code="REF", message=f"Purchase order {order.number} is {order.state}.")
    if order.currency != case.invoice.currency:
        message = f"The invoice is in {case.invoice.currency}; purchase order {order.number} is in {order.currency}."
        yield Reason(code="REF", message=message)


def _unresolved(case: Examination, claim: Claim, order: PurchaseOrder) -> Iterator[Reason]:
    line = claim.line
    if line.po_line:
        message = f"Purchase order {order.number} has no line {line.po_line}."
        yield Reason(code="REF", line=line.number, message=message)
    elif case.policy.po_line == "required":
        message = f"The line of purchase order {order.number} is not stated."
        yield Reason(code="REF", line=line.number, message=message)
    elif case.policy.po_line == "resolvable":
        found = len(candidates(order, line))
        how = "no line" if not found else f"{found} lines"
        message = f"Without a line number we looked for item {line.item_code or '(none)'} on {order.number}: {how}."
        yield Reason(code="REF", line=line.number, message=message)


def _named_by_charge(case: Examination, line: InvoiceLine, order: PurchaseOrder) -> Iterator[Reason]:
    order_line = order.line(line.po_line)
    if order_line is None or not (order_line.is_open or case.is_credit):
        why = f"has no line {line.po_line}" if order_line is None else f"has closed its line {line.po_line}"
        yield Reason(code="REF", line=line.number, message=f"Purchase order {order.number} {why}.")


def _resolved(case: Examination, claim: Claim, order: PurchaseOrder) -> Iterator[Reason]:
    line, order_line = claim.line, claim.order_line
    if order_line is None:
        return
    if not order_line.is_open and not case.is_credit:
        message = f"Line {order_line.number} of purchase order {order.number} is closed."
        yield Reason(code="REF", line=line.number, message=message)
    if line.item_code and order_line.item_code and key(line.item_code) != key(order_line.item_code):
        message = f"Item {line.item_code} is not what line {order_line.number} orders ({order_line.item_code})."
        yield Reason(code="ITM", line=line.number, message=message)
