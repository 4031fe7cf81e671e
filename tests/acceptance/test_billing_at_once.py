"""Two people bill the same work at the same moment, over two connections of a real Odoo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import odoorpc

TwoPeople = tuple[odoorpc.ODOO, odoorpc.ODOO]
AtOnce = Callable[[list[Callable[[], Any]]], list[Exception | None]]
TICKETS = 6


def finished_tickets(rpc: odoorpc.ODOO) -> list[int]:
    """Six tickets that wait for their invoice."""
    orders = rpc.execute("sale.order", "search", [("state", "=", "draft")])
    rpc.execute("sale.order", "action_confirm", orders)
    tickets: list[int] = rpc.execute("work.order", "search", [("state", "=", "ready")], 0, TICKETS)
    values = {"technician_ids": [(4, rpc.env.uid)], "signed_by": "Pat Doyle"}
    rpc.execute("work.order", "write", tickets, values)
    for step in ("action_dispatch", "action_start"):
        rpc.execute("work.order", step, tickets)
    tasks = rpc.execute("work.order.task", "search", [("work_order_id", "in", tickets)])
    rpc.execute("work.order.task", "action_done", tasks)
    rpc.execute("work.order", "action_complete", tickets)
    return tickets


def billed_quantities(rpc: odoorpc.ODOO, tickets: list[int], state: str) -> dict[int, float]:
    lines = rpc.execute(
        "account.move.line",
        "search_read",
        [("work_order_id", "in", tickets), ("parent_state", "=", state)],
        ["work_order_task_id", "quantity"],
    )
    billed: dict[int, float] = {}
    for line in lines:
        task = line["work_order_task_id"][0]
        billed[task] = billed.get(task, 0.0) + line["quantity"]
    return billed


def done_quantities(rpc: odoorpc.ODOO, tickets: list[int]) -> dict[int, float]:
    tasks = rpc.execute("work.order.task", "search_read", [("work_order_id", "in", tickets)], ["done_quantity"])
    return {task["id"]: task["done_quantity"] for task in tasks}


def test_two_users_invoicing_at_once_bill_each_task_once(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, second = two_people
    tickets = finished_tickets(first)
    for ticket in tickets:
        calls = [partial(rpc.execute, "work.order", "action_create_invoices", [ticket]) for rpc in (first, second)]
        refusals = at_once(calls)
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
    assert billed_quantities(first, tickets, "draft") == done_quantities(first, tickets)


def test_two_users_posting_copies_at_once_bill_each_task_once(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, second = two_people
    tickets = finished_tickets(first)
    first.execute("work.order", "action_create_invoices", tickets)
    for ticket in tickets:
        original = first.execute("account.move", "search", [("invoice_line_ids.work_order_id", "=", ticket)])[0]
        copy = int(first.execute("account.move", "copy", [original])[0])
        refusals = at_once(
            [
                partial(first.execute, "account.move", "action_post", [original]),
                partial(second.execute, "account.move", "action_post", [copy]),
            ]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
    assert billed_quantities(first, tickets, "posted") == done_quantities(first, tickets)
