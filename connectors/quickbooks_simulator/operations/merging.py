"""An accountant merges two customers into one."""

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.hierarchy import children, move_descendants
from quickbooks_simulator.company.journal import ACCOUNTANT
from quickbooks_simulator.company.people import DELETED
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

MOVED = ("Invoice", "Payment", "CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate", "TimeActivity")


def merge_customers(company: Company, loser_id: str, survivor_id: str) -> Record:
    """Let the survivor take in the loser with all its transactions and jobs; returns the survivor.

    The loser stays as an inactive record named "… (deleted)" and every moved record gets a new SyncToken; the journal
    notes the merge with the loser's id. Source: fault table (P); that closed periods do not matter, and which pairs are
    refused (the same customer, an inactive one, two currencies, one standing below the other), is from memory (M).
    """
    loser, survivor = _active_customer(company, loser_id), _active_customer(company, survivor_id)
    _check_pair(loser, survivor)
    changes = Changes(company.store)
    _move_transactions(company, changes, loser, survivor)
    for job in children(changes, "Customer", loser_id):
        changes.revise("Customer", {**job, "ParentRef": {"value": survivor_id}})
    move_descendants(changes, "Customer", survivor)
    name = f"{loser['DisplayName']}{DELETED}"
    changes.revise("Customer", {**loser, "Active": False, "DisplayName": name})
    moment = company.clock.now()
    with company.journal.written_by(ACCOUNTANT):
        changes.commit(moment)
        company.journal.note_merge("Customer", survivor, loser_id, moment)
    return company.present("Customer", survivor)


def _active_customer(company: Company, customer_id: str) -> Record:
    customer = company.store.find("Customer", customer_id)
    if customer is None or customer.get("Active") is False:
        raise Fault("610", f"There is no active customer {customer_id}.")
    return customer


def _check_pair(loser: Record, survivor: Record) -> None:
    if loser["Id"] == survivor["Id"]:
        raise Fault("6000", "A customer cannot be merged with itself.")
    if loser["CurrencyRef"]["value"] != survivor["CurrencyRef"]["value"]:
        raise Fault("6000", "Customers with different currencies cannot be merged.")
    for one, other in ((loser, survivor), (survivor, loser)):
        if one["FullyQualifiedName"].startswith(f"{other['FullyQualifiedName']}:"):
            raise Fault("6000", f"{one['DisplayName']} stands below {other['DisplayName']}; move it first.")


def _move_transactions(company: Company, changes: Changes, loser: Record, survivor: Record) -> None:
    reference = {"value": survivor["Id"], "name": survivor["DisplayName"]}
    for kind in MOVED:
        for record in list(company.store.all(kind)):
            if record.get("CustomerRef", {}).get("value") == loser["Id"]:
                changes.revise(kind, {**record, "CustomerRef": reference})
