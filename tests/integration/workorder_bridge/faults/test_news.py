"""Faults 16, 17, 18, 25, 41, 43: what happens in QuickBooks comes back to Odoo, once, and is never undone there."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from .office import check_words

CAPTURED = 1000


def booked(office, count=1):
    """Invoices in QuickBooks, of which Odoo has heard."""
    rows = office.post(count)
    office.run()
    assert set(office.states) == {"received"}
    office.source.told.clear()
    return rows


def current(company, stored):
    return company.call("GET", f"invoice/{stored.external_id}")["Invoice"]


def seen_of(office, stored):
    """How Odoo was last told the invoice looks."""
    (invoice,) = (one for one in office.source.told[-1].invoices if one.external_id == stored.external_id)
    return invoice


def causes(office, stored):
    return sorted(cause for external_id, _version, cause in office.source.drift if external_id == stored.external_id)


def pay(company, stored):
    return company.control("payments", {"invoice_id": stored.external_id})["Payment"]


def test_fault_16_note_somebody_wrote_comes_back_and_stays(office, company):
    (stored,) = booked(office)
    company.produce(16, INVOICE=stored.external_id)
    office.run()
    seen = seen_of(office, stored)
    assert (seen.status, seen.version, seen.note) == ("present", "1", "call first")
    office.run()
    assert (current(company, stored)["PrivateNote"], current(company, stored)["SyncToken"]) == ("call first", "1")


def test_fault_16_amount_somebody_changed_waits_for_a_person_once(office, company):
    (stored,) = booked(office)
    line = next(one["Id"] for one in current(company, stored)["Line"] if one["DetailType"] == "SalesItemLineDetail")
    company.control("accountant/edit_invoice", {"id": stored.external_id, "amounts": {line: 50}})
    assert [office.run().drift, office.run().drift] == [1, 0]
    assert causes(office, stored) == ["amount"]
    assert seen_of(office, stored).total == current(company, stored)["TotalAmt"] != Decimal("193.50")
    assert current(company, stored)["SyncToken"] == "1"


@pytest.mark.parametrize("paid", [False, True])
def test_fault_17_voided_invoice_comes_back_with_its_payment_freed_and_is_not_sent_again(paid, office, company):
    (stored,) = booked(office)
    if paid:
        pay(company, stored)
    company.produce(17, INVOICE=stored.external_id)
    assert [office.run().drift, office.run().drift] == [1, 0]
    assert causes(office, stored) == ["voided"]
    assert [one["Id"] for one in company.every("Invoice")] == [stored.external_id]
    assert [(payment.parts, payment.unapplied) for payment in office.source.told[0].payments] == (
        [((), Decimal("193.50"))] if paid else []
    )
    assert office.source.payments == {}


def test_fault_18_deleted_invoice_comes_back_and_is_not_made_again_by_itself(office, company):
    gone, kept = booked(office, 2)
    company.produce(18, INVOICE=gone.external_id)
    assert [office.run().drift, office.run().drift] == [1, 0]
    assert (causes(office, gone), causes(office, kept)) == (["deleted"], [])
    assert [one["Id"] for one in company.every("Invoice")] == [kept.external_id]


def test_fault_25_merge_is_told_with_the_customer_the_invoices_went_to(office, company):
    (stored,) = booked(office)
    company.produce(25, CUSTOMER="1")
    office.run()
    (loser,) = (one for one in office.source.told[-1].customers if one.external_id == "1")
    assert (loser.active, seen_of(office, stored).customer_id) == (False, "2")


def enter_many(company):
    """More invoices of somebody else than change capture tells of at once."""
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "NON"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": 1, "SalesItemLineDetail": detail}
    for first in range(0, CAPTURED + 1, 30):
        bodies = [
            {"DocNumber": f"HAND-{at}", "CustomerRef": {"value": "2"}, "Line": [line]}
            for at in range(first, first + 30)
        ]
        items = [{"bId": str(at), "operation": "create", "Invoice": body} for at, body in enumerate(bodies)]
        company.call("POST", "batch", json={"BatchItemRequest": items})


def test_fault_41_more_changes_than_change_capture_tells_are_all_found(office, company):
    paid, gone, changed = booked(office, 3)
    pay(company, paid)
    company.produce(18, INVOICE=gone.external_id)
    company.produce(16, INVOICE=changed.external_id)
    enter_many(company)
    report = office.run()
    assert (report.trouble, report.payments_registered) == ([], 1)
    assert causes(office, gone) == ["deleted"]
    told = {one.external_id: one for seen in office.source.told for one in seen.invoices}
    assert told[changed.external_id].note == "call first"
    assert len(told) > CAPTURED


def test_fault_41_what_is_older_than_change_capture_reaches_is_read_and_said(office, company):
    (paid,) = booked(office)
    pay(company, paid)
    office.source.cursor = datetime.now(UTC) - timedelta(days=45)
    report = office.run()
    assert (report.trouble, report.payments_registered) == ([], 1)
    (notice,) = report.notices
    check_words(notice, "more than 29 days ago", "workorder quickbooks reconcile")


@pytest.mark.parametrize("ahead", [-3600, 180])
def test_fault_43_clocks_and_zones_that_differ_hide_no_payment(ahead, office, company):
    """The company is eight hours behind Greenwich, and our clock may be minutes ahead of its own."""
    (paid,) = booked(office)
    office.source.cursor = datetime.now(UTC) + timedelta(seconds=ahead)
    pay(company, paid)
    assert office.run().payments_registered == 1
    assert office.run().payments_registered == 0  # the windows overlap, the payment is registered once


def test_fault_43_how_far_news_was_read_is_told_by_the_companys_own_clock(office, company):
    booked(office)
    company.control("clock", {"advance_seconds": 86400})
    office.run()
    assert office.source.cursor - datetime.now(UTC) == pytest.approx(timedelta(days=1), abs=timedelta(hours=1))
