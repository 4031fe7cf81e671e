"""The kinds of sales transaction.

Filterable of an invoice is what the reference marks (P), and TotalAmt (M); the rest is from memory (M). Which ones can
be mailed and printed is from a client's classes (V) for invoices, estimates and sales receipts, else from memory (M).
"""

from quickbooks_simulator.company.applying import release_payments
from quickbooks_simulator.company.credit_memo import prepare_credit_memo
from quickbooks_simulator.company.deposit import prepare_deposit, release_deposited
from quickbooks_simulator.company.estimate import prepare_estimate, release_invoice_link
from quickbooks_simulator.company.invoice import prepare_invoice
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.payment import delete_payment, prepare_payment
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.receipts import delete_receipt, prepare_refund_receipt, prepare_sales_receipt
from quickbooks_simulator.company.sources import release_sources
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.company.time_activity import prepare_time_activity, release_billing
from quickbooks_simulator.company.voiding import void_invoice, void_payment, void_sales_receipt

_FORM = "DocNumber TxnDate CustomerRef TotalAmt"


def _release_invoice(changes: Changes, invoice: Record) -> None:
    release_payments(changes, invoice)
    release_sources(changes, invoice)


SALES = (
    Kind(
        "Invoice",
        prepare_invoice,
        listed(f"{_FORM} DueDate Balance SalesTermRef ProjectRef"),
        void=void_invoice,
        release=_release_invoice,
        mailable=True,
        printable=True,
    ),
    Kind(
        "CreditMemo",
        prepare_credit_memo,
        listed(f"{_FORM} Balance RemainingCredit SalesTermRef"),
        release=release_payments,
        mailable=True,
        printable=True,
    ),
    Kind(
        "SalesReceipt",
        prepare_sales_receipt,
        listed(f"{_FORM} PaymentRefNum"),
        void=void_sales_receipt,
        release=delete_receipt,
        mailable=True,
        printable=True,
    ),
    Kind(
        "RefundReceipt",
        prepare_refund_receipt,
        listed(f"{_FORM} PaymentRefNum"),
        release=delete_receipt,
        mailable=True,
        printable=True,
    ),
    Kind(
        "Estimate",
        prepare_estimate,
        listed(f"{_FORM} TxnStatus ExpirationDate AcceptedDate SalesTermRef"),
        release=release_invoice_link,
        mailable=True,
        printable=True,
    ),
    Kind(
        "Payment",
        prepare_payment,
        listed("TxnDate CustomerRef PaymentRefNum TotalAmt UnappliedAmt"),
        void=void_payment,
        release=delete_payment,
        printable=True,
    ),
    Kind(
        "Deposit", prepare_deposit, listed("TxnDate DocNumber TotalAmt DepositToAccountRef"), release=release_deposited
    ),
    # Time takes no part in change data capture (P).
    Kind(
        "TimeActivity",
        prepare_time_activity,
        listed("TxnDate NameOf BillableStatus CustomerRef EmployeeRef VendorRef"),
        release=release_billing,
        captured=False,
    ),
)
