"""Two people draw on one buyer's PO, or decide about one change order, at the same moment over two connections."""

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

ROUNDS = 6


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


def register(rpc: odoorpc.ODOO, number: str, hours: float) -> int:
    """A blanket PO whose line 1 allows so many hours; the line's id."""
    line = {"number": "1", "product_id": record(rpc, "product_plumbing_labor"), "quantity": hours}
    values = {
        "number": number,
        "partner_id": record(rpc, "partner_cedar"),
        "kind": "blanket",
        "line_ids": [(0, 0, line)],
    }
    rpc.execute("buyer.purchase.order", "create", values)
    found = rpc.execute("buyer.purchase.order.line", "search", [("purchase_order_id.number", "=", number)])
    return int(found[0])


def ticket(rpc: odoorpc.ODOO, number: str, hours: float) -> int:
    """A confirmed order of so many hours on line 1 of that PO; its work order."""
    line = {
        "product_id": record(rpc, "product_plumbing_labor"),
        "product_uom_qty": hours,
        "tax_ids": [(6, 0, [])],
        "buyer_po_line": "1",
    }
    values = {"partner_id": record(rpc, "partner_cedar"), "buyer_po": number, "order_line": [(0, 0, line)]}
    created = rpc.execute("sale.order", "create", values)
    order = created[0] if isinstance(created, list) else created
    rpc.execute("sale.order", "action_confirm", [order])
    return int(rpc.execute("work.order", "search", [("sale_order_id", "=", order)])[0])


def released(rpc: odoorpc.ODOO, line: int) -> float:
    return float(
        rpc.execute("buyer.purchase.order.line", "read", [line], ["released_quantity"])[0]["released_quantity"]
    )


def test_two_users_releasing_at_once_stay_within_the_line(odoo: OdooServer) -> None:
    first, second = login(odoo), login(odoo)
    for number in range(ROUNDS):
        line = register(first, f"RACE-{number}", 10)
        pair = [ticket(first, f"RACE-{number}", 6), ticket(first, f"RACE-{number}", 6)]
        first.execute("work.order", "action_draft", pair[:1])  # only the second one is a draft already
        refusals = at_once(
            [
                partial(rpc.execute, "work.order", "action_ready", [each])
                for rpc, each in zip((first, second), pair, strict=True)
            ]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
        assert "4 Hours left, but 6 asked for" in str(next(filter(None, refusals)))
        assert released(first, line) == 6


def test_two_users_raising_tasks_at_once_stay_within_the_line(odoo: OdooServer) -> None:
    first, second = login(odoo), login(odoo)
    for number in range(ROUNDS):
        line = register(first, f"RAISE-{number}", 10)
        pair = [ticket(first, f"RAISE-{number}", 3), ticket(first, f"RAISE-{number}", 3)]
        tasks = [first.execute("work.order.task", "search", [("work_order_id", "=", each)]) for each in pair]
        refusals = at_once(
            [
                partial(rpc.execute, "work.order.task", "write", ids, {"quantity": 6})
                for rpc, ids in zip((first, second), tasks, strict=True)
            ]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
        assert released(first, line) == 9


def test_two_users_approving_one_change_at_once_bring_it_about_once(odoo: OdooServer) -> None:
    first, second = login(odoo), login(odoo)
    for number in range(ROUNDS):
        work = ticket(first, f"CHANGE-{number}", 2)
        addition = {"product_id": record(first, "product_plumbing_labor"), "quantity": 1, "buyer_po_line": "1"}
        values = {
            "work_order_id": work,
            "title": "One hour more",
            "reason": "Rusty bolts",
            "requested_by": "Lena Fox",
            "signed_by": "Lena Fox",
            "line_ids": [(0, 0, addition)],
        }
        created = first.execute("work.order.change", "create", values)
        change = created if isinstance(created, list) else [created]
        first.execute("work.order.change", "action_submit", change)
        refusals = at_once(
            [partial(rpc.execute, "work.order.change", "action_approve", change) for rpc in (first, second)]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
        tasks = first.execute("work.order.task", "search_read", [("work_order_id", "=", work)], ["quantity"])
        assert sorted(task["quantity"] for task in tasks) == [1, 2]


def test_completing_and_submitting_a_change_at_once_leaves_no_undecided_change_on_finished_work(
    odoo: OdooServer,
) -> None:
    first, second = login(odoo), login(odoo)
    for number in range(ROUNDS):
        work = ticket(first, f"LATE-{number}", 2)
        tasks = first.execute("work.order.task", "search", [("work_order_id", "=", work)])
        plan = {"technician_ids": [(4, first.env.uid)], "scheduled_start": "2026-11-20 08:00:00", "signed_by": "Pat"}
        first.execute("work.order", "write", [work], plan)
        for step in ("action_dispatch", "action_start"):
            first.execute("work.order", step, [work])
        first.execute("work.order.task", "action_done", tasks)
        values = {
            "work_order_id": work,
            "title": "More",
            "reason": "More",
            "requested_by": "Lena Fox",
            "line_ids": [(0, 0, {"product_id": record(first, "product_plumbing_labor"), "buyer_po_line": "1"})],
        }
        created = first.execute("work.order.change", "create", values)
        change = created if isinstance(created, list) else [created]
        refusals = at_once(
            [
                partial(first.execute, "work.order", "action_complete", [work]),
                partial(second.execute, "work.order.change", "action_submit", change),
            ]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
