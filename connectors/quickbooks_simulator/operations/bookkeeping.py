"""What an accountant does in the company's own screens. It goes by the same rules as a program's calls.

Each function takes the SyncToken the accountant last saw, where there is one to have seen; None is the present one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.checks import read_date
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.journal import ACCOUNTANT
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.mailing import send_form

RATE_PLACES = Decimal("0.0000001")
"""A rate has up to seven decimals (M)."""


@dataclass(frozen=True)
class Receipt:
    """Money received from a customer. `parts` says how much of it pays which invoice; the rest stays unapplied.

    Without an amount it is the sum of its parts; without a date it is today's; without an account the money waits in
    Undeposited Funds.
    """

    customer_id: str
    parts: Mapping[str, Any]
    amount: Any = None
    day: str | None = None
    reference: str | None = None
    method_id: str | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class InvoiceEdit:
    """What is to become of an invoice; None leaves a thing as it is. `amounts` are by line id."""

    memo: str | None = None
    message: str | None = None
    customer_id: str | None = None
    due: str | None = None
    amounts: Mapping[str, Any] = field(default_factory=dict)


def receive(company: Company, receipt: Receipt) -> Record:
    """Store a payment on any number of a customer's invoices."""
    parts = {key: read_amount(value, "Amount") for key, value in receipt.parts.items()}
    total = sum(parts.values(), ZERO) if receipt.amount is None else receipt.amount
    body: Record = {
        "CustomerRef": {"value": receipt.customer_id},
        "TotalAmt": total,
        "TxnDate": receipt.day,
        "PaymentRefNum": receipt.reference,
        "PaymentMethodRef": _reference(receipt.method_id),
        "DepositToAccountRef": _reference(receipt.account_id),
        "Line": _payment_lines(parts),
    }
    with _by_accountant(company):
        return company.create(KINDS["Payment"], body)


def apply_credit(company: Company, payment_id: str, parts: Mapping[str, Any]) -> Record:
    """Put what a payment has unapplied on invoices: how much on which, by invoice id."""
    payment = find(company, "Payment", payment_id)
    wanted = {key: read_amount(value, "Amount") for key, value in parts.items()}
    # A second part on an invoice the payment pays already makes the first one larger.
    kept = []
    for line in payment["Line"]:
        link = line["LinkedTxn"][0]
        more = wanted.pop(link["TxnId"], ZERO) if link["TxnType"] == "Invoice" else ZERO
        kept.append({**line, "Amount": line["Amount"] + more})
    return _update(company, "Payment", {**_identity(payment, None), "Line": [*kept, *_payment_lines(wanted)]})


def edit_invoice(company: Company, invoice_id: str, edit: InvoiceEdit, token: str | None = None) -> Record:
    """Change an invoice. A changed amount changes the line's rate, and the tax is worked out anew (M)."""
    invoice = find(company, "Invoice", invoice_id)
    body = _identity(invoice, token)
    if edit.memo is not None:
        body["PrivateNote"] = edit.memo
    if edit.message is not None:
        body["CustomerMemo"] = {"value": edit.message}
    if edit.due is not None:
        body["DueDate"] = edit.due
    if edit.customer_id is not None and edit.customer_id != invoice["CustomerRef"]["value"]:
        body |= _of_customer(find(company, "Customer", edit.customer_id))
    amounts = {key: read_amount(value, f"The amount of line {key}") for key, value in edit.amounts.items()}
    if amounts:
        body |= _with_amounts(invoice, amounts)
    return _update(company, "Invoice", body)


def void(company: Company, kind: str, record_id: str, token: str | None = None) -> Record:
    """Void a transaction: it stays, with zero amounts."""
    with _by_accountant(company):
        return company.void(KINDS[_known(kind)], _identity(find(company, kind, record_id), token))


def delete(company: Company, kind: str, record_id: str, token: str | None = None) -> Record:
    """Take a transaction out of the books."""
    with _by_accountant(company):
        return company.delete(KINDS[_known(kind)], _identity(find(company, kind, record_id), token))


def send(company: Company, kind: str, record_id: str, address: str | None = None) -> Record:
    """E-mail a form to this address, else to the one it has."""
    with _by_accountant(company):
        return send_form(company, KINDS[_known(kind)], record_id, address)


def close_books(company: Company, until: str | None) -> Record:
    """Close the books up to and including a day; None opens all periods."""
    day = read_date(until, "The closing date").isoformat() if until else None
    body = {"AccountingInfoPrefs": {"BookCloseDate": day}}
    with _by_accountant(company):
        return company.update(KINDS["Preferences"], body)


def set_active(company: Company, kind: str, record_id: str, active: bool) -> Record:
    """Make a record of a name list inactive, or active again."""
    return _update(company, kind, {**_identity(find(company, kind, record_id), None), "Active": active})


def rename(company: Company, kind: str, record_id: str, name: str) -> Record:
    """Give a record of a name list another name. What refers to it keeps the old one until it is changed (M)."""
    record = find(company, kind, record_id)
    names = ("DisplayName", "PrintOnCheckName") if "DisplayName" in record else ("Name",)
    return _update(company, kind, {**_identity(record, None), **dict.fromkeys(names, name.strip())})


def find(company: Company, kind: str, record_id: str) -> Record:
    """The stored record; fault 610 when there is none."""
    record = company.store.find(_known(kind), record_id)
    if record is None:
        raise Fault("610", f"There is no {kind.lower()} {record_id}. It may have been deleted.")
    return record


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise Fault("500", f"The company has no records called {kind}.")
    return kind


@contextmanager
def _by_accountant(company: Company) -> Iterator[None]:
    with company.journal.written_by(ACCOUNTANT):
        yield


def _update(company: Company, kind: str, body: Record) -> Record:
    with _by_accountant(company):
        return company.update(KINDS[kind], body)


def _identity(record: Record, token: str | None) -> Record:
    return {"Id": record["Id"], "SyncToken": record["SyncToken"] if token is None else token, "sparse": True}


def _payment_lines(parts: Mapping[str, Decimal]) -> list[Record]:
    return [
        {"Amount": amount, "LinkedTxn": [{"TxnId": key, "TxnType": "Invoice"}]}
        for key, amount in parts.items()
        if amount
    ]


def _reference(record_id: str | None) -> Record | None:
    return {"value": record_id} if record_id else None


def _of_customer(customer: Record) -> Record:
    """Another customer brings its addresses along (M)."""
    return {
        "CustomerRef": {"value": customer["Id"]},
        "BillAddr": customer.get("BillAddr"),
        "ShipAddr": customer.get("ShipAddr"),
        "BillEmail": customer.get("PrimaryEmailAddr"),
    }


def _with_amounts(invoice: Record, amounts: Mapping[str, Decimal]) -> Record:
    items = {line["Id"] for line in invoice["Line"] if line["DetailType"] == "SalesItemLineDetail"}
    unknown = sorted(set(amounts) - items)
    if unknown:
        raise Fault("2030", f"The invoice has no line {', '.join(unknown)} with an amount.", "Line")
    changed = [
        _with_amount(line, amounts[line["Id"]]) if amounts.get(line.get("Id"), line.get("Amount")) != line.get("Amount")
        else line
        for line in invoice["Line"]
    ]  # fmt: skip
    return {"Line": changed} if changed != invoice["Line"] else {}


def _with_amount(line: Record, amount: Decimal) -> Record:
    detail = {name: value for name, value in line["SalesItemLineDetail"].items() if name != "UnitPrice"}
    if detail.get("Qty"):
        detail["UnitPrice"] = (amount / detail["Qty"]).quantize(RATE_PLACES).normalize()
    return {**line, "Amount": amount, "SalesItemLineDetail": detail}
