"""The seeds by name."""

from collections.abc import Callable
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.seeds import british, demo, empty, sample

SEEDS: dict[str, Callable[[Company], None]] = {
    "demo": demo.plant,
    "sample": sample.plant,
    "empty": empty.plant,
    "british": british.plant,
}

SETTINGS: dict[str, dict[str, Any]] = {"sample": {"token_seconds": 1.0}}
"""Switches a seed sets otherwise.

The sample company is there for other programs' tests: they refresh before each one and name what they make after the
second, so a token endpoint as slow as the real one (M) keeps their names apart and them below the limit per second.
"""

REALM = "9341452000000001"
