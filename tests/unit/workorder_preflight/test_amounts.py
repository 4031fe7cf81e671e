"""P18-P27."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from workorder_preflight import History
from workorder_preflight.case import Billed

LINE_10 = ("4500012345", "10")


def D(text):
    return Decimal(text)


def severities(findings):
    return [each.severity for each in findings]


def billed(quantity, amount="0"):
    return History(by_line={LINE_10: Billed(quantity=D(quantity), amount=D(amount))})


def test_p18_converts_to_the_unit_of_the_po(build):
    days = build.line(unit="DAY", quantity=D(1), unit_price=D(720))
    assert not build.found("P18", days, factors={("DAY", "HUR"): D(8)})
    assert not build.found("P18", days, factors={("HUR", "DAY"): D("0.125")})
    assert not build.found("P19", days, factors={("DAY", "HUR"): D(8)})


def test_p18_without_a_factor_is_unknown(build):
    (finding,) = build.found("P18", build.line(unit="DAY"))
    assert (finding.severity, finding.given, finding.expected) == ("unknown", "DAY", "HUR")
    assert severities(build.found("P18", build.line(unit="DAY"), factors={("DAY", "HUR"): D(0)})) == ["unknown"]


def test_p18_refuses_a_line_without_unit_and_does_not_know_a_po_without(build):
    assert severities(build.found("P18", build.line(unit=""))) == ["block"]
    assert severities(build.found("P18", order=build.order(build.po_line(unit="")))) == ["unknown"]
    assert not build.found("P18", build.line(unit="hur "))


def test_p18_is_not_asked_of_lines_that_only_an_amount_limits(build):
    lump = build.order(build.po_line(quantity=None, amount_limit=D(500), unit="C62"))
    for code in ("P18", "P19", "P20"):
        assert not build.found(code, build.line(unit="LS"), order=lump)


def test_p19_compares_prices_in_both_directions(build):
    (finding,) = build.found("P19", build.line(unit_price=D("90.01")))
    assert (finding.given, finding.expected, finding.reason) == ("90.01", "90.00", "PRI")
    assert severities(build.found("P19", build.line(unit_price=D("89.99")))) == ["block"]
    assert not build.found("P19")


@pytest.mark.parametrize(
    ("percent", "amount", "either", "passes"),
    [
        ("2", None, False, ["91.80"]),
        ("2", "1", False, ["91.00"]),
        ("2", "5", False, ["91.80"]),
        ("2", "5", True, ["95.00"]),
        ("0", "5", False, ["90.00"]),
        ("0", "5", True, ["95.00"]),
        ("2", "0", False, ["90.00"]),
        ("2", "0", True, ["91.80"]),
    ],
)
def test_p19_stricter_tolerance_holds_unless_either(build, percent, amount, either, passes):
    profile = build.profile(
        price_tolerance_percent=D(percent),
        price_tolerance_amount=None if amount is None else D(amount),
        tolerance_either=either,
    )
    for price in passes:
        assert not build.found("P19", build.line(unit_price=D(price)), profile=profile)
        dearer = build.line(unit_price=D(price) + D("0.01"))
        assert severities(build.found("P19", dearer, profile=profile)) == ["block"]


def test_p19_compares_after_discount(build):
    discounted = build.line(unit_price=D(100), discount_percent=D(10))
    assert not build.found("P19", discounted)
    assert severities(build.found("P19", build.line(discount_percent=D(10)))) == ["block"]


def test_p19_minds_the_price_basis_of_both_sides(build):
    per_hundred = build.order(build.po_line(quantity=D(1000), unit_price=D(9000), price_basis=D(100)))
    assert not build.found("P19", order=per_hundred)
    assert not build.found("P19", build.line(price_basis=D(10), unit_price=D(900)), order=per_hundred)
    assert severities(build.found("P19", build.line(unit_price=D(91)), order=per_hundred)) == ["block"]


def test_p19_without_the_po_price_is_unknown(build):
    assert severities(build.found("P19", order=build.order(build.po_line(unit_price=None)))) == ["unknown"]
    for_none = build.order(build.po_line(price_basis=D(0)))
    assert severities(build.found("P19", order=for_none)) == ["unknown"]
    assert not build.found("P22", order=for_none)


def test_p20_counts_what_was_billed_before(build):
    assert not build.found("P20", history=billed("8"))
    (finding,) = build.found("P20", history=billed("8.5"))
    assert (finding.severity, finding.given, finding.expected, finding.reason) == ("block", "10.5", "10", "QTY")


def test_p20_counts_all_lines_that_bill_one_po_line(build):
    lines = [build.line(number=n, quantity=D(4)) for n in (3, 1, 2)]
    (finding,) = build.found("P20", *lines)
    assert (finding.given, finding.line) == ("12", 1)
    assert "Lines 1, 2, 3 together" in finding.message
    assert not build.found("P20", *lines[:2])


def test_p20_converts_before_it_counts(build):
    lines = [build.line(), build.line(number=2, unit="DAY", quantity=D(1), unit_price=D(720))]
    eight = {("DAY", "HUR"): D(8)}
    assert not build.found("P20", *lines, factors=eight)
    assert severities(build.found("P20", *lines, factors=eight, history=billed("0.5"))) == ["block"]


def test_p20_takes_thirds_that_add_up(build):
    lines = [build.line(number=n, unit="DAY", quantity=D(10), unit_price=D(30)) for n in (1, 2, 3)]
    assert not build.found("P20", *lines, factors={("HUR", "DAY"): D(3)})


def test_p20_tolerates_what_the_buyer_tolerates(build):
    five = build.profile(quantity_tolerance_percent=D(5))
    assert not build.found("P20", profile=five, history=billed("8.5"))
    assert severities(build.found("P20", profile=five, history=billed("8.51"))) == ["block"]


def test_p21_counts_against_receipts_where_the_buyer_does(build):
    receipts = build.profile(receipts_required=True)
    two = build.order(build.po_line(received=D(2)))
    assert not build.found("P21", profile=receipts, order=two)
    (finding,) = build.found("P21", profile=receipts, order=two, history=billed("0.5"))
    assert (finding.severity, finding.given, finding.reason) == ("block", "2.5", "DEL")
    assert not build.found("P21", order=two, history=billed("0.5"))


def test_p21_with_receipts_nobody_told_us_is_unknown(build):
    assert severities(build.found("P21", profile=build.profile(receipts_required=True))) == ["unknown"]


def test_p21_of_an_amount_compares_amounts(build):
    receipts = build.profile(receipts_required=True)
    accepted = build.order(build.po_line(quantity=None, amount_limit=D(500), received=D(180)))
    assert not build.found("P21", profile=receipts, order=accepted)
    assert severities(build.found("P21", profile=receipts, order=accepted, history=billed("0", "1"))) == ["block"]


def test_p22_limits_the_amount_of_a_po_line(build):
    assert not build.found("P22", history=billed("0", "720"))
    (finding,) = build.found("P22", history=billed("0", "720.01"))
    assert (finding.given, finding.expected, finding.reason) == ("900.01", "900.00", "FIN")
    limited = build.order(build.po_line(quantity=None, amount_limit=D(179)))
    assert severities(build.found("P22", order=limited)) == ["block"]


def test_p22_tolerances_of_the_line(build):
    profile = build.profile(line_tolerance_percent=D(10), line_tolerance_amount=D(5))
    assert not build.found("P22", profile=profile, history=billed("0", "725"))
    assert severities(build.found("P22", profile=profile, history=billed("0", "725.01"))) == ["block"]
    either = replace(profile, tolerance_either=True)
    assert not build.found("P22", profile=either, history=billed("0", "810"))


def test_p22_rounds_the_worth_of_a_line_up_to_the_cent(build):
    odd = build.order(build.po_line(quantity=D(3), unit_price=D("0.3333")))
    line = build.line(quantity=D(3), unit_price=D("0.3333"), subtotal=D("1.00"))
    assert not build.found("P22", line, order=odd)
    assert severities(build.found("P22", replace(line, subtotal=D("1.01")), order=odd)) == ["block"]


def test_p22_with_neither_quantity_nor_amount_is_unknown(build):
    assert severities(build.found("P22", order=build.order(build.po_line(quantity=None)))) == ["unknown"]


def test_p23_counts_what_was_billed_before(build):
    blanket = build.order(kind="blanket", limit=D(1000))
    before = History(by_po={"4500012345": D(820)})
    assert not build.found("P23", order=blanket, history=before)
    (finding,) = build.found("P23", order=blanket, history=History(by_po={"4500012345": D("820.01")}))
    assert (finding.given, finding.expected, finding.reason) == ("1000.01", "1000.00", "FIN")


def test_pitfall_over_released_blanket(build):
    (finding,) = build.found("P23", order=build.order(kind="blanket", limit=D(100)))
    assert finding.severity == "block"


def test_p23_counts_freight_and_not_what_is_retained(build):
    limited = build.order(limit=D(180))
    freight = build.line(number=2, charge="freight", po_line="", quantity=D(1), unit_price=D(5))
    retained = build.line(number=3, charge="retention", po_line="", quantity=D(1), unit_price=D(-18))
    assert severities(build.found("P23", build.line(), freight, retained, order=limited)) == ["block"]
    assert not build.found("P23", build.line(), retained, order=limited)


def test_p23_tolerances_of_the_header(build):
    limited, profile = build.order(limit=D(175)), build.profile(header_tolerance_percent=D(3))
    assert not build.found("P23", order=limited, profile=profile)
    strict = replace(profile, header_tolerance_amount=D(4))
    assert severities(build.found("P23", order=limited, profile=strict)) == ["block"]


@pytest.mark.parametrize("kind", ["standard", "blanket"])
def test_p23_po_without_limit_and_lines_is_unknown(build, kind):
    assert severities(build.found("P23", order=build.order(kind=kind, lines={}))) == ["unknown"]
    assert not build.found("P23", order=build.order(kind=kind))


def test_p23_lines_that_name_no_po_line_are_limited_by_all_the_po_is_worth(build):
    two = build.order(build.po_line(), build.po_line(number="20", quantity=None, amount_limit=D(100)))
    nameless = build.line(po_line="")
    before = History(by_po={"4500012345": D(820)})
    assert not build.found("P23", nameless, order=two, history=before)
    (finding,) = build.found("P23", nameless, order=two, history=History(by_po={"4500012345": D("820.01")}))
    assert (finding.severity, finding.given, finding.expected) == ("block", "1000.01", "1000.00")
    half_known = build.order(build.po_line(), build.po_line(number="20", unit_price=None))
    assert severities(build.found("P23", nameless, order=half_known)) == ["unknown"]
    assert not build.found("P23", order=half_known)


def test_p24_keeps_to_the_dates_of_a_blanket(build):
    assert severities(build.found("P24", order=build.order(kind="blanket", valid_to=date(2026, 11, 21)))) == ["block"]
    assert not build.found("P24", order=build.order(kind="blanket", valid_to=date(2026, 11, 22)))
    assert not build.found("P24", order=build.order(valid_to=date(2026, 11, 21)))  # P09's


def test_p25_counts_tax_where_the_buyer_does(build):
    capped = (build.work_order(not_to_exceed=D(180)),)
    assert not build.found("P25", work_orders=capped)
    with_tax = build.profile(not_to_exceed_includes_tax=True)
    (finding,) = build.found("P25", work_orders=capped, profile=with_tax)
    assert (finding.given, finding.expected, finding.reason) == ("193.50", "180.00", "FIN")


def test_pitfall_bill_over_cap(build):
    (finding,) = build.found("P25", work_orders=(build.work_order(not_to_exceed=D("179.99")),))
    assert (finding.severity, finding.field) == ("block", "not_to_exceed")


def test_p25_counts_what_was_billed_before(build):
    capped = (build.work_order(not_to_exceed=D(200)),)
    assert not build.found("P25", work_orders=capped, history=History(billed_of_work_order={"WO00003": D(20)}))
    (finding,) = build.found("P25", work_orders=capped, history=History(billed_of_work_order={"WO00003": D("20.01")}))
    assert finding.severity == "block"


def test_p25_retention_does_not_make_room_below_the_cap(build):
    retained = build.line(number=2, charge="retention", po_line="", quantity=D(1), unit_price=D(-18))
    capped = (build.work_order(not_to_exceed=D(170)),)
    assert severities(build.found("P25", build.line(), retained, work_orders=capped)) == ["block"]


def test_p25_charges_of_no_work_order_fit_below_all_caps_together(build):
    capped = tuple(build.work_order(number=n, not_to_exceed=D(190)) for n in ("WO00003", "WO00004"))
    lines = [build.line(), build.line(number=2, work_order="WO00004")]

    def freight(amount):
        return build.line(number=3, charge="freight", work_order="", quantity=D(1), unit_price=D(amount))

    assert not build.found("P25", *lines, freight("20"), work_orders=capped)
    (finding,) = build.found("P25", *lines, freight("20.01"), work_orders=capped)
    assert (finding.given, finding.expected) == ("380.01", "380.00")
    uncapped = (capped[0], replace(capped[1], not_to_exceed=None))
    assert not build.found("P25", *lines, freight("21"), work_orders=uncapped)


def test_p25_a_deposit_makes_room_only_for_the_work_order_it_names(build):
    capped = (build.work_order(not_to_exceed=D(170)),)
    deducted = build.line(number=2, charge="deposit", po_line="", quantity=D(-1), unit_price=D(50), work_order="")
    assert severities(build.found("P25", build.line(), deducted, work_orders=capped)) == ["block"]
    named = replace(deducted, work_order="WO00003")
    assert not build.found("P25", build.line(), named, work_orders=capped)


def test_sentences_say_what_was_billed_before_if_anything(build):
    before = History(by_line={LINE_10: Billed(quantity=D(9), amount=D(900))}, by_po={"4500012345": D(900)})
    for code, together in (("P20", "11"), ("P22", "1080.00"), ("P23", "1080.00")):
        order = build.order(limit=D(1000))
        (finding,) = build.found(code, order=order, history=before)
        assert f"billed before: {together})" in finding.message
    (finding,) = build.found("P20", build.line(quantity=D(11)))
    assert "before" not in finding.message
    assert "11 HUR of line 10" in finding.message


@pytest.mark.parametrize("authority", ["task", "change", "order", "approval"])
def test_p26_takes_what_is_approved(build, authority):
    assert not build.found("P26", build.line(authority=authority))


def test_pitfall_line_from_memory(build):
    (finding,) = build.found("P26", build.line(authority=""))
    assert (finding.severity, finding.line, finding.field) == ("block", 1, "authority")


def test_pitfall_change_not_documented(build):
    (finding,) = build.found("P26", build.line(authority="pending"))
    assert "a change that nobody approved" in finding.message


def test_pitfall_ticket_left_open_after_billing(build):
    (finding,) = build.found("P26", work_orders=(build.work_order(closed=False),))
    assert (finding.severity, finding.given) == ("block", "WO00003")
    (finding,) = build.found("P26", build.line(authority="open"))
    assert "not closed yet" in finding.message


def test_p26_is_not_asked_of_a_ticket_that_is_still_worked_on(build):
    line = build.line(authority="open")
    assert not build.found("P26", line, stage="ticket", work_orders=(build.work_order(closed=False),))


def test_p27_refuses_zero_and_too_many_decimals(build):
    assert not build.found("P27")
    assert [each.field for each in build.found("P27", build.line(quantity=D(0)))] == ["quantity"]
    assert [each.field for each in build.found("P27", build.line(unit_price=D(0)))] == ["subtotal"]
    allowed = build.profile(zero_lines_allowed=True, quantity_decimals=1, price_decimals=2)
    assert not build.found("P27", build.line(unit_price=D(0)), profile=allowed)
    assert not build.found("P27", build.line(quantity=D("2.50"), unit_price=D("90.0100")), profile=allowed)
    fine = build.line(quantity=D("2.25"), unit_price=D("90.001"))
    assert [each.field for each in build.found("P27", fine, profile=allowed)] == ["quantity", "unit_price"]


def test_p27_refuses_a_document_without_lines(build):
    document = replace(build.document(), lines=())
    assert [each.field for each in build.found("P27", document=document)] == ["lines"]
