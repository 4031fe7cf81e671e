"""Where we book it. Source: Tradeshift rules: cost centre mandatory and valid; Ariba: echoed back (D)."""

from collections.abc import Iterator
from decimal import Decimal

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import ZERO, key

CENT, HUNDRED = Decimal("0.01"), Decimal(100)


def check_cost_centers(case: Examination) -> Iterator[Reason]:
    """Present where demanded, one of ours, the PO line's, and allocations that add up to their line."""
    ours = {key(code) for code in case.policy.cost_centers}
    for claim in case.claims:
        stated = _stated(case, claim)
        if not stated and case.policy.cost_center_required:
            yield Reason(code="REF", line=claim.line.number, message="The cost centre is missing.")
        for code in stated:
            if ours and key(code) not in ours:
                yield Reason(code="REF", line=claim.line.number, message=f"{code} is none of our cost centres.")
        yield from _as_ordered(claim, stated)
        yield from _allocated(claim)


def _stated(case: Examination, claim: Claim) -> list[str]:
    if claim.line.allocations:
        return [each.cost_center for each in claim.line.allocations]
    code = claim.line.cost_center or case.invoice.cost_center
    return [code] if code else []


def _as_ordered(claim: Claim, stated: list[str]) -> Iterator[Reason]:
    ordered = claim.order_line.cost_center if claim.order_line else ""
    # A split over several is ours to approve; a single other cost centre is a mistake.
    if ordered and {key(code) for code in stated} not in (set(), {key(ordered)}) and len(set(map(key, stated))) == 1:
        message = f"Cost centre {stated[0]} is not the one on the purchase order ({ordered})."
        yield Reason(code="REF", line=claim.line.number, message=message)


def _allocated(claim: Claim) -> Iterator[Reason]:
    shares, whole = claim.line.allocations, claim.line.amount
    amounts = sum((each.amount for each in shares if each.amount is not None), ZERO)
    percents = sum((each.percent for each in shares if each.percent is not None), ZERO)
    # Shares in percent are compared as such: of a small amount a percent is less than a cent.
    off = abs(percents - HUNDRED) if percents and not amounts else abs(amounts + whole * percents / HUNDRED - whole)
    if shares and off >= CENT:
        message = "The cost centre shares do not add up to the amount of the line."
        yield Reason(code="REF", line=claim.line.number, message=message)
