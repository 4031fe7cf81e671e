"""The name lists of the sample company."""

from decimal import Decimal

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import foundation

CANADIAN = {"value": "CAD", "name": "Canadian Dollar"}
CUSTOMERS = [
    ("1", "Amy's Bird Sanctuary", "birds@amy.example", "14 Heron Lane"),
    ("2", "Bill's Windsurf Shop", "surf@bill.example", "3 Harbor Walk"),
    ("3", "Cool Cars", "cool@cars.example", "65 Coast Road"),
    ("4", "Diego Rodriguez", "diego@rodriguez.example", "321 Alameda Street"),
    ("5", "Dukes Basketball Camp", "dukes@basketball.example", "25 Court Drive"),
    ("7", "Freeman Sporting Goods", "goods@freeman.example", "370 Easy Street"),
    ("12", "Jeff's Jalopies", "jeff@jalopies.example", "12 Willow Street"),
    ("18", "Paulsen Medical Supplies", "orders@paulsen.example", "900 Main Street"),
    ("20", "Red Rock Diner", "table@redrock.example", "500 Red Rock Road"),
    ("29", "Weiskopf Consulting", "office@weiskopf.example", "45612 Main Street"),
]
JOBS = [("8", "96 Ocean View Road"), ("9", "55 Twin Lane")]
VENDORS = [
    ("30", "Books by Bessie", "books@bessie.example"),
    ("46", "Norton Lumber and Building Materials", "sales@norton.example"),
    ("53", "Tim Philip Masonry", "tim@masonry.example"),
]
EMPLOYEES = [("54", "Emily", "Platt", "2021-03-01"), ("55", "John", "Johnson", "2022-06-15")]
ITEMS = [
    ("1", "Services", "0", "Service", False),
    ("2", "Hours", "0", "Service", False),
    ("3", "Concrete", "0", "Service", True),
    ("4", "Design", "75", "Service", False),
    ("5", "Rock Fountain", "275", "Inventory", True),
    ("6", "Gardening", "0", "Service", False),
    ("7", "Installation", "50", "Service", False),
    ("8", "Lighting", "15", "NonInventory", True),
    ("9", "Maintenance & Repair", "0", "Service", False),
    ("10", "Pest Control", "35", "Service", False),
    ("11", "Pump", "15", "Inventory", True),
    ("14", "Sod", "10", "NonInventory", True),
    ("16", "Sprinkler Heads", "2", "Inventory", True),
    ("18", "Trimming", "35", "Service", False),
]
ACCOUNTS = [
    ("2", "Retained Earnings", "Equity", "RetainedEarnings", "Equity"),
    ("3", "Prepaid Expenses", "Other Current Asset", "PrepaidExpenses", "Asset"),
    ("7", "Advertising", "Expense", "AdvertisingPromotional", "Expense"),
    ("8", "Automobile", "Expense", "Auto", "Expense"),
    ("13", "Meals and Entertainment", "Expense", "EntertainmentMeals", "Expense"),
    ("15", "Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses", "Expense"),
    ("17", "Rent or Lease", "Expense", "RentOrLeaseOfBuildings", "Expense"),
    ("22", "Travel", "Expense", "Travel", "Expense"),
    ("24", "Utilities", "Expense", "Utilities", "Expense"),
    ("25", "Interest Earned", "Other Income", "InterestEarned", "Revenue"),
    ("34", "Opening Balance Equity", "Equity", "OpeningBalanceEquity", "Equity"),
    ("37", "Truck", "Fixed Asset", "Vehicles", "Asset"),
    ("41", "Mastercard", "Credit Card", "CreditCard", "Liability"),
    ("42", "Visa", "Credit Card", "CreditCard", "Liability"),
    ("44", "Notes Payable", "Long Term Liability", "OtherLongTermLiabilities", "Liability"),
    ("45", "Landscaping Services", "Income", "OtherPrimaryIncome", "Revenue"),
    ("82", "Design income", "Income", "OtherPrimaryIncome", "Revenue"),
    ("85", "Billable Expense Income", "Income", "ServiceFeeIncome", "Revenue"),
    ("88", "Vehicle Depreciation", "Other Expense", "Depreciation", "Expense"),
]


def plant_lists(company: Company) -> None:
    """Everything the company's transactions refer to."""
    foundation.put_accounts(company, more=ACCOUNTS)
    foundation.put_payment_methods(company)
    foundation.put_named(company, "Department", "1", "North yard", SubDepartment=False)
    foundation.put_named(company, "Class", "1", "Landscaping", SubClass=False)
    for type_id, name in (("1", "Commercial"), ("2", "Residential")):
        foundation.put(company, "CustomerType", type_id, Name=name, Active=True)
    for item in ITEMS:
        foundation.put_item(company, *item)
    _put_customers(company)
    _put_others(company)


def _put_customers(company: Company) -> None:
    for customer_id, name, email, street in CUSTOMERS[:5]:
        _put_customer(company, customer_id, name, email, street)
    foundation.put_customer(company, "6", "Maple Leaf Gardens", CurrencyRef=CANADIAN)
    for customer_id, name, email, street in CUSTOMERS[5:]:
        _put_customer(company, customer_id, name, email, street)
    for job_id, name in JOBS:
        parent = {"Job": True, "ParentRef": {"value": "7"}, "Level": 1}
        foundation.put_customer(
            company, job_id, name, FullyQualifiedName=f"Freeman Sporting Goods:{name}", BillWithParent=True, **parent
        )


def _put_customer(company: Company, customer_id: str, name: str, email: str, street: str) -> None:
    address = {
        "Id": str(int(customer_id) + 100),
        "Line1": street,
        "City": "Bayshore",
        "CountrySubDivisionCode": "CA",
        "PostalCode": "94326",
    }
    foundation.put_customer(
        company, customer_id, name, CompanyName=name, PrimaryEmailAddr={"Address": email}, BillAddr=address
    )


def _put_others(company: Company) -> None:
    zero, active = Decimal("0.00"), {"Active": True}
    for vendor_id, name, email in VENDORS:
        foundation.put(
            company,
            "Vendor",
            vendor_id,
            DisplayName=name,
            CompanyName=name,
            PrintOnCheckName=name,
            PrimaryEmailAddr={"Address": email},
            Balance=zero,
            Vendor1099=False,
            CurrencyRef=foundation.HOME,
            **active,
        )
    for employee_id, given, family, hired in EMPLOYEES:
        name = f"{given} {family}"
        names = {"GivenName": given, "FamilyName": family, "DisplayName": name, "PrintOnCheckName": name}
        foundation.put(company, "Employee", employee_id, **names, HiredDate=hired, BillableTime=False, **active)
