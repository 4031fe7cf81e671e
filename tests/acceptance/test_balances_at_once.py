"""Two people draw on one PO, decide about one change order or order the same parts at once, over two connections."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import odoorpc

TwoPeople = tuple[odoorpc.ODOO, odoorpc.ODOO]
AtOnce = Callable[[list[Callable[[], Any]]], list[Exception | None]]
ROUNDS = 6


def record(rpc: odoorpc.ODOO, name: str) -> int:
    return int(rpc.execute("ir.model.data", "check_object_reference", "work_order", name)[1])


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


def test_two_users_releasing_at_once_stay_within_the_line(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, second = two_people
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


def test_two_users_raising_tasks_at_once_stay_within_the_line(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, second = two_people
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


def test_two_users_approving_one_change_at_once_bring_it_about_once(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, second = two_people
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
    two_people: TwoPeople,
    at_once: AtOnce,
) -> None:
    first, second = two_people
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


def test_two_users_ordering_from_suppliers_at_once_order_each_part_once(two_people: TwoPeople, at_once: AtOnce) -> None:
    first, second = two_people
    part = record(first, "product_hvac_filter")
    vendor = first.execute("res.partner", "create", {"name": "Filter Supply", "is_company": True})
    vendor = vendor[0] if isinstance(vendor, list) else vendor
    template = first.execute("product.product", "read", [part], ["product_tmpl_id"])[0]["product_tmpl_id"][0]
    first.execute("product.supplierinfo", "create", {"partner_id": vendor, "product_tmpl_id": template, "price": 9})
    line = {"product_id": part, "product_uom_qty": 3}
    order = {"partner_id": record(first, "partner_cedar"), "buyer_po": "ONCE", "order_line": [(0, 0, line)]}
    orders = first.execute("sale.order", "create", [order] * ROUNDS)
    first.execute("sale.order", "action_confirm", orders)
    for task in first.execute("work.order.task", "search", [("work_order_id.sale_order_id", "in", orders)]):
        refusals = at_once(
            [partial(rpc.execute, "work.order.task", "action_order_from_supplier", [task]) for rpc in (first, second)]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
        assert "ordered in full" in str(next(filter(None, refusals)))
        ordered = first.execute("work.order.task", "read", [task], ["ordered_quantity"])[0]["ordered_quantity"]
        assert ordered == 3


def test_two_users_posting_invoices_on_one_po_at_once_stay_within_what_the_buyer_would_match(
    two_people: TwoPeople, at_once: AtOnce
) -> None:
    first, second = two_people
    buyer = only(first.execute("res.partner", "create", {"name": "Race Hospital", "is_company": True}))
    labor = record(first, "product_plumbing_labor")
    first.execute("buyer.profile", "create", {"partner_id": buyer, "register_complete": True})
    for number in range(ROUNDS):
        line = {"number": "1", "product_id": labor, "quantity": 8}
        values = {"number": f"POST-{number}", "partner_id": buyer, "line_ids": [(0, 0, line)]}
        po = only(first.execute("buyer.purchase.order", "create", values))
        invoices = [finished_invoice(first, buyer, f"POST-{number}", hours=4) for _each in range(2)]
        lines = first.execute("buyer.purchase.order.line", "search", [("purchase_order_id", "=", po)])
        first.execute("buyer.purchase.order.line", "write", lines, {"quantity": 7})  # the buyer took some of it back
        refusals = at_once(
            [
                partial(rpc.execute, "account.move", "action_post", [invoice])
                for rpc, invoice in zip((first, second), invoices, strict=True)
            ]
        )
        assert len([refusal for refusal in refusals if refusal is None]) == 1, refusals
        assert "P20" in str(next(filter(None, refusals)))


def only(created: Any) -> int:
    return int(created[0] if isinstance(created, list) else created)


def finished_invoice(rpc: odoorpc.ODOO, buyer: int, po: str, hours: float) -> int:
    """A draft invoice for so many hours, done and complete, on line 1 of that PO."""
    line = {
        "product_id": record(rpc, "product_plumbing_labor"),
        "product_uom_qty": hours,
        "tax_ids": [(6, 0, [])],
        "buyer_po_line": "1",
    }
    order = only(
        rpc.execute("sale.order", "create", {"partner_id": buyer, "buyer_po": po, "order_line": [(0, 0, line)]})
    )
    rpc.execute("sale.order", "action_confirm", [order])
    tickets = rpc.execute("work.order", "search", [("sale_order_id", "=", order)])
    plan = {"technician_ids": [(4, rpc.env.uid)], "scheduled_start": "2026-11-20 08:00:00", "signed_by": "Pat"}
    rpc.execute("work.order", "write", tickets, plan)
    for step in ("action_dispatch", "action_start"):
        rpc.execute("work.order", step, tickets)
    rpc.execute(
        "work.order.task",
        "action_done",
        rpc.execute("work.order.task", "search", [("work_order_id", "in", tickets)]),
    )
    rpc.execute("work.order", "action_complete", tickets)
    rpc.execute("work.order", "action_create_invoices", tickets)
    return int(rpc.execute("account.move", "search", [("invoice_line_ids.work_order_id", "in", tickets)])[0])
