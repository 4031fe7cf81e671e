"""The kinds of what the company buys and moves between its accounts. What is filterable is from memory (M)."""

from quickbooks_simulator.company.bill_payment import prepare_bill_payment, release_bills, void_bill_payment
from quickbooks_simulator.company.card_payment import prepare_card_payment, release_transfer
from quickbooks_simulator.company.journal_entry import prepare_journal_entry, prepare_transfer
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.lists import prepare_named
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.spending import (
    prepare_bill,
    prepare_purchase,
    prepare_purchase_order,
    prepare_vendor_credit,
    release_bill,
    release_nothing,
)

_FORM = "DocNumber TxnDate TotalAmt"

SPENDING = (
    Kind("Bill", prepare_bill, listed(f"{_FORM} VendorRef DueDate Balance SalesTermRef"), release=release_bill),
    Kind("VendorCredit", prepare_vendor_credit, listed(f"{_FORM} VendorRef"), release=release_bill),
    Kind("PurchaseOrder", prepare_purchase_order, listed(f"{_FORM} VendorRef POStatus"), release=release_nothing),
    Kind("Purchase", prepare_purchase, listed(f"{_FORM} PaymentType"), release=release_nothing),
    Kind(
        "BillPayment",
        prepare_bill_payment,
        listed(f"{_FORM} VendorRef PayType"),
        void=void_bill_payment,
        release=release_bills,
    ),
    Kind(
        "CreditCardPayment",
        prepare_card_payment,
        listed("TxnDate Amount"),
        release=release_transfer,
        answered_as="CreditCardPaymentTxn",
    ),
    Kind("JournalEntry", prepare_journal_entry, listed(_FORM), release=release_nothing),
    # Budgets and journal codes (France) can be asked for; this company has none, and takes none.
    Kind("Budget", prepare_named, listed("Name Active"), writable=False, captured=False),
    Kind("JournalCode", prepare_named, listed("Name Active"), writable=False, captured=False),
    Kind("Transfer", prepare_transfer, listed("TxnDate Amount"), release=release_nothing),
)
