from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    work_order_location_id = fields.Many2one(
        "stock.location",
        string="Van or Storeroom",
        domain="[('usage', '=', 'internal')]",
        company_dependent=True,
        groups="work_order.group_dispatcher,work_order.group_billing,base.group_erp_manager",
        help="Where this person takes parts from; the stock of the company's first warehouse if empty.",
    )
