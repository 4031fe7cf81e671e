"""What an hour of work costs the company, where Timesheets does not know it."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    work_order_hourly_cost = fields.Float(
        string="Hourly Cost of Work",
        digits="Product Price",
        groups="work_order.group_dispatcher,work_order.group_billing,base.group_erp_manager",
        help="What an hour on a work order costs the company, for people without a cost of their own.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    work_order_hourly_cost = fields.Float(related="company_id.work_order_hourly_cost", readonly=False)


class ResUsers(models.Model):
    _inherit = "res.users"

    work_order_hourly_cost = fields.Float(
        string="Hourly Cost of Work",
        digits="Product Price",
        company_dependent=True,
        groups="work_order.group_dispatcher,work_order.group_billing,base.group_erp_manager",
        help="What an hour of this person on a work order costs the company; the company's figure if empty.",
    )
