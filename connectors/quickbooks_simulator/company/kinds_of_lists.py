"""The kinds of name list. What is filterable is from memory (M)."""

from quickbooks_simulator.company.customer import prepare_customer
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.lists import prepare_item, prepare_named, prepare_term
from quickbooks_simulator.company.property_names import listed

_NAMED = "Name Active"
LISTS = (
    Kind(
        "Customer",
        prepare_customer,
        listed(
            "DisplayName GivenName MiddleName FamilyName CompanyName FullyQualifiedName Active Balance "
            "PrintOnCheckName PrimaryEmailAddr"
        ),
    ),
    Kind("Item", prepare_item, listed(f"{_NAMED} FullyQualifiedName Sku Type UnitPrice Taxable")),
    Kind("Term", prepare_term, listed(f"{_NAMED} Type DueDays")),
    Kind("Class", prepare_named, listed(f"{_NAMED} FullyQualifiedName")),
    Kind("Department", prepare_named, listed(f"{_NAMED} FullyQualifiedName")),
    Kind(
        "Account",
        prepare_named,
        listed(f"{_NAMED} FullyQualifiedName AccountType AccountSubType Classification AcctNum SubAccount"),
    ),
    Kind("PaymentMethod", prepare_named, listed(f"{_NAMED} Type")),
)
