"""Every fault of the table has a test here."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[3]
NAME = re.compile(r"test_fault_(\d\d)_\w+")
FAULTS = set(range(1, 51))

ALSO_WITH_ODOO = {
    1: "tests/acceptance/test_exactly_once.py::test_killed_at_any_step_a_rerun_ends_with_one_invoice_per_ticket",
    17: "tests/acceptance/test_drift.py::test_f4_edit_void_delete_and_payments_show_up_once",
    18: "tests/acceptance/test_drift.py::test_f4_deleted_invoice_is_sent_again_and_is_there_once",
    47: "tests/acceptance/test_exactly_once.py::"
    "test_odoo_that_goes_down_after_quickbooks_booked_is_told_and_made_up_for",
    48: "tests/acceptance/test_exactly_once.py::test_two_runs_at_once_on_200_tickets_lose_none_and_double_none",
}
"""The same faults with a real Odoo at the other end, where Odoo's own part decides."""


def names_in(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def faults_tested() -> dict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for path in FOLDER.glob("test_*.py"):
        for name in names_in(path):
            if match := NAME.fullmatch(name):
                found[int(match[1])].add(name)
    return dict(found)


def test_each_of_the_50_faults_has_a_test() -> None:
    missing = FAULTS - set(faults_tested())
    assert not missing, f"no test for the faults {sorted(missing)}"


def test_only_faults_of_the_table_are_tested() -> None:
    assert set(faults_tested()) <= FAULTS


def test_tests_with_a_real_odoo_are_where_they_are_said_to_be() -> None:
    for place in ALSO_WITH_ODOO.values():
        path, _, name = place.partition("::")
        assert name in names_in(ROOT / path), place
