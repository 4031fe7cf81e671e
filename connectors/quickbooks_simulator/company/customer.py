"""Rules of a customer."""

from quickbooks_simulator.company.checks import check_email, check_length, check_lengths, find_reference, resolve
from quickbooks_simulator.company.currencies import check_currency_in_use
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.lists import check_name
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

LENGTHS = {
    "DisplayName": 500,
    "CompanyName": 100,
    "GivenName": 100,
    "MiddleName": 100,
    "FamilyName": 100,
    "Title": 16,
    "Suffix": 16,
    "Notes": 2000,
}
ADDRESS_LENGTHS = {
    "Line1": 500,
    "Line2": 500,
    "Line3": 500,
    "Line4": 500,
    "Line5": 500,
    "City": 255,
    "PostalCode": 31,
}
DERIVED = ("Balance", "BalanceWithJobs", "Level", "FullyQualifiedName")


def prepare_customer(draft: Draft) -> Record:
    """A customer with its defaults filled in. Lengths, uniqueness and forbidden characters from types (V)."""
    record = {name: value for name, value in draft.body.items() if name not in DERIVED}
    record["DisplayName"] = _display_name(record)
    check_lengths(record, LENGTHS)
    _check_contact(record)
    _check_characters(record["DisplayName"])
    check_name(draft, record["DisplayName"], ("name", record["DisplayName"].lower()))
    _add_parent(draft, record)
    for element, kind in (("SalesTermRef", "Term"), ("PaymentMethodRef", "PaymentMethod")):
        reference = resolve(draft, record.get(element), kind, element)
        if reference:
            record[element] = reference
    record["CurrencyRef"] = _currency(draft, record)
    for name, value in (("Active", True), ("Taxable", True), ("Job", False), ("BillWithParent", False)):
        record.setdefault(name, value)
    record.setdefault("PrintOnCheckName", record["DisplayName"][:110])
    record.setdefault("PreferredDeliveryMethod", "None")
    return _named_by_activity(draft, record)


def _display_name(record: Record) -> str:
    given = record.get("DisplayName")
    if given:
        return str(given).strip()
    parts = [record.get(name) for name in ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")]
    composed = " ".join(part for part in parts if part)
    if not composed:
        raise Fault("2020", "Required param missing, need to supply a DisplayName or a part of a name", "DisplayName")
    return composed


def _check_characters(name: str) -> None:
    """No colon, tab or newline. Source: types (V); the code is from memory (M)."""
    if any(character in name for character in ":\t\n\r"):
        raise Fault("6000", "A name cannot contain a colon, tab or new line.", "DisplayName")


def _check_contact(record: Record) -> None:
    check_email(record.get("PrimaryEmailAddr", {}).get("Address"), "PrimaryEmailAddr")
    for element in ("PrimaryPhone", "AlternatePhone", "Mobile", "Fax"):
        check_length(record.get(element, {}).get("FreeFormNumber"), element, 30)
    for element in ("BillAddr", "ShipAddr"):
        check_lengths(record.get(element, {}), ADDRESS_LENGTHS)


def _add_parent(draft: Draft, record: Record) -> None:
    parent = find_reference(draft, record.get("ParentRef"), "Customer", "ParentRef")
    record["FullyQualifiedName"] = record["DisplayName"]
    if parent:
        record["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{record['DisplayName']}"
        record["Level"] = int(parent.get("Level", 0)) + 1
        record["Job"] = True


def _currency(draft: Draft, record: Record) -> Record:
    """The customer's currency, fixed once the customer exists. Source: types (V)."""
    home: Record = draft.preference("CurrencyPrefs", "HomeCurrency") or {"value": "USD"}
    if draft.previous is not None:
        fixed: Record = draft.previous["CurrencyRef"]
        if record.get("CurrencyRef", fixed).get("value") != fixed["value"]:
            raise Fault("6000", "The currency of a customer cannot be changed.", "CurrencyRef")
        return fixed
    wanted: Record = record.get("CurrencyRef", home)
    if "value" not in wanted:
        raise Fault("2020", "Required param missing, need to supply CurrencyRef.value", "CurrencyRef")
    if wanted.get("value") != home["value"] and not draft.preference("CurrencyPrefs", "MultiCurrencyEnabled"):
        raise Fault("6000", "This company does not use multiple currencies.", "CurrencyRef")
    check_currency_in_use(draft.changes.store, str(wanted["value"]), "CurrencyRef")
    return {"value": wanted["value"], "name": wanted.get("name", wanted["value"])}


def _named_by_activity(draft: Draft, record: Record) -> Record:
    """An inactive customer's name gains " (deleted)", an active one's loses it. Source: recorded answer (V)."""
    name = record["DisplayName"].removesuffix(" (deleted)")
    was_active = draft.previous is None or draft.previous.get("Active", True)
    if record["Active"] is False:
        record["DisplayName"] = f"{name} (deleted)"
    elif not was_active:
        record["DisplayName"] = name
    return record
