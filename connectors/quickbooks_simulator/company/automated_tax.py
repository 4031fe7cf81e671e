"""Automated sales tax: the service picks the rate itself."""

from decimal import Decimal

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record

STATE_PERCENTS = {
    "AZ": "5.6", "CA": "7.25", "CO": "2.9", "FL": "6", "GA": "4", "IL": "6.25", "IN": "7", "KY": "6", "MI": "6",
    "NJ": "6.625", "NY": "4", "OH": "5.75", "PA": "6", "TX": "6.25", "WA": "6.5", "WV": "6",
    "AK": "0", "DE": "0", "MT": "0", "NH": "0", "OR": "0",
}  # fmt: skip
"""State sales tax alone, without county and city: figures to tell places apart by, not to file a return with (M)."""


def automated_percent(draft: Draft, customer: Record) -> Decimal | None:
    """The percentage the service picks, or None for the company's own rate.

    It goes by the ship-to address, else by the company's (P); with the switch automated_tax_place at "company" (the
    default, as sandboxes do not behave like production) the ship-to is not looked at. automated_tax_basis_points sets
    a rate nobody expected: 825 is 8.25 percent.
    """
    fixed = draft.settings.automated_tax_basis_points
    if fixed is not None:
        return Decimal(fixed) / 100
    if draft.settings.automated_tax_place == "company":
        return None
    company = (draft.changes.find("CompanyInfo", "1") or {}).get("CompanyAddr", {})
    shipped_to = draft.body.get("ShipAddr") or customer.get("ShipAddr") or company
    state = shipped_to.get("CountrySubDivisionCode")
    if state == company.get("CountrySubDivisionCode") or state not in STATE_PERCENTS:
        return None
    return Decimal(STATE_PERCENTS[state])
