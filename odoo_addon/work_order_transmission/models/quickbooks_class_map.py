from odoo import fields, models


class QuickbooksClassMap(models.Model):
    """Buyer's cost centre → QuickBooks class."""

    _name = "quickbooks.class.map"
    _inherit = "quickbooks.map.mixin"
    _description = "QuickBooks Class"
    _order = "cost_center_id, id"
    _map_field = "cost_center_id"

    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", required=True, index=True, ondelete="cascade"
    )

    _record_unique = models.Constraint(
        "UNIQUE(destination_id, cost_center_id)", "This cost centre already has a class at this destination."
    )
