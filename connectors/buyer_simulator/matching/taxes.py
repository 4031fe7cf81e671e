"""Tax, as the PO or the policy wants it. ServiceNow questions over- and under-charged tax (D); code FIN."""

from collections.abc import Iterator
from decimal import Decimal

from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.matching.wording import figure
from buyer_simulator.records.reason import Reason


def check_taxes(case: Examination) -> Iterator[Reason]:
    """No tax where the order is exempt or we pay it ourselves; the agreed rate where the supplier charges it."""
    for claim in case.claims:
        rule = (claim.order.tax if claim.order else "") or case.policy.tax
        taxed = bool(claim.line.tax_amount) or any(claim.line.tax_rates)
        if rule in ("exempt", "barred") and taxed:
            why = "is exempt from tax" if rule == "exempt" else "carries no supplier's tax; we pay it ourselves"
            yield Reason(code="FIN", line=claim.line.number, message=f"Tax is charged, but this order {why}.")
        elif rule == "charged":
            yield from _charged(case, claim, taxed)
    yield from _charges(case)


def _charged(case: Examination, claim: Claim, taxed: bool) -> Iterator[Reason]:
    agreed = _agreed(claim)
    if agreed is None and not taxed:
        yield Reason(code="FIN", line=claim.line.number, message="No tax is charged; this order is taxable.")
    elif agreed is not None:
        rate = sum(claim.line.tax_rates, Decimal(0))
        if abs(rate - agreed) > case.policy.tax_rate_tolerance:
            message = f"Tax is charged at {figure(rate)} %; the order says {figure(agreed)} %."
            yield Reason(code="FIN", line=claim.line.number, message=message)


def _agreed(claim: Claim) -> Decimal | None:
    if claim.order_line is not None and claim.order_line.tax_rate is not None:
        return claim.order_line.tax_rate
    return claim.order.tax_rate if claim.order else None


def _charges(case: Examination) -> Iterator[Reason]:
    """Tax on freight and other charges is as unwelcome as on a line; its rate is not compared (M)."""
    rules = [order.tax or case.policy.tax for order in case.orders] or [case.policy.tax]
    if not any(rule in ("exempt", "barred") for rule in rules):
        return
    for line in case.invoice.lines:
        if line.kind in ("freight", "other") and line.tax_amount:
            yield Reason(
                code="FIN", line=line.number, message="Tax is charged on a charge, but this order carries none."
            )
    for charge in case.invoice.charges:
        if charge.tax_amount:
            yield Reason(code="FIN", message=f"Tax is charged on {charge.kind}, but this order carries none.")
