"""The company's own records, taxes, currencies and attachments.

What is filterable is from memory (M), for attachments and exchange rates from the reference (P); an
attachment's Tag is in a client's test (V).
"""

from quickbooks_simulator.company.attachable import forget_nothing, prepare_attachable
from quickbooks_simulator.company.currencies import prepare_company_currency
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.lists import prepare_named
from quickbooks_simulator.company.preferences import prepare_company_info, prepare_preferences
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.tax_agency import prepare_tax_agency

_NAMED = "Name Active"
REFERENCE = (
    Kind("CompanyInfo", prepare_company_info, listed("CompanyName")),
    Kind("Preferences", prepare_preferences, listed("")),
    # A page of tax codes holds more than was asked for (V); neither list takes part in change data capture (P).
    Kind("TaxCode", prepare_named, listed(f"{_NAMED} Description"), writable=False, paged=False, captured=False),
    Kind("TaxRate", prepare_named, listed(f"{_NAMED} Description"), writable=False, captured=False),
    Kind("TaxAgency", prepare_tax_agency, listed("DisplayName"), captured=False),
    Kind("CompanyCurrency", prepare_company_currency, listed(f"{_NAMED} Code")),
    # Rates have an endpoint of their own: they are worked out for a day and have no ids.
    Kind("ExchangeRate", prepare_named, listed("SourceCurrencyCode AsOfDate"), writable=False, captured=False),
    Kind(
        "Attachable",
        prepare_attachable,
        listed("FileName Note Tag Category AttachableRef.EntityRef.Type AttachableRef.EntityRef.value"),
        release=forget_nothing,
    ),
)
