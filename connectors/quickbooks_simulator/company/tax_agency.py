"""Rules of a tax agency."""

from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault


def prepare_tax_agency(draft: Draft) -> Record:
    """Who collects a tax. Properties and defaults from the client's types (V); names are not used twice (M)."""
    record = dict(draft.body)
    name = record.get("DisplayName")
    if not isinstance(name, str):
        raise Fault("2020", "Required param missing, need to supply DisplayName", "DisplayName")
    check_length(name, "DisplayName", 100)
    for agency in draft.changes.store.all("TaxAgency"):
        if agency["DisplayName"].lower() == name.lower() and agency["Id"] != draft.body.get("Id"):
            raise Fault("6240", f"The name supplied already exists. : {name} is used by TaxAgency Id={agency['Id']}")
    return {"TaxTrackedOnSales": True, "TaxTrackedOnPurchases": False, **record}
