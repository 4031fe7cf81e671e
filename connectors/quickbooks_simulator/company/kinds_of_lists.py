"""The kinds of name list. What is filterable is from memory (M)."""

from quickbooks_simulator.company.accounts import prepare_account
from quickbooks_simulator.company.customer import prepare_customer
from quickbooks_simulator.company.items import prepare_item
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.lists import prepare_named, prepare_payment_method, prepare_term
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.vendor import prepare_employee, prepare_vendor

_NAMED = "Name Active"
_PERSON = "DisplayName GivenName MiddleName FamilyName Active PrintOnCheckName PrimaryEmailAddr"
LISTS = (
    Kind("Customer", prepare_customer, listed(f"{_PERSON} CompanyName FullyQualifiedName Balance ParentRef Job")),
    Kind("CustomerType", prepare_named, listed(_NAMED), writable=False),
    Kind("Vendor", prepare_vendor, listed(f"{_PERSON} CompanyName Balance Vendor1099 AcctNum")),
    Kind("Employee", prepare_employee, listed(f"{_PERSON} EmployeeNumber")),
    Kind("Item", prepare_item, listed(f"{_NAMED} FullyQualifiedName Sku Type UnitPrice Taxable TrackQtyOnHand")),
    Kind("Term", prepare_term, listed(f"{_NAMED} Type DueDays")),
    Kind("Class", prepare_named, listed(f"{_NAMED} FullyQualifiedName SubClass")),
    Kind("Department", prepare_named, listed(f"{_NAMED} FullyQualifiedName SubDepartment")),
    Kind(
        "Account",
        prepare_account,
        listed(f"{_NAMED} FullyQualifiedName AccountType AccountSubType Classification AcctNum SubAccount"),
    ),
    Kind("PaymentMethod", prepare_payment_method, listed(f"{_NAMED} Type")),
)
