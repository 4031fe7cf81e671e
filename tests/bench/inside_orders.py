"""Sale orders to posted invoices: with work orders, and plain Odoo delivering by hand.

Each order has one labour and two part lines.
"""

from inside_common import analyse, clone, figure, measured, opened

CHUNK = 250
OLDER_TICKETS = 100_000


def prepare(side, customers=1):
    """The customers and the three products of one side."""
    with opened(side) as env:
        policy = {"work_order_policy": "order"} if side == "ours" else {}
        for name, price, kind in (
            ("Bench labour", 90, "service"),
            ("Bench filter", 21, "consu"),
            ("Bench belt", 14, "consu"),
        ):
            env["product.product"].create(
                {"name": name, "list_price": price, "type": kind, "invoice_policy": "delivery", **policy}
            )
        env["res.partner"].create([{"name": f"Bench buyer {n}", "is_company": True} for n in range(customers)])


def make_orders(env, count, customers=1):
    """So many quotations, of each customer in turn; making them is not measured."""
    products = env["product.product"].search([("name", "=like", "Bench %")])
    buyers = env["res.partner"].search([("name", "=like", "Bench buyer %")], limit=customers)
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": 2}) for product in products]
    values = {"order_line": lines}
    if "buyer_po" in env["sale.order"]:
        values["buyer_po"] = "4500-BENCH"
    return env["sale.order"].create([{**values, "partner_id": buyers[n % len(buyers)].id} for n in range(count)]).ids


def bill_with_work_orders(env, orders):
    """Confirm, dispatch, work, complete, invoice, post."""
    orders.action_confirm()
    tickets = orders.work_order_ids
    tickets.write({"technician_ids": [(4, env.uid)], "scheduled_start": "2026-11-20 08:00:00"})
    tickets.action_dispatch()
    tickets.action_start()
    tickets.task_ids.action_done()
    tickets.action_complete()
    tickets.action_create_invoices()
    tickets.task_ids.invoice_line_ids.move_id.action_post()


def bill_plainly(env, orders):
    """Confirm, set delivered quantities, invoice, post."""
    orders.action_confirm()
    for line in orders.order_line:
        line.qty_delivered = line.product_uom_qty
    orders._create_invoices(grouped=True)
    orders.invoice_ids.action_post()


WAYS = {"ours": bill_with_work_orders, "plain": bill_plainly}


def measure(side, count, chunk):
    """Seconds and statements for so many orders, in chunks that commit."""
    with opened(side) as env:
        ids = make_orders(env, count)
    spent = {}
    for start in range(0, count, chunk):
        with opened(side) as env:
            orders = env["sale.order"].browse(ids[start : start + chunk])
            with measured(env, spent):
                WAYS[side](env, orders)
                env.cr.commit()
            posted = orders.invoice_ids.filtered(lambda move: move.state == "posted")
            assert len(posted) == len(orders), (side, len(posted), len(orders))
    return spent


def compare(name, count, chunk, rounds=2):
    """Both sides take turns, each going first as often; the ratio is of their best rounds."""
    spent = {"ours": [], "plain": []}
    for turn in range(rounds):
        for side in ("ours", "plain") if turn % 2 == 0 else ("plain", "ours"):
            spent[side].append(measure(side, count, chunk))
    best = {side: min(taken, key=lambda one: one["seconds"]) for side, taken in spent.items()}
    figure(
        name,
        orders=count,
        chunk=chunk,
        statements_per_order=best["ours"]["statements"] / count,
        plain_statements_per_order=best["plain"]["statements"] / count,
        seconds_per_order=best["ours"]["seconds"] / count,
        plain_seconds_per_order=best["plain"]["seconds"] / count,
        time_ratio=best["ours"]["seconds"] / best["plain"]["seconds"],
    )
    return best


def add_older_tickets(env):
    """Closed tickets of former years, each with three done tasks, written straight into the tables."""
    ticket = env["work.order"].create({"title": "Older", "partner_id": env["res.partner"].search([], limit=1).id})
    task = env["work.order.task"].create({"work_order_id": ticket.id, "name": "Older", "done_quantity": 1})
    env.flush_all()
    clone(
        env,
        "work_order",
        ticket.id,
        {"name": "'OLD' || n", "state": "'closed'"},
        f"generate_series(1, {OLDER_TICKETS}) n",
    )
    tickets = "(SELECT id AS ticket FROM work_order WHERE name LIKE 'OLD%%') t, generate_series(1, 3) n"
    clone(env, "work_order_task", task.id, {"work_order_id": "ticket", "state": "'done'"}, tickets)
    env.cr.execute("SELECT count(*) FROM work_order WHERE name LIKE 'OLD%%'")
    return env.cr.fetchone()[0]


def main():
    for side in WAYS:
        prepare(side)
        measure(side, 20, 20)  # warm: registries, plans, sequences
        analyse(side)
    compare("order_to_invoice_one_by_one", 100, 1)
    few = compare("order_to_invoice", 100, CHUNK)
    many = compare("order_to_invoice", 1000, CHUNK)
    growth = (many["ours"]["seconds"] / 1000) / (few["ours"]["seconds"] / 100)
    figure("order_to_invoice_growth", from_orders=100, to_orders=1000, time_per_order_ratio=growth)
    with opened("ours") as env:
        older = add_older_tickets(env)
    analyse("ours")
    crowded = compare("order_to_invoice_with_older_tickets", 1000, CHUNK, rounds=1)
    figure(
        "order_to_invoice_older_tickets_effect",
        older_tickets=older,
        time_ratio=crowded["ours"]["seconds"] / many["ours"]["seconds"],
    )
