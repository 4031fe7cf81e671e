"""Rules of bills, vendor credits, purchases and purchase orders."""

from datetime import timedelta

from quickbooks_simulator.company.checks import check_length, find_reference, read_date, refer_to, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.expense_lines import prepare_expense_lines
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.numbering import LONGEST_NUMBER
from quickbooks_simulator.company.sales_form import home_amounts, transaction_date
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

COPIED = ("PrivateNote", "Memo", "ShipAddr", "VendorAddr", "RemitToAddr", "Credit", "PrintStatus")
PAID_FROM = {"Cash": ("Bank", "Other Current Asset"), "Check": ("Bank",), "CreditCard": ("Credit Card",)}


def prepare_bill(draft: Draft) -> Record:
    """What a vendor is owed, due by its term or after 30 days. Source: types (V), the days (M)."""
    record = _of_vendor(draft)
    term = resolve(draft, draft.body.get("SalesTermRef"), "Term", "SalesTermRef")
    days = int((draft.changes.find("Term", term["value"]) or {}).get("DueDays", 30)) if term else 30
    sent = draft.body.get("DueDate")
    due = read_date(sent, "DueDate") if sent else read_date(record["TxnDate"], "TxnDate") + timedelta(days=days)
    return {**record, **({"SalesTermRef": term} if term else {}), **_open(draft, record), "DueDate": due.isoformat()}


def prepare_vendor_credit(draft: Draft) -> Record:
    """What a vendor owes back. Source: types (V)."""
    record = _of_vendor(draft)
    return {**record, **_open(draft, record)}


def prepare_purchase_order(draft: Draft) -> Record:
    """What was ordered from a vendor; it owes nothing. Source: types (V)."""
    record = {**_of_vendor(draft), "POStatus": draft.body.get("POStatus", "Open")}
    if record["POStatus"] not in ("Open", "Closed"):
        raise Fault("2170", "POStatus must be Open or Closed", "POStatus")
    return record


def prepare_purchase(draft: Draft) -> Record:
    """Something bought and paid at once; the account must fit the way it was paid. Types (V), the fit (M)."""
    way = draft.body.get("PaymentType")
    if way not in PAID_FROM:
        raise Fault("2170" if way else "2020", f"PaymentType must be one of {', '.join(PAID_FROM)}", "PaymentType")
    account = find_reference(draft, draft.body.get("AccountRef"), "Account", "AccountRef")
    if account is None:
        raise Fault("2020", "Required param missing, need to supply AccountRef", "AccountRef")
    if account["AccountType"] not in PAID_FROM[str(way)]:
        raise Fault("6430", f"Invalid account type: {account['AccountType']} does not fit {way}.", "AccountRef")
    payee = draft.body.get("EntityRef")
    return {
        **_common(draft),
        "PaymentType": way,
        "AccountRef": refer_to(account),
        **({"EntityRef": payee} if payee else {}),
        "CurrencyRef": account["CurrencyRef"],
    }


def release_bill(_changes: Changes, bill: Record) -> None:
    """A bill or credit that was paid stays until its payment goes. Source: fault list (P), the case (M)."""
    if bill["LinkedTxn"]:
        raise Fault("800", f"Bill payment {bill['LinkedTxn'][0]['TxnId']} depends on it; delete that first.")


def release_nothing(_changes: Changes, _record: Record) -> None:
    """Nothing hangs on it."""


def _of_vendor(draft: Draft) -> Record:
    vendor = find_reference(draft, draft.body.get("VendorRef"), "Vendor", "VendorRef")
    if vendor is None:
        raise Fault("2020", "Required param missing, need to supply VendorRef", "VendorRef")
    payable = resolve(draft, draft.body.get("APAccountRef"), "Account", "APAccountRef") or _payable(draft)
    return {
        **_common(draft),
        "VendorRef": refer_to(vendor),
        "CurrencyRef": vendor["CurrencyRef"],
        **({"APAccountRef": payable} if payable else {}),
    }


def _payable(draft: Draft) -> Record | None:
    accounts = draft.changes.store.all("Account")
    return next((refer_to(each) for each in accounts if each.get("AccountType") == "Accounts Payable"), None)


def _common(draft: Draft) -> Record:
    day = transaction_date(draft)
    lines = prepare_expense_lines(draft)
    record: Record = {name: draft.body[name] for name in COPIED if name in draft.body}
    check_length(record.get("PrivateNote"), "PrivateNote", 4000)
    if "DocNumber" in draft.body:
        check_length(str(draft.body["DocNumber"]), "DocNumber", LONGEST_NUMBER)
        record["DocNumber"] = str(draft.body["DocNumber"])
    return {
        **record,
        "TxnDate": day.isoformat(),
        "Line": lines.records,
        "TotalAmt": lines.total,
        **home_amounts(draft, HomeTotalAmt=lines.total),
        "LinkedTxn": (draft.previous or {}).get("LinkedTxn", []),
    }


def _open(draft: Draft, record: Record) -> Record:
    """What is left; a total below what was paid is refused (M)."""
    previous = draft.previous or {"TotalAmt": ZERO, "Balance": ZERO}
    left = record["TotalAmt"] - (previous["TotalAmt"] - previous["Balance"])
    if left < ZERO:
        raise Fault("6000", f"The total {record['TotalAmt']} is less than what was already paid.")
    return {"Balance": left}
