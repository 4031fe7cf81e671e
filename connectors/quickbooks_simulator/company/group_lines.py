"""Bundles on a form: one line that holds the lines of what the bundle consists of."""

from collections.abc import Callable, Iterable, Iterator

from quickbooks_simulator.company.checks import check_length, check_properties, find_reference, refer_to
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_decimal, round_cents
from quickbooks_simulator.company.property_names import listed
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.company.tax_model import GLOBAL, tax_model
from quickbooks_simulator.faults import Fault

GROUP = "GroupLineDetail"
PROPERTIES = listed("GroupItemRef Quantity Line ServiceDate")


def sold_lines(lines: Iterable[Record]) -> Iterator[Record]:
    """Every line that sells an item, those within bundles too."""
    for line in lines:
        if "SalesItemLineDetail" in line:
            yield line
        yield from line.get(GROUP, {}).get("Line", [])


def prepare_group(draft: Draft, line: Record, prepare_line: Callable[[Draft, Record], Record]) -> Record:
    """The bundle with its lines: those that were sent, else what the item says it consists of. Source: types (V).

    Its amount is the sum of its lines; one that was sent does not count (M).
    """
    detail = line.get(GROUP) or {}
    check_properties(detail, PROPERTIES, f"{GROUP}.")
    check_length(line.get("Description"), "Line.Description", 4000)
    item = find_reference(draft, detail.get("GroupItemRef"), "Item", "GroupItemRef")
    if item is None or item["Type"] != "Group":
        raise Fault("2500", "Invalid Reference Id : GroupItemRef must name a bundle", "GroupItemRef")
    quantity = read_decimal(detail.get("Quantity", 1), "Quantity")
    sent = detail.get("Line") or [
        _component(draft, part, quantity) for part in item["ItemGroupDetail"]["ItemGroupLine"]
    ]
    parts = [prepare_line(draft, each) for each in sent]
    if not all("SalesItemLineDetail" in part for part in parts):
        raise Fault("2020", "Each line of a bundle needs an item: ItemRef", f"{GROUP}.Line")
    return {
        "Id": line.get("Id"),
        **({"Description": line["Description"]} if "Description" in line else {}),
        "Amount": sum((part["Amount"] for part in parts), ZERO),
        "DetailType": GROUP,
        GROUP: {"GroupItemRef": refer_to(item), "Quantity": quantity, "Line": parts},
    }


def _component(draft: Draft, part: Record, quantity: object) -> Record:
    """A part at its own price, as many times as the bundle is sold (M)."""
    item = draft.changes.find("Item", part["ItemRef"]["value"]) or {}
    count = read_decimal(part["Qty"], "Qty") * read_decimal(quantity, "Quantity")
    price = item.get("UnitPrice", ZERO)
    code = (
        item.get("SalesTaxCodeRef")
        if tax_model(draft) == GLOBAL
        else {"value": "TAX" if item.get("Taxable") else "NON"}
    )
    detail = {"ItemRef": {"value": item.get("Id")}, "Qty": count, "UnitPrice": price, "TaxCodeRef": code}
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": round_cents(count * price),
        "SalesItemLineDetail": {name: value for name, value in detail.items() if value is not None},
    }
