"""Killed anywhere, each credit note ends as one credit memo applied once, each cancelled invoice voided once."""

import pytest

from .killing import catch_batch, catch_odoo, kill_at, sync_until


def catch_content(text):
    """A batch that says this."""
    return lambda path, body: "/batch" in path and text in body


CREDIT_STEPS = {
    "after claim": ("to_odoo", catch_odoo("claim"), True),
    "before memo": ("to_quickbooks", catch_content(b'"CreditMemo":{'), False),
    "after memo": ("to_quickbooks", catch_content(b'"CreditMemo":{'), True),
    "before applying": ("to_quickbooks", catch_content(b'"Payment":{'), False),
    "after applying": ("to_quickbooks", catch_content(b'"Payment":{'), True),
    "during settle before Odoo commits": ("to_odoo", catch_odoo("settle"), False),
    "during settle after Odoo committed": ("to_odoo", catch_odoo("settle"), True),
}
VOID_STEPS = {
    "after claim": ("to_odoo", catch_odoo("claim"), True),
    "before void": ("to_quickbooks", catch_batch, False),
    "after void": ("to_quickbooks", catch_batch, True),
    "during settle before Odoo commits": ("to_odoo", catch_odoo("settle"), False),
    "during settle after Odoo committed": ("to_odoo", catch_odoo("settle"), True),
}


@pytest.fixture
def booked(office, bridge):
    """The number of an invoice that is in QuickBooks."""
    (number,) = office.post_tickets(1)
    sync_until(bridge, lambda: office.states(number) == {"invoice": "received"})
    return number


def found(company, kind, number):
    (record,) = (each for each in company.all(kind) if each["DocNumber"] == number)
    return record


@pytest.mark.parametrize("step", CREDIT_STEPS)
def test_killed_at_any_step_a_credit_is_booked_and_applied_once(step, office, company, bridge, booked):
    before = len(company.all("Payment"))
    note = office.credit(booked)
    kill_at(bridge, step, CREDIT_STEPS)
    sync_until(bridge, lambda: office.states(note) == {"credit": "received"})
    assert found(company, "CreditMemo", note)["RemainingCredit"] == 0
    assert found(company, "Invoice", booked)["Balance"] == 0
    assert len(company.all("Payment")) == before + 1


@pytest.mark.parametrize("step", VOID_STEPS)
def test_killed_at_any_step_a_cancelled_invoice_is_voided_once(step, office, company, bridge, booked):
    office.cancel(booked)
    kill_at(bridge, step, VOID_STEPS)
    sync_until(bridge, lambda: office.states(booked) == {"invoice": "voided", "void": "voided"})
    invoice = found(company, "Invoice", booked)
    assert (invoice["TotalAmt"], invoice["SyncToken"]) == (0, "1")


def test_credit_note_posted_before_any_run_follows_its_invoice(office, company, bridge):
    (number,) = office.post_tickets(1)
    note = office.credit(number)
    bridge.sync()
    assert (office.states(number), office.states(note)) == ({"invoice": "received"}, {"credit": "ready"})
    sync_until(bridge, lambda: office.states(note) == {"credit": "received"})
    assert found(company, "Invoice", number)["Balance"] == 0
