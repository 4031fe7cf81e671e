"""Rules of vendors and employees, whom time and expenses name."""

from quickbooks_simulator.company.checks import check_length, read_date, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_decimal
from quickbooks_simulator.company.people import fixed_currency, named_by_activity, prepare_person
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

DATES = ("HiredDate", "ReleasedDate", "BirthDate")
HIDDEN_NUMBER = "XXX-XX-XXXX"


def prepare_vendor(draft: Draft) -> Record:
    """A vendor with its defaults. Source: types (V)."""
    record = prepare_person(draft, ("Balance",))
    for element, kind in (("TermRef", "Term"), ("APAccountRef", "Account")):
        reference = resolve(draft, record.get(element), kind, element)
        if reference:
            record[element] = reference
    record["CurrencyRef"] = fixed_currency(draft, record)
    record["Balance"] = ZERO
    record.setdefault("Vendor1099", False)
    if "TaxIdentifier" in record:
        check_length(record["TaxIdentifier"], "TaxIdentifier", 20)
        record["TaxIdentifier"] = _masked(record["TaxIdentifier"])
    _read_rates(record)
    return named_by_activity(draft, record)


def prepare_employee(draft: Draft) -> Record:
    """An employee; a given or a family name is required. Source: types (V)."""
    if not draft.body.get("GivenName") and not draft.body.get("FamilyName"):
        raise Fault("2020", "Required param missing, need to supply GivenName or FamilyName", "GivenName")
    record = prepare_person(draft, ("CompanyName",))
    check_length(record.get("EmployeeNumber"), "EmployeeNumber", 100)
    for name in DATES:
        if name in record:
            record[name] = read_date(record[name], name).isoformat()
    if "SSN" in record:
        record["SSN"] = HIDDEN_NUMBER
    record.setdefault("BillableTime", False)
    _read_rates(record)
    return named_by_activity(draft, record)


def _masked(number: str) -> str:
    """A tax number as answers show it: the last four characters only (M)."""
    return "X" * max(len(number) - 4, 0) + number[-4:]


def _read_rates(record: Record) -> None:
    for name in ("BillRate", "CostRate"):
        if name in record:
            record[name] = read_decimal(record[name], name)
