"""Visits that took place and of which nobody posted the time yet."""

from odoo import api, models
from odoo.tools import SQL

from .work_order_outstanding import Outstanding


class WorkOrder(models.Model):
    _inherit = "work.order"

    @api.model
    def _outstanding_sources(self):
        return [*super()._outstanding_sources(), self._outstanding_visits()]

    @api.model
    def _outstanding_visits(self):
        """Visits with technicians and no time entry of the work order on their days."""
        for model in ("work.order.visit", "account.analytic.line"):
            self.env[model].flush_model()
        zone = self.env.user.tz or "UTC"
        rows = SQL(
            """
            SELECT visit.work_order_id AS ticket, visit.number AS number
              FROM work_order_visit AS visit
             WHERE visit.state = 'done'
               AND EXISTS (SELECT 1 FROM work_order_visit_technician_rel AS who WHERE who.visit_id = visit.id)
               AND NOT EXISTS (
                   SELECT 1 FROM account_analytic_line AS entry
                    WHERE entry.work_order_id = visit.work_order_id AND entry.category = 'work_order_time'
                      AND entry.date BETWEEN (visit.start AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                                         AND (visit."end" AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date)
            """,
            zone=zone,
        )
        return Outstanding(rows, lambda row: self.env._("Visit %d: no time posted.", row["number"]))
