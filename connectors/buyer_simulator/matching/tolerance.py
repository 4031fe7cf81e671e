"""How far a figure may be off."""

from decimal import Decimal
from typing import Literal

from buyer_simulator.records.policy import Tolerance
from buyer_simulator.records.values import ZERO

HUNDRED = Decimal(100)


def allowance(tolerance: Tolerance, base: Decimal, rule: Literal["strictest", "either"]) -> Decimal:
    """How much more than `base` is allowed; the edge itself still is. Source: SAP, Dynamics, NetSuite (D)."""
    allowed = []
    if tolerance.percent is not None:
        allowed.append(abs(base) * tolerance.percent / HUNDRED)
    if tolerance.amount is not None:
        allowed.append(tolerance.amount)
    if not allowed:
        return ZERO
    return min(allowed) if rule == "strictest" else max(allowed)
