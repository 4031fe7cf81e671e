from odoo import fields, models


class WorkOrderDriftAccept(models.TransientModel):
    """Asks why a difference between Odoo and the accounting system may stay."""

    _name = "work.order.drift.accept"
    _description = "Accept a Difference"

    drift_ids = fields.Many2many("work.order.drift", required=True, readonly=True)
    reason = fields.Char(required=True, help="Kept with the entry and in its history.")

    def action_accept(self):
        self.ensure_one()
        self.drift_ids._accept(self.reason)
        return {"type": "ir.actions.act_window_close"}
