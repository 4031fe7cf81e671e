"""An accountant takes received payments to the bank."""

from collections.abc import Sequence

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.journal import ACCOUNTANT
from quickbooks_simulator.company.kinds import find_kind
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault


def deposit(
    company: Company, payment_ids: Sequence[str], account_id: str, day: str | None = None, memo: str | None = None
) -> Record:
    """Store one deposit of these payments into a bank account."""
    if not payment_ids:
        raise Fault("2020", "Choose at least one payment to deposit.")
    body: Record = {
        "DepositToAccountRef": {"value": account_id},
        "TxnDate": day,
        "PrivateNote": memo,
        "Line": [{"LinkedTxn": [{"TxnId": each, "TxnType": "Payment"}]} for each in payment_ids],
    }
    with company.journal.written_by(ACCOUNTANT):
        return company.create(find_kind("Deposit"), body)


def undeposited(company: Company) -> list[Record]:
    """The payments whose money waits in Undeposited Funds, the newest first."""
    accounts = {each["Id"] for each in company.store.all("Account") if each.get("AccountSubType") == "UndepositedFunds"}
    waiting = [
        payment
        for payment in company.store.all("Payment")
        if payment["TotalAmt"] > 0
        and payment.get("DepositToAccountRef", {}).get("value") in accounts
        and not any(link["TxnType"] == "Deposit" for link in payment["LinkedTxn"])
    ]
    return waiting[::-1]


def bank_accounts(company: Company) -> list[Record]:
    """The accounts a deposit can go to."""
    return [
        each for each in company.store.all("Account") if each.get("AccountType") == "Bank" and each.get("Active", True)
    ]
