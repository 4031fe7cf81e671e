"""Money of a document: whatever Odoo rounds to is read, anything else is refused."""

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workorder_bridge.document import InvoiceDocument, parse_document
from workorder_bridge.errors import DocumentInvalid
from workorder_bridge.examples import example_content, example_credit, example_document, example_line

DECIMALS = {"USD": 2, "JPY": 0, "KWD": 3}
UNIT = {code: Decimal(1).scaleb(-places) for code, places in DECIMALS.items()}


def read(text: str) -> InvoiceDocument:
    return parse_document(text, hashlib.sha256(text.encode()).hexdigest())


def rounded(value: Decimal, code: str) -> Decimal:
    return value.quantize(UNIT[code], ROUND_HALF_UP)


@st.composite
def contents(draw):
    """A document as Odoo makes it: taxes rounded per line or over the whole, retention and discount among the lines."""
    code = draw(st.sampled_from(sorted(DECIMALS)))
    per_line = draw(st.booleans())
    rate = draw(st.sampled_from([Decimal(0), Decimal("7.5"), Decimal(19), Decimal("3.333")]))
    exact = draw(st.lists(st.decimals("0.0001", "99999", places=4), min_size=1, max_size=12))
    amounts = [rounded(value, code) for value in exact]
    taxes = [rounded(value * rate / 100, code) for value in exact]
    tax = sum(taxes, Decimal(0)) if per_line else rounded(sum(exact, Decimal(0)) * rate / 100, code)
    withheld = rounded(sum(amounts, Decimal(0)) * draw(st.sampled_from([0, 5, 10])) / 100, code)
    untaxed = sum(amounts, Decimal(0)) - withheld
    lines = [
        example_line(id=number, subtotal=str(amount), unit_price=str(value), quantity="1", tax_amount=str(own))
        for number, (amount, value, own) in enumerate(zip(amounts, exact, taxes, strict=True))
    ]
    if withheld:
        lines.append(example_line(id=99, subtotal=str(-withheld), charge="retention", taxes=[], tax_amount="0"))
    totals = {"untaxed": untaxed, "tax": tax, "total": untaxed + tax, "retention": withheld, "prepaid": Decimal(0)}
    texts = {name: str(amount) for name, amount in totals.items()}
    return example_content(currency=code, lines=lines, totals=texts)


@given(contents())
def test_lines_taxes_and_retention_of_any_currency_are_read_exactly(content):
    document = read(json.dumps(content))
    assert document.rounding == 0
    assert document.totals.untaxed + document.totals.tax == document.totals.total
    held = sum((line.subtotal for line in document.product_lines if line.charge == "retention"), Decimal(0))
    assert held == -document.totals.retention
    assert str(document.totals.total) == content["totals"]["total"]


@given(contents(), st.sampled_from(["untaxed", "tax", "total"]), st.sampled_from([1, -1]))
def test_one_unit_of_the_currency_off_in_the_totals_is_refused(content, name, sign):
    unit = UNIT[content["currency"]]
    content["totals"][name] = str(Decimal(content["totals"][name]) + sign * unit)
    with pytest.raises(DocumentInvalid, match="is not the total"):
        read(json.dumps(content))


@given(contents(), st.data())
def test_a_line_off_by_more_than_rounding_can_explain_is_refused(content, data):
    line = data.draw(st.sampled_from(content["lines"]))
    line["subtotal"] = str(Decimal(line["subtotal"]) + len(content["lines"]) + 1)
    with pytest.raises(DocumentInvalid, match="The lines add up to"):
        read(json.dumps(content))


def test_document_of_an_older_addon_is_read_without_the_later_keys():
    document = read(example_document())
    assert document.contract == ""
    assert document.attachments == ()
    assert document.product_lines[0].authority is None
    assert document.totals.retention == 0


def test_authority_of_a_line_is_read():
    line = example_line(authority={"kind": "change", "by": "Pat Doyle", "on": "2026-11-20", "change": "CO00007"})
    authority = read(example_document(lines=[line])).product_lines[0].authority
    assert authority is not None
    assert (authority.kind, authority.change) == ("change", "CO00007")


def test_unknown_kind_of_authority_is_refused():
    line = example_line(authority={"kind": "hearsay", "by": "", "on": None, "change": ""})
    with pytest.raises(DocumentInvalid, match=r"authority\.kind"):
        read(example_document(lines=[line]))


def test_credit_note_names_the_invoice_it_takes_back_and_why():
    credit = read(example_credit(reason="Wrong price"))
    assert credit.is_credit
    assert (credit.original.number, credit.original.reason) == ("INV/2026/00001", "Wrong price")


def test_unknown_kind_of_document_is_refused():
    with pytest.raises(DocumentInvalid, match="kind"):
        read(example_document(kind="quotation"))
