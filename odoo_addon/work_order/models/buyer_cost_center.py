from odoo import api, fields, models


class BuyerCostCenter(models.Model):
    """A cost centre (accounting string) as the buyer writes it; it travels from ticket to invoice line."""

    _name = "buyer.cost.center"
    _description = "Buyer Cost Centre"
    _order = "code, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, help="Exactly as the buyer writes it: their accounts payable compares it.")
    name = fields.Char(required=True, translate=False)
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", index=True, ondelete="cascade", help="Leave empty if every buyer may use it."
    )
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(partner_id, 0), COALESCE(company_id, 0))",
        "This buyer already has a cost centre with that code.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for center in self:
            center.display_name = f"{center.code} {center.name}" if center.code != center.name else center.code
