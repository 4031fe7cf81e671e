"""Rules of a payment, and how it changes the invoices it pays."""

from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.checks import check_length, check_properties, refer_to, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.invoice import currency, required_customer, transaction_date
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.properties import LINE_PROPERTIES
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

COPIED = ("PaymentRefNum", "PrivateNote", "CreditCardPayment", "TransactionLocationType")


def prepare_payment(draft: Draft) -> Record:
    """A payment; the invoices it pays are changed in the same write. Source: types (V), documentation (P)."""
    customer = required_customer(draft)
    total = _total(draft)
    if draft.previous:
        release_invoices(draft.changes, draft.previous)
    lines = [_prepare_line(draft, line, customer) for line in draft.body.get("Line", [])]
    applied = sum((line["Amount"] for line in lines), ZERO)
    if applied > total:
        raise Fault("6000", f"The amounts applied, {applied}, are more than the payment, {total}.", "Line")
    record: Record = {
        **{name: draft.body[name] for name in COPIED if name in draft.body},
        **_accounts(draft),
        "CustomerRef": refer_to(customer),
        "CurrencyRef": currency(draft, customer),
        "TxnDate": transaction_date(draft).isoformat(),
        "TotalAmt": total,
        "UnappliedAmt": total - applied,
        "ProcessPayment": False,
        "Line": lines,
        "LinkedTxn": [],
    }
    check_length(record.get("PaymentRefNum"), "PaymentRefNum", 21)
    check_length(record.get("PrivateNote"), "PrivateNote", 4000)
    return record


def _total(draft: Draft) -> Decimal:
    if "TotalAmt" not in draft.body:
        raise Fault("2020", "Required param missing, need to supply TotalAmt", "TotalAmt")
    total = read_amount(draft.body["TotalAmt"], "TotalAmt")
    if total < ZERO:
        raise Fault("6000", "Transaction amount must be 0 or greater.", "TotalAmt")
    return total


def _accounts(draft: Draft) -> Record:
    """Method and account; money goes to Undeposited Funds unless another account is named (M)."""
    answer: Record = {}
    for element, kind in (("PaymentMethodRef", "PaymentMethod"), ("DepositToAccountRef", "Account")):
        reference = resolve(draft, draft.body.get(element), kind, element)
        if reference:
            answer[element] = reference
    if "DepositToAccountRef" not in answer:
        for account in draft.changes.store.all("Account"):
            if account.get("AccountSubType") == "UndepositedFunds":
                answer["DepositToAccountRef"] = {"value": account["Id"]}
    return answer


def _prepare_line(draft: Draft, line: Any, customer: Record) -> Record:
    if not isinstance(line, dict):
        raise Fault("2010", "A line must be an object", "Line")
    check_properties(line, LINE_PROPERTIES, "Line.")
    links = line.get("LinkedTxn", [])
    if len(links) != 1:
        raise Fault("2020", "Each line of a payment links exactly one transaction", "Line.LinkedTxn")
    if links[0].get("TxnType") != "Invoice":
        raise Fault("2170", "Line.LinkedTxn.TxnType must be Invoice", "Line.LinkedTxn.TxnType")
    invoice_id = str(links[0].get("TxnId"))
    amount = read_amount(line.get("Amount", 0), "Line.Amount")
    _apply(draft, invoice_id, amount, customer)
    return {"Amount": amount, "LinkedTxn": [{"TxnId": invoice_id, "TxnType": "Invoice"}]}


def _apply(draft: Draft, invoice_id: str, amount: Decimal, customer: Record) -> None:
    """Lower the invoice's balance and link it. Another customer's invoice is fault 620 (P)."""
    invoice = draft.changes.find("Invoice", invoice_id)
    if invoice is None:
        raise Fault("2500", f"Invalid Reference Id : LinkedTxn Invoice {invoice_id} not found", "Line.LinkedTxn")
    if invoice["CustomerRef"]["value"] != customer["Id"]:
        raise Fault("620", f"Invoice {invoice_id} belongs to another customer.", "Line.LinkedTxn")
    if amount < ZERO or amount > invoice["Balance"]:
        raise Fault("6000", f"Invoice {invoice_id} has {invoice['Balance']} open; {amount} cannot be applied.", "Line")
    link = {"TxnId": draft.body["Id"], "TxnType": "Payment"}
    links = [each for each in invoice.get("LinkedTxn", []) if each != link]
    draft.changes.revise("Invoice", with_balance({**invoice, "LinkedTxn": [*links, link]}, -amount))


def release_invoices(changes: Changes, payment: Record) -> None:
    """Give back to its invoices what a payment had applied. Source: types (V)."""
    link = {"TxnId": payment["Id"], "TxnType": "Payment"}
    for line in payment["Line"]:
        invoice = changes.find("Invoice", line["LinkedTxn"][0]["TxnId"])
        if invoice is not None:
            links = [each for each in invoice["LinkedTxn"] if each != link]
            changes.revise("Invoice", with_balance({**invoice, "LinkedTxn": links}, line["Amount"]))


def release_payments(changes: Changes, invoice: Record) -> None:
    """Make what was paid on an invoice unapplied money of its payments. Source: fact on voiding (V)."""
    for link in invoice["LinkedTxn"]:
        payment = changes.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is None:
            continue
        freed = [line for line in payment["Line"] if line["LinkedTxn"][0]["TxnId"] == invoice["Id"]]
        kept = [line for line in payment["Line"] if line not in freed]
        unapplied = payment["UnappliedAmt"] + sum((line["Amount"] for line in freed), ZERO)
        changes.revise("Payment", {**payment, "Line": kept, "UnappliedAmt": unapplied})


def with_balance(invoice: Record, change: Decimal) -> Record:
    """The invoice with its open balance changed by so much."""
    answer = {**invoice, "Balance": invoice["Balance"] + change}
    if "HomeBalance" in answer:
        answer["HomeBalance"] = (answer["Balance"] * Decimal(answer["ExchangeRate"])).quantize(ZERO)
    return answer
