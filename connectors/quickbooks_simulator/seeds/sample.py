"""A landscaping company in the manner of the vendor's sample company: the ids other programs' tests rely on."""

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import empty, foundation
from quickbooks_simulator.seeds.sample_lists import CANADIAN, plant_lists
from quickbooks_simulator.seeds.sample_sales import plant_sales


def plant(company: Company) -> None:
    """Names, items, accounts, and one of each kind of transaction, numbered by the company itself."""
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
    foundation.put_note(company, "1", "Feeds the birds at seven; ring before.", "1")
    foundation.put_terms(company, empty.TERMS)
    plant_lists(company)
    plant_sales(company)


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
