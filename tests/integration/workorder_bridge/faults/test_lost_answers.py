"""Faults 1, 2, 3, 12, 44, 45, 47, 48: nobody knows what became of a call; each ticket ends with one invoice."""

from workorder_bridge.errors import SourceUnreachable

from .company import BATCH
from .office import check_told, check_words
from .waiting import PATIENCE, wait_for_fault


def test_fault_01_process_that_dies_before_it_keeps_the_answer_costs_and_doubles_nothing(office, company):
    office.post(3)
    company.control("faults", {"match": BATCH, "kind": "hang_after_commit", "seconds": PATIENCE})
    (worker,) = office.start_workers(1)
    worker.begin()
    wait_for_fault(company)
    worker.kill()
    assert office.states == ["sending"] * 3
    company.control("settings", {"request_id_seconds": 0, "check_duplicate_numbers": False})  # asking must be enough
    office.later()
    office.run()
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_02_no_answer_after_the_commit_is_asked_about_in_the_same_run(office, company):
    office.post(3)
    company.produce(2, at=BATCH)
    company.control("settings", {"request_id_seconds": 0, "check_duplicate_numbers": False})
    office.run()
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_03_reset_before_the_commit_loses_no_invoice(office, company):
    office.post(3)
    company.produce(3, at=BATCH)
    office.run()
    assert company.statistics["faults_injected"] == 1
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_12_answers_in_another_order_with_one_missing_reach_the_right_rows(office, company):
    office.post(3)
    company.produce(12, 0)
    company.produce(12, 1, at={"bid": "2"})
    office.run()
    assert company.statistics["faults_injected"] == 1
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_44_pages_and_accidents_of_theirs_are_outlasted_under_the_same_keys(office, company):
    office.post(2)
    company.produce(44, at=BATCH)
    office.run()
    assert company.statistics["faults_injected"] == 5
    assert office.states == ["received"] * 2
    office.check_books()


def test_fault_45_fault_inside_a_200_is_never_taken_for_a_booked_invoice(office, company):
    (stored,) = office.post()
    company.produce(45, at=BATCH)
    office.run()
    check_told(stored, "rejected", "business", step="Try again")
    office.check_books()


def test_fault_47_odoo_down_after_quickbooks_booked_is_told_and_made_up_for(office, company, monkeypatch):
    office.post(3)

    def down(*_arguments, **_named):
        raise SourceUnreachable("Odoo did not answer.", hint="Start Odoo; the bridge goes on by itself.")

    with monkeypatch.context() as outage:
        outage.setattr(office.source, "settle", down)
        report = office.run()
    check_words(report.trouble[0].message, "Odoo")
    assert office.states == ["sending"] * 3
    assert len(company.every("Invoice")) == 3
    office.later()
    office.run()
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_48_two_workers_with_the_same_tickets_book_each_once(office, company):
    """The lease ran out while the first worker's call was still on its way: both send the same keys."""
    office.post(3)
    company.control("faults", {"match": BATCH, "kind": "delay", "seconds": 2})
    first, second = office.start_workers(2)
    first.begin()
    wait_for_fault(company)
    office.later()
    second.begin()
    reports = [first.finish(), second.finish()]
    assert [report["trouble"] for report in reports] == [[], []]
    assert [report["counts"] for report in reports] == [{"received": 3}] * 2
    assert office.states == ["received"] * 3
    office.check_books()


def test_fault_48_two_workers_at_once_share_the_tickets(office, company):
    office.post(40)
    workers = office.start_workers(2, batch_size=5)
    for worker in workers:
        worker.begin()
    counts = [worker.finish()["counts"] for worker in workers]
    assert sum(count["received"] for count in counts) == 40
    assert office.states == ["received"] * 40
    office.check_books()
