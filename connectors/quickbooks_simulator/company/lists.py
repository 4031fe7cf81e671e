"""Rules of the name lists: items, terms, classes, departments, accounts, payment methods, tax codes and rates."""

from typing import Any

from quickbooks_simulator.company.checks import check_length, find_reference, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

LONGEST_NAME = {"Item": 100, "Term": 31, "Class": 100, "Department": 100, "Account": 100, "PaymentMethod": 31}
ITEM_TYPES = ("Service", "NonInventory", "Inventory", "Category", "Group")
TERM_NUMBERS = ("DueDays", "DiscountDays", "DayOfMonthDue", "DueNextMonthDays", "DiscountDayOfMonth")
_REFERENCES = {
    "IncomeAccountRef": "Account",
    "ExpenseAccountRef": "Account",
    "AssetAccountRef": "Account",
}


def check_name(draft: Draft, name: str, mark: tuple[str, str]) -> None:
    """Refuse a name somebody else has, in any case. Source: recorded answer (V)."""
    own = (draft.kind, str(draft.body.get("Id", "")))
    for kind, record_id in sorted(draft.changes.store.holders(mark)):
        if (kind, record_id) != own:
            raise Fault("6240", f"The name supplied already exists. : {name} is used by {kind} Id={record_id}", "Name")


def prepare_named(draft: Draft) -> Record:
    """A record of any name list: name required, unique within its kind, inactive by Active=false only."""
    record = {name: value for name, value in draft.body.items() if name not in ("FullyQualifiedName", "Level")}
    name = record.get("Name")
    if not name:
        raise Fault("2020", "Required param missing, need to supply the required value for the API : Name", "Name")
    check_length(name, "Name", LONGEST_NAME.get(draft.kind, 100))
    if ":" in name:
        # A colon separates levels of a list; the code is from memory (M).
        raise Fault("6000", "A name cannot contain a colon.", "Name")
    parent = find_reference(draft, record.get("ParentRef"), draft.kind, "ParentRef")
    full_name = f"{parent['FullyQualifiedName']}:{name}" if parent else name
    check_name(draft, name, (draft.kind, full_name.lower()))
    record["Active"] = record.get("Active", True)
    if draft.kind not in ("Term", "TaxCode", "TaxRate", "PaymentMethod"):
        record["FullyQualifiedName"] = full_name
    return record


def prepare_item(draft: Draft) -> Record:
    """An item; everything but a category needs an income account. Lengths from the types (V), the rest from memory."""
    record = prepare_named(draft)
    record["Type"] = record.get("Type", "Service")
    if record["Type"] not in ITEM_TYPES:
        raise Fault("2170", f"Type must be one of {', '.join(ITEM_TYPES)}", "Type")
    check_length(record.get("Description"), "Description", 4000)
    check_length(record.get("Sku"), "Sku", 100)
    for element, kind in _REFERENCES.items():
        reference = resolve(draft, record.get(element), kind, element)
        if reference:
            record[element] = reference
    if record["Type"] not in ("Category", "Group") and "IncomeAccountRef" not in record:
        raise Fault("6000", "An item that is sold needs an income account.", "IncomeAccountRef")
    if record["Type"] != "Category":
        record["UnitPrice"] = read_decimal(record.get("UnitPrice", 0), "UnitPrice")
        record["Taxable"] = record.get("Taxable", False)
    return record


def prepare_term(draft: Draft) -> Record:
    """A payment term: STANDARD counts days, DATE_DRIVEN names a day of the month. Source: types (V)."""
    record = prepare_named(draft)
    numbers = {name: _whole_number(record[name], name) for name in TERM_NUMBERS if name in record}
    record |= numbers
    if "DayOfMonthDue" in record:
        record["Type"] = "DATE_DRIVEN"
        if not 1 <= record["DayOfMonthDue"] <= 31:
            raise Fault("2030", "DayOfMonthDue must be a day of the month", "DayOfMonthDue")
        return record
    return {"DueDays": 0, "DiscountPercent": 0, "DiscountDays": 0, **record, "Type": "STANDARD"}


def _whole_number(value: Any, element: str) -> int:
    number = read_decimal(value, element)
    if number != int(number) or not 0 <= number <= 999:
        raise Fault("2030", f"{element} must be a whole number from 0 to 999, supplied value: {value}", element)
    return int(number)
