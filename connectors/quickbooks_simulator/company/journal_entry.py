"""Rules of journal entries and transfers: money that moves between accounts."""

from decimal import Decimal

from quickbooks_simulator.company.checks import check_length, check_properties, find_reference, refer_to
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount
from quickbooks_simulator.company.numbering import document_number
from quickbooks_simulator.company.properties_of_spending import EXPENSE_LINE
from quickbooks_simulator.company.sales_form import home_amounts, transaction_date
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

SIDES = ("Debit", "Credit")
NAMED_ACCOUNTS = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}
ENTRY, TEXT = "JournalEntryLineDetail", "DescriptionOnly"


def prepare_journal_entry(draft: Draft) -> Record:
    """Debits and credits of the same sum. Source: types (V), the codes of the faults (M)."""
    day = transaction_date(draft)
    lines = [
        {"Id": str(number), **_line(draft, line)} for number, line in enumerate(draft.body.get("Line", []), start=1)
    ]
    debit, credit = (_sum_of(lines, side) for side in SIDES)
    if not any(line["DetailType"] == ENTRY for line in lines):
        raise Fault("2020", "Required param missing, need to supply the required value for the API : Line", "Line")
    if debit != credit:
        raise Fault("6000", f"Debits ({debit}) and credits ({credit}) must be equal.", "Line")
    check_length(draft.body.get("PrivateNote"), "PrivateNote", 4000)
    number = document_number(draft)
    home = draft.preference("CurrencyPrefs", "HomeCurrency") or {"value": "USD"}
    return {
        **{name: draft.body[name] for name in ("PrivateNote",) if name in draft.body},
        **({"DocNumber": number} if number else {}),
        "Adjustment": draft.body.get("Adjustment", False),
        "TxnDate": day.isoformat(),
        "CurrencyRef": draft.body.get("CurrencyRef", home),
        "Line": lines,
        "TotalAmt": debit,
        **home_amounts(draft, HomeTotalAmt=debit),
    }


def prepare_transfer(draft: Draft) -> Record:
    """An amount moved from one account to another. Source: types (V), the codes of the faults (M)."""
    day = transaction_date(draft)
    if "Amount" not in draft.body:
        raise Fault("2020", "Required param missing, need to supply Amount", "Amount")
    amount = read_amount(draft.body["Amount"], "Amount")
    if amount <= ZERO:
        raise Fault("6000", "Transaction amount must be greater than 0.", "Amount")
    accounts = {name: _required_account(draft, draft.body, name) for name in ("FromAccountRef", "ToAccountRef")}
    if accounts["FromAccountRef"]["Id"] == accounts["ToAccountRef"]["Id"]:
        raise Fault("6000", "A transfer needs two different accounts.", "ToAccountRef")
    check_length(draft.body.get("PrivateNote"), "PrivateNote", 4000)
    return {
        **{name: draft.body[name] for name in ("PrivateNote",) if name in draft.body},
        **{name: refer_to(account) for name, account in accounts.items()},
        "TxnDate": day.isoformat(),
        "Amount": amount,
        "CurrencyRef": accounts["FromAccountRef"]["CurrencyRef"],
    }


def _line(draft: Draft, line: Record) -> Record:
    check_properties(line, EXPENSE_LINE, "Line.")
    check_length(line.get("Description"), "Line.Description", 4000)
    described = {"Description": line["Description"]} if "Description" in line else {}
    kind = line.get("DetailType")
    if kind == TEXT:
        return {**described, "DetailType": TEXT, "DescriptionLineDetail": {}}
    if kind != ENTRY:
        raise Fault("2170", f"Line.DetailType must be {ENTRY} or {TEXT}", "Line.DetailType")
    detail = line.get(ENTRY) or {}
    if detail.get("PostingType") not in SIDES:
        raise Fault("2170", "PostingType must be Debit or Credit", "PostingType")
    account = _required_account(draft, detail, "AccountRef")
    prepared = {
        "PostingType": detail["PostingType"],
        "AccountRef": refer_to(account),
        **_entity(draft, detail, account),
    }
    amount = read_amount(line.get("Amount", 0), "Line.Amount")
    if amount < ZERO:
        raise Fault("6000", "The amount of a line must be 0 or greater.", "Line.Amount")
    return {**described, "Amount": amount, "DetailType": ENTRY, ENTRY: prepared}


def _entity(draft: Draft, detail: Record, account: Record) -> Record:
    """Receivables name a customer, payables a vendor (M)."""
    wanted = NAMED_ACCOUNTS.get(account["AccountType"])
    entity = detail.get("Entity") or {}
    kind = entity.get("Type")
    if wanted is not None and kind != wanted:
        raise Fault("6000", f"A line on account {account['Name']} needs a {wanted.lower()}.", "Entity")
    if not entity:
        return {}
    if kind not in ("Customer", "Vendor", "Employee"):
        raise Fault("2170", "Entity.Type must be Customer, Vendor or Employee", "Entity.Type")
    target = find_reference(draft, entity.get("EntityRef"), str(kind), "EntityRef")
    if target is None:
        raise Fault("2020", "Required param missing, need to supply Entity.EntityRef", "EntityRef")
    return {"Entity": {"Type": kind, "EntityRef": refer_to(target)}}


def _required_account(draft: Draft, body: Record, element: str) -> Record:
    account = find_reference(draft, body.get(element), "Account", element)
    if account is None:
        raise Fault("2020", f"Required param missing, need to supply {element}", element)
    return account


def _sum_of(lines: list[Record], side: str) -> Decimal:
    entries = [line for line in lines if line["DetailType"] == ENTRY]
    return sum((line["Amount"] for line in entries if line[ENTRY]["PostingType"] == side), ZERO)
