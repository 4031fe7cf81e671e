"""Thames Facility Services: a firm outside the US, with VAT on every line and more than one currency."""

from decimal import Decimal

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import empty, foundation

POUND = {"value": "GBP", "name": "British Pound Sterling"}
EURO = {"value": "EUR", "name": "Euro"}
CODES = [
    ("2", "20.0% S", "20", "Standard"),
    ("3", "5.0% R", "5", "Reduced Rate"),
    ("4", "0.0% Z", "0", "Zero Rate"),
]
EXEMPT = "5"
ITEMS = [("1", "HVAC labour", "90.00", "Service"), ("2", "Filter", "18.50", "NonInventory")]


def plant(company: Company) -> None:
    """Two customers, one of them billed in euros; VAT codes 2, 3 and 4, and 5 without a rate."""
    address = {"Id": "1", "Line1": "1 Wharf Road", "City": "London", "PostalCode": "SE1 2AA", "Country": "GB"}
    foundation.put_company_info(company, "Thames Facility Services", address, "020 7946 0100", "books@thames.example")
    information = company.store.find("CompanyInfo", "1") or {}
    company.store.put("CompanyInfo", {**information, "Country": "GB"}, company.clock.now())
    foundation.put_preferences(
        company,
        {"1": "P.O. Number"},
        AccountingInfoPrefs={"ClassTrackingPerTxnLine": True},
        SalesFormsPrefs={"CustomTxnNumbers": True, "AllowServiceDate": True},
        TaxPrefs={"UsingSalesTax": True},
        CurrencyPrefs={"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "GBP"}},
    )
    foundation.put_tax_agency(company, "1", "HM Revenue & Customs")
    _put_codes(company)
    foundation.put_currency(company, "1", EURO["value"], EURO["name"])
    foundation.put_terms(company, empty.TERMS)
    foundation.put_accounts(company, POUND)
    foundation.put_payment_methods(company)
    for item in ITEMS:
        foundation.put_item(company, *item)
    foundation.put_customer(company, "1", "Riverside Hospital", CurrencyRef=POUND)
    foundation.put_customer(company, "2", "Seine Logistique", CurrencyRef=EURO)


def _put_codes(company: Company) -> None:
    for code_id, name, percent, description in CODES:
        foundation.put_named(
            company,
            "TaxRate",
            code_id,
            name,
            RateValue=Decimal(percent),
            SpecialTaxType="NONE",
            AgencyRef={"value": "1"},
        )
        rates = [{"TaxRateRef": {"value": code_id, "name": name}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}]
        _put_code(company, code_id, name, f"{description} {name}", rates)
    _put_code(company, EXEMPT, "Exempt", "Exempt from VAT", [])


def _put_code(company: Company, code_id: str, name: str, description: str, rates: list[dict[str, object]]) -> None:
    foundation.put(
        company,
        "TaxCode",
        code_id,
        Name=name,
        Description=description,
        Active=True,
        Taxable=bool(rates),
        TaxGroup=True,
        SalesTaxRateList={"TaxRateDetail": rates},
        PurchaseTaxRateList={"TaxRateDetail": []},
    )
