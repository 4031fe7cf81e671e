"""The company's own records, and its tax codes and rates. What is filterable is from memory (M)."""

from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.lists import prepare_named
from quickbooks_simulator.company.preferences import prepare_company_info, prepare_preferences
from quickbooks_simulator.company.property_names import listed

_NAMED = "Name Active"
REFERENCE = (
    Kind("CompanyInfo", prepare_company_info, listed("CompanyName")),
    Kind("Preferences", prepare_preferences, listed("")),
    # The page size is ignored for tax codes, and neither list takes part in change data capture (V, P).
    Kind("TaxCode", prepare_named, listed(f"{_NAMED} Description"), writable=False, paged=False, captured=False),
    Kind("TaxRate", prepare_named, listed(f"{_NAMED} Description"), writable=False, captured=False),
)
