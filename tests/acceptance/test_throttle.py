"""Two workers of one company, each a process of its own, where QuickBooks enforces its limits."""

import json
import signal

import pytest

SECONDS = 180


@pytest.fixture
def limited(company):
    company.control("settings", {"limits_enabled": True})
    yield company
    company.control("settings", {"limits_enabled": False})


def test_two_workers_share_the_limits_of_their_company(office, limited, bridge):
    """Batches of one invoice, so that the two together could call more than ten times a second."""
    numbers = office.post_tickets(40)
    bridge.environment |= {"WORKORDER_BATCH_SIZE": "1", "WORKORDER_LEASE_SECONDS": "300"}
    limited.control("statistics", method="DELETE")
    workers = [bridge.start("sync", "--json") for _ in range(2)]
    said = [worker.communicate(timeout=SECONDS) for worker in workers]
    counts = [json.loads(out)["destinations"][0]["counts"].get("received", 0) for out, _ in said]
    assert sum(counts) == len(numbers), said
    assert min(counts) > 0
    counted = limited.statistics
    assert (counted["throttled"], counted["statuses"].get("429", 0)) == (0, 0)
    assert counted["batches"] == len(numbers)


def test_worker_told_429_tells_odoo_while_it_waits_and_stops_when_asked(office, company, bridge):
    (number,) = office.post_tickets(1)
    bridge.environment |= {"WORKORDER_LEASE_SECONDS": "300"}
    company.control("faults", {"match": {"path": "/batch"}, "kind": "429", "times": 1})
    destination = office.record("work_order_transmission.destination_qbo")
    worker = bridge.start("sync", "--json")
    try:
        while not office.call("work.order.destination", "read", [destination], ["throttled_now"])[0]["throttled_now"]:
            assert worker.poll() is None
    finally:
        worker.send_signal(signal.SIGINT)
        said = worker.communicate(timeout=SECONDS)
        office.call("work.order.destination", "write", [destination], {"throttled_until": False})
    assert "Traceback" not in said[1]
    assert office.rows([number])[number] == ("sending", "")
