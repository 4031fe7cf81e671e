"""The property names of sales transactions."""

from quickbooks_simulator.company.property_names import COMMON, read_names

SALES = read_names(
    {
        "Invoice": f"""{COMMON} AutoDocNumber DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote
            TxnStatus LinkedTxn Line TxnTaxDetail TxnSource CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress
            ShipFromAddr RemitToRef ClassRef SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate
            TrackingNum GlobalTaxCalculation TotalAmt HomeTotalAmt ApplyTaxAfterDiscount TemplateRef PrintStatus
            EmailStatus BillEmail BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge
            PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment DepositToAccountRef DeliveryInfo DiscountAmt
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
)
