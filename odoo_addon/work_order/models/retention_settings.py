"""Settings of retention."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    work_order_retention_account_id = fields.Many2one(
        "account.account",
        string="Retention Receivable",
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', 'in', ('asset_current', 'asset_non_current', 'asset_prepayments'))]",
        help="What customers keep back of progress invoices until it is released.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    work_order_retention_account_id = fields.Many2one(
        related="company_id.work_order_retention_account_id", readonly=False
    )
