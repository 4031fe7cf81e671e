"""A case that is written as JSON is read again as the same case."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from workorder_preflight import case_to_json, check, parse_case
from workorder_preflight.case import Billed, History, Original

EXAMPLE = Path(__file__).with_name("case.json")


def read_again(case):
    return parse_case(json.dumps(case_to_json(case)))


def test_the_example_comes_back_as_it_was():
    case = parse_case(EXAMPLE.read_bytes())
    again = read_again(case)
    assert again.history.numbers.items() >= case.history.numbers.items()
    assert replace(again, history=replace(again.history, numbers=case.history.numbers)) == case
    assert check(again) == check(case)


def test_everything_that_is_kept_by_key_comes_back(build):
    history = History(
        numbers={"INV-7": "live"},
        by_line={("4500-1", "10"): Billed(quantity=Decimal("1.50"), amount=Decimal(135))},
        by_po={"4500-1": Decimal(135)},
        by_work_order={"WO00001": ("INV/1", "INV/2")},
        billed_of_work_order={"WO00001": Decimal("0.10")},
        similar={("invoice", "4500-1"): (("INV/1", date(2026, 11, 1)), ("INV/2", date(2026, 11, 2)))},
        originals={
            "INV-1": Original(
                number="INV/1", by_line={("4500-1", "10"): Billed(quantity=Decimal(1))}, amount=Decimal(9)
            )
        },
    )
    case = replace(build.case(), history=history, factors={("DOZEN", "UNIT"): Decimal(12)}, content=b"\x00<a/>")
    again = read_again(case)
    assert again.factors == case.factors
    assert again.content == case.content
    assert again.history == replace(history, numbers=again.history.numbers)
    assert again.history.numbers["INV-7"] == "live"


def test_no_register_stays_no_register(build):
    case = replace(build.case(), purchase_orders=None, profile=None)
    assert read_again(case) == case
