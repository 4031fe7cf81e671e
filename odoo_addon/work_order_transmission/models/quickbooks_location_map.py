from odoo import fields, models


class QuickbooksLocationMap(models.Model):
    """Buyer's cost centre → QuickBooks location (Department in its API), for companies that track locations."""

    _name = "quickbooks.location.map"
    _inherit = "quickbooks.map.mixin"
    _description = "QuickBooks Location"
    _order = "cost_center_id, id"
    _map_field = "cost_center_id"

    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", required=True, index=True, ondelete="cascade"
    )

    _record_unique = models.Constraint(
        "UNIQUE(destination_id, cost_center_id)", "This cost centre already has a location at this destination."
    )
