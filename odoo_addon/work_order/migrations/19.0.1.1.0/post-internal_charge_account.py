from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Internal types from before there were company cost centres charge the one that new databases start with."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    types = env["work.order.type"].with_context(active_test=False)
    types.search([("kind", "=", "internal"), ("charge_account_id", "=", False)]).write(
        {"charge_account_id": env.ref("work_order.analytic_internal_work").id}
    )
