"""Two people post time on the last hours of a cap at the same moment, over two connections of a real Odoo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import odoorpc
import pytest

TwoPeople = tuple[odoorpc.ODOO, odoorpc.ODOO]
AtOnce = Callable[[list[Callable[[], Any]]], list[Exception | None]]
TICKETS = 5
HOURS = 4


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


def post_at_once(people: TwoPeople, at_once: AtOnce, task: dict[str, Any], hours: float) -> list[Exception]:
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
def test_two_users_posting_at_once_cannot_pass_a_cap(
    two_people: TwoPeople, at_once: AtOnce, cap: dict[str, float]
) -> None:
    first, _second = two_people
    for task in tasks_in_progress(first, **cap):
        refusals = post_at_once(two_people, at_once, task, hours=3)
        assert len(refusals) == 1, refusals
        assert "ecord an extension" in str(refusals[0])
        assert posted_hours(first, task) == 3
        done = first.execute("work.order.task", "read", [task["id"]], ["done_quantity"])[0]["done_quantity"]
        assert done == 3


def test_two_users_posting_at_once_both_count(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, _second = two_people
    for task in tasks_in_progress(first):
        assert post_at_once(two_people, at_once, task, hours=1.5) == []
        done = first.execute("work.order.task", "read", [task["id"]], ["done_quantity"])[0]["done_quantity"]
        assert done == posted_hours(first, task) == 3


def test_two_users_posting_at_once_stay_within_the_hours_of_a_po(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, _second = two_people
    values = {"number": "CPM-CAP", "partner_id": record(first, "partner_cedar"), "kind": "blanket", "hours_limit": 5}
    first.execute("buyer.purchase.order", "create", values)
    tasks = tasks_in_progress(first)
    for task in tasks[:1]:
        refusals = post_at_once(two_people, at_once, task, hours=3)
        assert len(refusals) == 1, refusals
        assert "2.00 of 5.00 hours are left, but 3.00 are asked for" in str(refusals[0])
    refusals = post_at_once(two_people, at_once, tasks[1], hours=1)
    assert refusals == []
    assert sum(posted_hours(first, task) for task in tasks) == 5
