"""Reading the frozen document."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from workorder_bridge.document import InvoiceDocument, parse_document
from workorder_bridge.document_parts import TextLine
from workorder_bridge.errors import DocumentInvalid
from workorder_bridge.examples import example_content, example_document, example_line

GOLDEN = Path(__file__).parents[3] / "odoo_addon" / "work_order_transmission" / "tests" / "golden"


def read(text: str) -> InvoiceDocument:
    return parse_document(text, hashlib.sha256(text.encode()).hexdigest())


def refused(text: str) -> DocumentInvalid:
    with pytest.raises(DocumentInvalid) as caught:
        read(text)
    return caught.value


def test_example_is_read_with_exact_amounts():
    document = read(example_document())
    assert document.totals.total == Decimal("193.50")
    assert document.product_lines[0].quantity == Decimal(2)
    assert document.work_order_numbers == ("WO00003",)


def test_every_golden_document_of_the_addon_is_read():
    files = sorted(GOLDEN.glob("*.json"))
    assert files, "the addon's golden documents are the other half of the contract"
    for file in files:
        document = read(file.read_text())
        assert document.totals.untaxed + document.totals.tax == document.totals.total, file.name


def test_heading_carries_a_description_only():
    first = read(example_document()).lines[0]
    assert isinstance(first, TextLine)
    assert first.description == "North tower"


def test_changed_text_is_refused():
    text = example_document()
    with pytest.raises(DocumentInvalid, match="changed after it was frozen"):
        parse_document(text.replace("193.50", "293.50"), hashlib.sha256(text.encode()).hexdigest())


@pytest.mark.parametrize("version", [2, "1", None, True, 1.5])
def test_unknown_version_is_refused_by_a_sentence(version):
    error = refused(example_document(version=version))
    assert "understands version 1" in error.message
    assert "Update the bridge" in error.hint


@pytest.mark.parametrize("amount", [193.5, 193, "193,50", "NaN", "1e3", "", None, " 1"])
def test_amount_that_is_no_decimal_text_is_refused(amount):
    content = example_content()
    content["totals"]["total"] = amount
    assert "totals.total" in refused(json.dumps(content)).message


def test_every_reason_is_listed_at_once():
    content = example_content(currency="", due_date=20261222)
    content["lines"][1]["unit_price"] = 90.0
    problems = refused(json.dumps(content)).problems
    assert [problem.split(":")[0].split("'s ")[1] for problem in problems] == [
        "due_date",
        "currency",
        "lines.1.unit_price",
    ]


def test_lines_that_do_not_add_up_are_refused():
    lines = [example_line(subtotal="179.98")]
    assert "The lines add up to 179.98" in refused(example_document(lines=lines)).message


def test_cents_of_global_rounding_are_accepted():
    lines = [example_line(subtotal="118.13"), example_line(subtotal="150.19"), example_line(subtotal="0.03")]
    totals = {"untaxed": "268.34", "tax": "11.26", "total": "279.60"}
    assert read(example_document(lines=lines, totals=totals)).rounding == Decimal("-0.01")


def test_key_added_later_is_ignored():
    assert read(example_document(added_later={"x": 1})).number == "INV/2026/00001"


@pytest.mark.parametrize("text", ["", "[]", "{", '"text"'])
def test_text_that_is_no_json_object_is_refused(text):
    assert "JSON" in refused(text).message


def test_document_cannot_be_altered():
    document = read(example_document())
    with pytest.raises(ValueError, match="frozen"):
        document.number = "other"
