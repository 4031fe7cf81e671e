"""Finished work to posted invoices: an invoice run worked off by Odoo's scheduler, and plain Odoo all in one action.

WORKORDER_BENCH_SIZE sets how many (5,000 unless set), of fifty customers. The scheduler is killed half-way; plain Odoo
has its turn then, so a machine that gets faster or slower meanwhile favours neither; and the scheduler goes on. What is
measured of ours is from the start to half of all, and from the first chunk after the interruption to the end.
"""

import json
import os
import subprocess
import time
from contextlib import contextmanager

from inside_common import analyse, figure, measured, opened
from inside_orders import make_orders, prepare

COUNT = int(os.environ.get("WORKORDER_BENCH_SIZE", "5000"))
CHUNK, CUSTOMERS, PATIENCE = min(250, COUNT // 20), 50, 3600
#: How this Odoo is started as a server of the database with our addons.
SCHEDULER = json.loads(os.environ["WORKORDER_BENCH_SERVER"])


def finished(side, count):
    """So many orders whose work is done and waits for its invoice; making them is not measured."""
    with opened(side) as env:
        ids = make_orders(env, count, CUSTOMERS)
    for start in range(0, count, CHUNK):
        with opened(side) as env:
            orders = env["sale.order"].browse(ids[start : start + CHUNK])
            orders.action_confirm()
            if side == "ours":
                work(env, orders.work_order_ids)
            else:
                for line in orders.order_line:
                    line.qty_delivered = line.product_uom_qty
    analyse(side)
    return ids


def work(env, tickets):
    tickets.write({"technician_ids": [(4, env.uid)], "scheduled_start": "2026-11-20 08:00:00"})
    tickets.action_dispatch()
    tickets.action_start()
    tickets.task_ids.action_done()
    tickets.action_complete()


@contextmanager
def scheduler():
    """The two processes Odoo keeps for scheduled work, as on a server; killed at the end, whatever they are doing."""
    line = [*SCHEDULER, "--no-http", "--workers", "1", "--max-cron-threads", "2", "--log-level", "error"]
    process = subprocess.Popen(line, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def start_run(ids):
    """Started as a person does; worked off by whoever is there."""
    with opened("ours") as env:
        tickets = env["sale.order"].browse(ids).work_order_ids
        run = env["work.order.invoice.run"].browse(tickets.action_invoice_in_bulk()["res_id"])
        run.chunk_size = CHUNK
        run.action_start()
        return run.id


def dealt_with(run_id, enough):
    """Wait until so many work orders are dealt with; how many are, and since when."""
    limit = time.perf_counter() + PATIENCE
    while time.perf_counter() < limit:
        with opened("ours") as env:
            run = env["work.order.invoice.run"].browse(run_id)
            assert run.state in ("running", "done"), (run.state, run.trouble)
            assert not run.refused_count, run.refused_line_ids[:3].mapped("reason")
            if run.invoiced_count >= enough:
                return run.invoiced_count, time.perf_counter()
        time.sleep(0.05)
    raise AssertionError(f"not {enough} after {PATIENCE} s")


def invoice_plainly(ids, spent):
    """Odoo's own buttons on a list of all of them: create the invoices, post them; one transaction."""
    with opened("plain") as env, measured(env, spent):
        orders = env["sale.order"].browse(ids)
        orders._create_invoices(grouped=True)
        orders.invoice_ids.action_post()
        env.cr.commit()
    check("plain", ids)


def check(side, ids):
    """Every order is billed by one posted invoice, in full, once; the numbers have no holes."""
    with opened(side) as env:
        orders = env["sale.order"].browse(ids)
        moves = orders.invoice_ids
        assert len(moves) == len(ids), (side, len(moves))
        assert set(moves.mapped("state")) == {"posted"}, side
        assert all(line.qty_invoiced == line.product_uom_qty for line in orders.order_line), side
        assert not moves.filtered("made_sequence_gap")[1:], (side, moves.filtered("made_sequence_gap").mapped("name"))


def main():
    for side in ("ours", "plain"):
        prepare(side, CUSTOMERS)
    with scheduler():  # warm: registries, plans, sequences
        dealt_with(start_run(finished("ours", 20)), 20)
    invoice_plainly(finished("plain", 20), {})
    waiting, plainly, plain = finished("ours", COUNT), finished("plain", COUNT), {}
    with scheduler():
        dealt_with(start_run(finished("ours", 1)), 1)  # it has read its modules
        began, run_id = time.perf_counter(), start_run(waiting)
        first, half_way = dealt_with(run_id, COUNT // 2)
    with opened("ours") as env:
        assert env["work.order.invoice.run"].browse(run_id).waiting_count, "all done before it could be interrupted"
    invoice_plainly(plainly, plain)
    with scheduler():
        again, resumed = dealt_with(run_id, first + 1)
        last, ended = dealt_with(run_id, COUNT)
    check("ours", waiting)
    earlier, later = (half_way - began) / first, (ended - resumed) / (last - again)
    ours = (half_way - began + ended - resumed) / (first + last - again)
    figure(
        "bulk_invoicing",
        invoices=COUNT,
        customers=CUSTOMERS,
        chunk=CHUNK,
        interrupted_after=first,
        seconds_per_invoice=ours,
        plain_seconds_per_invoice=plain["seconds"] / COUNT,
        times_faster=plain["seconds"] / COUNT / ours,
    )
    figure("bulk_invoicing_growth", later_to_earlier_half_time_ratio=later / earlier)
