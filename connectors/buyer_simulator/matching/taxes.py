"""Tax, as the PO or the policy wants it. ServiceNow questions over- and under-charged tax (D); code FIN."""

from collections.abc import Iterator
from decimal import Decimal

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.matching.wording import figure
from buyer_simulator.records.reason import Reason


def check_taxes(case: Examination) -> Iterator[Reason]:
    """No tax where order or policy bar it; where either wants it, and at the order's rate. Both hold: policy and PO.

    On a credit the original's tax decides, which was ours to accept.
    """
    if case.is_credit:
        return
    for claim in case.claims:
        rules = {case.policy.tax, claim.order.tax if claim.order else ""}
        taxed = bool(claim.line.tax_amount) or any(claim.line.tax_rates)
        if taxed and rules & _UNTAXED:
            message = "Tax is charged, but this order is exempt or we pay the tax ourselves."
            yield Reason(code="FIN", line=claim.line.number, message=message)
        elif not taxed and "charged" in rules and claim.line.amount and _agreed(claim) != 0:
            yield Reason(code="FIN", line=claim.line.number, message="No tax is charged; this order is taxable.")
        elif not rules & _UNTAXED:
            yield from _rate(case, claim)
    yield from _charges(case)


_UNTAXED = {"exempt", "barred"}


def _rate(case: Examination, claim: Claim) -> Iterator[Reason]:
    agreed, rate = _agreed(claim), sum(claim.line.tax_rates, Decimal(0))
    if agreed is not None and abs(rate - agreed) > case.policy.tax_rate_tolerance:
        message = f"Tax is charged at {figure(rate)} %; the order says {figure(agreed)} %."
        yield Reason(code="FIN", line=claim.line.number, message=message)


def _agreed(claim: Claim) -> Decimal | None:
    if claim.order_line is not None and claim.order_line.tax_rate is not None:
        return claim.order_line.tax_rate
    return claim.order.tax_rate if claim.order else None


def _charges(case: Examination) -> Iterator[Reason]:
    """Tax on freight and other charges is as unwelcome as on a line; its rate is not compared (M)."""
    if not _UNTAXED & {case.policy.tax, *(order.tax for order in case.orders)}:
        return
    for line in case.invoice.lines:
        if line.kind in ("freight", "other") and line.tax_amount:
            message = "Tax is charged on a charge, but this order carries none."
            yield Reason(code="FIN", line=line.number, message=message)
    for charge in case.invoice.charges:
        if charge.tax_amount:
            yield Reason(code="FIN", message=f"Tax is charged on {charge.kind}, but this order carries none.")
