"""The buyer's table of units."""

from fractions import Fraction

from buyer_simulator.records.policy import Policy
from buyer_simulator.records.values import key


def factor(policy: Policy, unit: str, into: str) -> Fraction | None:
    """How many `into` one `unit` is, None if the table does not say; what is ordered without a unit has any.

    Fractions, because a twelfth of a box has no exact decimal.
    """
    if key(into) in ("", key(unit)):
        return Fraction(1)
    for row in policy.conversions:
        if (key(row.unit), key(row.into)) == (key(unit), key(into)):
            return Fraction(row.factor)
        if (key(row.into), key(row.unit)) == (key(unit), key(into)):
            return 1 / Fraction(row.factor)
    return None
