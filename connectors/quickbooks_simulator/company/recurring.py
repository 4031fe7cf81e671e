"""Recurring transactions: templates the company makes transactions from on a schedule."""

from collections.abc import Callable
from dataclasses import replace

from quickbooks_simulator.company.checks import check_length, check_properties, read_date
from quickbooks_simulator.company.credit_memo import prepare_credit_memo
from quickbooks_simulator.company.deposit import prepare_deposit
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.estimate import prepare_estimate
from quickbooks_simulator.company.invoice import prepare_invoice
from quickbooks_simulator.company.journal_entry import prepare_journal_entry, prepare_transfer
from quickbooks_simulator.company.properties import PROPERTIES
from quickbooks_simulator.company.property_names import RECURRING
from quickbooks_simulator.company.receipts import prepare_refund_receipt, prepare_sales_receipt
from quickbooks_simulator.company.spending import (
    prepare_bill,
    prepare_purchase,
    prepare_purchase_order,
    prepare_vendor_credit,
)
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

TEMPLATES: dict[str, Callable[[Draft], Record]] = {
    "Bill": prepare_bill,
    "Purchase": prepare_purchase,
    "CreditMemo": prepare_credit_memo,
    "Deposit": prepare_deposit,
    "Estimate": prepare_estimate,
    "Invoice": prepare_invoice,
    "JournalEntry": prepare_journal_entry,
    "RefundReceipt": prepare_refund_receipt,
    "SalesReceipt": prepare_sales_receipt,
    "Transfer": prepare_transfer,
    "VendorCredit": prepare_vendor_credit,
    "PurchaseOrder": prepare_purchase_order,
}
"""What can recur. Source: a client's class (V)."""

INTERVALS = ("Daily", "Weekly", "Monthly", "Yearly")
LONGEST_NAME = 100
_OF_ONE_DAY = ("DocNumber", "TxnDate", "DueDate", "LinkedTxn", "Balance", "HomeBalance", "RemainingCredit")


def opened(body: Record) -> Record:
    """What is inside the wrapper, with the wrapper's name as its Type. Source: a client's class (V)."""
    if not isinstance(body, dict):
        return body
    kinds = [name for name in TEMPLATES if isinstance(body.get(name), dict)]
    if len(kinds) != 1 or len(body) != 1:
        raise Fault("2020", f"A recurring transaction holds one of {', '.join(TEMPLATES)} and nothing else.")
    return {**body[kinds[0]], "Type": kinds[0]}


def shown(record: Record) -> Record:
    """The stored template in its wrapper. Source: a client's class (V)."""
    inner = {name: value for name, value in record.items() if name != "Type"}
    return {record["Type"]: inner}


def prepare_recurring(draft: Draft) -> Record:
    """The template under the rules of what it makes, and its schedule. Source: a client's test (V), the rules (M).

    What belongs to one day, number, date, links and balance, comes only when a transaction is made of it (M); none is:
    the company does not carry schedules out.
    """
    kind = draft.body.get("Type")
    if kind not in TEMPLATES:
        raise Fault("2020", f"A recurring transaction holds one of {', '.join(TEMPLATES)}.", "Type")
    if draft.previous is not None and draft.previous["Type"] != kind:
        raise Fault("6000", f"A recurring {draft.previous['Type']} cannot become a {kind}.", "Type")
    allowed = PROPERTIES[kind] | RECURRING
    check_properties({name: value for name, value in draft.sent.items() if name != "Type"}, allowed)
    if any(each.get("LinkedTxn") for each in draft.body.get("Line", [])):
        raise Fault("620", "A line of a recurring transaction cannot be linked.", "LinkedTxn")
    schedule = _read_schedule(draft)
    body = {name: value for name, value in draft.body.items() if name not in (*RECURRING, *_OF_ONE_DAY, "Type")}
    # The rules see a transaction that is new, so that nothing of it counts as paid or linked.
    record = TEMPLATES[kind](replace(draft, kind=kind, body={**body, "Id": draft.body["Id"]}, previous=None))
    kept = {name: value for name, value in record.items() if name not in _OF_ONE_DAY}
    return {**kept, "Type": kind, "RecurringInfo": schedule, "RecurDataRef": {"value": draft.body["Id"]}}


def forget_template(_changes: Changes, _template: Record) -> None:
    """Nothing hangs on a template."""


def _read_schedule(draft: Draft) -> Record:
    """Name and schedule. Names from a client's class (V); what is required is from memory (M)."""
    info = draft.body.get("RecurringInfo")
    if not isinstance(info, dict) or not info.get("Name"):
        raise Fault("2020", "Required param missing, need to supply RecurringInfo.Name", "RecurringInfo")
    check_length(info["Name"], "RecurringInfo.Name", LONGEST_NAME)
    schedule = info.get("ScheduleInfo", {})
    if not isinstance(schedule, dict):
        raise Fault("2010", "ScheduleInfo must be an object", "ScheduleInfo")
    if schedule.get("IntervalType", INTERVALS[0]) not in INTERVALS:
        raise Fault("2170", f"IntervalType must be one of {', '.join(INTERVALS)}", "IntervalType")
    dates = {name: read_date(schedule[name], name).isoformat() for name in ("StartDate", "EndDate") if name in schedule}
    first = {"NextDate": dates["StartDate"]} if "StartDate" in dates else {}
    return {
        "RecurType": "Automated",
        "Active": True,
        **info,
        "ScheduleInfo": {**first, **schedule, **dates},
    }
