"""Cases that come as JSON, from anybody."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workorder_preflight import PASS, CaseInvalid, check, parse_case, to_json
from workorder_preflight.case import Billed

EXAMPLE = json.loads((Path(__file__).parent / "case.json").read_text())


def problems_of(content):
    with pytest.raises(CaseInvalid) as caught:
        parse_case(content if isinstance(content, (str, bytes)) else json.dumps(content))
    return {each.path: each for each in caught.value.problems}


def test_whole_example_is_read_and_passes():
    case = parse_case(json.dumps(EXAMPLE))
    assert check(case).verdict == PASS
    assert case.document.lines[0].unit_price == Decimal("90.00")
    assert case.purchase_orders["4500012345"].lines["10"].quantity == Decimal(10)
    assert case.history.by_line == {("4500012345", "10"): Billed(quantity=Decimal(4), amount=Decimal(360))}
    assert case.history.numbers == {"INV-2026-0": "live", "INV202600000": "live"}
    assert case.history.by_work_order == {"WO00002": ("INV/2026/00000",)}
    assert case.history.similar == {("invoice", "4500012345"): (("INV/2026/00000", date(2026, 11, 1)),)}
    assert case.history.originals["INV-2026-0"].amount == Decimal(360)
    assert case.factors == {("DAY", "HUR"): Decimal(8)}
    assert case.content == b"<Invoice/>"


def test_no_register_and_no_profile_are_said_by_null_or_left_out():
    for content in ({}, {"purchase_orders": None, "profile": None}):
        case = parse_case(json.dumps({"today": "2026-11-25", "document": {}, **content}))
        assert (case.purchase_orders, case.profile) == (None, None)


def test_every_problem_is_listed_with_its_place_value_and_expectation():
    content = deepcopy(EXAMPLE)
    content["today"] = "2026-06-31"
    content["document"]["lines"][0].update(quantity=2.5, unit_price="1e9", number="1")
    content["document"]["kind"] = "bill"
    content["purchase_orders"][0]["lines"].append({"number": " 10"})
    content["factors"][0]["factor"] = "0"
    content["profile"]["po_demanded"] = True
    del content["document"]["totals"]["total"]
    found = problems_of(content)
    assert set(found) == {
        "today",
        "document.lines[0].quantity",
        "document.lines[0].unit_price",
        "document.lines[0].number",
        "document.kind",
        "document.totals.total",
        "purchase_orders[0].lines[1].number",
        "factors[0].factor",
        "profile.po_demanded",
    }
    assert found["document.lines[0].quantity"].value == "2.5"
    assert found["document.lines[0].quantity"].expected == 'a number as text, such as "90.00"'
    assert found["document.kind"].expected == "one of 'invoice', 'credit'"


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"today": NaN}', b"\xff\xfe\x00", "[" * 100_000, '{"a":1,"a":2}']
)
def test_what_is_no_case_is_refused_in_a_sentence(text):
    assert problems_of(text)


def test_same_line_number_twice_is_refused():
    content = deepcopy(EXAMPLE)
    content["document"]["lines"] *= 2
    assert set(problems_of(content)) == {"document.lines[1].number"}


def _paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in items:
        yield from _paths(each, (*path, name))


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["0", "-1", "9" * 15, "0.000000000001", "9999-12-31", "0001-01-01", "\ud800", "(a+)+b", 10**12, -(10**12)]
    ),
    st.sampled_from([[], {}, [[]], [None], {"number": 1}]),
)


@settings(max_examples=500, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(sorted(_paths(EXAMPLE), key=str)), HOSTILE), min_size=1, max_size=4))
def test_whatever_comes_is_judged_or_refused_with_reasons(changes):
    content = deepcopy(EXAMPLE)
    for path, drawn in changes:
        target, value = content, deepcopy(drawn)  # a later change may reach into it
        try:
            for name in path[:-1]:
                target = target[name]
            if path:
                target[path[-1]] = value
            else:
                content = value
        except (TypeError, KeyError, IndexError, AttributeError):
            continue  # an earlier change took that place away
    verdict, problems = judged(json.dumps(content))
    assert bool(problems) != (verdict in ("PASS", "PASS_WITH_WARNINGS", "FAIL", "UNKNOWN"))


def judged(text):
    try:
        report = to_json(check(parse_case(text)))
    except CaseInvalid as error:
        return "", str(error)
    json.dumps(report, ensure_ascii=False).encode()
    return report["verdict"], ""


def test_report_as_json_has_all_of_each_finding(build):
    report = to_json(check(build.case(number="")))
    assert report["verdict"] == "FAIL"
    assert report["findings"] == [
        {
            "code": "P02",
            "severity": "block",
            "message": "The document has no number. Give it one.",
            "field": "number",
            "line": None,
            "reason": "OTH",
            "given": "",
            "expected": "",
        }
    ]
