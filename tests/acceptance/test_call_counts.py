"""What a run costs, counted on the other side: at the QuickBooks company and in Odoo's access log."""

import re
from collections import Counter

import pytest

CALL = re.compile(r'"POST (?:/web/webclient/version_info|/jsonrpc(?:#[\w.]*?)?(\w+)?) HTTP/1\.[01]" 200')
CONSTANT = 6  # version, login, its context, summary, changes_since, register_payments


def calls_in_log(office):
    """Calls by method, as Odoo's access log names them."""
    return Counter(CALL.findall(office.server.log_path.read_text()))


@pytest.mark.parametrize(("tickets", "batches"), [(1, 1), (30, 1), (31, 2), (65, 3)])
def test_run_costs_one_write_and_two_odoo_calls_per_batch_and_no_read_per_invoice(
    tickets, batches, office, company, bridge
):
    office.post_tickets(1)
    bridge.sync()  # the first run of a machine reads the company's lists
    numbers = office.post_tickets(tickets)
    company.control("statistics", method="DELETE")
    before = calls_in_log(office)
    document = bridge.sync()
    calls = calls_in_log(office) - before
    counted = company.statistics
    assert document["destinations"][0]["counts"] == {"received": tickets}
    assert (counted["batches"], counted["writes"]) == (batches, 0)
    assert (counted["reads"], counted["queries"], counted["change_captures"]) == (0, 0, 1)
    assert (calls["claim"], calls["settle"]) == (batches, batches)
    assert calls.total() == CONSTANT + 2 * batches
    assert len(numbers) == tickets


def test_run_with_nothing_to_do_writes_nothing(office, company, bridge):
    bridge.sync()
    company.control("statistics", method="DELETE")
    document = bridge.sync()
    assert document["exit_code"] == 0
    counted = company.statistics
    assert (counted["batches"], counted["writes"], counted["queries"]) == (0, 0, 0)
