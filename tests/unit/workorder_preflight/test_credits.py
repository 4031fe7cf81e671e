"""P36."""

from decimal import Decimal

import pytest
from workorder_preflight import History
from workorder_preflight.case import Billed, Original


def D(text):
    return Decimal(text)


def original(quantity="2", amount="180", **changes):
    values = {
        "number": "INV/2026/00001",
        "buyer_po": "4500012345",
        "by_line": {("4500012345", "10"): Billed(quantity=D(quantity), amount=D(amount))},
        "amount": D(amount),
    }
    return History(originals={"INV-2026-1": Original(**{**values, **changes})})


@pytest.fixture
def credit(build):
    def found(*lines, **changes):
        values = {"kind": "credit", "number": "RINV/1", "original": "INV/2026/00001", "history": original()}
        return build.found("P36", *lines, **{**values, **changes})

    return found


def test_p36_takes_a_credit_of_what_is_left(credit):
    assert not credit()
    assert not credit(original="inv-2026-001")


def test_p36_refuses_a_credit_without_its_invoice(credit):
    (finding,) = credit(original="")
    assert (finding.severity, finding.field, finding.reason) == ("block", "original", "REF")


def test_p36_refuses_a_credit_of_an_unknown_invoice(credit):
    (finding,) = credit(original="INV/2026/00009")
    assert finding.given == "INV/2026/00009"


def test_p36_refuses_another_po(credit):
    (finding, *_) = credit(buyer_po="4500099999")
    assert {each.field for each in credit(buyer_po="4500099999")} == {"buyer_po", "po_line"}
    assert (finding.given, finding.expected) == ("4500099999", "4500012345")


def test_p36_refuses_a_credit_without_the_po_of_its_invoice(credit):
    assert "buyer_po" in {each.field for each in credit(buyer_po="", history=original(by_line={}))}
    without = {("", "10"): Billed(quantity=D(2), amount=D(180))}
    assert not credit(buyer_po="", history=original(buyer_po="", by_line=without))


def test_p36_compares_a_line_that_is_found_by_its_item(credit, build):
    by_item = build.profile(po_line_by_item=True)
    (finding,) = credit(build.line(po_line=""), profile=by_item, history=original(quantity="1", amount="180"))
    assert (finding.field, finding.given, finding.expected) == ("quantity", "2", "1")


def test_p36_refuses_a_line_the_invoice_did_not_bill(credit, build):
    (finding,) = credit(build.line(po_line="20"))
    assert (finding.field, finding.line) == ("po_line", 1)


def test_p36_refuses_more_than_is_left(credit, build):
    assert {each.field for each in credit(history=original(amount="179.99"))} == {"lines", "subtotal"}
    (finding,) = credit(history=original(quantity="1.5"))
    assert (finding.field, finding.given, finding.expected) == ("quantity", "2", "1.5")
    assert {each.field for each in credit(build.line(), build.line(number=2))} == {"lines", "quantity", "subtotal"}


def test_p36_lines_without_po_line_count_in_the_sum(credit, build):
    assert not credit(build.line(po_line=""))
    assert {each.field for each in credit(build.line(po_line="", quantity=D(3)))} == {"lines"}


def test_p36_a_quantity_in_a_unit_nobody_can_convert_is_unknown(credit, build):
    assert [(each.severity, each.field) for each in credit(build.line(unit="DAY"))] == [("unknown", "unit")]


def test_p36_refuses_a_quantity_without_unit(credit, build):
    assert [each.severity for each in credit(build.line(unit=""))] == ["block"]


def test_p36_is_not_asked_of_an_invoice(build):
    assert not build.found("P36")


def test_p36_a_credit_is_not_judged_against_what_was_ordered(build):
    full = History(by_line={("4500012345", "10"): Billed(quantity=D(10), amount=D(900))})
    for code in ("P19", "P20", "P22", "P23", "P25"):
        assert not build.found(code, build.line(unit_price=D(5)), kind="credit", history=full)
