"""P08-P17."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest


def severities(findings):
    return [each.severity for each in findings]


def test_p08_refuses_a_document_without_po_where_demanded(build):
    (finding,) = build.found("P08", buyer_po="")
    assert (finding.severity, finding.field, finding.reason) == ("block", "buyer_po", "REF")
    assert not build.found("P08")
    assert not build.found("P08", buyer_po="", profile=build.profile(po_required=False))


def test_p08_names_the_line_that_lacks_its_po(build):
    lines = [build.line(buyer_po="4500012345"), build.line(number=2)]
    assert [each.line for each in build.found("P08", *lines, buyer_po="")] == [2]


@pytest.mark.parametrize("po", ["S00012", " s00012 ", "inv/2026/00001", "S00012, S00014"])
def test_pitfall_our_own_order_number_in_the_buyers_po_field(build, po):
    (finding,) = build.found("P08", buyer_po=po)
    assert finding.severity == "block"
    assert "our own order or invoice number" in finding.message


def test_p08_refuses_a_po_of_another_form(build):
    profile = build.profile(po_pattern=r"45\d{8}")
    assert not build.found("P08", profile=profile)
    (finding,) = build.found("P08", profile=profile, buyer_po="4500012345-1")
    assert (finding.given, finding.expected) == ("4500012345-1", r"45\d{8}")


def test_p08_with_a_broken_pattern_is_unknown(build):
    assert severities(build.found("P08", profile=build.profile(po_pattern="45("))) == ["unknown"]


def test_p09_refuses_a_po_that_is_not_in_the_register(build):
    assert severities(build.found("P09", buyer_po="4500099999")) == ["block"]
    assert not build.found("P09")


def test_p09_in_a_register_that_may_lack_pos_is_unknown(build):
    assert severities(build.found("P09", buyer_po="4500099999", register_complete=False)) == ["unknown"]
    assert not build.found("P09", register_complete=False)


def test_p09_without_a_register_is_unknown(build):
    assert severities(build.found("P09", purchase_orders=None)) == ["unknown"]


@pytest.mark.parametrize("state", ["closed", "cancelled", "draft"])
def test_p09_refuses_a_po_that_is_not_open(build, state):
    (finding,) = build.found("P09", order=build.order(state=state))
    assert (finding.severity, finding.given) == ("block", state)


def test_p09_refuses_an_expired_po_and_takes_its_last_day(build):
    assert severities(build.found("P09", order=build.order(valid_to=date(2026, 11, 21)))) == ["block"]
    assert not build.found("P09", order=build.order(valid_to=date(2026, 11, 22)))
    assert severities(build.found("P09", order=build.order(valid_from=date(2026, 11, 23)))) == ["block"]
    assert not build.found("P09", order=build.order(valid_from=date(2026, 11, 22)))


def test_p09_with_old_news_is_unknown(build):
    profile = build.profile(stale_after_days=7)
    assert not build.found("P09", profile=profile, order=build.order(read_on=date(2026, 11, 18)))
    assert severities(build.found("P09", profile=profile, order=build.order(read_on=date(2026, 11, 17)))) == ["unknown"]
    assert severities(build.found("P09", profile=profile, order=build.order(read_on=None))) == ["unknown"]


def test_p09_believes_for_ever_where_nobody_set_a_limit(build):
    assert not build.found("P09", order=build.order(read_on=date(2001, 1, 1)))
    assert not build.found("P09", order=build.order(read_on=None))


def test_p09_takes_a_credit_on_a_closed_po(build):
    assert not build.found("P09", order=build.order(state="closed"), kind="credit")


def test_p10_refuses_two_pos_on_one_document(build):
    lines = [build.line(), build.line(number=2, buyer_po="4500099999")]
    (finding,) = build.found("P10", *lines)
    assert finding.given == "4500012345, 4500099999"
    assert not build.found("P10", *lines, profile=build.profile(one_po_per_invoice=False))
    assert not build.found("P10", build.line(), build.line(number=2, buyer_po=" 4500012345 "))


def test_p11_refuses_a_line_without_po_line_where_demanded(build):
    (finding,) = build.found("P11", build.line(po_line=""), profile=build.profile(po_line_required=True))
    assert (finding.severity, finding.line, finding.field) == ("block", 1, "po_line")
    assert not build.found("P11", profile=build.profile(po_line_required=True))


def test_p11_warns_that_nothing_was_compared_where_not_demanded(build):
    assert severities(build.found("P11", build.line(po_line=""))) == ["warn"]
    assert not build.found("P11", build.line(po_line=""), order=build.order(lines={}))  # P23's
    assert not build.found("P11", build.line(po_line=""), buyer_po="4500099999")  # P09's


def test_p11_resolves_code_and_unit_to_the_one_line_they_name(build):
    profile = build.profile(po_line_required=True, po_line_by_item=True)
    assert not build.found("P11", build.line(po_line=""), profile=profile)
    (price,) = build.found("P19", build.line(po_line="", unit_price=Decimal(91)), profile=profile)
    assert price.line == 1


def test_p11_refuses_code_and_unit_that_name_two_lines_or_none(build):
    profile = build.profile(po_line_by_item=True)
    two = build.order(build.po_line(), build.po_line(number="20"))
    (finding,) = build.found("P11", build.line(po_line=""), profile=profile, order=two)
    assert (finding.severity, finding.given) == ("block", "10, 20")
    (finding,) = build.found("P11", build.line(po_line="", unit="DAY"), profile=profile)
    assert finding.given == "none"
    assert severities(build.found("P11", build.line(po_line="", item_code=""), profile=profile)) == ["block"]


def test_p11_without_the_lines_of_the_po_is_unknown(build):
    profile = build.profile(po_line_by_item=True)
    nameless = build.line(po_line="")
    assert severities(build.found("P11", nameless, profile=profile, order=build.order(lines={}))) == ["unknown"]


def test_p11_resolves_a_credit_to_a_closed_line_too(build):
    profile, closed = build.profile(po_line_by_item=True), build.order(build.po_line(is_open=False))
    assert severities(build.found("P11", build.line(po_line=""), profile=profile, order=closed)) == ["block"]
    assert not build.found("P11", build.line(po_line=""), profile=profile, order=closed, kind="credit")


def test_p12_refuses_a_line_the_po_does_not_have_and_a_closed_one(build):
    assert not build.found("P12")
    assert severities(build.found("P12", build.line(po_line="99"))) == ["block"]
    closed = build.order(build.po_line(is_open=False))
    assert severities(build.found("P12", order=closed)) == ["block"]
    assert not build.found("P12", order=closed, kind="credit")


def test_p12_without_the_lines_of_the_po_is_unknown(build):
    assert severities(build.found("P12", order=build.order(lines={}))) == ["unknown"]


def test_p13_refuses_another_code_than_the_po_lines(build):
    (finding,) = build.found("P13", build.line(item_code="MERCY-HVAC-02"))
    assert (finding.given, finding.expected, finding.reason) == ("MERCY-HVAC-02", "MERCY-HVAC-01", "ITM")
    assert not build.found("P13", build.line(item_code="mercy-hvac-01 "))


def test_p13_refuses_no_code_only_where_demanded(build):
    assert not build.found("P13", build.line(item_code=""))
    line = build.line(item_code="")
    assert severities(build.found("P13", line, profile=build.profile(item_code_required=True))) == ["block"]


def test_pitfall_internal_code_instead_of_the_buyers(build):
    (finding,) = build.found("P13", build.line(item_code="HVAC-LAB"))
    assert finding.severity == "block"
    assert "our own code" in finding.message
    nothing_to_compare = build.order(build.po_line(item_code=""))
    profile = build.profile(item_code_required=True)
    unsure = build.found("P13", build.line(item_code="HVAC-LAB"), order=nothing_to_compare, profile=profile)
    assert severities(unsure) == ["unknown"]
    assert not build.found("P13", build.line(item_code="HVAC-LAB"), order=nothing_to_compare)
    assert not build.found("P13", build.line(item_code="OTHER"), order=nothing_to_compare, profile=profile)


def test_p14_refuses_another_currency_and_compares_no_amounts_then(build):
    euros = build.order(currency="EUR")
    (finding,) = build.found("P14", order=euros)
    assert (finding.given, finding.expected) == ("USD", "EUR")
    assert not build.found("P19", build.line(unit_price=Decimal(95)), order=euros)
    assert not build.found("P14")


def test_p14_with_an_unrecorded_currency_is_unknown(build):
    assert severities(build.found("P14", order=build.order(currency=""))) == ["unknown"]
    assert severities(build.found("P14", currency="")) == ["block"]


def test_p15_refuses_no_contract_where_demanded_and_another_one(build):
    assert severities(build.found("P15", profile=build.profile(contract_required=True))) == ["block"]
    assert not build.found("P15", contract="C-7", profile=build.profile(contract_required=True))
    (finding,) = build.found("P15", contract="C-7", order=build.order(contract="C-8"))
    assert (finding.given, finding.expected) == ("C-7", "C-8")
    assert not build.found("P15", contract="c-8", order=build.order(contract="C-8"))


def test_p16_refuses_no_cost_centre_where_demanded_and_another_one(build):
    demanding = build.profile(cost_center_required=True)
    assert severities(build.found("P16", build.line(cost_center=""), profile=demanding)) == ["block"]
    assert not build.found("P16", build.line(cost_center=""), profile=demanding, cost_center="CC-HVAC")
    assert not build.found("P16", build.line(cost_center=""))
    (finding,) = build.found("P16", build.line(cost_center="CC-ELEC"))
    assert (finding.given, finding.expected) == ("CC-ELEC", "CC-HVAC")


def test_p16_refuses_shares_that_do_not_add_up(build):
    assert not build.found("P16", build.line(cost_shares=(Decimal(60), Decimal(40))))
    (finding,) = build.found("P16", build.line(cost_shares=(Decimal(60), Decimal(30))))
    assert finding.given == "90"


def test_p17_refuses_a_line_without_work_order_where_demanded(build):
    demanding = build.profile(work_order_required=True)
    assert not build.found("P17", profile=demanding)
    (finding,) = build.found("P17", build.line(work_order=""), profile=demanding, work_orders=())
    assert (finding.severity, finding.line) == ("block", 1)
    assert not build.found("P17", build.line(work_order=""), profile=demanding)  # the document's only one


def test_p17_refuses_a_work_order_the_document_does_not_list(build):
    assert severities(build.found("P17", build.line(work_order="WO00004"))) == ["block"]


def test_sound_document_has_no_findings_whatever_the_case_of_its_references(build):
    line = build.line(po_line=" 10 ", cost_center="cc-hvac", unit="hur")
    document = replace(build.document(line), buyer_po=" 4500012345")
    assert build.case(document=document)
    for code in ("P08", "P09", "P12", "P13", "P16", "P18", "P19", "P20"):
        assert not build.found(code, document=document)
