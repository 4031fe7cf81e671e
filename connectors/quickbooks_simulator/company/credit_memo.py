"""Rules of a credit memo."""

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.sales_form import home_amounts, prepare_form, required_customer, terms
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault


def prepare_credit_memo(draft: Draft) -> Record:
    """A credit memo: an invoice's body, and what is left of the credit. Source: documentation (P).

    A total below what was already applied is refused (M).
    """
    customer = required_customer(draft)
    form = prepare_form(draft, customer)
    previous = draft.previous or {"TotalAmt": ZERO, "RemainingCredit": ZERO, "LinkedTxn": []}
    applied = previous["TotalAmt"] - previous["RemainingCredit"]
    remaining = form["TotalAmt"] - applied
    if remaining < ZERO:
        raise Fault("6000", f"The total {form['TotalAmt']} is less than the {applied} already applied.")
    return {
        **form,
        **terms(draft, customer),
        "RemainingCredit": remaining,
        "Balance": remaining,
        **home_amounts(draft, HomeBalance=remaining),
        "LinkedTxn": previous["LinkedTxn"],
    }
