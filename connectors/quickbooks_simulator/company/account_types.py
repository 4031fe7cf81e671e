"""The types of account and the sub-types of each, the usual one first. Source: types (V), the first ones (M)."""

CLASSIFICATIONS = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}
_SUB_TYPES = {
    "Bank": "Checking CashOnHand MoneyMarket RentsHeldInTrust Savings TrustAccounts CashAndCashEquivalents",
    "Accounts Receivable": "AccountsReceivable",
    "Other Current Asset": """OtherCurrentAssets AllowanceForBadDebts DevelopmentCosts EmployeeCashAdvances Inventory
        Investment_MortgageRealEstateLoans Investment_Other Investment_TaxExemptSecurities
        Investment_USGovernmentObligations LoansToOfficers LoansToOthers LoansToStockholders PrepaidExpenses Retainage
        UndepositedFunds""",
    "Fixed Asset": """OtherFixedAssets AccumulatedAmortization AccumulatedDepletion AccumulatedDepreciation Buildings
        DepletableAssets FixedAssetComputers FixedAssetCopiers FixedAssetFurniture FixedAssetPhone FixedAssetPhotoVideo
        FixedAssetSoftware FixedAssetOtherToolsEquipment FurnitureAndFixtures IntangibleAssets Land
        LeaseholdImprovements MachineryAndEquipment Vehicles""",
    "Other Asset": """OtherLongTermAssets AccumulatedAmortizationOfOtherAssets Goodwill LeaseBuyout Licenses
        OrganizationalCosts SecurityDeposits""",
    "Accounts Payable": "AccountsPayable",
    "Credit Card": "CreditCard",
    "Other Current Liability": """OtherCurrentLiabilities DeferredRevenue DirectDepositPayable
        FederalIncomeTaxPayable GlobalTaxPayable GlobalTaxSuspense InsurancePayable LineOfCredit LoanPayable
        PayrollClearing PayrollTaxPayable PrepaidExpensesPayable RentsInTrustLiability SalesTaxPayable
        StateLocalIncomeTaxPayable TrustAccountsLiabilities UndepositedFundsLiability""",
    "Long Term Liability": "OtherLongTermLiabilities NotesPayable ShareholderNotesPayable",
    "Equity": """OpeningBalanceEquity AccumulatedAdjustment CommonStock EstimatedTaxes Healthcare OwnersEquity
        PaidInCapitalOrSurplus PartnerContributions PartnerDistributions PartnersEquity PersonalExpense PersonalIncome
        PreferredStock RetainedEarnings TreasuryStock""",
    "Income": """ServiceFeeIncome DiscountsRefundsGiven NonProfitIncome OtherPrimaryIncome SalesOfProductIncome
        UnappliedCashPaymentIncome""",
    "Other Income": """OtherMiscellaneousIncome DividendIncome InterestEarned OtherInvestmentIncome
        TaxExemptInterest""",
    "Cost of Goods Sold": "SuppliesMaterialsCogs CostOfLaborCos EquipmentRentalCos OtherCostsOfServiceCos "
    "ShippingFreightDeliveryCos",
    "Expense": """OtherMiscellaneousServiceCost AdvertisingPromotional Auto BadDebts BankCharges CharitableContributions
        CommissionsAndFees CostOfLabor DuesSubscriptions Entertainment EntertainmentMeals EquipmentRental
        FinanceCosts GlobalTaxExpense Insurance InterestPaid LegalProfessionalFees OfficeGeneralAdministrativeExpenses
        OtherBusinessExpenses PayrollExpenses PromotionalMeals RentOrLeaseOfBuildings RepairMaintenance
        ShippingFreightDelivery SuppliesMaterials TaxesPaid Travel TravelMeals UnappliedCashBillPaymentExpense
        Utilities""",
    "Other Expense": """OtherMiscellaneousExpense Amortization Depreciation ExchangeGainOrLoss GasAndFuel
        HomeOffice HomeOwnerRentalInsurance MortgageInterestHomeOffice OtherHomeOfficeExpenses OtherVehicleExpenses
        ParkingAndTolls PenaltiesSettlements RentAndLeaseHomeOffice RepairsAndMaintenanceHomeOffice TaxesHomeOffice
        UtilitiesHomeOffice Vehicle VehicleInsurance VehicleLease VehicleLoan VehicleLoanInterest VehicleRegistration
        VehicleRepairs WashAndRoadServices""",
}
SUB_TYPES: dict[str, list[str]] = {kind: names.split() for kind, names in _SUB_TYPES.items()}
TYPE_OF_SUB_TYPE: dict[str, str] = {name: kind for kind, names in SUB_TYPES.items() for name in names}
