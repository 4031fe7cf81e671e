from odoo import fields, models


class QuickbooksTaxMap(models.Model):
    """Tax → QuickBooks tax code. US companies know two codes on lines: TAX and NON."""

    _name = "quickbooks.tax.map"
    _inherit = "quickbooks.map.mixin"
    _description = "QuickBooks Tax Code"
    _order = "tax_id, id"
    _map_field = "tax_id"

    tax_id = fields.Many2one("account.tax", required=True, index=True, ondelete="cascade", check_company=True)

    _record_unique = models.Constraint(
        "UNIQUE(destination_id, tax_id)", "This tax already has a tax code at this destination."
    )
