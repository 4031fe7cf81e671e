"""The list of 100,000 work orders against Odoo's own list of 100,000 sale orders, as the web client asks for them."""

from statistics import median

from inside_common import analyse, clone, figure, measured, opened
from lxml import etree

ROWS = 100_000
PARTNERS = 400
REPEATS = 9
STATES = {
    "work.order": ("draft", "ready", "dispatched", "in_progress", "done", "closed", "closed", "closed"),
    "sale.order": ("draft", "sent", "sale", "sale", "sale", "sale", "sale", "cancel"),
}
LISTS = {
    "ours": ("work.order", "work_order.work_order_view_list"),
    "plain": ("sale.order", "sale.sale_order_tree"),
}


def fill(env, model):
    """Clone one record into 100,000: other numbers, customers, states and days."""
    partners = env["res.partner"].create([{"name": f"Buyer {n}", "is_company": True} for n in range(PARTNERS)])
    values = {"partner_id": partners[0].id}
    if model == "work.order":
        values.update(title="Older", scheduled_start="2026-01-01 08:00:00")
        values["task_ids"] = [(0, 0, {"name": "Older"})]
    sample = env[model].create(values)
    env.flush_all()
    states = ",".join(f"'{state}'" for state in STATES[model])
    changed = {
        "name": "'N' || lpad(n::text, 6, '0')",
        "state": f"(ARRAY[{states}])[1 + n % 8]",
        "partner_id": f"{partners[0].id} + n % {PARTNERS}",
        "create_date": "now() - n * interval '7 minutes'",
        "scheduled_start": "now() - n * interval '7 minutes'",
        "date_order": "now() - n * interval '7 minutes'",
    }
    clone(env, env[model]._table, sample.id, changed, f"generate_series(1, {ROWS}) n")
    if model == "work.order":
        tickets = "(SELECT id AS ticket FROM work_order WHERE name LIKE 'N%%') t"
        clone(env, "work_order_task", sample.task_ids.id, {"work_order_id": "ticket"}, tickets)
    env.cr.execute(f"SELECT count(*) FROM {env[model]._table}")
    assert env.cr.fetchone()[0] > ROWS


def shown_fields(env, model, view):
    """What the web client reads for a list: every field of the view that is shown, names for links."""
    view_id = env.ref(view).id
    tree = etree.fromstring(env[model].get_view(view_id, "list")["arch"])
    names = {
        node.get("name")
        for node in tree.iter("field")
        if node.get("optional") != "hide" and node.get("column_invisible") not in ("1", "True")
    }
    spec = {}
    for name in names:
        kind = env[model]._fields[name].type
        spec[name] = {"fields": {"display_name": {}}} if kind in ("many2one", "many2many", "one2many") else {}
    return spec


def questions(env, model, spec):
    """What a user does on a list, as calls of the model."""
    records = env[model]
    late = "scheduled_start" if model == "work.order" else "date_order"
    finished = "closed" if model == "work.order" else "sale"
    number = [("name", "ilike", "N0500")]
    partner = env["res.partner"].search([("name", "=", "Buyer 7")]).id

    def read(domain, **more):
        return lambda: records.web_search_read(domain, spec, limit=80, count_limit=10001, **more)

    def group(by):
        return lambda: records.web_read_group([], [by], ["__count"], limit=80)

    return {
        "open": read([]),
        "next_pages": read([], offset=4000),
        "sorted_by_day": read([], order=f"{late} desc"),
        "filter_state": read([("state", "=", finished)]),
        "filter_customer": read([("partner_id", "child_of", partner)]),
        "search_number": read(number),
        "group_state": group("state"),
        "group_customer": group("partner_id"),
        "group_month": group(f"{late}:month"),
    }


def best_time(env, call):
    """The quickest of a few calls, each with an empty cache as a request of its own would have."""
    taken = []
    for _ in range(3):
        env.invalidate_all()
        spent = {}
        with measured(env, spent):
            call()
        taken.append(spent["seconds"])
    return min(taken)


def main():
    for side, (model, _view) in LISTS.items():
        with opened(side) as env:
            fill(env, model)
        analyse(side)
    with opened("ours") as ours, opened("plain") as plain:
        asked = {}
        for side, env in (("ours", ours), ("plain", plain)):
            model, view = LISTS[side]
            asked[side] = questions(env, model, shown_fields(env, model, view))
        for name in asked["ours"]:
            times = {"ours": [], "plain": []}
            for turn in range(REPEATS):
                for side, env in (("ours", ours), ("plain", plain))[:: 1 if turn % 2 else -1]:
                    times[side].append(best_time(env, asked[side][name]))
            figure(
                f"list_{name}",
                rows=ROWS,
                seconds=median(times["ours"]),
                plain_seconds=median(times["plain"]),
                time_ratio=median(times["ours"]) / median(times["plain"]),
            )
