"""Faults 23, 24, 25, 27, 32, 38: customers, items, taxes, currencies and fields that are not as Odoo believes."""

from decimal import Decimal

import pytest
from workorder_bridge.examples import example_buyer, example_line

from .office import check_told, check_words, outcome_of


def set_active(company, kind, record_id, active):
    company.control("accountant/set_active", {"kind": kind, "id": record_id, "active": active})


def try_again(stored):
    """Somebody presses Try again in Odoo, after the mapping was put right."""
    assert stored.state in ("blocked", "rejected")
    stored.state, stored.lease, stored.attempt, stored.outcome = "ready", None, 0, None


@pytest.mark.parametrize("kind", ["Vendor", "Employee"])
def test_fault_23_name_of_somebody_else_is_told_with_the_row_to_add(kind, office, company):
    body = {"DisplayName": "Elm Dental"} if kind == "Vendor" else {"GivenName": "Elm", "FamilyName": "Dental"}
    company.create(kind, body)
    taken = office.post(buyer=example_buyer(id=90, name="Elm Dental"))[0]
    office.post()
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(taken, "rejected", "Elm Dental", "vendor or an employee", step="90,Elm Dental,,")
    office.check_books()


def test_fault_23_inactive_customer_of_the_same_name_is_left_as_it_is(office, company):
    """QuickBooks adds "(deleted)" to its name, so the name is free; nobody is made active by us."""
    there = company.create("Customer", {"DisplayName": "Elm Dental"})
    set_active(company, "Customer", there["Id"], False)
    office.post(buyer=example_buyer(id=90, name="Elm Dental"))
    office.run()
    assert office.states == ["received"]
    (made,) = company.every("Customer", "WHERE DisplayName = 'Elm Dental'")
    assert made["Id"] != there["Id"]
    assert company.call("GET", f"customer/{there['Id']}")["Customer"]["Active"] is False
    office.check_books()


@pytest.mark.parametrize("which", [0, 1])
def test_fault_24_inactive_item_waits_with_its_name_until_somebody_makes_it_active(which, office, company):
    company.produce(24, 0)
    if which:
        company.produce(24, 1)
    (stored,) = office.post()
    office.run()
    check_told(stored, "blocked", "The item HVAC labor (id 2) was made inactive", step="Try again")
    (gap,) = outcome_of(stored).gaps
    check_words(gap["message"], "INV/2026/00001", "WO00003", "quickbooks_items")
    office.check_books()
    set_active(company, "Item", "2", True)
    try_again(stored)
    office.run()
    assert office.states == ["received"]
    office.check_books()


@pytest.mark.parametrize(
    ("kind", "record_id", "named"),
    [("Term", "3", "The term 2% 10 Net 30"), ("Class", "101", "The class Hospital HVAC")],
)
def test_fault_24_inactive_term_or_class_blocks_only_who_needs_it(kind, record_id, named, office, company):
    set_active(company, kind, record_id, False)
    needs = office.post()[0]
    office.post(terms=None, cost_center=None, lines=[example_line(cost_center=None)])
    office.run()
    assert office.states == ["blocked", "received"]
    check_told(needs, "blocked", named, "was made inactive", step="Try again")
    office.check_books()


def test_fault_25_after_a_merge_nothing_is_booked_for_the_customer_that_is_gone(office, company):
    company.produce(25, CUSTOMER="1")
    (stored,) = office.post()
    office.run()
    check_told(stored, "blocked", "Mercy General Hospital (deleted) (id 1)", "made inactive", step="correct the row")
    assert company.every("Invoice") == []
    survivor = office.source.tables.customers["42"].model_copy(update={"id": "2"})
    office.source.tables.customers["42"] = survivor
    try_again(stored)
    office.run()
    assert stored.state == "received"
    assert [invoice["CustomerRef"]["value"] for invoice in company.every("Invoice")] == ["2"]
    office.check_books()


def test_fault_25_after_a_merge_the_next_invoice_follows_those_that_moved(office, company):
    """An invoice of ours shows where the customer went, so nobody has to mend the mapping."""
    office.post()
    office.run()
    company.produce(25, CUSTOMER="1")
    (stored,) = office.post()
    office.run()
    check_told(stored, "blocked", "was made inactive", step="Try again")  # its lists are from before the merge
    try_again(stored)
    office.run()
    assert office.states == ["received"] * 2
    assert {invoice["CustomerRef"]["value"] for invoice in company.every("Invoice")} == {"2"}
    assert office.source.tables.customers["42"].id == "2"
    office.check_books()


def test_fault_27_tax_that_was_sent_stands_where_quickbooks_keeps_it(office, company):
    company.produce(27)
    office.post()
    office.run()
    assert office.states == ["received"]
    office.check_books()


def test_fault_27_tax_quickbooks_works_out_itself_is_disputed_with_both_amounts(office, company):
    company.produce(27)
    company.control("settings", {"keep_explicit_tax": False, "keep_explicit_tax_without_code": False})
    (stored,) = office.post()
    office.run()
    told = outcome_of(stored)
    check_told(stored, "disputed", "total tax is 13.50 in Odoo but 14.85", "193.50", "194.85", step="Compare")
    assert told.receipt.tax == Decimal("14.85")
    office.run()
    assert len(company.every("Invoice")) == 1
    office.check_books()


def test_fault_32_currency_the_customer_is_not_kept_in_waits_for_another_customer(office, company):
    company.control("preferences", {"CurrencyPrefs": {"MultiCurrencyEnabled": True}})
    foreign = office.post(currency="CAD")[0]
    office.post()
    office.run()
    assert office.states == ["blocked", "received"]
    check_told(foreign, "blocked", "Mercy General Hospital", "kept in USD", "the invoice is in CAD", step="Try again")
    office.check_books()
    company.create("CompanyCurrency", {"Code": "CAD"})
    there = company.create("Customer", {"DisplayName": "Mercy (CAD)", "CurrencyRef": {"value": "CAD"}})
    office.source.tables.customers["42"] = office.source.tables.customers["42"].model_copy(update={"id": there["Id"]})
    try_again(foreign)
    office.run()
    assert office.states == ["received"] * 2
    office.check_books()


def texts_of(invoice):
    return {field["Name"]: field.get("StringValue") for field in invoice.get("CustomField", [])}


def test_fault_38_custom_fields_are_sent_so_that_quickbooks_keeps_them(office, company):
    office.post()
    office.run()
    fields = texts_of(company.every("Invoice")[0])
    assert (fields["P.O. Number"], fields["Work Order"]) == ("4500012345", "WO00003")
    office.check_books()


def test_fault_38_without_the_field_the_buyers_order_still_stands_on_the_invoice(office, company):
    company.control("preferences", {"SalesFormsPrefs": {"CustomField": []}})
    office.post()
    office.run()
    (invoice,) = company.every("Invoice")
    assert "4500012345" not in str(texts_of(invoice))
    assert "4500012345" in invoice["CustomerMemo"]["value"]
    assert any("PO 4500012345 line 10" in line.get("Description", "") for line in invoice["Line"])
    office.check_books()


def test_fault_36_bad_address_somebody_stored_holds_up_only_who_needs_that_list(office, company):
    """QuickBooks then answers no query about customers; who has one already goes out."""
    company.produce(36, CUSTOMER="1")
    known = office.post()[0]
    taken = office.post(buyer=example_buyer(id=95))[0]
    office.run()
    assert (known.state, taken.state) == ("received", "rejected")
    check_told(taken, "rejected", "bad e-mail address", step="malformed e-mail address")
    office.check_books()
