"""The page about pre-flight says what the rules do."""

import re
from pathlib import Path

import pytest
from workorder_preflight import PASS, RULES, check, parse_case
from workorder_preflight.page import with_table

PAGE = (Path(__file__).parents[3] / "docs" / "preflight.md").read_text(encoding="utf-8")


def test_table_of_the_page_is_the_table_of_the_rules():
    assert with_table(PAGE) == PAGE, "Renew it: python -m workorder_preflight.page docs/preflight.md"
    assert [rule.code for rule in RULES if f"| {rule.code} |" not in PAGE] == []


def test_case_on_the_page_is_read_and_passes():
    (case,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert check(parse_case(case)).verdict == PASS


def test_page_without_a_place_for_the_table_is_refused():
    with pytest.raises(ValueError, match="no place"):
        with_table("# Pre-flight")
