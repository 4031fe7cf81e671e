"""The three text fields a company can define for its sales forms."""

from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record

LONGEST_VALUE = 31


def prepare_custom_fields(draft: Draft) -> list[Record]:
    """Every defined field, with a value where one was sent.

    A value without a known DefinitionId is dropped without a word (P). At most 31 characters (M).
    """
    values = {str(each.get("DefinitionId")): each.get("StringValue") for each in draft.body.get("CustomField", [])}
    fields = []
    for definition_id, name in defined_fields(draft).items():
        entry: Record = {"DefinitionId": definition_id, "Name": name, "Type": "StringType"}
        value = values.get(definition_id)
        if value is not None:
            check_length(value, f"CustomField {name}", LONGEST_VALUE)
            entry["StringValue"] = str(value)
        fields.append(entry)
    return fields


def defined_fields(draft: Draft) -> dict[str, str]:
    """The company's field names by definition id, from the shape the preferences keep them in (V)."""
    names: dict[str, str] = {}
    for group in draft.preference("SalesFormsPrefs", "CustomField") or []:
        for each in group.get("CustomField", []):
            prefix, _, number = each["Name"].rpartition("SalesCustomName")
            if prefix == "SalesFormsPrefs." and "StringValue" in each:
                names[number] = each["StringValue"]
    return names
