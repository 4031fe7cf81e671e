"""F4: what happens in QuickBooks is in Odoo as soon as its webhook comes, long before the next round is due."""

import re
import signal
import time
from contextlib import contextmanager

import pytest

TOKEN = "3b1c9e2a-verifier"
ADDRESS = re.compile(r"Webhooks of QuickBooks are taken at (\S+)\.\n")
ROUNDS = 120
WAIT = 60


def wait_until(true, process):
    """The limit is far beyond what it takes, and far within the hour."""
    for _ in range(ROUNDS):
        if true():
            return
        assert process.poll() is None
        time.sleep(0.5)
    pytest.fail("waited in vain")


@contextmanager
def watching(bridge):
    """The command, watching once an hour; its process and the address it takes webhooks at."""
    bridge.environment["WORKORDER_QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN"] = TOKEN
    process = bridge.start("sync", "--watch", "3600", "--webhooks", "0")
    try:
        assert process.stderr is not None
        yield process, ADDRESS.fullmatch(process.stderr.readline())[1]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("form", ["eventNotifications", "cloudevents"])
def test_f4_payment_made_there_is_in_odoo_long_before_the_hour_is_over(office, company, bridge, form):
    (number,) = office.post_tickets(1)
    with watching(bridge) as (process, address):
        wait_until(lambda: office.rows([number])[number][0] == "received", process)
        company.control("webhooks", {"url": address, "verifier_token": TOKEN, "format": form})
        company.control("settings", {"webhook_copies": 2, "webhook_other_realm": True})
        company.control("payments", {"invoice_id": office.rows([number])[number][1]})
        wait_until(lambda: office.rows([number])[number][0] == "paid", process)
        posts = company.control("webhooks/settle")["posts"]
        company.control("webhooks", {"app": "app"}, "DELETE")
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=WAIT)
    assert {attempt["answer"] for post in posts for attempt in post["attempts"]} == {"answered 200"}
    assert (process.returncode, "Traceback" in out + said) == (0, False)
    assert TOKEN not in out + said
    paid = office.call("account.move", "search_read", [("name", "=", number)], ["amount_residual"])
    assert [invoice["amount_residual"] for invoice in paid] == [0]
