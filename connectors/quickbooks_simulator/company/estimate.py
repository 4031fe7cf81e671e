"""Rules of an estimate."""

from quickbooks_simulator.company.checks import check_length, read_date
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.sales_form import prepare_form, required_customer, terms
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

STATES = ("Pending", "Accepted", "Closed", "Rejected", "Converted")


def prepare_estimate(draft: Draft) -> Record:
    """An estimate; it owes nothing, and as long as an invoice links to it, it is closed. Source: types (V)."""
    customer = required_customer(draft)
    links = (draft.previous or {}).get("LinkedTxn", [])
    record: Record = {
        **prepare_form(draft, customer, ("AcceptedBy",)),
        **terms(draft, customer),
        "TxnStatus": "Closed" if links else draft.body.get("TxnStatus", "Pending"),
        "LinkedTxn": links,
    }
    if record["TxnStatus"] not in STATES:
        raise Fault("2170", f"TxnStatus must be one of {', '.join(STATES)}", "TxnStatus")
    check_length(record.get("AcceptedBy"), "AcceptedBy", 1000)
    for element in ("ExpirationDate", "AcceptedDate", "DueDate"):
        if element in draft.body:
            record[element] = read_date(draft.body[element], element).isoformat()
    return record


def release_invoice_link(changes: Changes, estimate: Record) -> None:
    """Take the link to a deleted estimate off its invoice, which stays as it is (M)."""
    own = {"TxnId": estimate["Id"], "TxnType": "Estimate"}
    for link in estimate["LinkedTxn"]:
        invoice = changes.find("Invoice", link["TxnId"])
        if invoice is not None:
            changes.revise("Invoice", {**invoice, "LinkedTxn": [each for each in invoice["LinkedTxn"] if each != own]})
