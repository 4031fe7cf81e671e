"""The books to start with."""

from collections.abc import Callable

from buyer_simulator.office.department import Department
from buyer_simulator.seeds.demo import plant as plant_demo

SEEDS: dict[str, Callable[[Department], None]] = {"empty": lambda _department: None, "demo": plant_demo}
