"""Finished work to posted invoices: an invoice run in chunks, and plain Odoo invoicing and posting all in one action.

WORKORDER_BENCH_SIZE sets how many (5,000 unless set). Plain Odoo has its turn between the two halves of ours, so a
machine that gets faster or slower meanwhile favours neither.
"""

import gc
import os
import time
from statistics import median
from unittest.mock import patch

from inside_common import analyse, figure, measured, opened
from inside_orders import make_orders, prepare

COUNT = int(os.environ.get("WORKORDER_BENCH_SIZE", "5000"))
CHUNK = 250


def finished(side, count):
    """So many orders whose work is done and waits for its invoice; making them is not measured."""
    with opened(side) as env:
        ids = make_orders(env, count)
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


def invoice_in_bulk(ids, spent, chunks):
    """A run over all of them: started as a person does, worked off as the scheduler does."""
    with opened("ours") as env:
        runs = type(env["work.order.invoice.run"])
        tickets = env["sale.order"].browse(ids).work_order_ids
        original = runs._process_chunk

        def timed(run):
            began = time.perf_counter()
            done = original(run)
            if done == run.chunk_size:
                chunks.append(time.perf_counter() - began)
            return done

        with measured(env, spent), patch.object(runs, "_process_chunk", timed):
            run = env["work.order.invoice.run"].browse(tickets.action_invoice_in_bulk()["res_id"])
            run.chunk_size = CHUNK
            run.action_start()
            run.sudo()._cron_process()
        assert (run.state, run.invoiced_count) == ("done", len(ids)), (run.state, run.refused_line_ids.mapped("reason"))
    check("ours", ids)


def invoice_plainly(ids, spent):
    """Odoo's own buttons on a list of all of them: create the invoices, post them; one transaction."""
    with opened("plain") as env, measured(env, spent):
        orders = env["sale.order"].browse(ids)
        orders._create_invoices(grouped=True)
        orders.invoice_ids.action_post()
        env.cr.commit()
    check("plain", ids)


def check(side, ids):
    """Every order is billed by one posted invoice."""
    with opened(side) as env:
        moves = env["sale.order"].browse(ids).invoice_ids
        assert len(moves) == len(ids), (side, len(moves))
        assert set(moves.mapped("state")) == {"posted"}, side


def main():
    for side in ("ours", "plain"):
        prepare(side)
    invoice_in_bulk(finished("ours", 20), {}, [])  # warm: registries, plans, sequences
    invoice_plainly(finished("plain", 20), {})
    ours, plain, chunks = {}, {}, []
    half = COUNT // 2
    waiting = finished("ours", 2 * half)
    plainly = finished("plain", 2 * half)
    gc.collect()
    invoice_in_bulk(waiting[:half], ours, chunks)
    invoice_plainly(plainly, plain)
    invoice_in_bulk(waiting[half:], ours, chunks)
    figure(
        "bulk_invoicing",
        invoices=2 * half,
        chunk=CHUNK,
        seconds_per_invoice=ours["seconds"] / (2 * half),
        plain_seconds_per_invoice=plain["seconds"] / (2 * half),
        statements_per_invoice=ours["statements"] / (2 * half),
        plain_statements_per_invoice=plain["statements"] / (2 * half),
        times_faster=plain["seconds"] / ours["seconds"],
    )
    if len(chunks) >= 4:
        growth = median(chunks[-(len(chunks) // 2) :]) / median(chunks[: len(chunks) // 2])
        figure("bulk_invoicing_growth", chunks=len(chunks), later_to_earlier_chunks_time_ratio=growth)
