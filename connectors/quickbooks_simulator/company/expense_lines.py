"""The lines of what the company buys: by account, or by item."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.checks import check_length, check_properties, find_reference, refer_to, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount, read_decimal, round_cents
from quickbooks_simulator.company.properties_of_spending import EXPENSE_DETAIL, EXPENSE_LINE
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

NAMED_BY = {
    "AccountBasedExpenseLineDetail": ("AccountRef", "Account"),
    "ItemBasedExpenseLineDetail": ("ItemRef", "Item"),
}
BILLABLE = ("Billable", "NotBillable", "HasBeenBilled")


@dataclass(frozen=True)
class ExpenseLines:
    """Checked lines and their sum."""

    records: list[Record]
    total: Decimal


def prepare_expense_lines(draft: Draft) -> ExpenseLines:
    """Check the lines; each names an account or an item. A negative sum is refused. Source: types (V), codes (M)."""
    sent = draft.body.get("Line", [])
    if not sent:
        raise Fault("2020", "Required param missing, need to supply the required value for the API : Line", "Line")
    records = [
        {"Id": str(number), "LineNum": number, **_line(draft, line)} for number, line in enumerate(sent, start=1)
    ]
    total = sum((line["Amount"] for line in records), ZERO)
    if total < ZERO:
        raise Fault("6000", "Transaction amount must be 0 or greater.")
    return ExpenseLines(records, total)


def _line(draft: Draft, line: Record) -> Record:
    check_properties(line, EXPENSE_LINE, "Line.")
    kind = line.get("DetailType")
    if kind not in NAMED_BY:
        raise Fault("2170", f"Line.DetailType must be {' or '.join(NAMED_BY)}", "Line.DetailType")
    if "Amount" not in line:
        raise Fault("2020", "Required param missing, need to supply Line.Amount", "Line.Amount")
    check_length(line.get("Description"), "Line.Description", 4000)
    amount = read_amount(line["Amount"], "Line.Amount")
    described = {"Description": line["Description"]} if "Description" in line else {}
    return {**described, "Amount": amount, "DetailType": kind, str(kind): _detail(draft, line, str(kind), amount)}


def _detail(draft: Draft, line: Record, kind: str, amount: Decimal) -> Record:
    detail = line.get(kind) or {}
    check_properties(detail, EXPENSE_DETAIL, f"{kind}.")
    element, target_kind = NAMED_BY[kind]
    target = find_reference(draft, detail.get(element), target_kind, element)
    if target is None:
        raise Fault("2020", f"Required param missing, need to supply {kind}.{element}", element)
    status = detail.get("BillableStatus", "NotBillable")
    if status not in BILLABLE:
        raise Fault("2170", f"BillableStatus must be one of {', '.join(BILLABLE)}", "BillableStatus")
    others = {"CustomerRef": "Customer", "ClassRef": "Class", "TaxCodeRef": "TaxCode"}
    found = {name: resolve(draft, detail.get(name), other, name) for name, other in others.items()}
    return {
        element: refer_to(target),
        "BillableStatus": status,
        **{name: reference for name, reference in found.items() if reference},
        **_quantities(detail, amount),
    }


def _quantities(detail: dict[str, Any], amount: Decimal) -> Record:
    """Amount must be Qty x UnitPrice, as on sales forms (P)."""
    numbers = {name: read_decimal(detail[name], name) for name in ("Qty", "UnitPrice") if name in detail}
    if len(numbers) == 2 and any(numbers.values()) and round_cents(numbers["Qty"] * numbers["UnitPrice"]) != amount:
        raise Fault("6070", f"Amount is not equal to UnitPrice * Qty. Supplied value:{amount}", "Line.Amount")
    return {name: number for name, number in numbers.items() if number}
