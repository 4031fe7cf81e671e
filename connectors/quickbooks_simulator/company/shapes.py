"""The JSON type each property must have, checked before any rule reads it."""

from typing import Any

from quickbooks_simulator.company.draft import SWITCHES
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

_OBJECTS = frozenset(
    {"BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryEmailAddr", "BillEmail", "BillEmailCc", "BillEmailBcc"}
    | {"PrimaryPhone", "AlternatePhone", "Mobile", "Fax", "WebAddr", "CustomerMemo", "TxnTaxDetail", "MetaData"}
    | {
        "SalesItemLineDetail",
        "GroupLineDetail",
        "DiscountLineDetail",
        "DepositLineDetail",
        "JournalEntryLineDetail",
        "Entity",
    }
    | {"PrimaryAddr", "OtherAddr", "CheckPayment", "CreditCardPayment", "CashBack", "DeliveryInfo"}
    | {"AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail", "VendorAddr", "RemitToAddr"}
)
_LISTS = frozenset({"Line", "CustomField", "LinkedTxn", "AttachableRef"})
_TEXTS = frozenset(
    {"Name", "DisplayName", "GivenName", "MiddleName", "FamilyName", "CompanyName", "Title", "Suffix", "Notes"}
    | {"Description", "Sku", "Type", "PrivateNote", "PaymentRefNum", "EmailStatus", "DetailType", "PrintStatus"}
    | {"TxnStatus", "AcceptedBy", "NameOf", "BillableStatus", "AccountType", "AccountSubType", "AcctNum", "TxnType"}
    | {"FileName", "Note", "Category", "Code", "TaxRegistrationNumber"}
    | {
        "PaymentType",
        "PayType",
        "POStatus",
        "PostingType",
        "PrintOnCheckName",
        "EmployeeNumber",
        "TaxIdentifier",
        "PurchaseDesc",
    }
)


def check_shapes(record: Record) -> None:
    """Refuse a value of the wrong JSON type, before any rule reads it (M: the code is 2010, as for malformed JSON)."""
    for name, value in record.items():
        if value is None or value == "":
            continue
        if name in _LISTS:
            fits = isinstance(value, list) and all(isinstance(each, dict) for each in value)
        elif name in _OBJECTS or name.endswith("Ref"):
            fits = isinstance(value, dict)
        elif name in SWITCHES:
            fits = value in (True, False, "true", "false")
        else:
            fits = isinstance(value, str) or name not in _TEXTS
        if not fits:
            raise Fault("2010", f"Property Name:{name} has a value of the wrong type", name)
        _check_inside(name, value)


def _check_inside(name: str, value: Any) -> None:
    if name in _LISTS:
        for each in value:
            check_shapes(each)
    elif name in _OBJECTS:
        check_shapes(value)
    elif name.endswith("Ref") and isinstance(value.get("value"), (dict, list)):
        raise Fault("2010", f"Property Name:{name}.value has a value of the wrong type", name)
