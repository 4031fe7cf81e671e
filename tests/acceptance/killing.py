"""Kills the bridge at a chosen step, and lets later runs finish what it left."""

import signal
import time

import pytest

ROUNDS = 40
PATIENCE = 60


def catch_odoo(method):
    """A call of the hand-off, over either way into Odoo."""
    called = f'"work.order.destination", "{method}"'.encode()
    return lambda path, body: called in body or path == f"/json/2/work.order.destination/{method}"


def catch_batch(path, _body):
    return "/batch" in path


STEPS = {
    "before claim": ("to_odoo", catch_odoo("claim"), False),
    "after claim": ("to_odoo", catch_odoo("claim"), True),
    "before send": ("to_quickbooks", catch_batch, False),
    "after send": ("to_quickbooks", catch_batch, True),
    "during settle before Odoo commits": ("to_odoo", catch_odoo("settle"), False),
    "during settle after Odoo committed": ("to_odoo", catch_odoo("settle"), True),
}


def kill_at(bridge, step, steps=STEPS):
    """Run the bridge until it is at that step, and kill it there."""
    gate, catches, after = steps[step]
    trap = getattr(bridge, gate).set_trap(catches, after=after)
    process = bridge.start("sync")
    try:
        assert trap.caught.wait(PATIENCE), process.poll()
    finally:
        process.kill()
        process.communicate()
        trap.dropped.set()
    assert process.returncode == -signal.SIGKILL


def sync_until(bridge, is_done):
    """Runs as cron would; a lease of one second has to run out in between."""
    for _ in range(ROUNDS):
        bridge.sync()
        if is_done():
            return
        time.sleep(0.5)
    pytest.fail("still not done")
