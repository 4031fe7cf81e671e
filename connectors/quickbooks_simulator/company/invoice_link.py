"""The address at which a customer sees an invoice."""

from hashlib import sha256

from quickbooks_simulator.company.store import Record

WANTED = "invoiceLink"
"""What a call includes to be told the link (V)."""


def with_invoice_links(answer: Record) -> Record:
    """The answer, a read, a write or a query, with the link of each invoice that has one.

    It has one when it can be paid online and has an address to be mailed to. Source: a client's test (V).
    """
    if "QueryResponse" in answer and "Invoice" in answer["QueryResponse"]:
        found = answer["QueryResponse"]
        return {**answer, "QueryResponse": {**found, "Invoice": [_with_link(each) for each in found["Invoice"]]}}
    return {**answer, "Invoice": _with_link(answer["Invoice"])} if "Invoice" in answer else answer


def _with_link(invoice: Record) -> Record:
    online = invoice.get("AllowOnlineCreditCardPayment") or invoice.get("AllowOnlineACHPayment")
    if not online or "BillEmail" not in invoice:
        return invoice
    mark = sha256(f"{invoice['Id']} {invoice['MetaData']['CreateTime']}".encode()).hexdigest()[:32]
    return {**invoice, "InvoiceLink": f"https://invoices.simulator.example/view/{mark}"}
