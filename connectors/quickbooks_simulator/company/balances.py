"""What each customer owes, worked out at the moment of reading."""

from decimal import Decimal

from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record, Store

_OWED = (("Invoice", "Balance", 1), ("Payment", "UnappliedAmt", -1), ("CreditMemo", "RemainingCredit", -1))


def customer_balances(store: Store) -> dict[str, Decimal]:
    """Open invoices less unapplied payments and credits, by the customer's id. Source: documentation (P)."""
    balances: dict[str, Decimal] = {}
    for kind, name, sign in _OWED:
        for record in store.all(kind):
            customer = record["CustomerRef"]["value"]
            balances[customer] = balances.get(customer, ZERO) + sign * record[name]
    return balances


def balances_with_jobs(store: Store, balances: dict[str, Decimal]) -> dict[str, Decimal]:
    """Each customer's balance with those of its jobs, and of their jobs. Source: types (V)."""
    answer = dict(balances)
    for customer in store.all("Customer"):
        own = balances.get(customer["Id"], ZERO)
        for parent in ancestors(store, customer) if own else []:
            answer[parent] = answer.get(parent, ZERO) + own
    return answer


def ancestors(store: Store, customer: Record) -> list[str]:
    """The ids of parent, grandparent and so on."""
    found: list[str] = []
    parent: Record | None = customer
    while parent and "ParentRef" in parent:
        found.append(parent["ParentRef"]["value"])
        parent = store.find("Customer", found[-1])
    return found
