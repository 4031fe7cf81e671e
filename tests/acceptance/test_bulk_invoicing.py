"""An invoice run over real work, killed half-way, goes on by itself; nobody and nothing bills a work order twice.

Two of Odoo's jobs work on it at the same time, each on its customers.
"""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import odoorpc
from workorder_sandbox import OdooServer, Sandbox

StartOdoo = Callable[..., OdooServer]
LogIn = Callable[[OdooServer], odoorpc.ODOO]
AtOnce = Callable[[list[Callable[[], Any]]], list[Exception | None]]
TICKETS, CHUNK, PATIENCE = 200, 20, 240.0


def call(rpc: odoorpc.ODOO, model: str, method: str, *arguments: Any) -> Any:
    return rpc.execute(model, method, *arguments)


def record(rpc: odoorpc.ODOO, name: str) -> int:
    return int(call(rpc, "ir.model.data", "check_object_reference", "work_order", name)[1])


def tickets_of(rpc: odoorpc.ODOO, count: int) -> list[int]:
    """So many work orders of the property manager and of somebody else in turn, ready to be dispatched."""
    line = {"product_id": record(rpc, "product_plumbing_labor"), "product_uom_qty": 1, "tax_ids": [(6, 0, [])]}
    other = call(rpc, "res.partner", "create", {"name": "Harbor Offices", "is_company": True})
    buyers = [record(rpc, "partner_cedar"), other]
    order = {"buyer_po": "BULK", "order_line": [(0, 0, line)]}
    orders = call(rpc, "sale.order", "create", [{**order, "partner_id": buyers[n % 2]} for n in range(count)])
    call(rpc, "sale.order", "action_confirm", orders)
    found: list[int] = call(rpc, "work.order", "search", [("sale_order_id", "in", orders)])
    return found


def finish(rpc: odoorpc.ODOO, tickets: list[int]) -> None:
    plan = {"technician_ids": [(4, rpc.env.uid)], "scheduled_start": "2026-11-20 08:00:00", "signed_by": "Pat Doyle"}
    call(rpc, "work.order", "write", tickets, plan)
    for step in ("action_dispatch", "action_start"):
        call(rpc, "work.order", step, tickets)
    tasks = call(rpc, "work.order.task", "search", [("work_order_id", "in", tickets)])
    call(rpc, "work.order.task", "action_done", tasks)
    call(rpc, "work.order", "action_complete", tickets)


def run_over(rpc: odoorpc.ODOO, tickets: list[int]) -> int:
    run = int(call(rpc, "work.order", "action_invoice_in_bulk", tickets)["res_id"])
    call(rpc, "work.order.invoice.run", "write", [run], {"chunk_size": CHUNK})
    call(rpc, "work.order.invoice.run", "action_start", [run])
    return run


def look_at(rpc: odoorpc.ODOO, run: int) -> dict[str, Any]:
    names = ["state", "waiting_count", "invoiced_count", "refused_count", "progress"]
    return dict(call(rpc, "work.order.invoice.run", "read", [run], names)[0])


def wake(rpc: odoorpc.ODOO, run: int) -> None:
    """A scheduler that has just started hears of work when somebody asks for it, else within a minute."""
    for step in ("action_pause", "action_resume"):
        with suppress(odoorpc.error.RPCError):  # it is done meanwhile
            call(rpc, "work.order.invoice.run", step, [run])


@contextmanager
def scheduler(sandbox: Sandbox, server: OdooServer, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An Odoo process of our own that does nothing but scheduled work; killed at the end."""
    odoo = sandbox.odoo_command
    line = odoo.line(server.database, ["--no-http", "--max-cron-threads", "2", "--log-level", "warn"])
    with log.open("ab") as output:
        process = subprocess.Popen(line, env=odoo.environment(), stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def wait_until(rpc: odoorpc.ODOO, run: int, reached: Callable[[dict[str, Any]], bool], every: float) -> dict[str, Any]:
    """Look at a run until it got so far, waking the scheduler as long as nothing happens."""
    limit, before, looks = time.monotonic() + PATIENCE, look_at(rpc, run), 0
    while not reached(now := look_at(rpc, run)):
        assert time.monotonic() < limit, now
        looks = looks + 1 if now == before else 0
        if looks * every >= 3:
            wake(rpc, run)
            looks = 0
        before = now
        time.sleep(every)
    return now


def billed(rpc: odoorpc.ODOO, tickets: list[int]) -> Counter[int]:
    """How many invoice lines each work order stands on."""
    lines = call(
        rpc, "account.move.line", "search_read", [("work_order_id", "in", tickets)], ["work_order_id", "parent_state"]
    )
    assert {line["parent_state"] for line in lines} <= {"posted"}
    return Counter(line["work_order_id"][0] for line in lines)


def test_d8_run_killed_half_way_goes_on_and_bills_every_work_order_once(
    sandbox: Sandbox, odoo_server: StartOdoo, log_in: LogIn, at_once: AtOnce, tmp_path: Path
) -> None:
    server = odoo_server(template="demo")
    boss, clerk = log_in(server), log_in(server)
    tickets = tickets_of(boss, TICKETS)
    unfinished, by_hand, finished = tickets[7], tickets[8], [tickets[n] for n in range(TICKETS) if n != 7]
    finish(boss, finished)
    call(boss, "work.order", "action_create_invoices", [by_hand])
    move = call(boss, "account.move", "search", [("invoice_line_ids.work_order_id", "=", by_hand)])
    call(boss, "account.move", "action_post", move)
    run = run_over(boss, tickets)
    log = tmp_path / "scheduler.log"

    with scheduler(sandbox, server, log) as process:
        wait_until(boss, run, lambda now: now["invoiced_count"] >= TICKETS // 3, 0.05)
        process.kill()  # in the midst of the next chunk
        process.wait(30)
    stopped = look_at(boss, run)
    assert stopped["state"] == "running"
    assert 0 < stopped["waiting_count"] < TICKETS
    assert stopped["waiting_count"] % CHUNK == 0, "whole chunks are saved, or nothing of them"
    assert len(billed(boss, finished)) == stopped["invoiced_count"] + 1
    lanes = call(boss, "work.order.invoice.run.line", "search_read", [("run_id", "=", run)], ["lane", "state"])
    assert {line["lane"] for line in lanes if line["state"] != "waiting"} == {0, 1}, "one job alone ends a lane first"

    with scheduler(sandbox, server, log):
        waiting = sorted(set(finished) - billed(boss, finished).keys())
        refusals = at_once(
            [
                partial(run_over, boss, tickets),
                partial(call, clerk, "work.order", "action_create_invoices", waiting[-3:]),
            ]
        )
        drafts = call(
            boss,
            "account.move",
            "search",
            [("invoice_line_ids.work_order_id", "in", waiting[-3:]), ("state", "=", "draft")],
        )
        if refusals[1] is None and drafts:
            call(clerk, "account.move", "action_post", drafts)
        second = call(boss, "work.order.invoice.run", "search", [])[0]
        ends = [wait_until(boss, each, lambda now: now["state"] == "done", 0.5) for each in (run, second)]

    assert billed(boss, tickets) == dict.fromkeys(finished, 1)
    assert [end["progress"] for end in ends] == [100.0, 100.0]
    assert [end["invoiced_count"] + end["refused_count"] for end in ends] == [TICKETS, TICKETS]
    by_clerk = 3 if refusals[1] is None else 0
    assert sum(end["invoiced_count"] for end in ends) == TICKETS - 2 - by_clerk
    report = call(
        boss,
        "work.order.invoice.run.line",
        "search_read",
        [("run_id", "=", run), ("state", "=", "refused")],
        ["work_order_id", "reason"],
    )
    reasons = {line["work_order_id"][0]: line["reason"] for line in report}
    assert "Only finished work is invoiced; it is “Ready”" in reasons[unfinished]
    assert "Only finished work is invoiced; it is “Closed”" in reasons[by_hand]
    numbers = call(boss, "account.move", "search_read", [("invoice_line_ids.work_order_id", "in", finished)], ["name"])
    assert len({number["name"] for number in numbers}) == len(finished)
