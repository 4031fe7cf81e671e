"""Rules of time worked."""

from datetime import datetime
from typing import Any

from quickbooks_simulator.clock import read_time, write_time
from quickbooks_simulator.company.checks import check_length, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.sales_form import transaction_date
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

WORKERS = {"Employee": "EmployeeRef", "Vendor": "VendorRef"}
BILLABLE = ("Billable", "NotBillable", "HasBeenBilled")


def prepare_time_activity(draft: Draft) -> Record:
    """Time of an employee or vendor: hours and minutes, or a start and an end. Source: types (V).

    What an invoice bills stays billed until that link goes (M).
    """
    links = (draft.previous or {}).get("LinkedTxn", [])
    record: Record = {
        **_worker(draft),
        **_references(draft),
        "TxnDate": transaction_date(draft).isoformat(),
        "BillableStatus": "HasBeenBilled" if links else draft.body.get("BillableStatus", "NotBillable"),
        "Taxable": draft.body.get("Taxable", False),
        **_duration(draft),
        "LinkedTxn": links,
    }
    if record["BillableStatus"] not in BILLABLE:
        raise Fault("2170", f"BillableStatus must be one of {', '.join(BILLABLE)}", "BillableStatus")
    if record["BillableStatus"] == "Billable" and "CustomerRef" not in record:
        raise Fault("6560", "Billable time needs a customer: CustomerRef is missing.", "CustomerRef")
    for name in ("HourlyRate", "CostRate", "BillRate"):
        if name in draft.body:
            record[name] = read_decimal(draft.body[name], name)
    if "Description" in draft.body:
        check_length(draft.body["Description"], "Description", 4000)
        record["Description"] = draft.body["Description"]
    return record


def _worker(draft: Draft) -> Record:
    kind = draft.body.get("NameOf")
    if kind not in WORKERS:
        raise Fault("2170" if kind else "2020", "NameOf must be Employee or Vendor", "NameOf")
    element = WORKERS[str(kind)]
    worker = resolve(draft, draft.body.get(element), str(kind), element)
    if worker is None:
        raise Fault("2020", f"Required param missing, need to supply {element}", element)
    return {"NameOf": kind, element: worker}


def _references(draft: Draft) -> Record:
    kinds = {"CustomerRef": "Customer", "ItemRef": "Item", "ClassRef": "Class", "DepartmentRef": "Department"}
    found = {element: resolve(draft, draft.body.get(element), kind, element) for element, kind in kinds.items()}
    return {element: reference for element, reference in found.items() if reference}


def _duration(draft: Draft) -> Record:
    """The longer way of saying it wins: times that were sent are kept, hours are not worked out from them (M)."""
    if "StartTime" in draft.body and "EndTime" in draft.body:
        start, end = (_time(draft.body[name], name) for name in ("StartTime", "EndTime"))
        if end < start:
            raise Fault("6000", "Time cannot end before it starts.", "EndTime")
        return {"StartTime": write_time(start), "EndTime": write_time(end), **_numbers(draft, "Break")}
    numbers = _numbers(draft, "")
    if not any(numbers.values()):
        raise Fault(
            "2020", "Required param missing, need to supply Hours and Minutes, or StartTime and EndTime", "Hours"
        )
    return {"Hours": 0, "Minutes": 0, **numbers}


def _numbers(draft: Draft, prefix: str) -> Record:
    """Whole hours up to 8760 and minutes up to 59. Source: types (V) for the names, (M) for the limits."""
    answer: Record = {}
    for name, most in ((f"{prefix}Hours", 8760), (f"{prefix}Minutes", 59)):
        if name in draft.body:
            number = read_decimal(draft.body[name], name)
            if number != int(number) or not 0 <= number <= most:
                raise Fault("2030", f"{name} must be a whole number from 0 to {most}", name)
            answer[name] = int(number)
    return answer


def _time(value: Any, element: str) -> datetime:
    try:
        return read_time(str(value))
    except ValueError:
        raise Fault("2030", f"{element} must be an ISO 8601 time, supplied value: {value}", element) from None


def release_billing(_changes: Changes, activity: Record) -> None:
    """Time that an invoice bills cannot go, because something depends on it. Source: fault list (P)."""
    if activity["LinkedTxn"]:
        raise Fault("800", f"Invoice {activity['LinkedTxn'][0]['TxnId']} bills this time; delete that link first.")
