"""The answer as a whole."""

from dataclasses import replace
from decimal import Decimal

import pytest
from workorder_preflight import PASS, RULES, UNKNOWN, check, is_stale
from workorder_preflight.case import Document
from workorder_preflight.report import Report


def test_table_has_every_rule_once_in_order():
    assert [rule.code for rule in RULES] == [f"P{number:02d}" for number in range(1, 43)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_is_whole(rule):
    assert rule.title
    assert rule.asks.endswith("?")
    assert rule.mended_by
    assert rule.judge.__doc__ or rule.code in ("P40", "P41")
    assert rule.severity in ("block", "warn")
    codes = {"REF", "LEG", "REC", "QUA", "DEL", "PRI", "QTY", "ITM", "PAY", "UNR", "FIN", "PPD", "OTH"}
    assert rule.reasons
    assert set(rule.reasons) <= codes


def test_sound_invoice_passes(build):
    report = check(build.case())
    assert report.findings == ()
    assert report.verdict == PASS
    assert report.sha256 == "a" * 64


def test_sound_ticket_passes_without_number_and_date(build):
    ticket = build.document(stage="ticket", number="", issue_date=None, due_date=None, sha256="")
    assert check(build.case(document=ticket)).findings == ()


def test_all_reasons_are_told_at_once(build):
    line = build.line(quantity=Decimal(20), unit_price=Decimal(95), item_code="X", po_line="10")
    codes = {each.code for each in check(build.case(line, number="", contract="")).findings}
    assert codes >= {"P02", "P13", "P19", "P20", "P22"}


def test_nothing_known_of_the_buyer_is_unknown_but_never_hides_what_is_wrong(build):
    nothing = build.case(profile=None, purchase_orders=None)
    assert check(nothing).verdict == UNKNOWN
    wrong = replace(nothing, document=replace(nothing.document, buyer_po="S00012"))
    assert {each.code for each in check(wrong).findings if each.severity == "block"} == {"P08"}


def test_empty_document_is_judged_without_trouble(build):
    assert {each.code for each in check(build.case(document=Document())).findings} >= {"P02", "P08", "P14", "P33"}


def test_verdict_is_stale_when_the_content_changed(build):
    report = check(build.case())
    assert not is_stale(report, build.document())
    assert is_stale(report, build.document(sha256="b" * 64))
    assert is_stale(Report(), build.document(sha256=""))


def test_many_lines_are_not_all_listed_in_a_sentence(build):
    lines = [build.line(number=number) for number in range(1, 301)]
    messages = [each.message for each in check(build.case(*lines)).findings]
    assert messages
    assert max(map(len, messages)) < 400
