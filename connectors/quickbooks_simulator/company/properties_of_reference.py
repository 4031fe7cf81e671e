"""The property names of the company's own records, of taxes, currencies and attachments."""

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
        "TaxAgency": f"""{COMMON} DisplayName TaxRegistrationNumber TaxTrackedOnSales TaxTrackedOnPurchases
            LastFileDate TaxAgencyConfig TaxReturnConfig""",
        "CompanyCurrency": f"{COMMON} Code Name Active",
        "ExchangeRate": f"{COMMON} SourceCurrencyCode TargetCurrencyCode Rate AsOfDate",
        "Attachable": f"""{COMMON} FileName FileAccessUri TempDownloadUri Size ContentType Category Lat Long PlaceName
            Note Tag ThumbnailFileAccessUri ThumbnailTempDownloadUri AttachableEx""",
    }
)
