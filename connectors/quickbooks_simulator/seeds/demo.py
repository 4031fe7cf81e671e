"""Harbor Facility Services: a facility service firm in Columbus, Ohio."""

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import foundation

TERMS = [
    ("1", "Due on receipt", 0, 0, 0),
    ("2", "Net 30", 30, 0, 0),
    ("3", "2% 10 Net 30", 30, 2, 10),
    ("4", "Net 45", 45, 0, 0),
]
ITEMS = [
    ("1", "Services", "0", "Service"),
    ("2", "HVAC labor", "90.00", "Service"),
    ("3", "HVAC filter 20x25", "18.50", "NonInventory"),
    ("4", "Emergency call-out", "150.00", "Service"),
    ("5", "Blower motor", "412.00", "NonInventory"),
    ("6", "Plumbing labor", "85.00", "Service"),
    ("7", "Common area cleaning", "45.00", "Service"),
    ("8", "Lock replacement", "129.00", "NonInventory"),
    ("9", "Polo shirt, embroidered", "24.90", "NonInventory"),
    ("10", "Embroidery set-up", "60.00", "Service"),
    ("11", "Refrigerant R-410A", "38.00", "NonInventory"),
    ("12", "Travel", "35.00", "Service"),
]
CLASSES = [
    ("101", "Hospital HVAC"),
    ("102", "Hospital Emergency"),
    ("103", "Property Maple Court"),
    ("104", "Property Birch House"),
    ("105", "Property Elm Tower"),
    ("106", "Marketing Merchandise"),
]
FIELDS = {"1": "P.O. Number", "2": "Work Order"}
NET_30 = {"value": "2", "name": "Net 30"}


def plant(company: Company) -> None:
    """The company of the demo story, before its first invoice."""
    address = _address("1", "600 Harbor Road", "43215")
    foundation.put_company_info(company, "Harbor Facility Services", address, "(614) 555-0142", "books@harbor.example")
    foundation.put_preferences(
        company,
        FIELDS,
        AccountingInfoPrefs={"ClassTrackingPerTxnLine": True},
        SalesFormsPrefs={"CustomTxnNumbers": True, "AllowServiceDate": True, "DefaultTerms": {"value": "2"}},
        TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": True, "TaxGroupCodeRef": {"value": "2"}},
    )
    foundation.put_tax_codes(company, "Ohio - Franklin County", "7.5")
    foundation.put_terms(company, TERMS)
    foundation.put_accounts(company)
    foundation.put_payment_methods(company)
    for item in ITEMS:
        foundation.put_item(company, *item)
    for class_id, name in CLASSES:
        foundation.put_named(company, "Class", class_id, name, SubClass=False)
    _put_customers(company)


def _put_customers(company: Company) -> None:
    for customer_id, name, email, street, code in (
        ("1", "Mercy General Hospital", "ap@mercy.example", "1 Mercy Way", "43215"),
        ("2", "Cedar Property Management", "invoices@cedar.example", "240 Cedar Avenue", "43206"),
        ("3", "Brightside Marketing", "billing@brightside.example", "88 Long Street", "43201"),
    ):
        foundation.put_customer(
            company,
            customer_id,
            name,
            CompanyName=name,
            PrimaryEmailAddr={"Address": email},
            BillAddr=_address(f"{customer_id}0", street, code),
            SalesTermRef=NET_30,
        )


def _address(address_id: str, street: str, code: str) -> dict[str, str]:
    return {
        "Id": address_id,
        "Line1": street,
        "City": "Columbus",
        "CountrySubDivisionCode": "OH",
        "PostalCode": code,
        "Country": "US",
    }
