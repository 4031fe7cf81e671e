"""Faults 11, 13, 14, 37, 39: what a batch may hold, and what becomes of the others when one item is refused."""

from workorder_bridge.examples import example_buyer, example_line

from .office import check_told


def test_fault_11_one_refused_item_holds_up_none_of_the_others(office, company):
    rows = office.post(3)
    company.produce(11, at={"bid": "2"})
    office.run()
    assert office.states == ["received", "rejected", "received"]
    check_told(rows[1], "rejected", "business rules", step="Try again")
    office.check_books()


def test_fault_13_keys_of_a_full_batch_of_new_customers_fit_together(office, company):
    """The longest keys there can be: 36 characters of request id, and the ids of Odoo's last partners."""
    last = 2**31 - 1
    for place in range(30):
        office.post(buyer=example_buyer(id=last - place, name=f"New buyer {place}"))
    report = office.run()
    assert report.trouble == []
    assert office.states == ["received"] * 30
    assert company.statistics["batches"] == 2  # customers, invoices
    office.check_books()


def test_fault_14_invoices_wait_for_the_customer_they_need(office, company):
    """A reference into the same batch would be refused, so the customer comes first, and once."""
    office.post(2, buyer=example_buyer(id=90, name="Elm Dental"))
    office.run()
    (made,) = company.every("Customer", "WHERE DisplayName = 'Elm Dental'")
    assert office.states == ["received"] * 2
    assert {invoice["CustomerRef"]["value"] for invoice in company.every("Invoice")} == {made["Id"]}
    assert office.source.tables.customers["90"].id == made["Id"]
    office.check_books()


def test_fault_37_too_many_taxed_lines_are_refused_before_anything_is_sent(office, company):
    lines = [example_line(id=at, quantity="1", unit_price="1.00", subtotal="1.00") for at in range(1, 752)]
    taxes = [{"id": 5, "name": "7.5%", "base": "751.00", "amount": "56.33"}]
    totals = {"untaxed": "751.00", "tax": "56.33", "total": "807.33"}
    (long,) = office.post(lines=lines, taxes=taxes, totals=totals)
    office.post()
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(long, "rejected", "751 taxed lines", "750", step="post it again")
    office.check_books()


def test_fault_39_property_quickbooks_does_not_know_is_rejected_and_named(office, company):
    """The bridge sends none, as every other test shows; a company may still come to refuse one some day."""
    rows = office.post(2)
    detail = "Property Name:Can not instantiate property BuyerPo"
    company.control("faults", {"match": {"bid": "1"}, "kind": "fault_code:2010", "detail": detail})
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(rows[0], "rejected", "one of the fields", "BuyerPo", step="reference")
    assert rows[0].outcome.reference
    office.check_books()
