"""Rules of items."""

from quickbooks_simulator.company.checks import check_length, find_reference, read_date, refer_to
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.lists import prepare_named
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

ITEM_TYPES = ("Service", "NonInventory", "Inventory", "Category", "Group")
ACCOUNTS = ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef")
NEVER_INCOME = ("Bank", "Credit Card", "Accounts Receivable", "Accounts Payable")
STOCK_ACCOUNTS = {
    "IncomeAccountRef": "SalesOfProductIncome",
    "ExpenseAccountRef": "SuppliesMaterialsCogs",
    "AssetAccountRef": "Inventory",
}
"""What kind of account an item kept in stock needs. Source: documentation of items (P)."""


def prepare_item(draft: Draft) -> Record:
    """An item of one of five types. Lengths from the types (V), the rest from memory (M) where nothing else is said."""
    record = prepare_named(draft)
    record["Type"] = record.get("Type") or ("Inventory" if record.get("TrackQtyOnHand") else "Service")
    if record["Type"] not in ITEM_TYPES:
        raise Fault("2170", f"Type must be one of {', '.join(ITEM_TYPES)}", "Type")
    check_length(record.get("Description"), "Description", 4000)
    check_length(record.get("PurchaseDesc"), "PurchaseDesc", 1000)
    check_length(record.get("Sku"), "Sku", 100)
    _check_category(draft)
    if record["Type"] == "Category":
        return record
    record["UnitPrice"] = read_decimal(record.get("UnitPrice", 0), "UnitPrice")
    record["Taxable"] = record.get("Taxable", False)
    if "PurchaseCost" in record:
        record["PurchaseCost"] = read_decimal(record["PurchaseCost"], "PurchaseCost")
    if record["Type"] == "Group":
        return {**record, "ItemGroupDetail": _group(draft)}
    accounts = _accounts(draft, record)
    return {**record, **accounts, **(_stock(draft, accounts) if record["Type"] == "Inventory" else _no_stock())}


def _check_category(draft: Draft) -> None:
    """Items stand below categories or items, categories below categories only (M)."""
    parent = find_reference(draft, draft.body.get("ParentRef"), "Item", "ParentRef")
    if parent and draft.body.get("Type") == "Category" and parent.get("Type") != "Category":
        raise Fault("6000", "A category can only stand below a category.", "ParentRef")


def _accounts(draft: Draft, record: Record) -> Record:
    """What is sold needs an income account, what is only bought an expense account."""
    answer: Record = {}
    for element in ACCOUNTS:
        account = find_reference(draft, record.get(element), "Account", element)
        if account is None:
            continue
        wanted = STOCK_ACCOUNTS[element] if record["Type"] == "Inventory" else None
        _check_account(account, element, wanted)
        answer[element] = refer_to(account)
    if "IncomeAccountRef" not in answer and "ExpenseAccountRef" not in answer:
        raise Fault("6000", "An item that is sold needs an income account.", "IncomeAccountRef")
    return answer


def _check_account(account: Record, element: str, wanted: str | None) -> None:
    """The wrong type of account is fault 6430 (P for the code, M for the types)."""
    if wanted is not None and account.get("AccountSubType") != wanted:
        raise Fault(
            "6430", f"Invalid account type: {element} of an inventory item must be a {wanted} account.", element
        )
    if element == "IncomeAccountRef" and account.get("AccountType") in NEVER_INCOME:
        raise Fault("6430", f"Invalid account type: {element} cannot be of type {account['AccountType']}.", element)


def _stock(draft: Draft, accounts: Record) -> Record:
    """Quantity, start date and all three accounts are required of what is kept in stock. Documentation (P)."""
    missing = [element for element in ACCOUNTS if element not in accounts]
    missing += [name for name in ("QtyOnHand", "InvStartDate") if name not in draft.body]
    if missing:
        raise Fault("2020", f"Required param missing, need to supply {', '.join(missing)}", missing[0])
    return {
        "TrackQtyOnHand": True,
        "QtyOnHand": read_decimal(draft.body["QtyOnHand"], "QtyOnHand"),
        "InvStartDate": read_date(draft.body["InvStartDate"], "InvStartDate").isoformat(),
    }


def _no_stock() -> Record:
    return {"TrackQtyOnHand": False}


def _group(draft: Draft) -> Record:
    """What a bundle consists of, each with its quantity; bundles do not hold bundles or categories (M)."""
    detail = draft.body.get("ItemGroupDetail")
    sent = detail.get("ItemGroupLine", []) if isinstance(detail, dict) else []
    if not isinstance(sent, list) or not sent or not all(isinstance(line, dict) for line in sent):
        raise Fault("2020", "Required param missing, need to supply ItemGroupDetail.ItemGroupLine", "ItemGroupDetail")
    return {"ItemGroupLine": [_group_line(draft, line) for line in sent]}


def _group_line(draft: Draft, line: Record) -> Record:
    item = find_reference(draft, line.get("ItemRef"), "Item", "ItemRef")
    if item is None or item["Type"] in ("Group", "Category"):
        raise Fault("2500", "Invalid Reference Id : ItemRef of a bundle must be an item that is sold", "ItemRef")
    reference = {**refer_to(item), "type": item["Type"]}
    return {"ItemRef": reference, "Qty": read_decimal(line.get("Qty", 1), "Qty")}
