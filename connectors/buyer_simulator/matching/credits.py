"""A credit takes back what stands in our books, and no more. Code REF. Source: ServiceNow: original number (D)."""

from collections.abc import Iterator
from fractions import Fraction

from buyer_simulator.matching.books import Known
from buyer_simulator.matching.claims import Claim, Examination
from buyer_simulator.matching.ledger import Share
from buyer_simulator.matching.quantities import by_account
from buyer_simulator.records.reason import Reason
from buyer_simulator.records.values import ZERO


def check_credit(case: Examination) -> Iterator[Reason]:
    """The original is ours and stands; PO and lines are among the original's; not above what is left of it."""
    invoice = case.invoice
    if not case.is_credit:
        return
    if not invoice.original:
        yield Reason(code="REF", message="The credit note does not say which invoice it corrects.")
        return
    original = case.books.to_credit(invoice.supplier, invoice.original)
    if original is None:
        yield Reason(code="REF", message=f"We have no invoice {invoice.original} that this could credit.")
        return
    left = original.posting.untaxed - original.credited.untaxed
    if invoice.untaxed > left:
        message = (
            f"The credit is {case.money(invoice.untaxed)} before tax; {case.money(left)} of {original.number} is left."
        )
        yield Reason(code="REF", message=message)
    if original.posting.orders:
        for claim in case.claims:
            if not claim.order_number:
                message = f"Invoice {original.number} was for a purchase order; the credit does not say which."
                yield Reason(code="REF", line=claim.line.number, message=message)
    for account, claims in by_account(case).items():
        yield from _line(original, account, claims)


def _line(original: Known, account: tuple[str, str], claims: list[Claim]) -> Iterator[Reason]:
    billed = original.posting.lines.get(account)
    if billed is None:
        for claim in claims:
            message = f"Invoice {original.number} billed nothing on line {account[1]} of purchase order {account[0]}."
            yield Reason(code="REF", line=claim.line.number, message=message)
        return
    credited = original.credited.lines.get(account, Share())
    quantity = (
        billed.quantity - credited.quantity - sum((claim.quantity or Fraction(0) for claim in claims), Fraction(0))
    )
    amount = billed.amount - credited.amount - sum((claim.line.amount for claim in claims), ZERO)
    if quantity >= 0 and amount >= 0:
        return
    message = f"More is credited on PO line {account[1]} than is left of invoice {original.number}."
    for claim in claims:
        yield Reason(code="REF", line=claim.line.number, message=message)
