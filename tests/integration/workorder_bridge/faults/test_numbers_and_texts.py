"""Faults 21, 22, 26, 33 to 36: numbers, dates, names and texts that QuickBooks refuses, replaces or mangles."""

import pytest
from workorder_bridge.examples import example_buyer, example_line

from .company import BATCH
from .office import check_paused, check_told


def test_fault_21_number_somebody_used_is_rejected_naming_the_holder(office, company):
    holder = company.enter_invoice("INV/2026/00001")
    taken, free = office.post(2)
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(taken, "rejected", "already used", f"Invoice {holder['Id']}", step="Try again")
    assert free.external_id != holder["Id"]
    office.check_books()


def test_fault_21_number_that_is_ours_already_is_adopted(office, company):
    """The answer was lost and the request id forgotten: the repetition meets our own invoice."""
    office.post(2)
    company.control("settings", {"request_id_seconds": 0})
    company.control("faults", {"match": BATCH, "kind": "502", "after_commit": True})
    office.run()
    assert company.statistics["faults_injected"] == 1
    assert office.states == ["received"] * 2
    office.check_books()


def test_fault_21_without_the_check_ours_is_told_from_a_strangers_by_its_mark(office, company):
    company.produce(21)
    company.control("settings", {"request_id_seconds": 0})
    stranger = company.enter_invoice("INV/2026/00001")
    (ours,) = office.post()
    company.control("faults", {"match": BATCH, "kind": "drop_after_commit"})
    office.run()
    assert ours.state == "received"
    assert ours.external_id != stranger["Id"]
    assert len(company.every("Invoice")) == 2
    office.check_books()


def test_fault_22_company_that_numbers_itself_is_told_before_anything_is_booked(office, company):
    office.post(2)
    company.produce(22, 0)
    report = office.run()
    check_paused(office, report, "numbers its invoices itself", "switch on custom transaction numbers")
    assert office.states == ["ready"] * 2
    assert company.every("Invoice") == []


def test_fault_22_number_replaced_in_mid_run_is_disputed_with_both_numbers(office, company):
    rows = office.post(2)

    def switch(_outcomes, remaining):
        if remaining:
            company.produce(22)

    office.run(batch_size=1, observe=switch)
    assert office.states == ["received", "disputed"]
    replaced = next(one["DocNumber"] for one in company.every("Invoice") if one["Id"] == rows[1].external_id)
    assert replaced != "INV/2026/00002"
    check_told(rows[1], "disputed", "INV/2026/00002 in Odoo", replaced, step="Compare the two invoices")
    office.check_books()


@pytest.mark.parametrize("which", [0, 1])
def test_fault_26_closed_books_keep_the_date_and_ask_the_accountant(which, office, company):
    company.produce(26, 0)
    company.produce(26, which)
    early = office.post(issue_date="2026-01-20", due_date="2026-02-20")[0]
    office.post()
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(early, "rejected", "books are closed", step="accountant")
    assert [invoice["TxnDate"] for invoice in company.every("Invoice")] == ["2026-11-22"]
    office.check_books()


SPOKEN = "Søren’s “Łódź” 株式会社 🔧"


def test_fault_33_any_alphabet_arrives_as_it_was_written(office, company):
    office.post(buyer=example_buyer(id=93, name=SPOKEN), lines=[example_line(description=f"Fix {SPOKEN}")])
    office.run()
    assert office.states == ["received"]
    (invoice,) = company.every("Invoice")
    assert invoice["CustomerRef"]["name"] == SPOKEN
    assert invoice["Line"][0]["Description"].startswith(f"Fix {SPOKEN}")
    office.check_books()


def test_fault_33_customer_in_another_alphabet_is_found_by_its_name(office, company):
    there = company.create("Customer", {"DisplayName": SPOKEN})
    office.post(buyer=example_buyer(id=93, name=SPOKEN))
    office.run()
    assert office.states == ["received"]
    assert office.source.tables.customers["93"].id == there["Id"]
    office.check_books()


def test_fault_34_over_long_texts_are_refused_here_with_every_length(office, company):
    number = "INV/2026/" + "7" * 13
    long, _ = office.post(number=number, lines=[example_line(description="x" * 4001)])[0], office.post()
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(long, "rejected", "22 characters", "at most 21", "text of line 1", "at most 4000", step="post it again")
    assert company.statistics["batches"] == 1
    office.check_books()


@pytest.mark.parametrize("sign", [":", "\t", "\n"])
def test_fault_35_sign_quickbooks_forbids_in_a_name_becomes_a_space(sign, office, company):
    office.post(buyer=example_buyer(id=90, name=f"Elm{sign} Dental"))
    office.run()
    assert office.states == ["received"]
    assert company.every("Invoice")[0]["CustomerRef"]["name"] == "Elm Dental"
    office.check_books()


def test_fault_36_bad_address_is_refused_and_named(office, company):
    bad = office.post(buyer=example_buyer(email="nobody at home"))[0]
    office.post()
    office.run()
    assert office.states == ["rejected", "received"]
    check_told(bad, "rejected", "'nobody at home'", step="Correct it in Odoo")
    office.check_books()
