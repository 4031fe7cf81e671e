"""The money billed, against the value of the PO line, the PO and the job."""

from collections.abc import Iterator

from buyer_simulator.matching.claims import Examination
from buyer_simulator.matching.posting import posting_of
from buyer_simulator.matching.quantities import by_account
from buyer_simulator.matching.tolerance import allowance
from buyer_simulator.matching.wording import money
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import ZERO


def check_line_amounts(case: Examination) -> Iterator[Reason]:
    """Billed in all on a PO line within its value. Source: Dynamics: price totals, cumulative (D)."""
    if case.is_credit:
        return
    for account, claims in by_account(case).items():
        value = claims[0].order_line.value() if claims[0].order_line else None
        if value is None:
            continue
        most = value + allowance(case.policy.line_amount, value, case.policy.tolerances)
        billed = case.books.ledger.billed(*account).amount + sum((claim.line.amount for claim in claims), ZERO)
        if billed > most:
            message = f"PO line {account[1]}: {case.money(billed)} billed in all, {case.money(value)} ordered."
            for claim in claims:
                yield Reason(code="FIN", line=claim.line.number, message=message)


def check_order_amounts(case: Examination) -> Iterator[Reason]:
    """Billed in all on a PO within its limit, or its lines' value. Source: SAP LA; ServiceNow (D)."""
    if case.is_credit:
        return
    for number, amount in posting_of(case).orders.items():
        order = case.books.orders[number]
        value = order.value()
        if value is None:
            continue
        most = value + allowance(case.policy.header_amount, value, case.policy.tolerances)
        billed = case.books.ledger.billed_on_order(number) + amount
        if billed > most:
            what = "its limit" if order.limit is not None else "its value"
            shown = f"{money(billed, order.currency)} in all; {what} is {money(value, order.currency)}"
            yield Reason(code="FIN", message=f"With this invoice purchase order {order.number} is billed {shown}.")


def check_not_to_exceed(case: Examination) -> Iterator[Reason]:
    """All that is billed for a job within its cap. Source: ServiceChannel NTE, with or without tax (D)."""
    if case.is_credit:
        return
    for number, amount in posting_of(case).work_orders.items():
        job = case.books.work_orders.get(number)
        if job is None or job.not_to_exceed is None:
            continue
        billed = case.books.ledger.billed_on_work_order(number) + amount
        if billed > job.not_to_exceed:
            shown = f"{case.money(billed)} in all; not to exceed {case.money(job.not_to_exceed)}"
            yield Reason(code="FIN", message=f"With this invoice work order {job.number} is billed {shown}.")
