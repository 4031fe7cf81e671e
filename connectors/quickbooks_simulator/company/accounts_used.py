"""The accounts and payment methods that money transactions name."""

from quickbooks_simulator.company.checks import find_reference, refer_to, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

MONEY_TYPES = ("Bank", "Other Current Asset", "Credit Card")


def money_account(draft: Draft) -> Record | None:
    """The account named for the money; one that cannot hold money is fault 6430 (P for the code, M for the types)."""
    account = find_reference(draft, draft.body.get("DepositToAccountRef"), "Account", "DepositToAccountRef")
    if account is None:
        return None
    if account.get("AccountType") not in MONEY_TYPES:
        raise Fault(
            "6430",
            f"Invalid account type: account {account['Id']} is of type {account.get('AccountType')}, "
            f"it must be one of {', '.join(MONEY_TYPES)}.",
            "DepositToAccountRef",
        )
    return refer_to(account)


def undeposited_funds(draft: Draft) -> Record | None:
    """The account that keeps money until it is taken to the bank (M)."""
    for account in draft.changes.store.all("Account"):
        if account.get("AccountSubType") == "UndepositedFunds":
            return {"value": account["Id"]}
    return None


def resolve_payment_method(draft: Draft) -> Record:
    """The payment method, completed with its name; empty when none was sent."""
    method = resolve(draft, draft.body.get("PaymentMethodRef"), "PaymentMethod", "PaymentMethodRef")
    return {"PaymentMethodRef": method} if method else {}
