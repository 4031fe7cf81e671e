"""Whether time and parts are posted day by day."""

from odoo import api, fields, models
from odoo.fields import Domain


class WorkOrder(models.Model):
    _inherit = "work.order"

    last_posting_date = fields.Date(
        string="Last Posted On",
        compute="_compute_last_posting_date",
        compute_sudo=True,
        help="The last day for which time or parts were posted.",
    )
    posting_missing = fields.Boolean(
        string="Nothing Posted Today",
        compute="_compute_last_posting_date",
        search="_search_posting_missing",
        compute_sudo=True,
        help="Work is in progress, but neither time nor parts were posted for today.",
    )

    @api.depends("state", "time_ids.date", "part_ids.date")
    def _compute_last_posting_date(self):
        times = self.env["account.analytic.line"]._read_group(
            [("work_order_id", "in", self.ids), ("category", "in", ("work_order_time", "work_order_part"))],
            ["work_order_id"],
            ["date:max"],
        )
        days = {order.id: day for order, day in times}
        today = fields.Date.context_today(self)
        for order in self:
            day = days.get(order._origin.id)
            order.last_posting_date = day
            order.posting_missing = order.state == "in_progress" and (not day or day < today)

    @api.model
    def _search_posting_missing(self, operator, _value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        posted = (
            self.env["account.analytic.line"]
            .sudo()
            ._search(
                [
                    ("work_order_id", "!=", False),
                    ("date", ">=", today),
                    ("category", "in", ("work_order_time", "work_order_part")),
                ]
            )
        )
        return Domain("state", "=", "in_progress") & Domain("id", "not in", posted.subselect("work_order_id"))
