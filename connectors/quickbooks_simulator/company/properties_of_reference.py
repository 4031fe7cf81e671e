"""The property names of the company's own records and of taxes."""

from quickbooks_simulator.company.property_names import COMMON, NAMED, read_names

REFERENCE = read_names(
    {
        "CompanyInfo": f"""{COMMON} CompanyName LegalName CompanyAddr CustomerCommunicationAddr LegalAddr
            CustomerCommunicationEmailAddr PrimaryPhone CompanyStartDate FiscalYearStartMonth Country Email WebAddr
            SupportedLanguages DefaultTimeZone NameValue EmployerId CompanyURL""",
        "Preferences": f"""{COMMON} AccountingInfoPrefs ProductAndServicesPrefs SalesFormsPrefs EmailMessagesPrefs
            VendorAndPurchasesPrefs TimeTrackingPrefs TaxPrefs CurrencyPrefs ReportPrefs OtherPrefs""",
        "TaxCode": f"""{NAMED} Description Hidden Taxable TaxGroup SalesTaxRateList PurchaseTaxRateList
            AdjustmentTaxRateList TaxCodeConfigType""",
        "TaxRate": f"""{NAMED} Description RateValue AgencyRef TaxReturnLineRef EffectiveTaxRate SpecialTaxType
            DisplayType OriginalTaxRate""",
    }
)
