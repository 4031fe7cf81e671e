"""What holds for every case."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workorder_preflight import FAIL, PASS, PASS_WITH_WARNINGS, UNKNOWN, Finding, Report, check
from workorder_preflight.case import Billed, History, WorkOrder

BEST_FIRST = (PASS, PASS_WITH_WARNINGS, UNKNOWN, FAIL)
SEVERITIES = st.lists(st.sampled_from(["block", "warn", "unknown"]), max_size=6)


def report_of(severities):
    return Report(findings=tuple(Finding(code="P01", severity=each, message=".") for each in severities))


@given(SEVERITIES)
def test_verdict_is_that_of_the_worst_finding(severities):
    expected = (
        FAIL
        if "block" in severities
        else UNKNOWN
        if "unknown" in severities
        else PASS_WITH_WARNINGS
        if severities
        else PASS
    )
    assert report_of(severities).verdict == expected


@given(SEVERITIES, SEVERITIES)
def test_more_findings_never_improve_the_verdict(some, more):
    assert BEST_FIRST.index(report_of(some + more).verdict) >= BEST_FIRST.index(report_of(some).verdict)


def _document(**changes):
    return lambda case: replace(case, document=replace(case.document, **changes))


def _line(**changes):
    def change(case):
        first, *rest = case.document.lines
        return replace(case, document=replace(case.document, lines=(replace(first, **changes), *rest)))

    return change


def _order(**changes):
    def change(case):
        orders = {number: replace(order, **changes) for number, order in case.purchase_orders.items()}
        return replace(case, purchase_orders=orders)

    return change


VIOLATIONS = {
    "P02": _document(number=""),
    "P08": _document(our_numbers=("4500012345",)),
    "P12": _line(po_line="99"),
    "P13": _line(item_code="WRONG"),
    "P14": _document(currency="EUR"),
    "P16": _line(cost_center="WRONG"),
    "P17": _line(work_order="WO99999"),
    "P18": _line(unit=""),
    "P20": lambda case: replace(
        case, history=History(by_line={("4500012345", "10"): Billed(quantity=Decimal(99), amount=Decimal(1))})
    ),
    "P09": _order(state="closed"),
    "P23": _order(limit=Decimal(1)),
    "P25": _document(work_orders=(WorkOrder(number="WO00003", not_to_exceed=Decimal(1)),)),
    "P26": _line(authority=""),
    "P28": _order(tax_rule="barred"),
    "P33": _document(issue_date=date(2027, 1, 1)),
    "P39": _line(subtotal=Decimal("12.34")),
}
GAPS = {
    "no profile": lambda case: replace(case, profile=None),
    "no register": lambda case: replace(case, purchase_orders=None),
    "unread PO": lambda case: replace(
        case,
        profile=replace(case.profile, stale_after_days=1),
        purchase_orders={n: replace(order, read_on=None) for n, order in case.purchase_orders.items()},
    ),
    "no lines": _order(lines={}),
    "no currency": _order(currency=""),
    "no factor": _line(unit="DAY"),
    "no receipts": lambda case: replace(case, profile=replace(case.profile, receipts_required=True)),
}


@pytest.mark.parametrize("code", VIOLATIONS)
def test_each_violation_fails_by_its_own_rule(build, code):
    found = {each.code for each in check(VIOLATIONS[code](build.case())).findings if each.severity == "block"}
    assert code in found


@pytest.mark.parametrize("gap", GAPS)
def test_each_gap_alone_is_unknown(build, gap):
    assert check(GAPS[gap](build.case())).verdict == UNKNOWN


@pytest.mark.parametrize("change", [*VIOLATIONS.values(), *GAPS.values()])
def test_every_finding_is_a_sentence_that_names_its_field(build, change):
    for finding in check(change(build.case())).findings:
        assert finding.message.endswith(".")
        assert finding.field
        assert finding.reason
        assert not {"None", "Decimal", "()"} & set(finding.message.replace("(", " ").split())


@settings(max_examples=200, deadline=None)
@given(chosen=st.lists(st.sampled_from(sorted(VIOLATIONS)), min_size=1, max_size=6, unique=True))
def test_adding_a_violation_never_improves_the_verdict(build, chosen):
    case, worst = build.case(), 0
    for code in chosen:
        case = VIOLATIONS[code](case)
        rank = BEST_FIRST.index(check(case).verdict)
        assert rank >= worst
        worst = rank
    assert BEST_FIRST[worst] == FAIL


@settings(max_examples=200, deadline=None)
@given(
    gaps=st.lists(st.sampled_from(sorted(GAPS)), min_size=1, max_size=3, unique=True),
    wrong=st.lists(st.sampled_from(["P02", "P33", "P39"]), max_size=2, unique=True),
)
def test_what_is_unknown_never_passes_and_never_hides_what_is_wrong(build, gaps, wrong):
    case = build.case()
    for gap in sorted(gaps, key="unread PO".__ne__):  # the one gap that needs what others take away
        case = GAPS[gap](case) if case.profile and case.purchase_orders else case
    for code in wrong:
        case = VIOLATIONS[code](case)
    assert check(case).verdict == (FAIL if wrong else UNKNOWN)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_order_of_lines_changes_nothing(build, data):
    units = st.sampled_from(["HUR", "DAY", ""])
    lines = [
        build.line(
            number=number,
            quantity=Decimal(data.draw(st.integers(-3, 9))),
            unit=data.draw(units),
            unit_price=Decimal(data.draw(st.sampled_from([89, 90, 91]))),
            po_line=data.draw(st.sampled_from(["10", "20", "99", ""])),
            charge=data.draw(st.sampled_from(["", "", "freight", "retention"])),
            authority=data.draw(st.sampled_from(["task", "open", ""])),
            work_order=data.draw(st.sampled_from(["WO00003", ""])),
        )
        for number in range(1, data.draw(st.integers(1, 6)) + 1)
    ]
    order = build.order(build.po_line(), build.po_line(number="20", unit="DAY"), limit=Decimal(500))
    shuffled = data.draw(st.permutations(lines))
    assert check(build.case(*lines, order=order)) == check(build.case(*shuffled, order=order))
