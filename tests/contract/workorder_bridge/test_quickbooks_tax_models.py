"""Every way a company can tax sales, and more than one currency, against companies on loopback."""

import json
from decimal import Decimal

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import DocumentInvalid, MappingIncomplete
from workorder_bridge.examples import example_content, example_destination, example_line
from workorder_bridge.ports import Mapped, Parcel, Tables
from workorder_bridge.receipt import Receipt, verify

VAT = {"id": 5, "name": "VAT 20%", "rate": "20"}
REDUCED = {"id": 6, "name": "VAT 5%", "rate": "5"}
ZERO = {"id": 7, "name": "VAT 0%", "rate": "0"}
BRITISH = {
    "customers": {"42": Mapped(id="1", name="Riverside Hospital"), "43": Mapped(id="2", name="Seine Logistique")},
    "items": {"12": Mapped(id="1", name="HVAC labour")},
    "taxes": {number: Mapped(id=code, name="VAT") for number, code in (("5", "2"), ("6", "3"), ("7", "4"))},
}


def line(number, subtotal, tax, *taxes):
    """A line without cost centre, of one unit."""
    return example_line(
        id=number,
        quantity="1",
        unit_price=subtotal,
        subtotal=subtotal,
        taxes=list(taxes),
        tax_amount=tax,
        cost_center=None,
    )


def document(*lines, **changes):
    untaxed = sum(Decimal(one["subtotal"]) for one in lines)
    tax = sum(Decimal(one["tax_amount"]) for one in lines)
    totals = {"untaxed": f"{untaxed:.2f}", "tax": f"{tax:.2f}", "total": f"{untaxed + tax:.2f}"}
    content = example_content(lines=list(lines), totals=totals, taxes=[], terms=None, cost_center=None)
    return json.dumps({**content, **changes})


@pytest.fixture
def book(batches, quickbooks, simulator):
    """Sends one document; the answer, and the invoice as QuickBooks then has it."""

    def book(text, tables=None, **info):
        known = {"tables": Tables(**tables)} if tables else {}
        destination = example_destination(realm=quickbooks.realm, **info)
        batch = batches(text, realm=quickbooks.realm, destination=destination, **known)
        parcels = [Parcel(row, parse_document(row.document, row.sha256)) for row in batch.rows]
        answer = quickbooks.open().send(batch, parcels).answers[batch.rows[0].id]
        if isinstance(answer, Receipt):
            verify(parcels[0].document, answer)
            return answer, next(one for one in simulator.invoices() if one["Id"] == answer.external_id)
        return answer, None

    return book


@pytest.fixture
def british(simulator):
    simulator.control("reset", {"seed": "british"})
    return simulator


@pytest.fixture
def manual(simulator):
    """The demo company as it was before automated sales tax."""
    simulator.control("preferences", {"TaxPrefs": {"PartnerTaxEnabled": None}})
    return simulator


def codes(invoice):
    return [one["SalesItemLineDetail"]["TaxCodeRef"]["value"] for one in invoice["Line"] if "Id" in one]


def test_us_automated_keeps_the_total_of_odoo(book):
    _, invoice = book(document(line(1, "180.00", "13.51", {"id": 5, "name": "7.5%"}), line(2, "20.00", "0.00")))
    assert codes(invoice) == ["TAX", "NON"]
    assert invoice["TxnTaxDetail"]["TotalTax"] == Decimal("13.51")
    assert "GlobalTaxCalculation" not in invoice


def test_us_automated_that_is_not_set_up_is_told_before_sending(book, simulator):
    simulator.control("preferences", {"TaxPrefs": {"PartnerTaxEnabled": False}})
    answer, _ = book(document(line(1, "180.00", "13.50", {"id": 5, "name": "7.5%"})))
    assert isinstance(answer, DocumentInvalid)
    assert "automated sales tax is not set up yet" in answer.message
    _, invoice = book(document(line(1, "180.00", "0.00")))
    assert codes(invoice) == ["NON"]


def test_us_manual_names_the_rate_on_the_invoice_by_mapping(book, manual):
    tables = {"taxes": {"5": Mapped(id="2", name="Ohio")}, **_demo()}
    taxed = line(1, "180.00", "13.50", {"id": 5, "name": "7.5%", "rate": "7.5"})
    _, invoice = book(document(taxed, line(2, "20.00", "0.00")), tables)
    assert codes(invoice) == ["TAX", "NON"]
    assert invoice["TxnTaxDetail"]["TxnTaxCodeRef"]["value"] == "2"
    assert invoice["TxnTaxDetail"]["TotalTax"] == Decimal("13.50")


def test_code_of_another_percentage_is_not_booked(book, manual):
    tables = {"taxes": {"5": Mapped(id="2", name="Ohio")}, **_demo()}
    answer, _ = book(document(line(1, "100.00", "9.00", {"id": 5, "name": "9%", "rate": "9"})), tables)
    assert isinstance(answer, MappingIncomplete)
    assert "comes to 7.5 % in QuickBooks, the tax in Odoo to 9 %" in answer.message


def test_outside_the_us_every_line_names_its_code_and_prices_are_without_tax(book, british):
    lines = [line(1, "100.00", "20.00", VAT), line(2, "40.00", "2.00", REDUCED), line(3, "10.00", "0.00", ZERO)]
    _, invoice = book(document(*lines, currency="GBP"), BRITISH)
    assert codes(invoice) == ["2", "3", "4"]
    assert invoice["GlobalTaxCalculation"] == "TaxExcluded"
    assert (invoice["TotalAmt"], invoice["TxnTaxDetail"]["TotalTax"]) == (Decimal("172.00"), Decimal("22.00"))


def test_outside_the_us_untaxed_lines_get_the_chosen_code(book, british):
    text = document(line(1, "100.00", "20.00", VAT), line(2, "40.00", "0.00"), currency="GBP")
    refused, _ = book(text, BRITISH)
    assert isinstance(refused, DocumentInvalid)
    assert "1 lines have no tax in Odoo" in refused.message
    _, invoice = book(text, BRITISH, untaxed_tax_code="5")
    assert codes(invoice) == ["2", "5"]


def test_outside_the_us_an_invoice_without_any_tax_is_out_of_scope(book, british):
    _, invoice = book(document(line(1, "100.00", "0.00"), currency="GBP"), BRITISH)
    assert invoice["GlobalTaxCalculation"] == "NotApplicable"
    assert invoice["TotalAmt"] == Decimal("100.00")


def test_outside_the_us_codes_of_us_companies_and_two_codes_on_a_line_are_refused(book, british):
    american = {**BRITISH, "taxes": {"5": Mapped(id="TAX", name="TAX"), "6": BRITISH["taxes"]["6"]}}
    answer, _ = book(document(line(1, "100.00", "20.00", VAT), currency="GBP"), american)
    assert isinstance(answer, MappingIncomplete)
    assert "TAX is a tax code of US companies; this one is in GB." in answer.message
    answer, _ = book(document(line(1, "100.00", "25.00", VAT, REDUCED), currency="GBP"), BRITISH)
    assert isinstance(answer, DocumentInvalid)
    assert "one code per line" in answer.message


def test_cent_that_quickbooks_rounds_otherwise_is_seen(batches, quickbooks, british):
    text = document(line(1, "100.00", "20.01", VAT), currency="GBP")
    batch = batches(text, realm=quickbooks.realm, tables=Tables(**BRITISH))
    parcel = Parcel(batch.rows[0], parse_document(text, batch.rows[0].sha256))
    receipt = quickbooks.open().send(batch, [parcel]).answers[parcel.row.id]
    assert (receipt.total, receipt.tax) == (Decimal("120.00"), Decimal("20.00"))


def test_foreign_invoice_takes_the_rate_of_odoo(book, british):
    buyer = {**example_content()["buyer"], "id": 43, "name": "Seine Logistique"}
    exchange = {"home": "GBP", "rate": "0.8612"}
    text = document(line(1, "100.00", "20.00", VAT), currency="EUR", buyer=buyer, exchange=exchange)
    receipt, invoice = book(text, BRITISH)
    assert receipt.currency == "EUR"
    assert (invoice["CurrencyRef"]["value"], invoice["ExchangeRate"]) == ("EUR", Decimal("0.8612"))


def test_rate_into_another_home_currency_is_not_used(book, british):
    buyer = {**example_content()["buyer"], "id": 43, "name": "Seine Logistique"}
    text = document(
        line(1, "100.00", "20.00", VAT), currency="EUR", buyer=buyer, exchange={"home": "USD", "rate": "1.08"}
    )
    _, invoice = book(text, BRITISH)
    assert invoice["ExchangeRate"] != Decimal("1.08")


def test_customer_in_another_currency_is_told_before_sending(book, british):
    answer, _ = book(document(line(1, "100.00", "20.00", VAT), currency="EUR"), BRITISH)
    assert isinstance(answer, MappingIncomplete)
    assert "Riverside Hospital (id 1) is kept in GBP in QuickBooks" in answer.message
    assert british.statistics["batches"] == 0


def test_all_reasons_are_told_at_once(book, british):
    lines = [line(1, "100.00", "25.00", VAT, REDUCED), line(2, "40.00", "0.00")]
    answer, _ = book(document(*lines, currency="GBP", number="N" * 22), BRITISH)
    assert isinstance(answer, DocumentInvalid)
    assert len(answer.problems) == 3


def _demo():
    return {
        "customers": {"42": Mapped(id="1", name="Mercy General Hospital")},
        "items": {"12": Mapped(id="2", name="HVAC labor")},
    }
