"""For the programs that run inside `odoo shell`: the two databases and the stop-watch."""

import gc
import json
import os
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

NAMES = json.loads(os.environ["WORKORDER_BENCH"])


@contextmanager
def opened(side):
    """An environment of the administrator on one of the two databases; committed at the end."""
    with Registry(NAMES[side]).cursor() as cr:
        uid = api.Environment(cr, SUPERUSER_ID, {}).ref("base.user_admin").id
        yield api.Environment(cr, uid, {})


@contextmanager
def measured(env, into):
    """Add seconds and SQL statements of the block to a record."""
    gc.collect()
    statements, began = env.cr.sql_log_count, time.perf_counter()
    yield
    env.flush_all()
    into["seconds"] = into.get("seconds", 0.0) + time.perf_counter() - began
    into["statements"] = into.get("statements", 0) + env.cr.sql_log_count - statements


def figure(name, **values):
    """Print one figure as a JSON line."""
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
    print(json.dumps({"figure": name, **rounded}), flush=True)


def analyse(side):
    """Fresh table statistics, which a database in daily use has."""
    with Registry(NAMES[side]).cursor() as cr:
        cr.execute("ANALYZE")


def clone(env, table, key, changed, source):
    """Insert copies of one row, straight into its table: ``changed`` maps columns to SQL, ``source`` gives the rows."""
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,))
    names = [name for (name,) in env.cr.fetchall() if name != "id"]
    values = ", ".join(changed.get(name, f'model."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} model, {source} WHERE model.id = {key}"
    )
