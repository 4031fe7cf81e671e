"""Rules of an invoice."""

from decimal import Decimal

from quickbooks_simulator.company.checks import read_date, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.due_date import due_date
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.sales_form import home_amounts, prepare_form, required_customer, terms
from quickbooks_simulator.company.sources import SOURCES, link_sources
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

COPIED = ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment")
"""Stored as sent. AllowIPNPayment and AllowOnlinePayment are deprecated and stay false (V)."""


def prepare_invoice(draft: Draft) -> Record:
    """An invoice with everything the company adds. Source: recorded answers (V), documentation (P)."""
    customer = required_customer(draft)
    form = prepare_form(draft, customer, COPIED)
    day = read_date(form["TxnDate"], "TxnDate")
    deposit_to = resolve(draft, draft.body.get("DepositToAccountRef"), "Account", "DepositToAccountRef")
    return {
        **form,
        **terms(draft, customer),
        **({"DepositToAccountRef": deposit_to} if deposit_to else {}),
        "DueDate": due_date(draft, customer, day).isoformat(),
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
        **_balance(draft, form["TotalAmt"]),
        "LinkedTxn": _links(draft, customer),
    }


def _balance(draft: Draft, total: Decimal) -> Record:
    """What is left to pay. A total below what was already paid is refused (M)."""
    previous = draft.previous or {"TotalAmt": ZERO, "Balance": ZERO}
    paid = previous["TotalAmt"] - previous["Balance"]
    if paid > total:
        raise Fault("6000", f"The total {total} is less than the {paid} already paid.")
    return {"Balance": total - paid, **home_amounts(draft, HomeBalance=total - paid)}


def _links(draft: Draft, customer: Record) -> list[Record]:
    """Links to payments are read-only, those to estimates and time are the client's. Source: types (V)."""
    kept = [link for link in (draft.previous or {}).get("LinkedTxn", []) if link["TxnType"] not in SOURCES]
    sent = [link for link in draft.body.get("LinkedTxn", []) if link.get("TxnType") in SOURCES]
    return link_sources(draft, customer, sent) + kept
