"""An accountant records a payment in the company's own screens."""

from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.journal import ACCOUNTANT
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault


def find_invoice(company: Company, invoice_id: str | None, number: str | None) -> Record:
    """The invoice with this id or number; fault 610 when there is none."""
    for kind, holder in sorted(company.store.holders(("Invoice", number or ""))) if invoice_id is None else []:
        found = company.store.find(kind, holder)
        if found is not None:
            return found
    found = company.store.find("Invoice", invoice_id or "")
    if found is None:
        raise Fault("610", f"There is no invoice {invoice_id or number}.")
    return found


def receive_payment(
    company: Company, invoice: Record, amount: Any = None, day: str | None = None, reference: str | None = None
) -> Record:
    """Store a payment on one invoice; without an amount it pays the whole balance."""
    if invoice["Balance"] <= 0:
        raise Fault("6000", f"Invoice {invoice.get('DocNumber') or invoice['Id']} has nothing left to pay.")
    total = invoice["Balance"] if amount is None else amount
    body: Record = {
        "CustomerRef": invoice["CustomerRef"],
        "TotalAmt": total,
        "TxnDate": day,
        "PaymentRefNum": reference,
        "Line": [{"Amount": total, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}],
    }
    with company.journal.written_by(ACCOUNTANT):
        return company.create(KINDS["Payment"], body)
