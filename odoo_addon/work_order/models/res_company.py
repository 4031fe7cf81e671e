from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    #: Set with the first entry, so that a company that keeps no register never pays for looking into it.
    keeps_buyer_register = fields.Boolean(
        readonly=True, copy=False, help="Whether buyers' purchase orders or profiles are kept for this company."
    )

    def _keep_buyer_register(self):
        self.sudo().filtered(lambda company: not company.keeps_buyer_register).keeps_buyer_register = True
