"""Rules of a customer."""

from quickbooks_simulator.company.checks import check_lengths, resolve
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.hierarchy import place
from quickbooks_simulator.company.people import fixed_currency, named_by_activity, prepare_person
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

LENGTHS = {"Notes": 2000, "ResaleNum": 16}
DERIVED = ("Balance", "BalanceWithJobs", "Level", "FullyQualifiedName", "ParentRef")
DELIVERY_METHODS = ("Print", "Email", "None")
REFERENCES = {
    "SalesTermRef": "Term",
    "PaymentMethodRef": "PaymentMethod",
    "CustomerTypeRef": "CustomerType",
    "DefaultTaxCodeRef": "TaxCode",
    "ARAccountRef": "Account",
}


def prepare_customer(draft: Draft) -> Record:
    """A customer, or a job below one, with its defaults filled in. Source: types (V)."""
    record = prepare_person(draft, DERIVED)
    check_lengths(record, LENGTHS)
    placed = place(draft, record["DisplayName"])
    record |= placed
    for element, kind in REFERENCES.items():
        reference = resolve(draft, record.get(element), kind, element)
        if reference:
            record[element] = reference
    record["CurrencyRef"] = fixed_currency(draft, record)
    record["Job"] = record.get("Job", False) or "ParentRef" in placed
    for name, value in (("Taxable", True), ("BillWithParent", False), ("PreferredDeliveryMethod", "None")):
        record.setdefault(name, value)
    if record["PreferredDeliveryMethod"] not in DELIVERY_METHODS:
        raise Fault("2170", f"PreferredDeliveryMethod must be one of {', '.join(DELIVERY_METHODS)}", "Delivery")
    return named_by_activity(draft, record)
