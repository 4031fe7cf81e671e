"""The price billed, against the price ordered."""

from collections.abc import Iterator
from fractions import Fraction

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.matching.tolerance import allowance
from buyer_simulator.matching.wording import figure, plain
from buyer_simulator.records.reason import Reason


def check_prices(case: Examination) -> Iterator[Reason]:
    """The net price of one PO unit within tolerance of the PO's. Source: SAP PP, Oracle, Dynamics: net unit price (D).

    Compared for as many units as the PO prices together (its price basis), which is what an absolute tolerance means.
    """
    if case.is_credit:
        return
    for claim in case.claims:
        order_line = claim.order_line
        if order_line is None or order_line.unit_price is None or not claim.factor:
            continue
        billed, ordered = _billed(claim, claim.factor), Fraction(order_line.unit_price)
        allowed = Fraction(allowance(case.policy.price, order_line.unit_price, case.policy.tolerances))
        difference = billed - ordered
        if difference > allowed or (case.policy.price_direction == "both" and -difference > allowed):
            basis = "" if order_line.price_basis == 1 else f"{figure(order_line.price_basis)} "
            per = f"{basis}{order_line.unit or 'unit'}"
            message = f"The net price per {per} is {case.money(plain(billed))}; we ordered at "
            message += f"{case.money(order_line.unit_price)}."
            yield Reason(code="PRI", line=claim.line.number, message=message)


def _billed(claim: Claim, factor: Fraction) -> Fraction:
    line, order_line = claim.line, claim.order_line
    basis = Fraction(order_line.price_basis) if order_line else Fraction(1)
    net = Fraction(line.unit_price) * (1 - Fraction(line.discount_percent) / 100)
    return net / Fraction(line.price_basis) / factor * basis
