"""How much is billed, against what was ordered and what arrived."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.matching.tolerance import allowance
from buyer_simulator.matching.wording import figure, plain
from buyer_simulator.records.policy import Tolerance
from buyer_simulator.records.reason import Reason, ReasonCode
from buyer_simulator.records.values import ZERO

Account = tuple[str, str]


def by_account(case: Examination) -> dict[Account, list[Claim]]:
    """The claims on each PO line, in the order of the invoice: several may bill the same one."""
    groups: dict[Account, list[Claim]] = {}
    for claim in case.claims:
        if claim.account is not None:
            groups.setdefault(claim.account, []).append(claim)
    return groups


def check_units(case: Examination) -> Iterator[Reason]:
    """A unit that is the PO line's or converts. Source: Unimarket: unit must equal the PO line's (D)."""
    for claim in case.claims:
        if claim.order_line is not None and claim.factor is None:
            message = f"We ordered in {claim.order_line.unit}; we cannot convert {claim.line.unit} to it."
            yield Reason(code="QTY", line=claim.line.number, message=message)


def check_ordered(case: Examination) -> Iterator[Reason]:
    """Billed in all, this invoice included, within the ordered quantity. Source: 2-way match; SAP DQ, DW (D)."""
    if case.is_credit:
        return
    for account, claims in by_account(case).items():
        ordered = claims[0].order_line.quantity if claims[0].order_line else None
        if ordered is None:
            continue
        most = Fraction(ordered) + _allowed(case, case.policy.quantity, ordered)
        yield from _over(case, account, claims, most, "QTY", f"{figure(ordered)} ordered")


def check_received(case: Examination) -> Iterator[Reason]:
    """Billed in all within what arrived or was confirmed as done. Source: 3-way match (D)."""
    if case.is_credit or case.policy.matching == "2-way":
        return
    for account, claims in by_account(case).items():
        arrived = case.books.received(*account)
        if claims[0].order_line is not None and claims[0].order_line.quantity is None:
            yield from _amount_received(case, account, claims, arrived.amount)
            continue
        most = arrived.quantity + _allowed(case, case.policy.quantity, plain(arrived.quantity))
        yield from _over(case, account, claims, most, "DEL", f"{figure(plain(arrived.quantity))} confirmed")


def check_figures(case: Examination) -> Iterator[Reason]:
    """No line without a quantity, or an amount where that is barred; no more decimals than our system keeps.

    Source: CorrigoPro: non-zero quantity; ServiceChannel: at most 2 decimals (D).
    """
    policy = case.policy
    for line in case.invoice.lines:
        if line.quantity == 0:
            yield Reason(code="QTY", line=line.number, message="The quantity is zero.")
        elif line.amount == 0 and not policy.zero_lines_allowed:
            yield Reason(code="FIN", line=line.number, message="The amount is zero; please leave such lines out.")
        if _decimals(line.quantity) > policy.quantity_decimals:
            message = f"Quantity {figure(line.quantity)} has more than {policy.quantity_decimals} decimals."
            yield Reason(code="QTY", line=line.number, message=message)
        if _decimals(line.unit_price) > policy.price_decimals:
            message = f"Price {figure(line.unit_price)} has more than {policy.price_decimals} decimals."
            yield Reason(code="PRI", line=line.number, message=message)


def _allowed(case: Examination, tolerance: Tolerance, base: Decimal) -> Fraction:
    return Fraction(allowance(tolerance, base, case.policy.tolerances))


def _over(
    case: Examination, account: Account, claims: list[Claim], most: Fraction, code: ReasonCode, against: str
) -> Iterator[Reason]:
    """Too much in all is held against each line that bills the PO line, as Oracle holds what was matched to it (D)."""
    before = case.books.ledger.billed(*account).quantity
    counted = [claim for claim in claims if claim.quantity is not None]
    here = sum((claim.quantity or Fraction(0) for claim in counted), Fraction(0))
    if before + here <= most:
        return
    earlier = f", {figure(plain(before))} before," if before else ""
    message = f"PO line {account[1]}: {figure(plain(here))} billed{earlier} against {against}."
    for claim in counted:
        yield Reason(code=code, line=claim.line.number, message=message)


def _amount_received(case: Examination, account: Account, claims: list[Claim], arrived: Decimal) -> Iterator[Reason]:
    billed = case.books.ledger.billed(*account).amount + sum((claim.line.amount for claim in claims), ZERO)
    if billed <= arrived + allowance(case.policy.line_amount, arrived, case.policy.tolerances):
        return
    message = f"PO line {account[1]}: {case.money(billed)} billed in all against {case.money(arrived)} confirmed."
    for claim in claims:
        yield Reason(code="DEL", line=claim.line.number, message=message)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent if value else ZERO.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
