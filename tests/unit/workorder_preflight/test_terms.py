"""P32-P35."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from workorder_preflight.case import Terms

NET30 = Terms(code="NET30", net_days=30)
EARLY = Terms(
    code="2/10 Net 30",
    net_days=30,
    discount_percent=Decimal(2),
    discount_days=10,
    discount_date=date(2026, 12, 2),
    discount_amount=Decimal("3.60"),
)


def severities(findings):
    return [each.severity for each in findings]


def test_p32_same_terms_pass_and_a_silent_po_is_not_compared(build):
    same = build.order(terms_code="net30", terms_net_days=30, terms_discount_percent=Decimal(0))
    assert not build.found("P32", order=same)
    assert not build.found("P32")


def test_p32_worse_for_the_buyer_is_refused_more_for_the_buyer_is_a_warning(build):
    (finding,) = build.found("P32", order=build.order(terms_net_days=60))
    assert (finding.severity, finding.given, finding.expected, finding.reason) == ("block", "30", "60", "PAY")
    assert severities(build.found("P32", order=build.order(terms_net_days=15))) == ["warn"]


def test_p32_compares_the_discount(build):
    wants = build.order(terms_net_days=30, terms_discount_percent=Decimal(2), terms_discount_days=10)
    assert not build.found("P32", terms=EARLY, order=wants)
    assert severities(build.found("P32", order=wants)) == ["block"]
    more = replace(wants, terms_discount_percent=Decimal(1), terms_discount_days=10)
    assert severities(build.found("P32", terms=EARLY, order=more)) == ["warn"]
    longer = replace(wants, terms_discount_days=15)
    assert [each.field for each in build.found("P32", terms=EARLY, order=longer)] == ["terms.discount_days"]


def test_p32_another_code_is_a_warning_only_where_the_days_are_the_same(build):
    assert severities(build.found("P32", order=build.order(terms_code="ZB30", terms_net_days=30))) == ["warn"]
    assert severities(build.found("P32", order=build.order(terms_code="ZB30"))) == ["block"]
    nameless = Terms(code="EOM")
    assert severities(build.found("P32", terms=nameless, order=build.order(terms_code="ZB30"))) == ["block"]


def test_p32_refuses_no_terms_where_the_po_has_some(build):
    assert severities(build.found("P32", terms=None, order=build.order(terms_net_days=30))) == ["block"]
    assert not build.found("P32", terms=None)


def test_p32_leaves_terms_alone_where_the_buyer_does(build):
    lax = build.profile(terms_must_match=False)
    assert not build.found("P32", profile=lax, order=build.order(terms_net_days=60))


def test_pitfall_wrong_discount_date(build):
    assert not build.found("P32", terms=EARLY)
    early = replace(EARLY, discount_date=date(2026, 12, 1))
    (finding,) = build.found("P32", terms=early)
    assert (finding.severity, finding.given, finding.expected) == ("block", "2026-12-01", "2026-12-02")
    late = replace(EARLY, discount_date=date(2026, 12, 3))
    assert severities(build.found("P32", terms=late)) == ["warn"]
    unknown_days = replace(EARLY, discount_days=None)
    assert not build.found("P32", terms=unknown_days)
    after_due = replace(unknown_days, discount_date=date(2027, 1, 5))
    assert severities(build.found("P32", terms=after_due)) == ["block"]
    for day in (date(2026, 11, 22), date(2026, 12, 22)):
        assert not build.found("P32", terms=replace(unknown_days, discount_date=day))
    assert severities(build.found("P32", terms=replace(EARLY, discount_date=None))) == ["warn"]
    assert severities(build.found("P32", terms=replace(unknown_days, discount_date=None))) == ["block"]


def test_p32_refuses_a_due_date_before_the_terms_and_warns_of_a_later_one(build):
    assert severities(build.found("P32", due_date=date(2026, 12, 21))) == ["block"]
    assert severities(build.found("P32", due_date=date(2026, 12, 23))) == ["warn"]
    assert not build.found("P32", due_date=date(2027, 1, 31), terms=Terms(code="EOM"))


@pytest.mark.parametrize(("amount", "wrong"), [("3.60", 0), ("3.87", 0), ("3.59", 0), ("3.70", 1), ("20", 1)])
def test_p32_discount_amount_is_its_percentage_of_total_or_untaxed(build, amount, wrong):
    assert len(build.found("P32", terms=replace(EARLY, discount_amount=Decimal(amount)))) == wrong


def test_p32_far_away_days_are_no_trouble(build):
    assert severities(build.found("P32", terms=Terms(code="never", net_days=10**9))) == ["block"]


def test_p33_date_is_there_and_not_in_the_future(build):
    assert not build.found("P33")
    assert severities(build.found("P33", issue_date=None)) == ["block"]
    assert not build.found("P33", issue_date=build.today)
    assert severities(build.found("P33", issue_date=date(2026, 11, 26))) == ["block"]


def test_p33_date_is_not_before_the_work_was_complete(build):
    assert not build.found("P33", issue_date=date(2026, 11, 20))
    (finding,) = build.found("P33", issue_date=date(2026, 11, 19))
    assert (finding.given, finding.expected) == ("2026-11-19", "2026-11-20")


def test_p33_due_on_the_date_or_later(build):
    assert not build.found("P33", due_date=date(2026, 11, 22))
    (finding,) = build.found("P33", due_date=date(2026, 11, 21))
    assert (finding.field, finding.reason) == ("due_date", "PAY")


def test_p33_keeps_to_the_backdating_limit(build):
    assert not build.found("P33", profile=build.profile(backdating_days=3))
    assert severities(build.found("P33", profile=build.profile(backdating_days=2))) == ["block"]
    assert severities(build.found("P33", profile=build.profile(backdating_days=2), kind="credit")) == ["block"]


def test_p34_service_lies_within_the_po(build):
    from_21 = build.order(valid_from=date(2026, 11, 21))
    found = build.found("P34", order=from_21)
    assert {(each.line, each.field) for each in found} == {
        (1, "service_date"),
        (None, "service_start"),
        (None, "service_end"),
    }
    assert not build.found("P34", order=build.order(valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 20)))


def test_p34_days_nobody_knows_are_not_compared(build):
    days = {"service_start": None, "service_end": None}
    order = build.order(valid_from=date(2026, 11, 21))
    assert not build.found("P34", build.line(service_date=None), order=order, **days)
    assert not build.found("P34", buyer_po="4500099999", order=order, **days)


def test_p34_period_ends_after_it_begins(build):
    assert [each.field for each in build.found("P34", service_end=date(2026, 11, 19))] == ["service_end"]


def test_p35_warns_after_the_deadline(build):
    assert not build.found("P35", profile=build.profile(submission_days=5))
    (finding,) = build.found("P35", profile=build.profile(submission_days=4))
    assert (finding.severity, finding.given) == ("warn", "2026-11-20")
    assert not build.found("P35")
