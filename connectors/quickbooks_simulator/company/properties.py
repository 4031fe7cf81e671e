"""The property names the parser knows, per kind. Any other name is fault 2010. Source: recorded fault detail (V)."""

COMMON = "Id SyncToken MetaData CustomField AttachableRef domain sparse status"
NAMED = f"{COMMON} Name Active FullyQualifiedName ParentRef Level"

_NAMES = {
    "CompanyInfo": f"""{COMMON} CompanyName LegalName CompanyAddr CustomerCommunicationAddr LegalAddr
        CustomerCommunicationEmailAddr PrimaryPhone CompanyStartDate FiscalYearStartMonth Country Email WebAddr
        SupportedLanguages DefaultTimeZone NameValue EmployerId CompanyURL""",
    "Preferences": f"""{COMMON} AccountingInfoPrefs ProductAndServicesPrefs SalesFormsPrefs EmailMessagesPrefs
        VendorAndPurchasesPrefs TimeTrackingPrefs TaxPrefs CurrencyPrefs ReportPrefs OtherPrefs""",
    "Customer": f"""{COMMON} Taxable BillAddr ShipAddr OtherAddr Job BillWithParent ParentRef Level SalesTermRef
        PaymentMethodRef Balance OpenBalanceDate BalanceWithJobs CurrencyRef PreferredDeliveryMethod ResaleNum Title
        GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName PrintOnCheckName UserId
        Active V4IDPseudonym PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr DefaultTaxCodeRef Notes
        ARAccountRef TaxExemptionReasonId IsProject ClientEntityId PrimaryTaxIdentifier CustomerTypeRef GSTIN
        GSTRegistrationType BusinessNumber SecondaryTaxIdentifier Source TaxRegime""",
    "Item": f"""{NAMED} Description Sku SubItem Taxable SalesTaxIncluded PercentBased UnitPrice RatePercent Type
        PaymentMethodRef UOMSetRef IncomeAccountRef PurchaseDesc PurchaseTaxIncluded PurchaseCost ExpenseAccountRef
        COGSAccountRef AssetAccountRef PrefVendorRef AvgCost TrackQtyOnHand QtyOnHand QtyOnPurchaseOrder
        QtyOnSalesOrder ReorderPoint ManPartNum DepositToAccountRef SalesTaxCodeRef PurchaseTaxCodeRef InvStartDate
        BuildPoint PrintGroupedItems SpecialItem SpecialItemType ItemGroupDetail AbatementRate ReverseChargeRate
        ServiceType ItemCategoryType TaxClassificationRef DeferredRevenue Source UQCDisplayText UQCId
        ClassRef""",
    "Term": f"""{NAMED} Type DiscountPercent DueDays DiscountDays DayOfMonthDue DueNextMonthDays
        DiscountDayOfMonth""",
    "TaxCode": f"""{NAMED} Description Hidden Taxable TaxGroup SalesTaxRateList PurchaseTaxRateList
        AdjustmentTaxRateList TaxCodeConfigType""",
    "TaxRate": f"""{NAMED} Description RateValue AgencyRef TaxReturnLineRef EffectiveTaxRate SpecialTaxType
        DisplayType OriginalTaxRate""",
    "Class": f"{NAMED} SubClass",
    "Department": f"{NAMED} SubDepartment Address",
    "Account": f"""{NAMED} Description SubAccount Classification AccountType AccountSubType AcctNum AccountAlias
        BankNum OpeningBalance OpeningBalanceDate CurrentBalance CurrentBalanceWithSubAccounts CurrencyRef
        TaxCodeRef TaxAccount OnlineBankingEnabled FIName TxnLocationType""",
    "PaymentMethod": f"{NAMED} Type",
    "Invoice": f"""{COMMON} AutoDocNumber DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote
        TxnStatus LinkedTxn Line TxnTaxDetail TxnSource CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress
        ShipFromAddr RemitToRef ClassRef SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate
        TrackingNum GlobalTaxCalculation TotalAmt HomeTotalAmt ApplyTaxAfterDiscount TemplateRef PrintStatus
        EmailStatus BillEmail BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge PaymentMethodRef
        PaymentRefNum PaymentType CheckPayment CreditCardPayment DepositToAccountRef DeliveryInfo DiscountAmt
        DiscountRate Deposit AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment
        EInvoiceStatus ECloudStatusTimeStamp InvoiceLink RecurDataRef TaxExemptionRef TransactionLocationType
        InvoiceEx GovtTxnRefIdentifier TxnApprovalInfo ProjectRef CallToAction invoiceStatus invoiceStatusLog
        ShipFromAddr InvoiceLinkSecurityCode InvoiceLinkExpiryDate UseAutomatedSalesTax TxnRetainageDetail
        CustomExtensions TaxInclusiveAmt""",
    "Payment": f"""{COMMON} DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn
        Line TxnTaxDetail TxnSource CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef
        PaymentRefNum PaymentType CheckPayment CreditCardPayment TotalAmt UnappliedAmt ProcessPayment
        TaxExemptionRef TransactionLocationType HomeTotalAmt PaymentEx ProjectRef""",
}


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


PROPERTIES: dict[str, frozenset[str]] = {kind: _listed(names) for kind, names in _NAMES.items()}

LINE_PROPERTIES = _listed(
    """
    Id LineNum Description Amount Received LinkedTxn DetailType PaymentLineDetail DiscountLineDetail
    TaxLineDetail SalesItemLineDetail DescriptionLineDetail SubTotalLineDetail SubtotalLineDetail
    GroupLineDetail CustomField ProjectRef CostAmount HomeCostAmount LineEx CustomExtensions
    """
)

SALES_DETAIL_PROPERTIES = _listed(
    """
    ItemRef ClassRef UnitPrice RatePercent PriceLevelRef MarkupInfo Qty UOMRef ItemAccountRef InventorySiteRef
    TaxCodeRef TaxClassificationRef ServiceDate TaxInclusiveAmt DiscountRate DiscountAmt DeferredRevenue
    CustomExtensions
    """
)
