"""Rules of a payment."""

from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.accounts_used import money_account, resolve_payment_method, undeposited_funds
from quickbooks_simulator.company.applying import (
    OPEN_AMOUNT,
    apply_line,
    release_applied,
    sum_of,
    unapplied,
)
from quickbooks_simulator.company.checks import check_length, check_properties, refer_to
from quickbooks_simulator.company.deposited import check_not_deposited
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.properties import LINE_PROPERTIES
from quickbooks_simulator.company.sales_form import currency, home_amounts, required_customer, transaction_date
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

COPIED = ("PaymentRefNum", "PrivateNote", "CreditCardPayment", "TransactionLocationType", "PaymentType")


def prepare_payment(draft: Draft) -> Record:
    """A payment; what it pays is changed in the same write. Source: types (V), documentation (P).

    A payment of zero with one line for a credit memo and one for an invoice applies the credit (P).
    """
    check_not_deposited(draft.previous)
    customer = required_customer(draft)
    total = _total(draft)
    day = transaction_date(draft)
    if draft.previous:
        release_applied(draft.changes, draft.previous)
    lines = [_prepare_line(draft, line, customer) for line in draft.body.get("Line", [])]
    _check_applied(total, lines)
    account = money_account(draft) or undeposited_funds(draft)
    record: Record = {
        **{name: draft.body[name] for name in COPIED if name in draft.body},
        **resolve_payment_method(draft),
        **({"DepositToAccountRef": account} if account else {}),
        "CustomerRef": refer_to(customer),
        "CurrencyRef": currency(draft, customer),
        "TxnDate": day.isoformat(),
        "TotalAmt": total,
        "UnappliedAmt": unapplied(total, lines),
        **home_amounts(draft, HomeTotalAmt=total),
        "ProcessPayment": False,
        "Line": lines,
        "LinkedTxn": [],
    }
    check_length(record.get("PaymentRefNum"), "PaymentRefNum", 21)
    check_length(record.get("PrivateNote"), "PrivateNote", 4000)
    return record


def delete_payment(changes: Changes, payment: Record) -> None:
    """Give back what the payment applied; a deposited one stays (P)."""
    check_not_deposited(payment)
    release_applied(changes, payment)


def _total(draft: Draft) -> Decimal:
    if "TotalAmt" not in draft.body:
        raise Fault("2020", "Required param missing, need to supply TotalAmt", "TotalAmt")
    total = read_amount(draft.body["TotalAmt"], "TotalAmt")
    if total < ZERO:
        raise Fault("6000", "Transaction amount must be 0 or greater.", "TotalAmt")
    return total


def _check_applied(total: Decimal, lines: list[Record]) -> None:
    """Neither more than the payment and its credits, nor credits that pay nothing (M)."""
    if unapplied(total, lines) < ZERO:
        applied = sum_of(lines, "Invoice")
        raise Fault("6000", f"The amounts applied, {applied}, are more than the payment, {total}.", "Line")
    if unapplied(total, lines) > total:
        raise Fault("6000", "The credits applied are more than the invoices they are applied to.", "Line")


def _prepare_line(draft: Draft, sent: Any, customer: Record) -> Record:
    if not isinstance(sent, dict):
        raise Fault("2010", "A line must be an object", "Line")
    check_properties(sent, LINE_PROPERTIES, "Line.")
    links = sent.get("LinkedTxn", [])
    if len(links) != 1:
        raise Fault("2020", "Each line of a payment links exactly one transaction", "Line.LinkedTxn")
    kind = links[0].get("TxnType")
    if kind not in OPEN_AMOUNT:
        raise Fault("2170", f"Line.LinkedTxn.TxnType must be {' or '.join(OPEN_AMOUNT)}", "Line.LinkedTxn.TxnType")
    line: Record = {
        "Amount": read_amount(sent.get("Amount", 0), "Line.Amount"),
        "LinkedTxn": [{"TxnId": str(links[0].get("TxnId")), "TxnType": kind}],
    }
    apply_line(draft.changes, draft.body["Id"], line, customer)
    return line
