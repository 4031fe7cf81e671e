from odoo import fields, models


class QuickbooksTermMap(models.Model):
    """Payment terms → QuickBooks term."""

    _name = "quickbooks.term.map"
    _inherit = "quickbooks.map.mixin"
    _description = "QuickBooks Term"
    _order = "payment_term_id, id"
    _map_field = "payment_term_id"

    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )

    _record_unique = models.Constraint(
        "UNIQUE(destination_id, payment_term_id)", "These payment terms already have a term at this destination."
    )
