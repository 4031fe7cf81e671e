"""Rules of a bank deposit."""

from decimal import Decimal

from quickbooks_simulator.company.accounts_used import money_account
from quickbooks_simulator.company.checks import check_length, check_properties, resolve
from quickbooks_simulator.company.deposited import check_not_deposited
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.properties import DEPOSIT_LINE_PROPERTIES
from quickbooks_simulator.company.sales_form import home_amounts, transaction_date
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

SOURCES = ("Payment", "SalesReceipt")


def prepare_deposit(draft: Draft) -> Record:
    """Money taken to the bank: received payments, and other money by account. Source: types (V)."""
    account = money_account(draft)
    if account is None:
        raise Fault("2020", "Required param missing, need to supply DepositToAccountRef", "DepositToAccountRef")
    day = transaction_date(draft)
    if draft.previous:
        release_deposited(draft.changes, draft.previous)
    sent = draft.body.get("Line", [])
    if not sent:
        raise Fault("2020", "Required param missing, need to supply the required value for the API : Line", "Line")
    lines = [{"Id": str(number), "LineNum": number, **_line(draft, line)} for number, line in enumerate(sent, start=1)]
    total = sum((line["Amount"] for line in lines), ZERO) - _cash_back(draft)
    if total < ZERO:
        raise Fault("6000", "Transaction amount must be 0 or greater.")
    check_length(draft.body.get("PrivateNote"), "PrivateNote", 4000)
    home: Record = draft.preference("CurrencyPrefs", "HomeCurrency") or {"value": "USD"}
    return {
        **{name: draft.body[name] for name in ("PrivateNote", "CashBack", "DocNumber") if name in draft.body},
        "DepositToAccountRef": account,
        "TxnDate": day.isoformat(),
        "CurrencyRef": draft.body.get("CurrencyRef", home),
        "TotalAmt": total,
        **home_amounts(draft, HomeTotalAmt=total),
        "Line": lines,
    }


def release_deposited(changes: Changes, deposit: Record) -> None:
    """Take the deposit's payments back to Undeposited Funds (M)."""
    own = {"TxnId": deposit["Id"], "TxnType": "Deposit"}
    for link in (link for line in deposit["Line"] for link in line.get("LinkedTxn", [])):
        source = changes.find(link["TxnType"], link["TxnId"])
        if source is not None:
            links = [each for each in source["LinkedTxn"] if each != own]
            changes.revise(link["TxnType"], {**source, "LinkedTxn": links})


def _line(draft: Draft, line: Record) -> Record:
    check_properties(line, DEPOSIT_LINE_PROPERTIES, "Line.")
    check_length(line.get("Description"), "Line.Description", 4000)
    described = {"Description": line["Description"]} if "Description" in line else {}
    links = line.get("LinkedTxn", [])
    if links:
        return {**described, **_taken(draft, links[0], line)}
    return {**described, **_other_money(draft, line)}


def _taken(draft: Draft, link: Record, line: Record) -> Record:
    """A received payment goes to the bank whole (M), and once: a second deposit of it is fault 6540 (P)."""
    kind, source_id = str(link.get("TxnType")), str(link.get("TxnId"))
    if kind not in SOURCES:
        raise Fault("2170", f"Line.LinkedTxn.TxnType must be {' or '.join(SOURCES)}", "Line.LinkedTxn.TxnType")
    source = draft.changes.find(kind, source_id)
    if source is None:
        raise Fault("2500", f"Invalid Reference Id : LinkedTxn {kind} {source_id} not found", "Line.LinkedTxn")
    check_not_deposited(source)
    _check_undeposited(draft, kind, source)
    amount: Decimal = source["TotalAmt"]
    if "Amount" in line and read_amount(line["Amount"], "Line.Amount") != amount:
        raise Fault("6000", f"{kind} {source_id} can only be deposited whole, with {amount}.", "Line.Amount")
    own = {"TxnId": draft.body["Id"], "TxnType": "Deposit"}
    draft.changes.revise(kind, {**source, "LinkedTxn": [*source["LinkedTxn"], own]})
    return {"Amount": amount, "LinkedTxn": [{"TxnId": source_id, "TxnType": kind, "TxnLineId": "0"}]}


def _check_undeposited(draft: Draft, kind: str, source: Record) -> None:
    reference = source.get("DepositToAccountRef") or {}
    account = draft.changes.find("Account", reference.get("value", "")) or {}
    if account.get("AccountSubType") != "UndepositedFunds":
        raise Fault("620", f"{kind} {source['Id']} went to {account.get('Name', 'no account')} directly.", "LinkedTxn")


def _other_money(draft: Draft, line: Record) -> Record:
    detail = line.get("DepositLineDetail") or {}
    account = resolve(draft, detail.get("AccountRef"), "Account", "AccountRef")
    if account is None:
        raise Fault("2020", "Required param missing, need to supply DepositLineDetail.AccountRef", "AccountRef")
    if "Amount" not in line:
        raise Fault("2020", "Required param missing, need to supply Line.Amount", "Line.Amount")
    prepared = {name: value for name, value in detail.items() if name in ("CheckNum", "Entity", "ClassRef")}
    method = resolve(draft, detail.get("PaymentMethodRef"), "PaymentMethod", "PaymentMethodRef")
    prepared |= {"PaymentMethodRef": method} if method else {}
    return {
        "Amount": read_amount(line["Amount"], "Line.Amount"),
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": {**prepared, "AccountRef": account},
    }


def _cash_back(draft: Draft) -> Decimal:
    return read_amount((draft.body.get("CashBack") or {}).get("Amount", 0), "CashBack.Amount")
