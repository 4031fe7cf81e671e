"""Killed anywhere, or run twice at once: each ticket ends with exactly one QuickBooks invoice."""

import json
import signal
import socket
import time
from urllib.parse import urlsplit

import pytest

from .killing import PATIENCE, STEPS, catch_batch, catch_odoo, kill_at, sync_until


def sync_until_received(bridge, office, numbers):
    sync_until(bridge, lambda: {state for state, _ in office.rows(numbers).values()} == {"received"})


def assert_one_invoice_each(office, company, numbers):
    booked = company.invoices()
    rows = office.rows(numbers)
    assert {number: booked.get(number) for number in numbers} == {number: [rows[number][1]] for number in numbers}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_a_rerun_ends_with_one_invoice_per_ticket(step, office, company, bridge):
    numbers = office.post_tickets(3)
    kill_at(bridge, step)
    sync_until_received(bridge, office, numbers)
    assert_one_invoice_each(office, company, numbers)


@pytest.mark.parametrize("step", ["after claim", "after send", "during settle after Odoo committed"])
def test_killed_while_it_uses_an_api_key_a_rerun_ends_with_one_invoice_per_ticket(step, office, company, keyed):
    numbers = office.post_tickets(2)
    kill_at(keyed, step)
    sync_until_received(keyed, office, numbers)
    assert_one_invoice_each(office, company, numbers)


@pytest.mark.parametrize("step", ["after send", "during settle before Odoo commits"])
def test_killed_after_sending_asking_first_is_enough(step, office, company, bridge):
    """Even where QuickBooks forgets request ids and lets numbers repeat, nothing is booked twice."""
    forgetful = {"request_id_seconds": 0, "check_duplicate_numbers": False}
    before = {name: company.control("settings", method="GET")[name] for name in forgetful}
    company.control("settings", forgetful)
    try:
        numbers = office.post_tickets(2)
        kill_at(bridge, step)
        sync_until_received(bridge, office, numbers)
        assert_one_invoice_each(office, company, numbers)
    finally:
        company.control("settings", before)


def test_killed_twice_in_a_row_a_third_run_ends_with_one_invoice_per_ticket(office, company, bridge):
    numbers = office.post_tickets(2)
    kill_at(bridge, "after send")
    time.sleep(1.5)  # the first lease runs out, so that the next kill hits the second attempt at the same batch
    kill_at(bridge, "during settle before Odoo commits")
    sync_until_received(bridge, office, numbers)
    assert_one_invoice_each(office, company, numbers)


def test_two_runs_at_once_on_200_tickets_lose_none_and_double_none(office, company, bridge):
    numbers = office.post_tickets(200)
    bridge.environment["WORKORDER_LEASE_SECONDS"] = "300"
    workers = [bridge.start("sync", "--json") for _ in range(2)]
    for worker in workers:
        out, said = worker.communicate(timeout=300)
        assert worker.returncode == 0, out + said
    assert {state for state, _ in office.rows(numbers).values()} == {"received"}
    assert_one_invoice_each(office, company, numbers)


def test_terminated_bridge_finishes_its_batch_and_stops(office, company, bridge):
    numbers = office.post_tickets(3)
    bridge.environment["WORKORDER_BATCH_SIZE"] = "1"
    trap = bridge.to_quickbooks.set_trap(catch_batch, after=False)
    process = bridge.start("sync", "--json")
    assert trap.caught.wait(PATIENCE)
    process.send_signal(signal.SIGTERM)
    trap.dropped.set()  # the answer is lost as well: the bridge asks and repeats before it stops
    process.communicate(timeout=PATIENCE)
    states = sorted(state for state, _ in office.rows(numbers).values())
    assert states == ["ready", "ready", "received"]
    sync_until_received(bridge, office, numbers)
    assert_one_invoice_each(office, company, numbers)


def nowhere():
    """An address nobody answers at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return urlsplit(f"http://127.0.0.1:{server.getsockname()[1]}")


def test_odoo_that_goes_down_after_quickbooks_booked_is_told_and_made_up_for(office, company, bridge):
    numbers = office.post_tickets(2)
    odoo = bridge.to_odoo.upstream
    trap = bridge.to_odoo.set_trap(catch_odoo("settle"), after=False)
    process = bridge.start("sync", "--json")
    try:
        assert trap.caught.wait(PATIENCE), process.poll()
        bridge.to_odoo.upstream = nowhere()
        trap.dropped.set()
        out, said = process.communicate(timeout=PATIENCE)
    finally:
        bridge.to_odoo.upstream = odoo
        trap.dropped.set()
    (destination,) = json.loads(out)["destinations"]
    assert "Odoo" in destination["trouble"][0]["message"]
    assert destination["trouble"][0]["hint"]
    assert "Traceback" not in said
    assert {number: len(company.invoices()[number]) for number in numbers} == dict.fromkeys(numbers, 1)
    assert {state for state, _ in office.rows(numbers).values()} == {"sending"}
    sync_until_received(bridge, office, numbers)
    assert_one_invoice_each(office, company, numbers)
