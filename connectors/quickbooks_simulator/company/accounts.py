"""Rules of accounts."""

from quickbooks_simulator.company.account_types import CLASSIFICATIONS, SUB_TYPES, TYPE_OF_SUB_TYPE
from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.lists import prepare_named
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

DERIVED = ("Classification", "CurrentBalance", "CurrentBalanceWithSubAccounts")


def prepare_account(draft: Draft) -> Record:
    """An account: its type or sub-type is required, each follows from the other. Source: types (V)."""
    record = {name: value for name, value in prepare_named(draft).items() if name not in DERIVED}
    check_length(record.get("Description"), "Description", 100)
    check_length(record.get("AcctNum"), "AcctNum", 20)
    kind, sub_type = _types(record)
    home = draft.preference("CurrencyPrefs", "HomeCurrency") or {"value": "USD"}
    previous = draft.previous or {}
    return {
        **record,
        "AccountType": kind,
        "AccountSubType": sub_type,
        "Classification": CLASSIFICATIONS[kind],
        "CurrentBalance": previous.get("CurrentBalance", ZERO),
        "CurrentBalanceWithSubAccounts": previous.get("CurrentBalanceWithSubAccounts", ZERO),
        "CurrencyRef": record.get("CurrencyRef", home),
    }


def _types(record: Record) -> tuple[str, str]:
    kind, sub_type = record.get("AccountType"), record.get("AccountSubType")
    if kind is None and sub_type is None:
        raise Fault("2020", "Required param missing, need to supply AccountType or AccountSubType", "AccountType")
    if sub_type is not None and sub_type not in TYPE_OF_SUB_TYPE:
        raise Fault("2170", f"AccountSubType {sub_type} is not known", "AccountSubType")
    if kind is None:
        return TYPE_OF_SUB_TYPE[str(sub_type)], str(sub_type)
    if kind not in CLASSIFICATIONS:
        raise Fault("2170", f"AccountType must be one of {', '.join(CLASSIFICATIONS)}", "AccountType")
    if sub_type is not None and TYPE_OF_SUB_TYPE[sub_type] != kind:
        raise Fault("6430", f"Invalid account type: {sub_type} is not a sub-type of {kind}.", "AccountSubType")
    return str(kind), str(sub_type or SUB_TYPES[kind][0])
