"""Faults 15, 19, 20, 40: what people did to an invoice in QuickBooks wins, and what Odoo wants next is told."""

from decimal import Decimal

import pytest
from workorder_bridge.examples import example_line

from .company import BATCH
from .office import check_told, check_words, outcome_of
from .waiting import wait_for_fault

LIST_QUERIES = 8
"""What the first run asks before it sends: six lists, tax codes and rates."""


def booked(office):
    """One invoice of 193.50, in QuickBooks."""
    (stored,) = office.post()
    office.run()
    assert stored.state == "received"
    return stored


def current(company, stored):
    return company.call("GET", f"invoice/{stored.external_id}")["Invoice"]


def edit(company, stored, **values):
    invoice = current(company, stored)
    body = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"], "sparse": True, **values}
    company.call("POST", "invoice", json=body)


def sold(amount):
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "NON"}}
    return {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}


def void_while(office, company, stored, change):
    """Cancels in Odoo; the change happens after the bridge has read the invoice and before it voids it.

    Returns the void, and how many batches it took.
    """
    void = office.cancel(stored)
    before = company.statistics["batches"]
    company.control("faults", {"match": BATCH, "kind": "delay", "seconds": 1})
    (worker,) = office.start_workers(1)
    worker.begin()
    wait_for_fault(company)
    change()
    assert worker.finish()["trouble"] == []
    return void, company.statistics["batches"] - before


def test_fault_15_stale_token_is_read_again_and_an_edit_that_does_not_count_stays(office, company):
    stored = booked(office)
    thanks = {"CustomerMemo": {"value": "Thank you"}}
    void, batches = void_while(office, company, stored, lambda: edit(company, stored, **thanks))
    assert batches == 2
    invoice = current(company, stored)
    assert void.state == "received"
    assert (invoice["TotalAmt"], invoice["SyncToken"], invoice["CustomerMemo"]["value"]) == (0, "2", "Thank you")
    office.check_books()


def test_fault_15_edit_of_the_amount_is_never_overwritten(office, company):
    stored = booked(office)
    change = {"Line": [sold(7)], "TxnTaxDetail": {"TotalTax": 0}}
    void, batches = void_while(office, company, stored, lambda: edit(company, stored, **change))
    assert batches == 1
    check_told(void, "disputed", "INV/2026/00001", "7.00 in QuickBooks", "193.50 was sent", step="Compare")
    assert (current(company, stored)["TotalAmt"], current(company, stored)["SyncToken"]) == (7, "1")


def pay(office, company, stored):
    company.produce(19, INVOICE=stored.external_id)
    return company.every("Payment")[0]


def test_fault_19_paid_invoice_credited_in_odoo_keeps_its_payment_and_gets_a_credit_memo(office, company):
    stored = booked(office)
    payment = pay(office, company, stored)
    credit = office.credit(stored)
    office.run()
    assert credit.state == "received"
    check_words(outcome_of(credit).message, "INV/2026/00001", "already paid", "refund it")
    (memo,) = company.every("CreditMemo")
    assert memo["RemainingCredit"] == Decimal("193.5")
    assert company.every("Payment") == [payment]
    assert current(company, stored)["Balance"] == 0
    office.check_books()


def test_fault_19_paid_invoice_cancelled_in_odoo_is_not_voided_under_its_payment(office, company):
    stored = booked(office)
    payment = pay(office, company, stored)
    void = office.cancel(stored)
    office.run()
    check_told(void, "disputed", "193.50 was paid", "INV/2026/00001", step="Compare")
    assert company.every("Payment") == [payment]
    assert current(company, stored)["TotalAmt"] == Decimal("193.5")


@pytest.mark.parametrize("wish", ["credit", "cancel"])
def test_fault_20_deposited_payment_is_never_touched(wish, office, company):
    stored = booked(office)
    payment = pay(office, company, stored)
    company.produce(20, PAYMENT=payment["Id"])
    before = company.every("Payment"), company.every("Deposit")
    wanted = getattr(office, wish)(stored)
    office.run()
    assert wanted.state == {"credit": "received", "cancel": "disputed"}[wish]
    check_words(outcome_of(wanted).message, "INV/2026/00001", "paid")
    assert (company.every("Payment"), company.every("Deposit")) == before
    assert [registered.amount for registered in office.source.payments.values()] == [Decimal("193.50")]


def three_lines():
    lines = [example_line(id=at, quantity="1", subtotal="90.00") for at in (1, 2, 3)]
    totals = {"untaxed": "270.00", "tax": "20.25", "total": "290.25"}
    return {"lines": lines, "taxes": [{"id": 5, "name": "7.5%", "base": "270.00", "amount": "20.25"}], "totals": totals}


def test_fault_40_lines_lost_by_another_programs_update_are_disputed_with_both_totals(office, company):
    """It happens while our answer is lost: what the bridge then finds is not what it sent."""
    (stored,) = office.post(**three_lines())
    company.control("faults", {"match": BATCH, "kind": "drop_after_commit"})
    company.control("faults", {"match": {"path": "query"}, "kind": "503", "times": None, "skip": LIST_QUERIES})
    office.run()
    assert stored.state == "sending"
    company.control("faults", method="DELETE")
    (invoice,) = company.every("Invoice")
    body = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "Line": [sold(4)], "TxnTaxDetail": {"TotalTax": 0}}
    company.call("POST", "invoice", json=body)
    office.later()
    office.run()
    check_told(stored, "disputed", "290.25 in Odoo", "4.00 at the destination", step="Compare the two invoices")
    assert len(company.every("Invoice")) == 1
    office.check_books()


def test_fault_40_updates_of_the_bridge_lose_no_line(office, company):
    """A credit is applied, an invoice voided: all lines are still there."""
    credited, voided = office.post(2, **three_lines())
    office.run()
    before = [len(current(company, stored)["Line"]) for stored in (credited, voided)]
    office.credit(credited, **three_lines())
    office.cancel(voided)
    office.run()
    assert office.states == ["received"] * 4
    assert [len(current(company, stored)["Line"]) for stored in (credited, voided)] == before
    assert (current(company, credited)["Balance"], current(company, voided)["TotalAmt"]) == (0, 0)
    office.check_books()
