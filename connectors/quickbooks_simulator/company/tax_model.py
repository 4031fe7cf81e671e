"""Which sales tax a company has, and what its lines must say."""

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

AUTOMATED = "automated"
NOT_SET_UP = "not set up"
MANUAL = "manual"
GLOBAL = "global"
CALCULATIONS = ("TaxExcluded", "TaxInclusive", "NotApplicable")


def tax_model(draft: Draft) -> str:
    """One of the four models.

    Outside the US it is the global one. In the US the preference PartnerTaxEnabled tells: true is automated sales tax,
    false is automated but not set up, absent is the old manual tax; a company that does not use sales tax at all
    (UsingSalesTax false) is like one that has not set it up. Source: documentation (P), the last from memory (M).
    """
    information = draft.changes.find("CompanyInfo", "1") or {}
    if information.get("Country", "US") != "US":
        return GLOBAL
    if draft.preference("TaxPrefs", "UsingSalesTax") is False:
        return NOT_SET_UP
    enabled = draft.preference("TaxPrefs", "PartnerTaxEnabled")
    if enabled is None:
        return MANUAL
    return AUTOMATED if enabled else NOT_SET_UP


def tax_calculation(draft: Draft) -> str | None:
    """How a transaction of a company outside the US is taxed; TaxExcluded when nothing was said (M).

    None in the US, where the property is not to be used (P); clients that send it all the same are not refused (M).
    """
    if tax_model(draft) != GLOBAL:
        return None
    wanted = str(draft.body.get("GlobalTaxCalculation", CALCULATIONS[0]))
    if wanted not in CALCULATIONS:
        raise Fault("2170", f"GlobalTaxCalculation must be one of {', '.join(CALCULATIONS)}", "GlobalTaxCalculation")
    return wanted


def tax_calculation_field(draft: Draft) -> Record:
    """The property GlobalTaxCalculation as a transaction keeps it, or nothing in the US."""
    calculation = tax_calculation(draft)
    return {"GlobalTaxCalculation": calculation} if calculation else {}
