"""Two people post time on the last hours of a cap at the same moment, over two connections of a real Odoo."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import odoorpc
import pytest
from workorder_sandbox import OdooServer

TICKETS = 5
HOURS = 4


@pytest.fixture
def odoo(odoo_server: Callable[..., OdooServer]) -> OdooServer:
    return odoo_server(template="demo")


def login(server: OdooServer) -> odoorpc.ODOO:
    address = urlsplit(server.url)
    rpc = odoorpc.ODOO(address.hostname, port=address.port, timeout=300)
    rpc.login(server.database, server.login, server.password)
    return rpc


def record(rpc: odoorpc.ODOO, name: str) -> int:
    return int(rpc.execute("ir.model.data", "check_object_reference", "work_order", name)[1])


def tasks_in_progress(rpc: odoorpc.ODOO, **cap: float) -> list[dict[str, Any]]:
    """One task of time and materials, four hours ordered, on each of some tickets that are being worked on."""
    line = {
        "product_id": record(rpc, "product_plumbing_labor"),
        "product_uom_qty": HOURS,
        "work_order_billing_type": "time_material",
    }
    order = {"partner_id": record(rpc, "partner_cedar"), "buyer_po": "CPM-CAP", "order_line": [(0, 0, line)]}
    orders = rpc.execute("sale.order", "create", [order] * TICKETS)
    rpc.execute("sale.order", "action_confirm", orders)
    tickets = rpc.execute("work.order", "search", [("sale_order_id", "in", orders)])
    values = {"technician_ids": [(4, rpc.env.uid)], "scheduled_start": "2026-11-18 14:00:00", **cap}
    rpc.execute("work.order", "write", tickets, values)
    for step in ("action_dispatch", "action_start"):
        rpc.execute("work.order", step, tickets)
    found = rpc.execute("work.order.task", "search_read", [("work_order_id", "in", tickets)], ["work_order_id"])
    assert len(found) == TICKETS
    return list(found)


def at_once(calls: list[Callable[[], Any]]) -> list[Exception | None]:
    """Make the calls at the same moment; gives each one's refusal, if any."""
    barrier = Barrier(len(calls))

    def make(call: Callable[[], Any]) -> Exception | None:
        barrier.wait()
        try:
            call()
        except odoorpc.error.RPCError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def post_at_once(people: list[odoorpc.ODOO], task: dict[str, Any], hours: float) -> list[Exception]:
    """Each of them posts so many hours on the task; gives the refusals."""
    entry = {
        "work_order_id": task["work_order_id"][0],
        "work_order_task_id": task["id"],
        "name": "Work",
        "date": "2026-11-18",
        "unit_amount": hours,
    }
    refusals = at_once([partial(rpc.execute, "account.analytic.line", "create", [entry]) for rpc in people])
    return [refusal for refusal in refusals if refusal]


def posted_hours(rpc: odoorpc.ODOO, task: dict[str, Any]) -> float:
    entries = rpc.execute(
        "account.analytic.line", "search_read", [("work_order_task_id", "=", task["id"])], ["unit_amount"]
    )
    return float(sum(entry["unit_amount"] for entry in entries))


@pytest.mark.parametrize("cap", [{}, {"nte_hours": float(HOURS)}], ids=["money", "hours"])
def test_two_users_posting_at_once_cannot_pass_a_cap(odoo: OdooServer, cap: dict[str, float]) -> None:
    first, second = login(odoo), login(odoo)
    for task in tasks_in_progress(first, **cap):
        refusals = post_at_once([first, second], task, hours=3)
        assert len(refusals) == 1, refusals
        assert "ecord an extension" in str(refusals[0])
        assert posted_hours(first, task) == 3
        done = first.execute("work.order.task", "read", [task["id"]], ["done_quantity"])[0]["done_quantity"]
        assert done == 3


def test_two_users_posting_at_once_both_count(odoo: OdooServer) -> None:
    first, second = login(odoo), login(odoo)
    for task in tasks_in_progress(first):
        assert post_at_once([first, second], task, hours=1.5) == []
        done = first.execute("work.order.task", "read", [task["id"]], ["done_quantity"])[0]["done_quantity"]
        assert done == posted_hours(first, task) == 3
