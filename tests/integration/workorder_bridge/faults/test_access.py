"""Faults 7 to 10 and 46: the way in is shut. Nothing is lost, and a person learns what to do, or nothing had to be."""

import pytest

from .office import check_paused, check_words

TOKEN_CALLS = "POST oauth2/v1/tokens/bearer"


def everything_goes_out(office):
    """After the person did what they were told."""
    office.activate()
    office.run()
    assert set(office.states) == {"received"}
    office.check_books()


def test_fault_07_token_that_expires_between_two_batches_is_renewed_and_costs_nothing(office, company):
    office.post(4)
    before = office.store.read(office.realm, "simulator")
    expired = []

    def expire(_outcomes, remaining):
        if remaining:
            company.produce(7)
            expired.append(remaining)

    report = office.run(batch_size=2, observe=expire)
    assert (expired, report.pause, report.trouble) == ([2], "", [])
    assert company.statistics["endpoints"][TOKEN_CALLS] == 1
    assert office.store.read(office.realm, "simulator").access_token != before.access_token
    assert office.states == ["received"] * 4
    office.check_books()


def test_fault_08_two_workers_that_need_a_new_token_at_once_refresh_once(office, company):
    """No grace for the older refresh token: whoever used it a second time would be locked out."""
    company.control("settings", {"refresh_token_rotation": "every_refresh"})
    company.produce(8)
    office.post(20)
    workers = office.start_workers(2, batch_size=2)
    company.control("expire_access_tokens")
    for worker in workers:
        worker.begin()
    reports = [worker.finish() for worker in workers]
    assert [(report["pause"], report["trouble"]) for report in reports] == [("", [])] * 2
    assert company.statistics["endpoints"][TOKEN_CALLS] == 1
    assert office.states == ["received"] * 20
    office.check_books()


def test_fault_09_ended_access_pauses_and_asks_for_a_new_connection(office, company):
    office.post(3)
    company.control("expire_access_tokens")
    company.produce(9)
    report = office.run()
    check_paused(office, report, "QuickBooks ended our access", "workorder quickbooks reconnect")
    assert office.states == ["ready"] * 3
    calls = company.statistics["endpoints"][TOKEN_CALLS]
    assert calls == 1  # a dead token is not tried again and again
    office.connect()
    everything_goes_out(office)


def test_fault_10_another_company_than_the_one_meant_is_never_written_to(office, company):
    office.post(2)
    other = "9999999999999999"
    office.source.destination = office.source.destination.model_copy(update={"realm": other})
    office.connect(realm=other)
    report = office.run()
    check_paused(office, report, "no access to this QuickBooks company", "company number of the destination")
    assert office.states == ["ready"] * 2
    assert company.every("Invoice") == []
    office.source.destination = office.source.destination.model_copy(update={"realm": office.realm})
    everything_goes_out(office)


@pytest.mark.parametrize(
    ("which", "sentence"), [(0, "subscription of this company has ended"), (1, "closed for maintenance")]
)
def test_fault_46_company_that_is_closed_pauses_and_says_why(which, sentence, office, company):
    office.post(3)
    company.produce(46, which)
    report = office.run()
    check_paused(office, report, sentence, "activate the destination in Odoo again")
    assert office.states == ["ready"] * 3
    company.control("settings", {"company_state": "open"})
    everything_goes_out(office)


def test_fault_46_company_that_closes_in_mid_run_keeps_what_is_booked(office, company):
    office.post(4)

    def close(_outcomes, _remaining):
        company.produce(46, 0)

    report = office.run(batch_size=2, observe=close)
    check_paused(office, report, "subscription")
    assert office.states == ["received"] * 2 + ["ready"] * 2
    company.control("settings", {"company_state": "open"})
    check_words(report.pause, "activate")
    everything_goes_out(office)
