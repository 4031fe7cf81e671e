"""The kinds of sales transaction.

Filterable of an invoice is what the reference marks (P), and TotalAmt (M); the rest is from memory (M).
"""

from quickbooks_simulator.company.invoice import prepare_invoice
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.payment import prepare_payment, release_invoices, release_payments
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.voiding import void_invoice, void_payment

SALES = (
    Kind(
        "Invoice",
        prepare_invoice,
        listed("DocNumber TxnDate DueDate Balance CustomerRef SalesTermRef ProjectRef TotalAmt"),
        void=void_invoice,
        release=release_payments,
    ),
    Kind(
        "Payment",
        prepare_payment,
        listed("TxnDate CustomerRef PaymentRefNum TotalAmt UnappliedAmt"),
        void=void_payment,
        release=release_invoices,
    ),
)
