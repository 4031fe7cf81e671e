"""Rules of paying a credit card's balance."""

from quickbooks_simulator.company.checks import check_length, find_reference, refer_to
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.sales_form import transaction_date
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

ACCOUNTS = {"BankAccountRef": ("Bank", "Other Current Asset"), "CreditCardAccountRef": ("Credit Card",)}


def prepare_card_payment(draft: Draft) -> Record:
    """An amount paid from a bank account to a credit card. Source: types (V), the codes of the faults (M).

    It can be read as the transfer it is, under the same id. Source: a client's tests (V).
    """
    day = transaction_date(draft)
    if "Amount" not in draft.body:
        raise Fault("2020", "Required param missing, need to supply Amount", "Amount")
    amount = read_amount(draft.body["Amount"], "Amount")
    if amount <= ZERO:
        raise Fault("6000", "Transaction amount must be greater than 0.", "Amount")
    accounts = {element: refer_to(_account(draft, element)) for element in ACCOUNTS}
    check_length(draft.body.get("PrivateNote"), "PrivateNote", 4000)
    noted: Record = {name: draft.body[name] for name in ("PrivateNote", "Memo", "CheckNum") if name in draft.body}
    record: Record = {**noted, **accounts, "TxnDate": day.isoformat(), "Amount": amount}
    _put_transfer(draft, record)
    return record


def release_transfer(changes: Changes, payment: Record) -> None:
    """The transfer goes with the payment."""
    if changes.find("Transfer", payment["Id"]) is not None:
        changes.remove("Transfer", payment["Id"])


def _account(draft: Draft, element: str) -> Record:
    account = find_reference(draft, draft.body.get(element), "Account", element)
    if account is None:
        raise Fault("2020", f"Required param missing, need to supply {element}", element)
    if account["AccountType"] not in ACCOUNTS[element]:
        raise Fault("6430", f"Invalid account type: {element} cannot be of type {account['AccountType']}.", element)
    return account


def _put_transfer(draft: Draft, payment: Record) -> None:
    transfer: Record = {
        "TxnDate": payment["TxnDate"],
        "Amount": payment["Amount"],
        "FromAccountRef": payment["BankAccountRef"],
        "ToAccountRef": payment["CreditCardAccountRef"],
    }
    known = {"domain": "QBO", "sparse": False, "Id": draft.body["Id"], "SyncToken": "0"}
    stored = draft.changes.find("Transfer", draft.body["Id"])
    if stored is None:
        draft.changes.put("Transfer", {**transfer, **known})
    else:
        draft.changes.revise("Transfer", {**stored, **transfer})
