"""P37-P42."""

from decimal import Decimal

import pytest
from workorder_preflight import Remark, register_checker, technical
from workorder_preflight.case import Attachment, Totals

SHEET = Attachment(kind="sign_off", name="sign-off.pdf", mimetype="application/pdf", size=1000)


def D(text):
    return Decimal(text)


def severities(findings):
    return [each.severity for each in findings]


def test_p37_refuses_a_file_that_is_missing(build):
    profile = build.profile(attachments_required=("sign_off", "photo"))
    (finding,) = build.found("P37", profile=profile, attachments=(SHEET,))
    assert (finding.severity, finding.expected) == ("block", "photo")
    assert not build.found("P37", profile=build.profile(attachments_required=("sign_off",)), attachments=(SHEET,))


@pytest.mark.parametrize(
    ("types", "refused"),
    [
        (("pdf",), 0),
        (("application/pdf",), 0),
        ((".PDF",), 0),
        (("png",), 1),
        (("application/*",), 0),
        (("image/*",), 1),
    ],
)
def test_p37_takes_types_by_mime_or_ending(build, types, refused):
    profile = build.profile(attachment_types=types)
    assert len(build.found("P37", profile=profile, attachments=(SHEET,))) == refused


def test_p37_keeps_to_number_and_size_of_all(build):
    profile = build.profile(attachment_max_count=1, attachment_max_bytes=1999)
    assert not build.found("P37", profile=profile, attachments=(SHEET,))
    assert len(build.found("P37", profile=profile, attachments=(SHEET, SHEET))) == 2
    exact = build.profile(attachment_max_count=2, attachment_max_bytes=2000)
    assert not build.found("P37", profile=exact, attachments=(SHEET, SHEET))


@pytest.mark.parametrize("name", ["../x.pdf", "a\\b.pdf", "a\x00.pdf"])
def test_p37_refuses_names_no_file_can_have(build, name):
    assert severities(build.found("P37", attachments=(Attachment(kind="other", name=name),))) == ["block"]


def test_p38_wants_a_signature_where_demanded_and_a_finished_verification_always(build):
    demanding = build.profile(sign_off_required=True)
    assert not build.found("P38", profile=demanding)
    unsigned = (build.work_order(signed=False),)
    assert severities(build.found("P38", profile=demanding, work_orders=unsigned)) == ["block"]
    assert not build.found("P38", work_orders=unsigned)
    assert severities(build.found("P38", profile=demanding, work_orders=())) == ["block"]
    signed = (Attachment(kind="sign_off", name="signed.pdf"),)
    assert not build.found("P38", profile=demanding, work_orders=(), attachments=signed)
    pending = (build.work_order(verification_pending=True),)
    assert [each.field for each in build.found("P38", work_orders=pending)] == ["verification_pending"]


@pytest.mark.parametrize(
    ("untaxed", "tax", "total", "fields"),
    [
        ("180", "13.50", "193.50", set()),
        ("180.01", "13.50", "193.51", set()),
        ("180.02", "13.50", "193.52", {"totals.untaxed"}),
        ("180", "13.50", "193.52", {"totals.total"}),
        ("180", "15.00", "195.00", {"totals.tax"}),
    ],
)
def test_p39_adds_up_to_the_cent(build, untaxed, tax, total, fields):
    totals = Totals(untaxed=D(untaxed), tax=D(tax), total=D(total))
    assert {each.field for each in build.found("P39", totals=totals)} == fields


def test_p39_line_is_quantity_times_price_by_basis_less_discount(build):
    assert not build.found("P39", build.line(price_basis=D(100), unit_price=D(9000), discount_percent=D(5)))
    assert not build.found("P39", build.line(subtotal=D("180.01")))
    (finding,) = build.found("P39", build.line(subtotal=D("180.02")))
    assert (finding.line, finding.given, finding.expected) == (1, "180.02", "180.00")
    assert [each.field for each in build.found("P39", build.line(price_basis=D(0)))] == ["price_basis"]


def test_p39_minds_currencies_without_cents(build):
    line = build.line(quantity=D("1.3"), unit_price=D(101), subtotal=D(131), taxes=(), tax_amount=D(0))
    assert not build.found("P39", line, currency="JPY")
    assert severities(build.found("P39", line)) == ["block"]


def test_p40_and_p41_say_nothing_of_an_invoice_and_do_not_know_bytes_nobody_checks(build):
    for code in ("P40", "P41"):
        assert not build.found(code)
        assert severities(build.found(code, stage="bytes", content=b"<Invoice/>")) == ["unknown"]


def test_p40_asks_the_checker_of_the_format(build, monkeypatch):
    monkeypatch.setattr(technical, "_checkers", {})
    register_checker("P40", "ubl", lambda content, _case: [] if content == b"good" else [Remark(message="No root.")])
    ubl = build.profile(invoice_format="ubl")
    assert not build.found("P40", stage="bytes", content=b"good", profile=ubl)
    assert severities(build.found("P40", stage="bytes", content=b"bad", profile=ubl)) == ["block"]
    assert severities(build.found("P40", stage="bytes", profile=ubl)) == ["unknown"]
    assert severities(build.found("P41", stage="bytes", content=b"good", profile=ubl)) == ["unknown"]


def test_checker_of_another_rule_or_a_second_one_is_refused(monkeypatch):
    monkeypatch.setattr(technical, "_checkers", {})
    register_checker("P41", "ubl", lambda _content, _case: [])
    with pytest.raises(ValueError, match="has a checker already"):
        register_checker("P41", "ubl", lambda _content, _case: [])
    with pytest.raises(ValueError, match="no rule about bytes"):
        register_checker("P39", "ubl", lambda _content, _case: [])


def test_p42_warns_that_the_document_changed_since(build):
    (finding,) = build.found("P42", judged_sha256="b" * 64)
    assert (finding.severity, finding.given, finding.expected) == ("warn", "a" * 64, "b" * 64)
    assert not build.found("P42", judged_sha256="a" * 64)
    assert not build.found("P42")
