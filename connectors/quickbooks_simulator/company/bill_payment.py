"""Rules of paying bills."""

from quickbooks_simulator.company.checks import check_books_open, check_length, find_reference, read_date, refer_to
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.sales_form import transaction_date
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.company.voiding import voided_note
from quickbooks_simulator.faults import Fault

PAID_BY = {
    "Check": ("CheckPayment", "BankAccountRef", "Bank"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef", "Credit Card"),
}
SIGNS = {"Bill": 1, "VendorCredit": -1}


def prepare_bill_payment(draft: Draft) -> Record:
    """A payment of bills, less vendor credits, from a bank account or a credit card. Source: types (V), codes (M)."""
    vendor = find_reference(draft, draft.body.get("VendorRef"), "Vendor", "VendorRef")
    if vendor is None:
        raise Fault("2020", "Required param missing, need to supply VendorRef", "VendorRef")
    if "TotalAmt" not in draft.body:
        raise Fault("2020", "Required param missing, need to supply TotalAmt", "TotalAmt")
    total = read_amount(draft.body["TotalAmt"], "TotalAmt")
    day = transaction_date(draft)
    if draft.previous:
        release_bills(draft.changes, draft.previous)
    lines = [_apply(draft, line, vendor) for line in draft.body.get("Line", [])]
    applied = sum((line["Amount"] * SIGNS[line["LinkedTxn"][0]["TxnType"]] for line in lines), ZERO)
    if total < ZERO or not ZERO <= applied <= total:
        raise Fault("6000", f"The amounts applied, {applied}, do not fit the payment, {total}.", "Line")
    check_length(draft.body.get("PrivateNote"), "PrivateNote", 4000)
    return {
        **{name: draft.body[name] for name in ("PrivateNote", "DocNumber") if name in draft.body},
        **_account(draft),
        "VendorRef": refer_to(vendor),
        "CurrencyRef": vendor["CurrencyRef"],
        "TxnDate": day.isoformat(),
        "TotalAmt": total,
        "Line": lines,
    }


def release_bills(changes: Changes, payment: Record) -> None:
    """Open the bills and credits again (M)."""
    own = {"TxnId": payment["Id"], "TxnType": "BillPaymentCheck"}
    for line in payment["Line"]:
        link = line["LinkedTxn"][0]
        target = changes.find(link["TxnType"], link["TxnId"])
        if target is not None:
            links = [each for each in target["LinkedTxn"] if each != own]
            opened = {"Balance": target["Balance"] + line["Amount"], "LinkedTxn": links}
            changes.revise(link["TxnType"], {**target, **opened})


def void_bill_payment(draft: Draft, payment: Record) -> Record:
    """The payment stays with a zero amount; its bills are open again. Source: client's classes (V)."""
    check_books_open(draft, read_date(payment["TxnDate"], "TxnDate"))
    release_bills(draft.changes, payment)
    return {**payment, "TotalAmt": ZERO, "Line": [], "PrivateNote": voided_note(payment)}


def _account(draft: Draft) -> Record:
    way = draft.body.get("PayType")
    if way not in PAID_BY:
        raise Fault("2170" if way else "2020", f"PayType must be {' or '.join(PAID_BY)}", "PayType")
    section, element, wanted = PAID_BY[str(way)]
    account = find_reference(draft, (draft.body.get(section) or {}).get(element), "Account", element)
    if account is None:
        raise Fault("2020", f"Required param missing, need to supply {section}.{element}", element)
    if account["AccountType"] != wanted:
        raise Fault("6430", f"Invalid account type: {element} must be of type {wanted}.", element)
    return {"PayType": way, section: {**draft.body[section], element: refer_to(account)}}


def _apply(draft: Draft, line: Record, vendor: Record) -> Record:
    links = line.get("LinkedTxn", [])
    if len(links) != 1:
        raise Fault("2020", "Each line of a bill payment links exactly one transaction", "Line.LinkedTxn")
    kind, target_id = links[0].get("TxnType"), str(links[0].get("TxnId"))
    if kind not in SIGNS:
        raise Fault("2170", f"Line.LinkedTxn.TxnType must be {' or '.join(SIGNS)}", "Line.LinkedTxn.TxnType")
    target = draft.changes.find(kind, target_id)
    if target is None:
        raise Fault("2500", f"Invalid Reference Id : LinkedTxn {kind} {target_id} not found", "Line.LinkedTxn")
    if target["VendorRef"]["value"] != vendor["Id"]:
        raise Fault("620", f"{kind} {target_id} belongs to another vendor.", "Line.LinkedTxn")
    amount = read_amount(line.get("Amount", 0), "Line.Amount")
    if not ZERO <= amount <= target["Balance"]:
        raise Fault("6000", f"{kind} {target_id} has {target['Balance']} open; {amount} cannot be applied.", "Line")
    own = {"TxnId": draft.body["Id"], "TxnType": "BillPaymentCheck"}
    kept = [each for each in target["LinkedTxn"] if each != own]
    draft.changes.revise(kind, {**target, "Balance": target["Balance"] - amount, "LinkedTxn": [*kept, own]})
    return {"Amount": amount, "LinkedTxn": [{"TxnId": target_id, "TxnType": kind}]}
