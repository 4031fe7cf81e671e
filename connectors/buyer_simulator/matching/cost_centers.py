"""Where we book it. Source: Tradeshift rules: cost centre mandatory and valid; Ariba: echoed back (D)."""

from collections.abc import Iterator
from decimal import Decimal

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import ZERO, key

CENT = Decimal("0.01")


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
    # A split is ours to approve; a single other cost centre is a mistake.
    if ordered and len(stated) == 1 and key(stated[0]) != key(ordered):
        message = f"Cost centre {stated[0]} is not the one on the purchase order ({ordered})."
        yield Reason(code="REF", line=claim.line.number, message=message)


def _allocated(claim: Claim) -> Iterator[Reason]:
    shares = claim.line.allocations
    if shares and abs(sum((each.amount for each in shares), ZERO) - claim.line.amount) >= CENT:
        message = "The cost centre shares do not add up to the amount of the line."
        yield Reason(code="REF", line=claim.line.number, message=message)
