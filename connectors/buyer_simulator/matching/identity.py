"""Is this an invoice we can register, and is it new?"""

import re
from collections.abc import Iterator

from buyer_simulator.matching.claims import Examination
from buyer_simulator.records.reason import Reason

_SPOKEN = {"remit_to": "a remit-to party", "ship_to": "a ship-to party", "buyer_reference": "a buyer reference"}


def check_number(case: Examination) -> Iterator[Reason]:
    """Pattern and length of the invoice number. Source: Coupa 40, Tradeshift 16 characters (D)."""
    policy, number = case.policy, case.invoice.number
    if policy.number_pattern and not re.fullmatch(policy.number_pattern, number):
        yield Reason(code="OTH", message=f"Invoice number {number} is not in the form our vendor guide asks for.")
    if policy.number_max_length and len(number) > policy.number_max_length:
        message = f"Invoice number {number} has {len(number)} characters; our system takes {policy.number_max_length}."
        yield Reason(code="OTH", message=message)


def check_parties(case: Examination) -> Iterator[Reason]:
    """Parties and references without which the invoice reaches nobody. Source: Peppol REF (V), Ariba rules (D)."""
    for name in case.policy.required:
        if not getattr(case.invoice, name):
            yield Reason(code="REF", message=f"The invoice does not state {_SPOKEN[name]}, so we cannot route it.")


def check_duplicate(case: Examination) -> Iterator[Reason]:
    """One invoice per supplier and number. Source: ServiceChannel, Tradeshift, Oracle: code OTH (D)."""
    invoice = case.invoice
    for known in case.books.of_number(invoice.supplier, invoice.number):
        if known.rejected and case.policy.rejected_number_reusable:
            continue
        became = "which we rejected; please use a new number" if known.rejected else "which we already have"
        message = f"Invoice number {invoice.number} repeats {known.number}, {became}."
        yield Reason(code="OTH", message=message)
        return


def check_one_per_work_order(case: Examination) -> Iterator[Reason]:
    """One invoice per work order, where the buyer wants that. Source: ServiceChannel (D)."""
    if not case.policy.one_invoice_per_work_order or case.is_credit:
        return
    for job in case.jobs:
        earlier = [each for each in case.books.of_work_order(job) if each.kind == "invoice" and not each.rejected]
        if earlier:
            message = f"Work order {job} was already invoiced on {earlier[0].number}; we take one invoice for each."
            yield Reason(code="OTH", message=message)
