"""Rules of the plain name lists: classes, departments, terms, payment methods; and what all name lists share."""

from typing import Any

from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.hierarchy import place
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

LONGEST_NAME = {"Term": 31, "PaymentMethod": 31}
LONGEST_OTHER_NAME = 100
LEVELLED = {"Item": "SubItem", "Class": "SubClass", "Department": "SubDepartment", "Account": "SubAccount"}
"""The lists with levels, and the property of each that says a record stands below another one. Source: types (V)."""
TERM_NUMBERS = ("DueDays", "DiscountDays", "DayOfMonthDue", "DueNextMonthDays", "DiscountDayOfMonth")
PAYMENT_TYPES = ("NON_CREDIT_CARD", "CREDIT_CARD")


def check_name(draft: Draft, name: str, mark: tuple[str, str]) -> None:
    """Refuse a name somebody else has, in any case. Source: recorded answer (V)."""
    own = (draft.kind, str(draft.body.get("Id", "")))
    for kind, record_id in sorted(draft.changes.store.holders(mark)):
        if (kind, record_id) != own:
            raise Fault("6240", f"The name supplied already exists. : {name} is used by {kind} Id={record_id}", "Name")


def prepare_named(draft: Draft) -> Record:
    """A record of any name list: name required, unique among those at its place, inactive by Active=false only."""
    derived = ("FullyQualifiedName", "Level", "ParentRef")
    record = {name: value for name, value in draft.body.items() if name not in derived}
    name = record.get("Name")
    if not name:
        raise Fault("2020", "Required param missing, need to supply the required value for the API : Name", "Name")
    check_length(name, "Name", LONGEST_NAME.get(draft.kind, LONGEST_OTHER_NAME))
    # An account's name may hold a colon, as in a client's test (V).
    if any(character in name for character in ("\t\n\r" if draft.kind == "Account" else ":\t\n\r")):
        # A colon separates levels of a list; the code is from memory (M).
        raise Fault("6000", "A name cannot contain a colon, tab or new line.", "Name")
    record["Active"] = record.get("Active", True)
    full_name = name
    if draft.kind in LEVELLED:
        placed = place(draft, name)
        full_name = placed["FullyQualifiedName"]
        record |= {**placed, LEVELLED[draft.kind]: "ParentRef" in placed}
    check_name(draft, name, (draft.kind, full_name.lower()))
    return record


def prepare_payment_method(draft: Draft) -> Record:
    """A payment method is a credit card or it is not. Source: types (V)."""
    record = prepare_named(draft)
    record.setdefault("Type", PAYMENT_TYPES[0])
    if record["Type"] not in PAYMENT_TYPES:
        raise Fault("2170", f"Type must be one of {', '.join(PAYMENT_TYPES)}", "Type")
    return record


def prepare_term(draft: Draft) -> Record:
    """A payment term: STANDARD counts days, DATE_DRIVEN names a day of the month. Source: types (V)."""
    record = prepare_named(draft)
    numbers = {name: _whole_number(record[name], name) for name in TERM_NUMBERS if name in record}
    record |= numbers
    if "DiscountPercent" in record:
        record["DiscountPercent"] = read_decimal(record["DiscountPercent"], "DiscountPercent")
        if not 0 <= record["DiscountPercent"] <= 100:
            raise Fault("2030", "DiscountPercent must be from 0 to 100", "DiscountPercent")
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
