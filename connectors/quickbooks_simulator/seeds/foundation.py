"""What every company starts with: preferences, accounts, terms, tax codes, payment methods."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.store import Record, stamped

HOME = {"value": "USD", "name": "United States Dollar"}


def put(company: Company, kind: str, record_id: str, **values: Any) -> None:
    """Store a record as it stands, without the checks a client's write goes through."""
    record: Record = {**values, "domain": "QBO", "sparse": False, "Id": record_id, "SyncToken": "0"}
    moment = company.clock.now()
    company.store.put(kind, stamped(record, moment), moment)


def put_named(company: Company, kind: str, record_id: str, name: str, **values: Any) -> None:
    """Store an active record of a name list."""
    put(company, kind, record_id, Name=name, FullyQualifiedName=name, Active=True, **values)


def put_company_info(company: Company, name: str, address: Record, phone: str, email: str) -> None:
    put(
        company,
        "CompanyInfo",
        "1",
        CompanyName=name,
        LegalName=name,
        CompanyAddr=address,
        CustomerCommunicationAddr=address,
        LegalAddr=address,
        PrimaryPhone={"FreeFormNumber": phone},
        Email={"Address": email},
        WebAddr={},
        CompanyStartDate="2020-01-01",
        FiscalYearStartMonth="January",
        Country="US",
        SupportedLanguages="en",
        NameValue=[
            {"Name": "IndustryType", "Value": "Services"},
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
        ],
    )


def put_preferences(company: Company, field_names: dict[str, str], **sections: Record) -> None:
    """Store the preferences: the usual ones, with the given sections laid over them. Shape from types (V)."""
    usual: dict[str, Record] = {
        "AccountingInfoPrefs": {
            "FirstMonthOfFiscalYear": "January",
            "TaxYearMonth": "January",
            "UseAccountNumbers": False,
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": False,
            "TrackDepartments": False,
            "CustomerTerminology": "Customers",
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": False,
            "AllowServiceDate": False,
            "AllowDiscount": True,
            "AllowDeposit": True,
            "AllowShipping": False,
            "AllowEstimates": True,
            "DefaultTerms": {"value": "3"},
            "CustomField": custom_field_preferences(field_names),
        },
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": False,
        },
        "VendorAndPurchasesPrefs": {"BillableExpenseTracking": True, "TrackingByCustomer": True},
        "TimeTrackingPrefs": {
            "UseServices": True,
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        "EmailMessagesPrefs": {
            f"{form}Message": {"Subject": f"{form} from us", "Message": "Please find it attached."}
            for form in ("Invoice", "Estimate", "SalesReceipt", "Statement")
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}},
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
        "OtherPrefs": {"NameValue": [{"Name": "SalesFormsPrefs.DefaultCustomerMessage", "Value": "Thank you."}]},
    }
    merged = {name: {**values, **sections.get(name, {})} for name, values in usual.items()}
    put(company, "Preferences", "1", **merged)


def custom_field_preferences(field_names: dict[str, str]) -> list[Record]:
    """Field definitions as the preferences carry them: one group of switches, one of names (V)."""
    switches = [
        {
            "Name": f"SalesFormsPrefs.UseSalesCustom{number}",
            "Type": "BooleanType",
            "BooleanValue": number in field_names,
        }
        for number in ("1", "2", "3")
    ]
    names = [
        {"Name": f"SalesFormsPrefs.SalesCustomName{number}", "Type": "StringType", "StringValue": name}
        for number, name in sorted(field_names.items())
    ]
    return [{"CustomField": switches}, {"CustomField": names}] if names else [{"CustomField": switches}]


def put_tax_agency(company: Company, agency_id: str, name: str) -> None:
    values = {"TaxTrackedOnSales": True, "TaxTrackedOnPurchases": False}
    put(company, "TaxAgency", agency_id, DisplayName=name, **values)


def put_currency(company: Company, currency_id: str, code: str, name: str) -> None:
    """A foreign currency put into use."""
    put(company, "CompanyCurrency", currency_id, Code=code, Name=name, Active=True)


def put_note(company: Company, note_id: str, text: str, customer_id: str) -> None:
    """A note attached to a customer."""
    link = {"EntityRef": {"type": "Customer", "value": customer_id}, "IncludeOnSend": False}
    put(company, "Attachable", note_id, Note=text, AttachableRef=[link])


def put_tax_codes(company: Company, name: str, percent: str) -> None:
    """TAX, NON, and code 2 with one rate; all tax goes to agency 1."""
    put_tax_agency(company, "1", f"{name} Department of Revenue")
    put_named(
        company, "TaxRate", "3", name, RateValue=Decimal(percent), SpecialTaxType="NONE", AgencyRef={"value": "1"}
    )
    for code, taxable in (("TAX", True), ("NON", False)):
        put(company, "TaxCode", code, Name=code, Description=code, Active=True, Taxable=taxable, TaxGroup=False)
    rates = {"TaxRateDetail": [{"TaxRateRef": {"value": "3", "name": name}, "TaxTypeApplicable": "TaxOnAmount"}]}
    put(
        company,
        "TaxCode",
        "2",
        Name=name,
        Description=name,
        Active=True,
        Taxable=True,
        TaxGroup=True,
        SalesTaxRateList=rates,
    )


def put_terms(company: Company, terms: list[tuple[str, str, int, int, int]]) -> None:
    """Terms as (id, name, days, discount percent, discount days)."""
    for term_id, name, days, percent, discount_days in terms:
        put(
            company,
            "Term",
            term_id,
            Name=name,
            Active=True,
            Type="STANDARD",
            DueDays=days,
            DiscountPercent=percent,
            DiscountDays=discount_days,
        )


_ACCOUNTS = [
    ("1", "Services", "Income", "ServiceFeeIncome", "Revenue"),
    ("35", "Checking", "Bank", "Checking", "Asset"),
    ("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "Asset"),
    ("36", "Savings", "Bank", "Savings", "Asset"),
    ("33", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", "Liability"),
    ("79", "Sales of Product Income", "Income", "SalesOfProductIncome", "Revenue"),
    ("80", "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"),
    ("81", "Inventory Asset", "Other Current Asset", "Inventory", "Asset"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", "Asset"),
    ("86", "Discounts given", "Income", "DiscountsRefundsGiven", "Revenue"),
    ("90", "Sales Tax Payable", "Other Current Liability", "SalesTaxPayable", "Liability"),
]


def put_accounts(
    company: Company, currency: Record = HOME, more: Sequence[tuple[str, str, str, str, str]] = ()
) -> None:
    """The accounts every company has, and more as (id, name, type, sub-type, classification)."""
    for account_id, name, kind, detail, classification in (*_ACCOUNTS, *more):
        put_named(
            company,
            "Account",
            account_id,
            name,
            SubAccount=False,
            Classification=classification,
            AccountType=kind,
            AccountSubType=detail,
            CurrentBalance=Decimal("0.00"),
            CurrentBalanceWithSubAccounts=Decimal("0.00"),
            CurrencyRef=currency,
        )


def put_payment_methods(company: Company) -> None:
    for method_id, name in (("1", "Cash"), ("2", "Check"), ("3", "Credit Card"), ("4", "ACH")):
        kind = "CREDIT_CARD" if name == "Credit Card" else "NON_CREDIT_CARD"
        put(company, "PaymentMethod", method_id, Name=name, Active=True, Type=kind)


def put_item(
    company: Company, item_id: str, name: str, price: str, kind: str = "Service", taxable: bool = True
) -> None:
    """An item that is sold; one kept in stock begins with 25 pieces."""
    account = {"value": "1", "name": "Services"}
    if kind != "Service":
        account = {"value": "79", "name": "Sales of Product Income"}
    stock: Record = {"TrackQtyOnHand": False}
    if kind == "Inventory":
        stock = {
            "TrackQtyOnHand": True,
            "QtyOnHand": Decimal(25),
            "InvStartDate": "2020-01-01",
            "ExpenseAccountRef": {"value": "80", "name": "Cost of Goods Sold"},
            "AssetAccountRef": {"value": "81", "name": "Inventory Asset"},
        }
    put_named(
        company,
        "Item",
        item_id,
        name,
        Type=kind,
        UnitPrice=Decimal(price),
        Taxable=taxable,
        IncomeAccountRef=account,
        **stock,
    )


def put_customer(company: Company, customer_id: str, name: str, **values: Any) -> None:
    defaults: dict[str, Any] = {
        "DisplayName": name,
        "FullyQualifiedName": name,
        "PrintOnCheckName": name,
        "Active": True,
        "Taxable": True,
        "Job": False,
        "BillWithParent": False,
        "PreferredDeliveryMethod": "Print",
        "CurrencyRef": HOME,
    }
    put(company, "Customer", customer_id, **{**defaults, **values})
