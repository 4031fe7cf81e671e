"""Custom fields of sales forms: the three old text fields, and those of the new kind."""

from typing import Any

from quickbooks_simulator.company.checks import check_length, read_date
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.store import Record, Store
from quickbooks_simulator.faults import Fault

LONGEST_VALUE = 31
OLD_IDS = ("1", "2", "3")
DEFINITION = "CustomFieldDefinition"
"""The table of the new kind of field. Clients read it by another API than this one (P), so it is no kind of record."""
VALUES = {"StringType": "StringValue", "NumberType": "NumberValue", "DateType": "DateValue", "ListType": "StringValue"}
"""Types of the new fields (P), and the property their value stands in (M)."""
PLANS = {"QuickBooks Online Essentials": 3, "QuickBooks Online Plus": 4, "QuickBooks Online Advanced": 12}
"""How many fields a plan has, old and new together. Source: announcement and help pages (P)."""


def prepare_custom_fields(draft: Draft) -> list[Record]:
    """Every old field, with a value where one was sent, and the new ones that have a value (M).

    A value without a known DefinitionId is dropped without a word (P). At most 31 characters (M).
    """
    sent = {str(each.get("DefinitionId")): each for each in draft.body.get("CustomField", [])}
    fields = []
    for definition_id, name in defined_fields(draft).items():
        entry: Record = {"DefinitionId": definition_id, "Name": name, "Type": "StringType"}
        value = sent.get(definition_id, {}).get("StringValue")
        if value is not None:
            check_length(value, f"CustomField {name}", LONGEST_VALUE)
            entry["StringValue"] = str(value)
        fields.append(entry)
    return fields + _new_fields(draft, sent)


def defined_fields(draft: Draft) -> dict[str, str]:
    """The company's old field names by definition id, from the shape the preferences keep them in (V)."""
    return _old_fields((draft.changes.find("Preferences", "1") or {}).get("SalesFormsPrefs", {}))


def define_field(store: Store, name: str, field_type: str, options: list[str]) -> Record:
    """A definition of the new kind, to be stored; raises a fault when the plan has no room for it (P)."""
    if field_type not in VALUES:
        raise Fault("2170", f"Type must be one of {', '.join(VALUES)}", "Type")
    check_length(name, "Name", LONGEST_VALUE, 1)
    information = store.find("CompanyInfo", "1") or {}
    plan = next((each["Value"] for each in information.get("NameValue", []) if each["Name"] == "OfferingSku"), "")
    taken = len(list(store.all(DEFINITION))) + len(
        _old_fields((store.find("Preferences", "1") or {}).get("SalesFormsPrefs", {}))
    )
    if taken >= PLANS.get(plan, max(PLANS.values())):
        raise Fault("5020", f"{plan} has no more than {taken} custom fields.", "CustomField")
    number = 1_000_000_001 + len(list(store.all(DEFINITION)))
    return {"Id": str(number), "Name": name, "Type": field_type, "Options": options}


def without_new_fields(value: Any) -> Any:
    """An answer as it is without include=enhancedAllCustomFields: only the old fields are visible. Source: (P)."""
    if isinstance(value, list):
        return [without_new_fields(each) for each in value]
    if not isinstance(value, dict):
        return value
    shown = {name: without_new_fields(each) for name, each in value.items() if name != "CustomField"}
    if "CustomField" in value:
        shown["CustomField"] = [each for each in value["CustomField"] if each.get("DefinitionId") in (*OLD_IDS, None)]
    return shown


def _old_fields(sales_forms: Record) -> dict[str, str]:
    names: dict[str, str] = {}
    for group in sales_forms.get("CustomField") or []:
        for each in group.get("CustomField", []):
            prefix, _, number = each["Name"].rpartition("SalesCustomName")
            if prefix == "SalesFormsPrefs." and "StringValue" in each:
                names[number] = each["StringValue"]
    return names


def _new_fields(draft: Draft, sent: dict[str, Record]) -> list[Record]:
    fields = []
    for definition in draft.changes.store.all(DEFINITION):
        element = VALUES[definition["Type"]]
        value = sent.get(definition["Id"], {}).get(element)
        if value is not None:
            frame = {"DefinitionId": definition["Id"], "Name": definition["Name"], "Type": definition["Type"]}
            fields.append({**frame, element: _checked(definition, value)})
    return fields


def _checked(definition: Record, value: Any) -> Any:
    """The value when it fits the type of its field; the codes are from memory (M)."""
    element = f"CustomField {definition['Name']}"
    if definition["Type"] == "NumberType":
        return read_decimal(value, element)
    if definition["Type"] == "DateType":
        return read_date(value, element).isoformat()
    check_length(value, element, LONGEST_VALUE)
    if definition["Type"] == "ListType" and str(value) not in definition["Options"]:
        raise Fault("2170", f"{element} must be one of {', '.join(definition['Options'])}", element)
    return str(value)
