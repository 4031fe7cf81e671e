"""P01-P07."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from workorder_preflight import History, fingerprint, fingerprints, normal_number, number_keys


def severities(findings):
    return [each.severity for each in findings]


def history_of(*numbers, state="live"):
    return History(numbers={each: state for number in numbers for each in number_keys(number)})


def test_p01_without_a_profile_is_unknown(build):
    assert severities(build.found("P01", profile=None)) == ["unknown"]
    assert not build.found("P01")


@pytest.mark.parametrize("name", ["channel", "channel_address", "invoice_format"])
def test_p01_refuses_a_route_with_a_gap(build, name):
    (finding,) = build.found("P01", profile=build.profile(**{name: " "}))
    assert (finding.severity, finding.field) == ("block", name)


def test_p01_refuses_an_untested_route_where_the_buyer_wants_a_test(build):
    untested = build.profile(route_test_required=True)
    assert [each.field for each in build.found("P01", profile=untested)] == ["route_tested_on"]
    assert not build.found("P01", profile=replace(untested, route_tested_on=date(2026, 1, 5)))


def test_p02_refuses_no_number_a_long_one_and_another_form(build):
    assert severities(build.found("P02", number=" ")) == ["block"]
    (finding,) = build.found("P02", profile=build.profile(number_max_length=13))
    assert (finding.given, finding.expected) == ("14", "13")
    assert not build.found("P02", profile=build.profile(number_max_length=14, number_pattern=r"INV/\d{4}/\d+"))
    assert severities(build.found("P02", profile=build.profile(number_pattern=r"\d+"))) == ["block"]


@pytest.mark.parametrize("number", ["INV\n1", " INV1", "INV1\t", "INV\x001"])
def test_p02_refuses_what_cannot_be_printed(build, number):
    assert severities(build.found("P02", number=number)) == ["block"]


def test_p02_is_not_asked_of_a_ticket(build):
    assert not build.found("P02", number="", stage="ticket")


def test_p03_refuses_a_number_that_was_rejected(build):
    rejected = history_of("inv-2026-1", state="rejected")
    assert severities(build.found("P03", history=rejected)) == ["block"]
    assert not build.found("P03", history=rejected, profile=build.profile(rejected_number_reusable=True))
    assert not build.found("P03", history=history_of("INV/2026/00001"))


@pytest.mark.parametrize("name", ["remit_to", "ship_to", "buyer_reference"])
def test_p04_refuses_a_party_that_is_missing(build, name):
    demanding = build.profile(**{f"{name}_required": True})
    assert [each.field for each in build.found("P04", profile=demanding)] == [name]
    assert not build.found("P04", profile=demanding, **{name: "Mercy, Columbus"})
    assert not build.found("P04")


def test_p05_refuses_a_number_the_buyer_has(build):
    assert severities(build.found("P05", history=history_of("INV/2026/00001"))) == ["block"]
    assert not build.found("P05", history=history_of("INV/2026/00002", "INV/2026/00010", "INV/2026/00011"))
    assert not build.found("P05", history=history_of("INV/2026/00001", state="rejected"))


@pytest.mark.parametrize("earlier", ["inv/2026/00001", "INV/2026/1", "Inv-2026-001", "INV 2026 0001", "INV202600001"])
def test_pitfall_duplicate_number_differing_only_in_case_zeros_or_punctuation(build, earlier):
    (finding,) = build.found("P05", history=history_of(earlier))
    assert finding.severity == "block"


@pytest.mark.parametrize(("one", "other"), [("INV/2026/01/11", "INV/2026/11/1"), ("INV10", "INV1"), ("A1", "B1")])
def test_numbers_that_differ_otherwise_stay_apart(one, other):
    assert not set(number_keys(one)) & set(number_keys(other))


def test_numbers_written_in_other_letters_are_the_same():
    assert normal_number("ＩＮＶ－００１") == normal_number("inv-1")
    assert normal_number("000") == "0"
    assert normal_number("--") == ""


def test_p06_warns_of_what_was_billed_lately(build):
    (print_,) = fingerprints(build.document())
    recent = History(similar={print_: (("INV/2026/00000", date(2026, 11, 1)),)})
    (finding,) = build.found("P06", history=recent)
    assert (finding.severity, finding.given, finding.line) == ("warn", "INV/2026/00000", 1)
    long_ago = History(similar={print_: (("INV/2026/00000", date(2026, 10, 1)),)})
    assert not build.found("P06", history=long_ago)
    assert not build.found("P06", history=recent, profile=build.profile(duplicate_window_days=20))
    assert build.found("P06", history=recent, profile=build.profile(duplicate_window_days=21))
    today = History(similar={print_: (("INV/2026/00000", date(2026, 11, 22)),)})
    assert not build.found("P06", history=today, profile=build.profile(duplicate_window_days=0))


def test_p06_other_amount_day_building_or_line_is_not_alike(build):
    document = build.document()
    same = fingerprint(document, build.line(), "North tower")
    assert same == fingerprint(document, build.line(description="other words"), " north tower")
    undated = build.line(service_date=None)
    assert fingerprint(document, undated, "North tower") == same  # the document's own period
    for other in (
        fingerprint(replace(document, service_end=date(2026, 11, 21)), undated, "North tower"),
        fingerprint(document, build.line(quantity=Decimal(3)), "North tower"),
        fingerprint(document, build.line(service_date=date(2026, 11, 19)), "North tower"),
        fingerprint(document, build.line(), "South tower"),
        fingerprint(document, build.line(po_line="20"), "North tower"),
        fingerprint(replace(document, kind="credit"), build.line(), "North tower"),
    ):
        assert other != same


def test_p06_warns_of_two_lines_alike_on_one_document(build):
    (finding,) = build.found("P06", build.line(), build.line(number=2))
    assert "Lines 1, 2" in finding.message
    assert not build.found("P06", build.line(), build.line(number=2, service_date=date(2026, 11, 19)))


def test_pitfall_one_po_for_many_buildings_names_each(build):
    lines = [build.line(), build.line(number=2, work_order="WO00004", quantity=Decimal(3))]
    nameless = (build.work_order(), build.work_order(number="WO00004", site=""))
    (finding,) = build.found("P06", *lines, work_orders=nameless)
    assert (finding.severity, finding.given) == ("warn", "WO00004")
    named = (build.work_order(), build.work_order(number="WO00004", site="South tower"))
    assert not build.found("P06", *lines, work_orders=named)


def test_pitfall_one_po_for_many_buildings_also_over_several_invoices(build):
    billed = History(by_po={"4500012345": Decimal(180)})
    (finding,) = build.found("P06", work_orders=(build.work_order(site=""),), history=billed)
    assert finding.given == "WO00003"
    assert not build.found("P06", history=billed)
    assert not build.found("P06", work_orders=(build.work_order(site=""),))


def test_p06_same_work_at_two_named_buildings_is_not_alike(build):
    lines = [build.line(), build.line(number=2, work_order="WO00004")]
    named = (build.work_order(), build.work_order(number="WO00004", site="South tower"))
    assert not build.found("P06", *lines, work_orders=named)


def test_p07_refuses_a_second_invoice_of_a_work_order(build):
    billed = History(by_work_order={"WO00003": ("INV/2026/00000",)})
    once = build.profile(one_invoice_per_work_order=True)
    (finding,) = build.found("P07", profile=once, history=billed)
    assert (finding.given, finding.expected) == ("WO00003", "INV/2026/00000")
    assert not build.found("P07", history=billed)
    assert not build.found("P07", profile=once)
    assert not build.found("P07", profile=once, history=billed, kind="credit")
