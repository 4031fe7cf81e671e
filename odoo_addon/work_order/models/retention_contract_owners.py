"""Who can be a contract with retention - a sales order or a job - and the work orders under it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .retention_contract import SEES_RETENTION
from .work_order_flow import FINISHED


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "work.order.retention.contract"]
    _retention_link = "retention_order_id"

    retention_line_ids = fields.One2many("account.move.line", "retention_order_id", groups=SEES_RETENTION)

    def _has_withheld(self):
        """Terms of an order go before those of its job, so what the job withheld counts too."""
        return super()._has_withheld() or self.sudo().work_order_ids.job_id._has_withheld()

    def _prepare_release(self, amount, day):
        values = {
            **self._prepare_invoice(),
            **self._release_values(self.partner_id, self.partner_invoice_id, amount, day),
        }
        values["ref"] = self.client_order_ref or ""
        return values


class WorkOrderJob(models.Model):
    _name = "work.order.job"
    _inherit = ["work.order.job", "work.order.retention.contract"]
    _retention_link = "retention_job_id"

    retention_line_ids = fields.One2many("account.move.line", "retention_job_id", groups=SEES_RETENTION)

    def _prepare_release(self, amount, day):
        payer = self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])
        return self._release_values(self.partner_id, payer, amount, day)


class WorkOrder(models.Model):
    _inherit = "work.order"

    retention_to_release = fields.Monetary(
        compute="_compute_retention_to_release", compute_sudo=True, groups=SEES_RETENTION
    )

    @api.depends("state", "sale_order_id.retention_open", "job_id.retention_open")
    def _compute_retention_to_release(self):
        """What is open on the contract once this work is done; for one form at a time."""
        for order in self:
            contract = order.state in FINISHED and order._retention_contract()
            order.retention_to_release = contract.retention_open if contract else 0.0

    def write(self, vals):
        if "job_id" in vals:
            self._check_leaves_retention(vals["job_id"])
        return super().write(vals)

    def _check_leaves_retention(self, job_id):
        """Work leaves a job that withheld retention by the word of an approver: what is released depends on it."""
        approvers = ("work_order.group_project_manager", "work_order.group_billing")
        if self.env.su or any(self.env.user.has_group(group) for group in approvers):
            return
        leaving = self.sudo().filtered(lambda order: order.job_id and order.job_id.id != job_id)
        held = leaving.filtered(lambda order: order.job_id._has_withheld())
        if held:
            raise AccessError(
                self.env._(
                    "Retention of %(job)s was withheld already; only a project manager or billing takes %(orders)s off "
                    "it.",
                    job=", ".join(held.job_id.mapped("display_name")),
                    orders=", ".join(held.mapped("name")),
                )
            )

    def _retention_contract(self):
        """The sales order if retention was agreed on it, else the job if on that; empty without any."""
        self.ensure_one()
        order, job = self.sudo().sale_order_id, self.sudo().job_id
        if order.retention_percent:
            return order
        return job if job.retention_percent else order.browse()

    def action_release_retention(self):
        self.ensure_one()
        contract = self._retention_contract()
        if not contract:
            raise UserError(self.env._("No retention is agreed for %s, on its sales order or job.", self.name))
        return contract.with_env(self.env).action_release_retention()
