"""Fault 42: webhooks say when to look and nothing else, so what becomes of them on the way does no harm."""

import pytest

from .waiting import wait_until
from .watch import subscribe, watching

FORMS = ["eventNotifications", "cloudevents"]


def booked(office, count=1):
    """Invoices in QuickBooks, of which Odoo has heard."""
    rows = office.post(count)
    office.run()
    assert set(office.states) == {"received"}
    return rows


def pay(company, stored):
    return company.control("payments", {"invoice_id": stored.external_id})["Payment"]


def answers(company):
    """How each post so far was answered."""
    posts = company.control("webhooks/settle")["posts"]
    return [attempt["answer"] for post in posts for attempt in post["attempts"]]


def looked_early(watch, office):
    """Rounds between two full ones, each at our own company and at no other."""
    first, *early = watch.looks
    assert first == "everything"
    assert set(early) <= {frozenset({office.realm})}
    return len(early)


@pytest.mark.parametrize("form", FORMS)
def test_fault_42_twice_in_any_order_and_for_others_payments_are_registered_once(form, office, company):
    rows = booked(office, 2)
    with watching(office, form) as watch:
        company.produce(42)
        company.control("settings", {"webhook_signature": "right", "webhook_hold": True})
        for stored in rows:
            pay(company, stored)
            company.control("webhooks/settle")
        company.control("settings", {"webhook_hold": False})
        assert set(answers(company)) == {"answered 200"}
        wait_until(lambda: len(office.source.payments) == 2, "both payments")
    assert looked_early(watch, office) >= 1
    assert watch.registered == 2
    assert office.run().payments_registered == 0
    office.check_books()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("signature", ["wrong", "missing"])
def test_fault_42_forged_ones_wake_nobody_and_the_next_round_brings_the_payment(signature, form, office, company):
    (stored,) = booked(office)
    with watching(office, form) as watch:
        company.produce(42)
        company.control("settings", {"webhook_signature": signature})
        pay(company, stored)
        assert set(answers(company)) == {"answered 401"}
        assert watch.bell.take() == frozenset()
    assert watch.bell.refused() >= 2
    assert looked_early(watch, office) == 0
    assert office.run().payments_registered == 1
    assert office.run().payments_registered == 0


@pytest.mark.parametrize("form", FORMS)
def test_fault_42_late_ones_find_everything_done_and_change_nothing(form, office, company):
    (stored,) = booked(office)
    with watching(office, form) as watch:
        company.control("settings", {"webhook_hold": True, "webhook_copies": 2, "webhook_order": "reversed"})
        pay(company, stored)
        company.control("webhooks/settle")
        assert office.run().payments_registered == 1
        company.control("settings", {"webhook_hold": False})
        assert set(answers(company)) == {"answered 200"}
        wait_until(lambda: looked_early(watch, office) >= 1, "the look that the late ones cause")
    assert watch.registered == 0
    assert len(office.source.payments) == 1
    office.check_books()


def test_fault_42_those_for_others_alone_wake_nobody(office, company):
    (stored,) = booked(office)
    with watching(office, "cloudevents") as watch:
        watch.bell.expect(["1"])
        pay(company, stored)
        assert set(answers(company)) == {"answered 200"}
        assert watch.bell.take() == frozenset()
    assert looked_early(watch, office) == 0


@pytest.mark.parametrize("form", FORMS)
def test_fault_42_what_happened_while_nobody_listened_is_in_the_first_round(form, office, company):
    (stored,) = booked(office)
    company.control("settings", {"webhook_copies": 0})
    subscribe(company, "http://127.0.0.1:9/quickbooks/webhook", form)
    pay(company, stored)
    with watching(office, form) as watch:
        assert watch.registered == 1
    assert watch.looks == ["everything"]


def test_fault_42_our_own_invoices_come_back_as_news_and_the_looking_ends(office, company):
    """A look at what we wrote ourselves writes nothing, so no news follow from it."""
    (paid,) = booked(office)
    with watching(office, "eventNotifications") as watch:
        (ours,) = office.post(1)
        pay(company, paid)
        wait_until(lambda: ours.state == "received", "the invoice that waited when we looked")
        wait_until(lambda: looked_early(watch, office) >= 2, "the look after our own writing")
    posts = len(answers(company))
    office.run()
    assert len(answers(company)) == posts
    office.check_books()
