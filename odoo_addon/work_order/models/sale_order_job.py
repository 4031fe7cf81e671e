"""A sales order that belongs to a job hands the job, and its own contacts, to the work orders it issues."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    work_order_job_id = fields.Many2one(
        "work.order.job",
        string="Job",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'open'), ('partner_id', 'parent_of', partner_id)]",
        help="The project or service agreement this order belongs to; its work orders join it.",
    )

    @api.constrains("work_order_job_id", "partner_id")
    def _check_work_order_job(self):
        for order in self.filtered("work_order_job_id"):
            job = order.work_order_job_id.sudo()
            if job.partner_id.commercial_partner_id != order.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is for %(customer)s, but %(job)s is a job of %(other)s.",
                        order=order.name,
                        customer=order.partner_id.display_name,
                        job=job.name,
                        other=job.partner_id.display_name,
                    )
                )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _work_order_values(self):
        order = self.order_id
        payer = order.partner_invoice_id
        values = {**super()._work_order_values(), "job_id": order.work_order_job_id.id}
        if payer != order.partner_id and not payer.is_company:
            values["billing_contact_id"] = payer.id
        return values
