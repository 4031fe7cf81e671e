"""The property names of what the company buys and moves between its accounts. From types (V) and memory (M)."""

from quickbooks_simulator.company.property_names import COMMON, NAMED, listed, read_names

_TRANSACTION = f"""{COMMON} DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn
    Line TxnTaxDetail TxnSource GlobalTaxCalculation TotalAmt HomeTotalAmt TransactionLocationType RecurDataRef"""
_OF_VENDOR = f"{_TRANSACTION} VendorRef APAccountRef VendorAddr RemitToRef Memo"

SPENDING = read_names(
    {
        "Bill": f"{_OF_VENDOR} PayerRef SalesTermRef DueDate Balance HomeBalance BillEmail ReplyEmail BillEx ShipAddr",
        "VendorCredit": f"{_OF_VENDOR} Balance VendorCreditEx FromAccountRef ToAccountRef",
        "PurchaseOrder": f"""{_OF_VENDOR} POStatus DueDate ExpectedDate ShipAddr ShipTo ShipMethodRef SalesTermRef
            ClassRef TaxCodeRef EmailStatus POEmail PrintStatus FOB TemplateRef PurchaseOrderEx""",
        "Purchase": f"""{_TRANSACTION} AccountRef EntityRef PaymentType PaymentMethodRef PaymentRefNum CheckPayment
            CreditCardPayment RemitToAddr Credit PrintStatus Memo PurchaseEx""",
        "BillPayment": f"""{COMMON} DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote Line VendorRef
            APAccountRef PayType CheckPayment CreditCardPayment TotalAmt ProcessBillPayment TransactionLocationType
            BillPaymentEx TxnStatus LinkedTxn""",
        "CreditCardPayment": f"""{COMMON} TxnDate PrivateNote Memo Amount BankAccountRef CreditCardAccountRef VendorRef
            CheckNum PrintStatus CurrencyRef ExchangeRate""",
        "JournalEntry": f"{_TRANSACTION} Adjustment HomeCurrencyAdjustment EnteredInAdjustmentMode JournalEntryEx",
        "Budget": f"{NAMED} BudgetType BudgetEntryType BudgetDetail StartDate EndDate",
        "JournalCode": f"{NAMED} Type Description",
        "Transfer": f"""{COMMON} TxnDate PrivateNote TxnSource FromAccountRef ToAccountRef Amount ClassRef CurrencyRef
            ExchangeRate DepartmentRef TransactionLocationType RecurDataRef""",
    }
)

EXPENSE_LINE = listed(
    """
    Id LineNum Description Amount Received LinkedTxn DetailType CustomField ProjectRef
    AccountBasedExpenseLineDetail ItemBasedExpenseLineDetail JournalEntryLineDetail DescriptionLineDetail
    """
)
EXPENSE_DETAIL = listed(
    """
    AccountRef ItemRef CustomerRef ClassRef TaxCodeRef PriceLevelRef MarkupInfo BillableStatus TaxAmount TaxInclusiveAmt
    Qty UnitPrice ReceivedQty
    """
)
