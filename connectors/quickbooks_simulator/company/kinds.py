"""The kinds of record the company keeps, from every family."""

from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.kinds_of_lists import LISTS
from quickbooks_simulator.company.kinds_of_recurring import RECURRING
from quickbooks_simulator.company.kinds_of_reference import REFERENCE
from quickbooks_simulator.company.kinds_of_sales import SALES
from quickbooks_simulator.company.kinds_of_spending import SPENDING
from quickbooks_simulator.faults import Fault

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*REFERENCE, *LISTS, *SALES, *SPENDING, *RECURRING)}
"""By name."""


def find_kind(name: str) -> Kind:
    """The kind of this name in any case, as in a path or a query; else fault 500 (V)."""
    for kind in KINDS.values():
        if kind.name.lower() == name.lower():
            return kind
    raise Fault("500", f"Operation {name} is not supported.")
