"""P28-P31."""

from decimal import Decimal

import pytest
from workorder_preflight.case import History, Tax, Totals


def D(text):
    return Decimal(text)


def severities(findings):
    return [each.severity for each in findings]


def freight(build, **changes):
    values = {"number": 2, "charge": "freight", "description": "Freight", "po_line": "", "unit_price": D(20)}
    return build.line(**{**values, "quantity": D(1), "tax_amount": D(0), "taxes": (), **changes})


@pytest.mark.parametrize("rule", ["exempt", "barred"])
def test_pitfall_tax_the_po_never_allowed(build, rule):
    (finding,) = build.found("P28", order=build.order(tax_rule=rule))
    assert (finding.severity, finding.line, finding.given, finding.reason) == ("block", 1, "13.50", "FIN")
    assert severities(build.found("P28", profile=build.profile(tax_rule=rule))) == ["block"]
    assert not build.found("P28", build.line(taxes=(), tax_amount=D(0)), order=build.order(tax_rule=rule))
    zero = build.line(taxes=(Tax(name="exempt", rate=D(0)),), tax_amount=D(0))
    assert not build.found("P28", zero, order=build.order(tax_rule=rule))


@pytest.mark.parametrize(("taxes", "amount"), [((), D("0.01")), ((Tax(name="7.5%", rate=D("7.5")),), D(0))])
def test_p28_refuses_an_amount_without_a_tax_and_a_tax_without_an_amount(build, taxes, amount):
    line = build.line(taxes=taxes, tax_amount=amount)
    assert severities(build.found("P28", line, order=build.order(tax_rule="exempt"))) == ["block"]
    assert not build.found("P28", line, order=build.order(tax_rule="charged"))


def test_p28_a_stated_rate_is_not_rounded_and_a_computed_one_is(build):
    six = build.order(build.po_line(tax_rate=D(6)))
    tiny = {"quantity": D(1), "unit_price": D("0.10"), "tax_amount": D("0.01")}
    stated = build.line(**tiny)
    assert severities(build.found("P28", stated, order=six)) == ["block"]
    assert not build.found("P28", build.line(**tiny, taxes=()), order=six)
    assert not build.found("P28", build.line(**tiny, taxes=(Tax(name="flat"),)), order=six)
    assert not build.found("P28", build.line(quantity=D(0)), order=build.order(build.po_line(tax_rate=D("7.5"))))


def test_p28_refuses_tax_that_only_the_total_shows(build):
    line = build.line(taxes=(), tax_amount=D(0))
    totals = Totals(untaxed=D(180), tax=D("13.50"), total=D("193.50"))
    exempt = build.order(tax_rule="exempt")
    assert [each.field for each in build.found("P28", line, totals=totals, order=exempt)] == ["totals.tax"]


def test_p28_wants_tax_where_buyer_or_po_does(build):
    untaxed = build.line(taxes=(), tax_amount=D(0))
    assert severities(build.found("P28", untaxed, order=build.order(tax_rule="charged"))) == ["block"]
    assert severities(build.found("P28", untaxed, profile=build.profile(tax_rule="required"))) == ["block"]
    assert not build.found("P28", profile=build.profile(tax_rule="required"), order=build.order(tax_rule="charged"))
    zero_rated = build.order(build.po_line(tax_rate=D(0)), tax_rule="charged")
    assert not build.found("P28", untaxed, order=zero_rated)


def test_p28_compares_the_rate_within_tolerance(build):
    six = build.order(build.po_line(tax_rate=D(6)))
    (finding,) = build.found("P28", order=six)
    assert (finding.given, finding.expected) == ("7.5", "6")
    assert not build.found("P28", order=six, profile=build.profile(tax_rate_tolerance=D("1.5")))
    assert not build.found(
        "P28", build.line(taxes=(), tax_amount=D(0)), order=six, profile=build.profile(tax_rule="barred")
    )
    amount_only = build.line(taxes=(Tax(name="flat", amount=D("10.80")),), tax_amount=D("10.80"))
    assert not build.found("P28", amount_only, order=six)
    assert severities(build.found("P28", build.line(taxes=(), tax_amount=D("11.80")), order=six)) == ["block"]


def test_pitfall_freight_the_po_never_allowed(build):
    (finding,) = build.found("P29", build.line(), freight(build))
    assert (finding.severity, finding.line, finding.given) == ("block", 2, "20.00")
    as_po_says = build.profile(freight_rule="po")
    assert severities(build.found("P29", build.line(), freight(build), profile=as_po_says)) == ["block"]
    assert not build.found("P29", profile=as_po_says)


def test_p29_takes_freight_the_po_allows_up_to_its_limit(build):
    profile, allowing = build.profile(freight_rule="po"), build.order(freight_rule="allowed", freight_limit=D(20))
    assert not build.found("P29", build.line(), freight(build), profile=profile, order=allowing)
    before = History(freight_by_po={"4500012345": D("0.01")})
    (finding,) = build.found("P29", build.line(), freight(build), profile=profile, order=allowing, history=before)
    assert (finding.given, finding.expected) == ("20.01", "20.00")
    assert not build.found("P29", profile=profile, order=allowing, history=History(freight_by_po={"4500012345": D(30)}))
    two = [build.line(), freight(build), freight(build, number=3, unit_price=D("0.01"))]
    (finding,) = build.found("P29", *two, profile=profile, order=allowing)
    assert (finding.given, finding.expected) == ("20.01", "20.00")


def test_p29_what_the_po_forbids_holds_under_every_rule(build):
    forbidding = build.order(freight_rule="not_allowed")
    any_ = build.profile(freight_rule="any")
    assert severities(build.found("P29", build.line(), freight(build), profile=any_, order=forbidding)) == ["block"]
    assert not build.found("P29", build.line(), freight(build), profile=any_)


def test_p29_without_any_po_nothing_allows_it(build):
    profile = build.profile(freight_rule="po", po_required=False)
    assert severities(build.found("P29", build.line(), freight(build), profile=profile, buyer_po="")) == ["block"]


def test_p29_wants_freight_where_the_buyer_does(build):
    header = build.profile(freight_rule="any", freight_on="header")
    line = build.profile(freight_rule="any", freight_on="line")
    assert not build.found("P29", build.line(), freight(build), profile=header)
    assert severities(build.found("P29", build.line(), freight(build), profile=line)) == ["block"]
    assert severities(build.found("P29", build.line(), freight(build, po_line="10"), profile=header)) == ["block"]
    assert not build.found("P29", build.line(), freight(build, po_line="10"), profile=line)


def test_p30_refuses_other_charges_unless_allowed_and_described(build):
    fee = freight(build, charge="other", description="Call-out fee")
    allowing = build.profile(other_charges_allowed=True)
    assert severities(build.found("P30", build.line(), fee)) == ["block"]
    assert not build.found("P30", build.line(), fee, profile=allowing)
    silent = freight(build, charge="other", description=" ")
    assert [each.field for each in build.found("P30", build.line(), silent, profile=allowing)] == ["description"]
    assert severities(build.found("P30", build.line(), freight(build, charge="tip"), profile=allowing)) == ["block"]


def test_p30_takes_freight_that_says_what_it_is(build):
    assert not build.found("P30", build.line(), freight(build))
    assert severities(build.found("P30", build.line(), freight(build, description=""))) == ["block"]
    assert not build.found("P30", build.line(description=""))


def test_p31_shows_retention_where_the_buyer_wants_it(build):
    retained = freight(build, charge="retention", unit_price=D(-18))
    below = Totals(untaxed=D(180), tax=D("13.50"), total=D("193.50"), retention=D(18))
    for shown, on_line, in_total in (("any", 0, 0), ("line", 0, 1), ("total", 1, 0), ("barred", 1, 1)):
        profile = build.profile(retention_shown=shown)
        assert len(build.found("P31", build.line(), retained, profile=profile)) == on_line
        assert len(build.found("P31", totals=below, profile=profile)) == in_total
    twice = build.found("P31", build.line(), retained, totals=below)
    assert ["twice" in each.message for each in twice] == [True]


def test_p31_due_is_total_less_prepaid_and_retention(build):
    def totals(due):
        return Totals(
            untaxed=D(180),
            tax=D("13.50"),
            total=D("193.50"),
            retention=D(18),
            prepaid=D(50),
            due=None if due is None else D(due),
        )

    assert not build.found("P31", totals=totals("125.50"))
    assert not build.found("P31", totals=totals("125.51"))
    assert build.found("P31", totals=totals("125.52"))
    assert not build.found("P31", totals=totals(None))
    (finding,) = build.found("P31", totals=totals("143.50"))
    assert (finding.given, finding.expected) == ("143.50", "125.50")
