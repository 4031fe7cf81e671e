from odoo import api, fields, models

from .transmission_states import STATES, worst

STATUS_GROUPS = "account.group_account_invoice,account.group_account_readonly,work_order.group_dispatcher"
ROW_GROUPS = "account.group_account_readonly,work_order.group_billing"


class WorkOrder(models.Model):
    _inherit = "work.order"

    transmission_ids = fields.Many2many(
        "work.order.transmission",
        "work_order_transmission_order_rel",
        "work_order_id",
        "transmission_id",
        readonly=True,
        copy=False,
        groups=ROW_GROUPS,
    )
    transmission_count = fields.Integer(
        compute="_compute_transmission_state", compute_sudo=True, groups=ROW_GROUPS, string="Transmissions"
    )
    transmission_state = fields.Selection(
        STATES,
        string="Accounting Status",
        compute="_compute_transmission_state",
        search="_search_transmission_state",
        compute_sudo=True,
        groups=STATUS_GROUPS,
        help="What became of this work order's invoice in the accounting system.",
    )

    @api.depends("transmission_ids.state")
    def _compute_transmission_state(self):
        for order in self:
            order.transmission_state = worst(order.transmission_ids.mapped("state"))
            order.transmission_count = len(order.transmission_ids)

    @api.model
    def _search_transmission_state(self, operator, value):
        return self.env["work.order.transmission"]._domain_by_worst_state(
            operator, value, "work_order_transmission_order_rel", "work_order_id"
        )

    def action_open_transmissions(self):
        self.ensure_one()
        return self.transmission_ids._action_open()
