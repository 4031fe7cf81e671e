"""Time and parts on no task of a work order that bills time and materials: nobody would ever be billed for them."""

from odoo import api, models
from odoo.tools import SQL, format_date

from ..plain_number import plain
from .work_order_flow import FINISHED, Reason
from .work_order_outstanding import Outstanding


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _gate_done(self):
        reasons = super()._gate_done()
        return reasons if self.state in FINISHED else reasons + self._reasons_by_entries_on_no_task()

    def _reasons_by_entries_on_no_task(self):
        """Each entry, so that whoever completes the work can put it where it belongs."""
        order = self.sudo()
        posted = order.task_ids.filtered(lambda task: task.state != "cancelled" and task._follows_posted())
        if not order.billable or not posted:
            return []
        advice = self.env._(
            "so nobody would be billed for it. Choose a task; one of fixed price or included in the price bills no "
            "more."
        )
        reasons = []
        for entry in order.time_ids.filtered(lambda entry: not entry.work_order_task_id and entry.unit_amount):
            text = self.env._(
                "%(hours).2f hours of %(person)s on %(date)s are on no task, %(advice)s",
                hours=entry.unit_amount,
                person=entry.user_id.name,
                date=format_date(self.env, entry.date),
                advice=advice,
            )
            reasons.append(Reason("time_ids", text))
        for entry in order.part_ids.filtered(lambda entry: not entry.work_order_task_id and entry.quantity):
            text = self.env._(
                "%(quantity)s %(unit)s of %(product)s on %(date)s are on no task, %(advice)s",
                quantity=plain(entry.quantity),
                unit=entry.product_uom_id.name,
                product=entry.product_id.display_name,
                date=format_date(self.env, entry.date),
                advice=advice,
            )
            reasons.append(Reason("part_ids", text))
        return reasons

    @api.model
    def _outstanding_sources(self):
        return [*super()._outstanding_sources(), self._outstanding_unbilled_time()]

    @api.model
    def _outstanding_unbilled_time(self):
        """Hours on no task of open work that bills time; told while it is easy to mend."""
        for model in ("work.order", "work.order.task", "work.order.type", "account.analytic.line"):
            self.env[model].flush_model()
        rows = SQL(
            """
            SELECT entry.work_order_id AS ticket, SUM(entry.unit_amount) AS hours
              FROM account_analytic_line AS entry
              JOIN work_order AS ticket ON ticket.id = entry.work_order_id
              JOIN work_order_type AS kind ON kind.id = ticket.type_id AND kind.billable
             WHERE entry.category = 'work_order_time' AND entry.work_order_task_id IS NULL
               AND ticket.state NOT IN ('invoiced', 'closed', 'cancelled')
               AND EXISTS (SELECT 1 FROM work_order_task AS task
                            WHERE task.work_order_id = ticket.id AND task.billing_type = 'time_material'
                              AND task.state <> 'cancelled')
             GROUP BY entry.work_order_id
            """
        )
        return Outstanding(
            rows, lambda row: self.env._("%.2f hours are on no task: nobody would be billed for them.", row["hours"])
        )
