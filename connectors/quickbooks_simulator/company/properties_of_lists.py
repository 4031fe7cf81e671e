"""The property names of name lists."""

from quickbooks_simulator.company.property_names import COMMON, NAMED, read_names

LISTS = read_names(
    {
        "Customer": f"""{COMMON} Taxable BillAddr ShipAddr OtherAddr Job BillWithParent ParentRef Level SalesTermRef
            PaymentMethodRef Balance OpenBalanceDate BalanceWithJobs CurrencyRef PreferredDeliveryMethod ResaleNum Title
            GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName PrintOnCheckName UserId
            Active V4IDPseudonym PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr DefaultTaxCodeRef Notes
            ARAccountRef TaxExemptionReasonId IsProject ClientEntityId PrimaryTaxIdentifier CustomerTypeRef GSTIN
            GSTRegistrationType BusinessNumber SecondaryTaxIdentifier Source TaxRegime""",
        "CustomerType": NAMED,
        "Vendor": f"""{COMMON} Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName
            PrintOnCheckName Active PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr BillAddr OtherAddr
            OtherContactInfo TaxIdentifier BusinessNumber TaxReportingBasis TermRef Balance BillRate CostRate AcctNum
            Vendor1099 T4AEligible T5018Eligible APAccountRef CurrencyRef Notes GSTIN GSTRegistrationType HasTPAR
            VendorPaymentBankDetail Source""",
        "Employee": f"""{COMMON} Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName
            PrintOnCheckName Active PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr EmailAddress WebAddr
            PrimaryAddr OtherAddr EmployeeType EmployeeNumber SSN BillableTime BillRate CostRate BirthDate Gender
            HiredDate ReleasedDate UseTimeEntry Organization""",
        "Item": f"""{NAMED} Description Sku SubItem Taxable SalesTaxIncluded PercentBased UnitPrice RatePercent Type
            PaymentMethodRef UOMSetRef IncomeAccountRef PurchaseDesc PurchaseTaxIncluded PurchaseCost ExpenseAccountRef
            COGSAccountRef AssetAccountRef PrefVendorRef AvgCost TrackQtyOnHand QtyOnHand QtyOnPurchaseOrder
            QtyOnSalesOrder ReorderPoint ManPartNum DepositToAccountRef SalesTaxCodeRef PurchaseTaxCodeRef InvStartDate
            BuildPoint PrintGroupedItems SpecialItem SpecialItemType ItemGroupDetail AbatementRate ReverseChargeRate
            ServiceType ItemCategoryType TaxClassificationRef DeferredRevenue Source UQCDisplayText UQCId
            ClassRef""",
        "Term": f"""{NAMED} Type DiscountPercent DueDays DiscountDays DayOfMonthDue DueNextMonthDays
            DiscountDayOfMonth""",
        "Class": f"{NAMED} SubClass",
        "Department": f"{NAMED} SubDepartment Address",
        "Account": f"""{NAMED} Description SubAccount Classification AccountType AccountSubType AcctNum AccountAlias
            BankNum OpeningBalance OpeningBalanceDate CurrentBalance CurrentBalanceWithSubAccounts CurrencyRef
            TaxCodeRef TaxAccount OnlineBankingEnabled FIName TxnLocationType""",
        "PaymentMethod": f"{NAMED} Type",
    }
)
