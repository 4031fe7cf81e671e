"""Refusals as an accountant reads them."""

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.pages.figures import write_date

_SENTENCES = {
    "610": "This is no longer in the books. Somebody deleted it.",
    "620": "A payment is linked to this, or it belongs to another customer. "
    "Delete the payment first, or choose an invoice of the same customer.",
    "2210": "This is not an e-mail address. Write it as name@company.com.",
    "2500": "One of the names chosen is inactive or no longer there. Make it active again or choose another one.",
    "5010": "Somebody changed this while you had it open. Look at it as it is now, then repeat your change.",
    "6240": "Another customer, vendor or employee already has this name, or another record of this list. "
    "Choose a different name.",
    "6540": "This payment is part of a bank deposit. Delete the deposit first, under Deposits.",
    "6560": "Choose a customer first.",
}


def sentence(fault: Fault, company: Company) -> str:
    """What was refused, why, and what to do next."""
    if fault.code == "6210":
        preferences = company.store.find("Preferences", "1") or {}
        closed = write_date(preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate"))
        return (
            f"The books are closed up to {closed}, and this lies in that time. "
            "Choose a later date, or open the period again under Books."
        )
    return _SENTENCES.get(fault.code, fault.detail)
