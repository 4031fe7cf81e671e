"""Faults 4, 5, 6: the company's limits. The bridge waits, gives up in time, and goes on where it was."""

import pytest

from .office import check_words, outcome_of

LONGEST = 300
"""So many seconds of waiting are the most one run may come to."""


def refusals(company, limit):
    return company.statistics["throttled_by"].get(limit, 0)


def test_fault_04_storm_of_429_ends_the_run_in_time_and_loses_nothing(office, company):
    office.post(3)
    company.produce(4)
    office.run()
    assert refusals(company, "requests_per_minute") >= 3  # each of its three spellings
    assert 60 <= sum(office.waiting.waits) <= LONGEST
    assert (office.states, office.source.state) == (["sending"] * 3, "active")
    told = outcome_of(office.source.rows[1])
    check_words(told.message, "slow down")
    check_words(told.hint, "Nothing is lost")
    company.control("settings", {"requests_per_minute": 500})
    assert company.every("Invoice") == []
    office.later()
    office.run()
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_05_workers_that_get_into_each_others_way_wait_and_finish(office, company):
    office.post(6)
    company.produce(5)
    workers = office.start_workers(2, batch_size=1)
    for worker in workers:
        worker.begin()
    assert [worker.finish()["pause"] for worker in workers] == ["", ""]
    assert refusals(company, "concurrent_requests") >= 1
    office.later()
    office.run()
    assert office.states == ["received"] * 6
    office.check_books()


def test_fault_06_too_many_batches_in_a_minute_go_out_in_the_next(office, company):
    office.post(3)
    company.produce(6)
    report = office.run(batch_size=1)
    assert report.trouble == []
    assert refusals(company, "batches_per_minute") >= 2
    assert sum(office.waiting.waits) >= 120
    assert office.states == ["received"] * 3
    office.check_books()


@pytest.mark.parametrize("refusal", ["throttled", "forbidden"])
def test_fault_50_used_up_reads_hold_up_no_invoice_and_lose_no_payment(refusal, office, company):
    """What the bridge must know of the company it keeps on disk; payments are read again when reading goes on."""
    (first,) = office.post()
    office.run()
    company.control("payments", {"invoice_id": first.external_id})
    company.control("settings", {"metered_reads_refusal": refusal})
    company.produce(50)
    office.post(2)
    report = office.run()
    assert office.states == ["received"] * 3
    (trouble,) = report.trouble
    check_words(trouble.message, "metered reads of this month")
    check_words(trouble.hint)
    assert (office.source.state, office.source.payments) == ("active", {})
    company.control("settings", {"metered_reads_per_month": None})
    assert office.run().payments_registered == 1
    office.check_books()
