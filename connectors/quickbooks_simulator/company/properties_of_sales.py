"""The property names of sales transactions. Those of an invoice are recorded (V), the others from types (V) and (M)."""

from quickbooks_simulator.company.property_names import COMMON, read_names

_FORM = f"""{COMMON} AutoDocNumber DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus
    LinkedTxn Line TxnTaxDetail TxnSource CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr
    RemitToRef ClassRef SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate TrackingNum
    GlobalTaxCalculation TotalAmt HomeTotalAmt ApplyTaxAfterDiscount TemplateRef PrintStatus EmailStatus BillEmail
    BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge PaymentMethodRef PaymentRefNum PaymentType
    CheckPayment CreditCardPayment DepositToAccountRef DeliveryInfo DiscountAmt DiscountRate RecurDataRef
    TaxExemptionRef TransactionLocationType GovtTxnRefIdentifier TxnApprovalInfo ProjectRef CustomExtensions
    UseAutomatedSalesTax TaxInclusiveAmt"""
"""What every sales form has."""

SALES = read_names(
    {
        "Invoice": f"""{_FORM} Deposit AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment
            AllowOnlineACHPayment EInvoiceStatus ECloudStatusTimeStamp InvoiceLink InvoiceEx CallToAction invoiceStatus
            invoiceStatusLog InvoiceLinkSecurityCode InvoiceLinkExpiryDate TxnRetainageDetail""",
        "CreditMemo": f"{_FORM} RemainingCredit InvoiceRef CreditMemoEx",
        "SalesReceipt": f"{_FORM} SalesReceiptEx",
        "RefundReceipt": f"{_FORM} RefundReceiptEx",
        "Estimate": f"{_FORM} ExpirationDate AcceptedBy AcceptedDate EstimateEx",
        "Payment": f"""{COMMON} DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn
            Line TxnTaxDetail TxnSource CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef
            PaymentRefNum PaymentType CheckPayment CreditCardPayment TotalAmt UnappliedAmt ProcessPayment
            TaxExemptionRef TransactionLocationType HomeTotalAmt PaymentEx ProjectRef""",
        "Deposit": f"""{COMMON} DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn
            Line TxnTaxDetail TxnSource DepositToAccountRef CashBack TotalAmt HomeTotalAmt GlobalTaxCalculation
            TransactionLocationType RecurDataRef DepositEx""",
        "TimeActivity": f"""{COMMON} TimeZone TxnDate NameOf EmployeeRef VendorRef OtherNameRef CustomerRef
            DepartmentRef ItemRef ClassRef PayrollItemRef BillableStatus Taxable HourlyRate BillRate CostRate Hours
            Minutes Seconds BreakHours BreakMinutes BreakSeconds StartTime EndTime Description TransactionLocationType
            TimeActivityEx ProjectRef LinkedTxn""",
    }
)
