"""Rules of sales receipts and refund receipts: money that changes hands with the form."""

from quickbooks_simulator.company.accounts_used import money_account, resolve_payment_method, undeposited_funds
from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.deposited import check_not_deposited
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.sales_form import home_amounts, optional_customer, prepare_form
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

COPIED = ("PaymentRefNum", "PaymentType", "CheckPayment", "CreditCardPayment")


def prepare_sales_receipt(draft: Draft) -> Record:
    """A sale paid at once; the money goes to Undeposited Funds unless another account is named. Types (V)."""
    check_not_deposited(draft.previous)
    account = money_account(draft) or undeposited_funds(draft)
    return _prepare_receipt(draft, account)


def prepare_refund_receipt(draft: Draft) -> Record:
    """Money given back; the account it is taken from is required. Source: types (V)."""
    account = money_account(draft)
    if account is None:
        raise Fault("2020", "Required param missing, need to supply DepositToAccountRef", "DepositToAccountRef")
    return _prepare_receipt(draft, account)


def _prepare_receipt(draft: Draft, account: Record | None) -> Record:
    record: Record = {
        **prepare_form(draft, optional_customer(draft), COPIED),
        **resolve_payment_method(draft),
        "Balance": ZERO,
        **home_amounts(draft, HomeBalance=ZERO),
        "LinkedTxn": (draft.previous or {}).get("LinkedTxn", []),
    }
    if account:
        record["DepositToAccountRef"] = account
    check_length(record.get("PaymentRefNum"), "PaymentRefNum", 21)
    return record


def delete_receipt(_changes: Changes, receipt: Record) -> None:
    """Nothing else hangs on a receipt, unless it was deposited (P)."""
    check_not_deposited(receipt)
