"""The seeds by name."""

from collections.abc import Callable

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import british, demo, empty, sample

SEEDS: dict[str, Callable[[Company], None]] = {
    "demo": demo.plant,
    "sample": sample.plant,
    "empty": empty.plant,
    "british": british.plant,
}

REALM = "9341452000000001"
