"""What customers, vendors and employees have in common: names, addresses, phones."""

from quickbooks_simulator.company.checks import check_email, check_length, check_lengths
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
    "PrintOnCheckName": 110,
    "AcctNum": 100,
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
DELETED = " (deleted)"


def prepare_person(draft: Draft, derived: tuple[str, ...]) -> Record:
    """The record with a checked name of its own and without what the company derives.

    Lengths, forbidden characters, and that one name is used once among customers, vendors and employees: types (V).
    """
    record = {name: value for name, value in draft.body.items() if name not in derived}
    record["DisplayName"] = _display_name(record)
    check_lengths(record, LENGTHS)
    _check_contact(record)
    _check_characters(record["DisplayName"])
    check_name(draft, record["DisplayName"], ("name", record["DisplayName"].lower()))
    record.setdefault("Active", True)
    record.setdefault("PrintOnCheckName", record["DisplayName"][:110])
    return record


def named_by_activity(draft: Draft, record: Record) -> Record:
    """An inactive customer's name gains " (deleted)", an active one's loses it (V); vendors and employees too (M)."""
    name = record["DisplayName"].removesuffix(DELETED)
    was_active = draft.previous is None or draft.previous.get("Active", True)
    if record["Active"] is False:
        record["DisplayName"] = f"{name}{DELETED}"
    elif not was_active:
        record["DisplayName"] = name
    return record


def fixed_currency(draft: Draft, record: Record) -> Record:
    """The currency of a customer or vendor, fixed once that exists. Source: types (V)."""
    home: Record = draft.preference("CurrencyPrefs", "HomeCurrency") or {"value": "USD"}
    if draft.previous is not None:
        fixed: Record = draft.previous["CurrencyRef"]
        if record.get("CurrencyRef", fixed).get("value") != fixed["value"]:
            raise Fault("6000", f"The currency of a {draft.kind.lower()} cannot be changed.", "CurrencyRef")
        return fixed
    wanted: Record = record.get("CurrencyRef", home)
    if "value" not in wanted:
        raise Fault("2020", "Required param missing, need to supply CurrencyRef.value", "CurrencyRef")
    if wanted.get("value") != home["value"] and not draft.preference("CurrencyPrefs", "MultiCurrencyEnabled"):
        raise Fault("6000", "This company does not use multiple currencies.", "CurrencyRef")
    check_currency_in_use(draft.changes.store, str(wanted["value"]), "CurrencyRef")
    return {"value": wanted["value"], "name": wanted.get("name", wanted["value"])}


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
    check_length(record.get("WebAddr", {}).get("URI"), "WebAddr", 1000)
    for element in ("PrimaryPhone", "AlternatePhone", "Mobile", "Fax"):
        check_length(record.get(element, {}).get("FreeFormNumber"), element, 30)
    for element in ("BillAddr", "ShipAddr", "PrimaryAddr", "OtherAddr"):
        check_lengths(record.get(element, {}), ADDRESS_LENGTHS)
