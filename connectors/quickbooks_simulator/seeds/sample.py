"""A landscaping company in the manner of the vendor's sample company: the ids other programs' tests rely on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.seeds import empty, foundation

CANADIAN = {"value": "CAD", "name": "Canadian Dollar"}
CUSTOMERS = [
    ("1", "Amy's Bird Sanctuary", "birds@amy.example"),
    ("2", "Bill's Windsurf Shop", "surf@bill.example"),
    ("3", "Cool Cars", "cool@cars.example"),
    ("4", "Diego Rodriguez", "diego@rodriguez.example"),
    ("5", "Dukes Basketball Camp", "dukes@basketball.example"),
]
ITEMS = [
    ("1", "Services", "0", "Service", False),
    ("2", "Hours", "0", "Service", False),
    ("5", "Rock Fountain", "275", "NonInventory", True),
    ("6", "Gardening", "0", "Service", False),
    ("7", "Installation", "50", "Service", False),
    ("8", "Lighting", "15", "NonInventory", True),
    ("10", "Pest Control", "35", "Service", False),
    ("11", "Pump", "15", "NonInventory", True),
]
SALES = [
    ("1", "10", 3, "35.00"),
    ("2", "5", 1, "275.00"),
    ("3", "7", 4, "50.00"),
    ("4", "8", 10, "15.00"),
    ("5", "11", 6, "15.00"),
]


def plant(company: Company) -> None:
    """Customers, items, five paid invoices and one open one, numbered by the company itself."""
    address = {
        "Id": "1",
        "Line1": "123 Garden Street",
        "City": "San Pablo",
        "CountrySubDivisionCode": "CA",
        "PostalCode": "94806",
    }
    foundation.put_company_info(company, "Sample Landscaping", address, "(510) 555-0119", "books@landscaping.example")
    foundation.put_preferences(
        company,
        {"1": "Crew #"},
        AccountingInfoPrefs={"ClassTrackingPerTxnLine": True, "TrackDepartments": True},
        SalesFormsPrefs={"AllowServiceDate": True},
        CurrencyPrefs={"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "USD"}},
    )
    foundation.put_tax_codes(company, "California", "8")
    _put_tucson(company)
    foundation.put_currency(company, "1", CANADIAN["value"], CANADIAN["name"])
    foundation.put_terms(company, empty.TERMS)
    foundation.put_accounts(company)
    foundation.put_payment_methods(company)
    foundation.put_named(company, "Department", "1", "North yard", SubDepartment=False)
    foundation.put_named(company, "Class", "1", "Landscaping", SubClass=False)
    for item in ITEMS:
        foundation.put_item(company, *item)
    for customer_id, name, email in CUSTOMERS:
        foundation.put_customer(company, customer_id, name, PrimaryEmailAddr={"Address": email})
    foundation.put_customer(company, "6", "Maple Leaf Gardens", CurrencyRef=CANADIAN)
    _sell(company)


def _put_tucson(company: Company) -> None:
    foundation.put_named(
        company, "TaxRate", "4", "Tucson", RateValue=9, SpecialTaxType="NONE", AgencyRef={"value": "1"}
    )
    rates = {"TaxRateDetail": [{"TaxRateRef": {"value": "4", "name": "Tucson"}, "TaxTypeApplicable": "TaxOnAmount"}]}
    foundation.put(
        company,
        "TaxCode",
        "3",
        Name="Tucson",
        Description="Tucson",
        Active=True,
        Taxable=True,
        TaxGroup=True,
        SalesTaxRateList=rates,
    )


def _sell(company: Company) -> None:
    today = company.clock.now().astimezone(COMPANY_ZONE).date()
    for age, (customer_id, item_id, quantity, price) in enumerate([*SALES, SALES[0]]):
        invoice = _invoice(
            company, customer_id, item_id, quantity, price, (today - timedelta(days=20 - age)).isoformat()
        )
        if age < len(SALES):
            _pay(company, invoice)


def _invoice(company: Company, customer_id: str, item_id: str, quantity: int, price: str, day: str) -> dict[str, Any]:
    amount = str(Decimal(price) * quantity)
    detail = {"ItemRef": {"value": item_id}, "Qty": quantity, "UnitPrice": price}
    line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
    body = {"CustomerRef": {"value": customer_id}, "TxnDate": day, "Line": [line]}
    return company.create(KINDS["Invoice"], body)


def _pay(company: Company, invoice: dict[str, Any]) -> None:
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    body = {
        "CustomerRef": invoice["CustomerRef"],
        "TotalAmt": invoice["TotalAmt"],
        "TxnDate": invoice["TxnDate"],
        "Line": [{"Amount": invoice["TotalAmt"], "LinkedTxn": [link]}],
    }
    company.create(KINDS["Payment"], body)
