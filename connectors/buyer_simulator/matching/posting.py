"""What an invoice puts on which account."""

from decimal import Decimal

from buyer_simulator.matching.claims import Examination
from buyer_simulator.matching.ledger import Posting, Share
from buyer_simulator.records.values import ZERO, key

_NOT_SPENT = ("retention", "deposit")
"""Lines that move money in time; they neither add to an order nor take from it (M)."""


def posting_of(case: Examination) -> Posting:
    """The sums of an invoice or credit by PO line, PO and work order."""
    posting = Posting(untaxed=case.invoice.untaxed)
    for claim in case.claims:
        if claim.account is not None:
            posting.lines[claim.account].add(Share(claim.quantity or Share().quantity, claim.line.amount), 1)
        if claim.order is not None:
            posting.orders[key(claim.order.number)] += claim.line.amount
    _post_charges(case, posting)
    _post_work_orders(case, posting)
    return posting


def _post_charges(case: Examination, posting: Posting) -> None:
    # A charge belongs to its own PO, else to the header's; else to none.
    own = [
        (line.kind, line.purchase_order, line.amount)
        for line in case.invoice.lines
        if line.kind not in ("item", *_NOT_SPENT)
    ]
    for kind, named, amount in [
        *own,
        *((charge.kind, charge.purchase_order, charge.amount) for charge in case.invoice.charges),
    ]:
        number = key(named or case.invoice.purchase_order)
        if number not in case.books.orders:
            continue
        posting.orders[number] += amount
        if kind == "freight":
            posting.freight[number] += amount


def _post_work_orders(case: Examination, posting: Posting) -> None:
    only = case.jobs[0] if len(case.jobs) == 1 else ""
    with_tax = case.policy.not_to_exceed_includes_tax
    for line in case.invoice.lines:
        if line.kind not in _NOT_SPENT:
            _add(posting, line.work_order or only, line.amount + (line.tax_amount if with_tax else ZERO))
    for charge in case.invoice.charges:
        _add(posting, only, charge.amount + (charge.tax_amount if with_tax else ZERO))


def _add(posting: Posting, job: str, amount: Decimal) -> None:
    if job:
        posting.work_orders[key(job)] += amount
