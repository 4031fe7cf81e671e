"""What is to be done, when, and what may harm the crew."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class WorkOrder(models.Model):
    _inherit = "work.order"

    scope = fields.Html(help="What is to be done.")
    exclusions = fields.Text(help="What is not part of the work.")
    safety_notes = fields.Text(help="What may harm the crew, and what to wear, lock and test before they begin.")
    symptom = fields.Text(help="What the customer reported: what fails, since when, what was tried.")
    instructions = fields.Html(string="Special Instructions")
    required_completion = fields.Datetime(copy=False, help="Until when the customer needs the work done.")
    target_billing_date = fields.Date(copy=False, help="When the invoice should go out.")
    is_planned_late = fields.Boolean(compute="_compute_is_planned_late")

    @api.depends("scheduled_start", "scheduled_end", "required_completion")
    def _compute_is_planned_late(self):
        for order in self:
            ends = order.scheduled_end or order.scheduled_start
            order.is_planned_late = bool(ends and order.required_completion) and ends > order.required_completion

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"exclusions", "required_completion", "safety_notes", "scope", "symptom"}

    @api.constrains("scheduled_start", "scheduled_end")
    def _check_schedule(self):
        for order in self.filtered(lambda order: order.scheduled_start and order.scheduled_end):
            if order.scheduled_end < order.scheduled_start:
                raise ValidationError(self.env._("%s: Scheduled End is before Scheduled Start.", order.name))
