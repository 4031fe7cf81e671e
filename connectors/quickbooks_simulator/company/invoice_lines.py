"""The lines of an invoice: what each kind of line may say, what they add up to."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.allowed import is_allowed
from quickbooks_simulator.company.checks import (
    check_length,
    check_properties,
    find_reference,
    read_date,
    refer_to,
    reference_value,
    resolve,
)
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.global_tax import global_line_code, with_net_amount
from quickbooks_simulator.company.group_lines import GROUP, prepare_group, sold_lines
from quickbooks_simulator.company.money import ZERO, read_amount, read_decimal, round_cents
from quickbooks_simulator.company.properties import LINE_PROPERTIES, SALES_DETAIL_PROPERTIES
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.company.tax_model import GLOBAL, tax_model
from quickbooks_simulator.faults import Fault

MOST_LINES = 10_000
MOST_TAXABLE_LINES = 750
SHIPPING = "SHIPPING_ITEM_ID"
NOT_TAXED = {"value": "NON"}
LINE_KINDS = ("SalesItemLineDetail", "DescriptionOnly", GROUP, "DiscountLineDetail", "SubTotalLineDetail")


@dataclass(frozen=True)
class Lines:
    """Checked lines and their sums. `discount` is a positive amount to take off."""

    records: list[Record]
    subtotal: Decimal
    discount: Decimal
    taxable: Decimal


def prepare_lines(draft: Draft) -> Lines:
    """Check the lines and add the subtotal line and the ids. Source: recorded answers (V)."""
    sent = draft.body.get("Line")
    if not isinstance(sent, list) or not sent:
        raise Fault("2020", "Required param missing, need to supply the required value for the API : Line", "Line")
    kinds = [_line_kind(line) for line in sent]
    details = [
        _prepare(draft, line, kind)
        for line, kind in zip(sent, kinds, strict=True)
        if kind in ("SalesItemLineDetail", "DescriptionOnly", GROUP)
    ]
    counted = list(sold_lines(details))
    taxed = [line for line in counted if line["SalesItemLineDetail"].get("TaxCodeRef", NOT_TAXED) != NOT_TAXED]
    _check_size(details, taxed)
    subtotal = sum((line["Amount"] for line in counted), ZERO)
    taxable = sum((line["Amount"] for line in taxed), ZERO)
    discounts = [line for line, kind in zip(sent, kinds, strict=True) if kind == "DiscountLineDetail"]
    if discounts and not is_allowed(draft, "SalesFormsPrefs", "AllowDiscount", "DiscountLineDetail"):
        discounts = []
    discount_lines = [_prepare_discount(draft, line, subtotal) for line in discounts[:1]]
    discount = sum((line["Amount"] for line in discount_lines), ZERO)
    subtotal_line: Record = {"Amount": subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    records = [*_with_ids(draft.previous, details), subtotal_line, *discount_lines]
    return Lines(records, subtotal, discount, taxable)


def _prepare(draft: Draft, line: Record, kind: str) -> Record:
    if kind == GROUP:
        return prepare_group(draft, line, _prepare_detail)
    return _prepare_detail(draft, line) if kind == "SalesItemLineDetail" else _prepare_text(line)


def _line_kind(line: Any) -> str:
    if not isinstance(line, dict):
        raise Fault("2010", "A line must be an object", "Line")
    check_properties(line, LINE_PROPERTIES, "Line.")
    kind = line.get("DetailType")
    if kind is None:
        raise Fault("2020", "Required param missing, need to supply Line.DetailType", "Line.DetailType")
    if kind not in LINE_KINDS:
        raise Fault("2170", f"Line.DetailType must be one of {', '.join(LINE_KINDS)}", "Line.DetailType")
    return str(kind)


def _check_size(details: list[Record], taxed: list[Record]) -> None:
    """Source: documentation (P) for the numbers; the code is from memory (M)."""
    if len(details) > MOST_LINES or len(taxed) > MOST_TAXABLE_LINES:
        raise Fault(
            "6000", f"At most {MOST_LINES} lines, {MOST_TAXABLE_LINES} of them taxable, fit an invoice.", "Line"
        )


def _prepare_text(line: Record) -> Record:
    """A line without an item: text only, its amount does not count. Source: documentation (P)."""
    check_length(line.get("Description"), "Line.Description", 4000)
    prepared: Record = {"Id": line.get("Id"), "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}}
    if "Description" in line:
        prepared["Description"] = line["Description"]
    return prepared


def _prepare_detail(draft: Draft, line: Record) -> Record:
    detail = line.get("SalesItemLineDetail") or {}
    check_properties(detail, SALES_DETAIL_PROPERTIES, "SalesItemLineDetail.")
    if reference_value(detail.get("ItemRef"), "ItemRef") is None:
        return _prepare_text(line)
    check_length(line.get("Description"), "Line.Description", 4000)
    if "Amount" not in line:
        raise Fault("2020", "Required param missing, need to supply Line.Amount", "Line.Amount")
    amount = read_amount(line["Amount"], "Line.Amount")
    prepared: Record = {"Id": line.get("Id"), "Amount": amount, "DetailType": "SalesItemLineDetail"}
    if "Description" in line:
        prepared["Description"] = line["Description"]
    prepared["SalesItemLineDetail"] = {
        **_item(draft, detail),
        **_quantities(detail, amount),
        **_tracking(draft, detail),
        **_line_tax_code(draft, detail),
    }
    return with_net_amount(draft, prepared, detail)


def _item(draft: Draft, detail: Record) -> Record:
    if reference_value(detail["ItemRef"], "ItemRef") == SHIPPING:
        return {"ItemRef": {"value": SHIPPING}}
    was_there = draft.previous is not None and _used_before(draft.previous, detail["ItemRef"]["value"])
    item = draft.changes.find("Item", str(detail["ItemRef"]["value"])) if was_there else None
    item = item or find_reference(draft, detail["ItemRef"], "Item", "ItemRef") or {}
    if item.get("Type") == "Category":
        raise Fault("2500", f"Invalid Reference Id : ItemRef {item['Id']} is a category", "ItemRef")
    answer = {"ItemRef": refer_to(item)}
    if "IncomeAccountRef" in item:
        answer["ItemAccountRef"] = item["IncomeAccountRef"]
    return answer


def _used_before(previous: Record, item_id: str) -> bool:
    """An item that went inactive may stay on an invoice that has it (M)."""
    details = (line.get("SalesItemLineDetail", {}) for line in previous["Line"])
    return any(detail.get("ItemRef", {}).get("value") == str(item_id) for detail in details)


def _quantities(detail: Record, amount: Decimal) -> Record:
    """Amount must be Qty x UnitPrice rounded to cents (P). Two zeros are what a client sends that left both out."""
    answer: Record = {}
    if "UnitPrice" in detail:
        answer["UnitPrice"] = read_decimal(detail["UnitPrice"], "UnitPrice")
    if "Qty" in detail:
        answer["Qty"] = read_decimal(detail["Qty"], "Qty")
    if len(answer) < 2 or (answer["UnitPrice"] == 0 and answer["Qty"] == 0):
        return {name: value for name, value in answer.items() if value != 0}
    expected = round_cents(answer["UnitPrice"] * answer["Qty"])
    if expected != amount:
        raise Fault(
            "6070",
            f"Amount is not equal to UnitPrice * Qty. Supplied value:{amount}, calculated value:{expected}",
            "Line.Amount",
        )
    return answer


def _tracking(draft: Draft, detail: Record) -> Record:
    """Class and service date, each while its preference lets it in."""
    answer: Record = {}
    if "ClassRef" in detail and is_allowed(draft, "AccountingInfoPrefs", "ClassTrackingPerTxnLine", "ClassRef"):
        reference = resolve(draft, detail.get("ClassRef"), "Class", "ClassRef")
        if reference:
            answer["ClassRef"] = reference
    if "ServiceDate" in detail and is_allowed(draft, "SalesFormsPrefs", "AllowServiceDate", "ServiceDate"):
        answer["ServiceDate"] = read_date(detail["ServiceDate"], "ServiceDate").isoformat()
    return answer


def _line_tax_code(draft: Draft, detail: Record) -> Record:
    """NON when absent (V); a US line takes TAX or NON only (P, switch us_line_tax_codes_only)."""
    if tax_model(draft) == GLOBAL:
        named = global_line_code(draft, detail)
        return {"TaxCodeRef": named} if named else {}
    code = reference_value(detail.get("TaxCodeRef"), "TaxCodeRef") or "NON"
    if draft.settings.us_line_tax_codes_only and code not in ("TAX", "NON"):
        raise Fault("6100", f"A line of a US company has tax code TAX or NON, not {code}.", "TaxCodeRef")
    if code not in ("TAX", "NON"):
        find_reference(draft, {"value": code}, "TaxCode", "TaxCodeRef")
    return {"TaxCodeRef": {"value": code}}


def _prepare_discount(draft: Draft, line: Record, subtotal: Decimal) -> Record:
    """A discount on the whole invoice: a percentage or an amount. Source: types (V), fault list (P)."""
    detail = line.get("DiscountLineDetail") or {}
    prepared: Record = {"PercentBased": bool(detail.get("PercentBased"))}
    if prepared["PercentBased"] and "DiscountPercent" in detail:
        prepared["DiscountPercent"] = read_decimal(detail["DiscountPercent"], "DiscountPercent")
        amount = round_cents(subtotal * prepared["DiscountPercent"] / 100)
    elif not prepared["PercentBased"] and "Amount" in line:
        amount = read_amount(line["Amount"], "Line.Amount")
    else:
        raise Fault("6090", "A discount line needs a percentage or an amount.", "DiscountLineDetail")
    account = resolve(draft, detail.get("DiscountAccountRef"), "Account", "DiscountAccountRef")
    if account:
        prepared["DiscountAccountRef"] = account
    return {"Amount": amount, "DetailType": "DiscountLineDetail", "DiscountLineDetail": prepared}


def _with_ids(previous: Record | None, details: list[Record]) -> list[Record]:
    """Known line ids stay; new lines get ids past every earlier one. Source: recorded answers (V)."""
    known = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
    highest = max((int(each) for each in known), default=0)
    numbered = []
    for position, line in enumerate(details, start=1):
        line_id = str(line["Id"]) if line["Id"] is not None else ""
        if line_id in known:
            known.discard(line_id)
        else:
            highest += 1
            line_id = str(highest)
        numbered.append({**line, "Id": line_id, "LineNum": position})
    return _with_inner_ids(numbered, max(highest, len(numbered)))


def _with_inner_ids(numbered: list[Record], highest: int) -> list[Record]:
    """The lines within bundles get ids past all others (M)."""
    answer = []
    for line in numbered:
        parts = line.get(GROUP, {}).get("Line", [])
        named = [{**part, "Id": str(highest + place)} for place, part in enumerate(parts, start=1)]
        highest += len(parts)
        answer.append({**line, GROUP: {**line[GROUP], "Line": named}} if GROUP in line else line)
    return answer
