"""A company that has just been set up."""

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import foundation

TERMS = [
    ("1", "Due on receipt", 0, 0, 0),
    ("2", "Net 15", 15, 0, 0),
    ("3", "Net 30", 30, 0, 0),
    ("4", "Net 60", 60, 0, 0),
]


def plant(company: Company) -> None:
    """Preferences, tax codes, terms and accounts only."""
    address = {
        "Id": "1",
        "Line1": "1 Main Street",
        "City": "Columbus",
        "CountrySubDivisionCode": "OH",
        "PostalCode": "43215",
    }
    foundation.put_company_info(company, "New Company", address, "(614) 555-0100", "books@newcompany.example")
    foundation.put_preferences(company, {}, TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": True})
    foundation.put_tax_codes(company, "Ohio", "7.5")
    foundation.put_terms(company, TERMS)
    foundation.put_accounts(company)
    foundation.put_payment_methods(company)
