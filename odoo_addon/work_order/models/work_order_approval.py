"""The approval some types of work need before anybody is sent."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import Reason

#: Written by the approval itself and by nothing else.
APPROVAL_FIELDS = {"approved_by", "approved_on"}


class WorkOrder(models.Model):
    _inherit = "work.order"

    approval_required = fields.Boolean(related="type_id.approval_required")
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    can_approve = fields.Boolean(compute="_compute_can_approve")

    @api.depends_context("uid")
    @api.depends("type_id", "state", "approved_on", "technician_ids")
    def _compute_can_approve(self):
        for order in self:
            order.can_approve = not order._reasons_against_approval() and order._may_approve()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_approving(vals)
            vals.update(dict.fromkeys(APPROVAL_FIELDS, False))  # set, as a context could bring a default
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_approving(vals)
        return super().write(vals)

    @api.model
    def _check_not_approving(self, vals):
        if any(vals.get(name) for name in APPROVAL_FIELDS) or (self and vals.keys() & APPROVAL_FIELDS):
            raise AccessError(self.env._("Approved By and Approved On come with the button Approve; nobody sets them."))

    def action_approve(self):
        """Approve these work orders, as they are now, for dispatch.

        :raises UserError: with every reason, if one of them is not waiting for approval; then none is approved
        :raises AccessError: if this user may not approve one of them
        """
        self.check_access("read")
        refused = self.filtered(lambda order: not order._may_approve())
        if refused:
            raise AccessError(
                self.env._(
                    "You may not approve %(orders)s. Those who may: %(who)s.",
                    orders=", ".join(refused.mapped("name")),
                    who=", ".join(refused.type_id.sudo().approver_ids.mapped("name"))
                    or self.env._("project managers who do not do the work themselves"),
                )
            )
        reasons = [(order, reason) for order in self for reason in order._reasons_against_approval()]
        if reasons:
            head = self.env._("Nothing was approved:")
            raise UserError("\n".join([head, *(f"- {order.name}: {reason.message}" for order, reason in reasons)]))
        self.sudo()._store_state({"approved_by": self.env.uid, "approved_on": fields.Datetime.now()})
        for order in self.sudo():
            order.message_post(body=self.env._("Approved for dispatch."), author_id=self.env.user.partner_id.id)
        return True

    def _reasons_against_approval(self):
        if not self.approval_required:
            return [Reason("type_id", self.env._("work of type “%s” needs no approval.", self.type_id.name))]
        if self.approved_on:
            return [Reason("approved_on", self.env._("it is approved already."))]
        if self.state != "ready":
            return [Reason("state", self.env._("only what is “%s” is approved.", self._state_label("ready")))]
        return []

    def _may_approve(self):
        """Those the type names, else project managers; never somebody who will do the work, nor a mere technician."""
        user = self.env.user
        if user in self.technician_ids or not self._may_plan():
            return False
        approvers = self.type_id.sudo().approver_ids
        return user in approvers if approvers else user.has_group("work_order.group_project_manager")

    def _gate_dispatched(self):
        reasons = super()._gate_dispatched()
        if self.approval_required and not self.approved_on:
            text = self.env._("Approved By is missing; work of type “%s” is approved first.", self.type_id.name)
            reasons.append(Reason("approved_by", text))
        return reasons

    def _advance(self, target):
        result = super()._advance(target)
        if target == "draft":
            self._withdraw_approval()
        return result

    def _keep_version(self, vals=None, reason=None):
        """What was approved for dispatch and not begun is approved anew when its scope changes."""
        changed = self.filtered(
            lambda order: (
                order.approved_on and order.state == "ready" and (vals is None or order._scope_will_change(vals))
            )
        )
        result = super()._keep_version(vals, reason)
        changed._withdraw_approval()
        return result

    def _withdraw_approval(self):
        approved = self.sudo().filtered("approved_on")
        if approved:
            approved._store_state(dict.fromkeys(APPROVAL_FIELDS, False))
        for order in approved:
            order.message_post(body=self.env._("It has to be approved again."))
