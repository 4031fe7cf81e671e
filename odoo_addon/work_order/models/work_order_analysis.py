"""Measures of the pivot and graph of work orders, summed by the database and stored nowhere."""

from odoo import api, fields, models
from odoo.tools import SQL


class WorkOrder(models.Model):
    _inherit = "work.order"

    scope_value = fields.Float(
        string="Value",
        compute="_compute_scope_value",
        compute_sudo=True,
        groups="work_order.group_dispatcher,work_order.group_billing",
        help="Untaxed value of the tasks in the company's currency: what was done where it is done, else the plan.",
    )

    @api.depends("task_ids.amount")
    def _compute_scope_value(self):
        for order in self:
            order.scope_value = order.amount_scope / (order.sale_order_id.currency_rate or 1.0)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "scope_value:sum":
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields["scope_value"], "read")
        return SQL(
            """SUM((
                SELECT SUM(
                    CASE task.state WHEN 'done' THEN task.done_quantity WHEN 'todo' THEN task.quantity ELSE 0 END
                    * line.price_unit * (1 - COALESCE(line.discount, 0) / 100)
                    / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                )
                FROM work_order_task task
                JOIN sale_order_line line ON line.id = task.sale_line_id
                JOIN sale_order sale ON sale.id = line.order_id
                WHERE task.work_order_id = %s
            ))""",
            SQL.identifier(self._table, "id"),
        )
