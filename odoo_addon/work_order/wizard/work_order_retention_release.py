from odoo import api, fields, models
from odoo.exceptions import AccessError


class WorkOrderRetentionRelease(models.TransientModel):
    """Releases all or part of a contract's retention."""

    _name = "work.order.retention.release"
    _description = "Release Retention"

    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    job_id = fields.Many2one("work.order.job", readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_balance")
    amount_open = fields.Monetary(string="Withheld and Open", compute="_compute_balance")
    amount_releasable = fields.Monetary(string="May Be Released Now", compute="_compute_balance")
    is_complete = fields.Boolean(compute="_compute_balance")
    can_approve = fields.Boolean(compute="_compute_can")
    can_invoice = fields.Boolean(compute="_compute_can")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True)
    invoice_date = fields.Date(default=fields.Date.context_today)

    def _contract(self):
        """The contract, of one of this user's companies; who approves need not see sales orders as such."""
        self.ensure_one()
        contract = (self.order_id or self.job_id).sudo()
        if contract.company_id - self.env.companies:
            raise AccessError(self.env._("%s belongs to another company.", contract.display_name))
        return contract

    @api.depends("order_id", "job_id")
    def _compute_balance(self):
        for wizard in self:
            contract = wizard._contract()
            wizard.currency_id = contract.currency_id
            wizard.amount_open = contract.retention_open if contract else 0.0
            wizard.amount_releasable = contract._retention_releasable() if contract else 0.0
            wizard.is_complete = contract._is_finally_complete() if contract else False

    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        for wizard in self:
            wizard.can_approve = user.has_group("work_order.group_project_manager")
            wizard.can_invoice = user.has_group("work_order.group_billing")

    @api.depends("order_id", "job_id")
    def _compute_amount(self):
        for wizard in self:
            approver = self.env.user.has_group("work_order.group_project_manager")
            wizard.amount = wizard.amount_open if approver else wizard.amount_releasable

    def action_approve(self):
        """A project manager approves an early release; billing makes the invoice."""
        if not self.env.user.has_group("work_order.group_project_manager"):
            raise AccessError(self.env._("A project manager approves the release of retention before completion."))
        contract = self._contract()
        contract._bump_retention_revision()
        contract._approve_early_release(self.amount)
        return {"type": "ir.actions.act_window_close"}

    def action_release(self):
        """Make the draft invoice; a project manager who also bills approves by doing so."""
        if not self.env.user.has_group("work_order.group_billing"):
            raise AccessError(self.env._("Only the billing group invoices the release of retention."))
        contract = self._contract()
        if self.env.user.has_group("work_order.group_project_manager"):
            contract._bump_retention_revision()
            contract._approve_early_release(self.amount)
        return contract.with_env(self.env)._release_retention(self.amount, self.invoice_date)._action_open()
