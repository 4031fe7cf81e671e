"""Faults 28 to 31: totals are equal to the cent, or the difference is named."""

from decimal import Decimal

from workorder_bridge.examples import example_line

from .office import check_told, outcome_of


def amounts(lines, untaxed, tax, total):
    """The keys of a document with these lines and sums."""
    taxes = [{"id": 5, "name": "7.5%", "base": untaxed, "amount": tax}]
    return {"lines": lines, "taxes": taxes, "totals": {"untaxed": untaxed, "tax": tax, "total": total}}


def line(place, quantity, price, subtotal, discount="0"):
    return example_line(id=place, quantity=quantity, unit_price=price, subtotal=subtotal, discount_percent=discount)


def test_fault_28_lines_whose_price_does_not_explain_the_amount_go_out_all_the_same(office, company):
    """A discount, and a price with more digits than the amount can show."""
    discounted, split = line(1, "2", "90.00", "162.00", "10"), line(2, "3", "33.333", "99.99")
    office.post(**amounts([discounted, split], "261.99", "19.65", "281.64"))
    office.run()
    assert office.states == ["received"]
    (invoice,) = company.every("Invoice")
    sold = [each for each in invoice["Line"] if each["DetailType"] == "SalesItemLineDetail"]
    assert [each["Amount"] for each in sold] == [Decimal("162"), Decimal("99.99")]
    assert all("90.00" in each["Description"] or "33.333" in each["Description"] for each in sold)
    office.check_books()


def three_small_lines():
    return amounts([line(place, "1", "0.20", "0.20") for place in (1, 2, 3)], "0.60", "0.05", "0.65")


def test_fault_29_tax_rounded_per_line_changes_nothing_while_quickbooks_keeps_ours(office, company):
    office.post(**three_small_lines())
    company.produce(29)
    office.run()
    assert office.states == ["received"]
    office.check_books()


def test_fault_29_cent_that_quickbooks_adds_is_disputed_with_both_totals(office, company):
    (stored,) = office.post(**three_small_lines())
    company.produce(29)
    company.control("settings", {"keep_explicit_tax": False, "keep_explicit_tax_without_code": False})
    office.run()
    check_told(stored, "disputed", "0.65 in Odoo", "0.66", "a difference of 0.01", step="Compare the two invoices")
    assert len(company.every("Invoice")) == 1
    office.run()
    assert len(company.every("Invoice")) == 1  # disputed is never sent again by itself
    office.check_books()


def test_fault_30_total_of_zero_is_booked_with_nothing_to_pay(office, company):
    office.post(**amounts([line(1, "0", "90.00", "0.00")], "0.00", "0.00", "0.00"))
    office.run()
    assert office.states == ["received"]
    (invoice,) = company.every("Invoice")
    assert (invoice["TotalAmt"], invoice["Balance"]) == (0, 0)
    office.check_books()


def test_fault_31_negative_total_is_refused_before_it_is_sent(office, company):
    lines = [line(1, "1", "50.00", "50.00"), line(2, "-1", "90.00", "-90.00")]
    negative, ordinary = office.post(**amounts(lines, "-40.00", "-3.00", "-43.00"))[0], office.post()[0]
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(negative, "rejected", "-43.00", "credit memo", step="post it again")
    assert outcome_of(ordinary).receipt is not None
    office.check_books()
