from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import FINISHED

#: What an approval writes; nobody types it.
APPROVAL_FIELDS = {"approved_by_id", "approved_on", "change_id"}


class WorkOrderNteExtension(models.Model):
    """A written extension of a cap: how much more, why, who asked, who approved, and what proves it."""

    _name = "work.order.nte.extension"
    _description = "Not-to-exceed Extension"
    _inherit = ["work.order.evidence"]
    _order = "work_order_id, id"
    _check_company_auto = True

    work_order_id = fields.Many2one("work.order", required=True, index=True, ondelete="cascade", check_company=True)
    task_id = fields.Many2one(
        "work.order.task",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('work_order_id', '=', work_order_id), ('bucket_of_id', '=', False)]",
        help="Whose cap is extended; the one of the whole work order if empty.",
    )
    company_id = fields.Many2one(related="work_order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="work_order_id.currency_id")
    amount = fields.Monetary(string="More Money", help="Untaxed, added to the cap.")
    hours = fields.Float(string="More Hours", help="Added to the cap.")
    reason = fields.Char(required=True)
    requested_by = fields.Char(required=True, help="Who asked for it.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    evidence = fields.Char(help="What proves it: mail, signed form, number of the PO revision.")
    evidence_ids = fields.Many2many(string="Files", help="The mail or form itself.")
    change_id = fields.Many2one(
        "work.order.change",
        string="Change Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The change order that brought it with its own evidence.",
    )
    state = fields.Selection(
        [("draft", "Requested"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    approved_by_id = fields.Many2one("res.users", string="Decided By", readonly=True, copy=False)
    approved_on = fields.Datetime(string="Decided On", readonly=True, copy=False)

    _more_than_nothing = models.Constraint(
        "CHECK(change_id IS NOT NULL OR"
        " (COALESCE(amount, 0) >= 0 AND COALESCE(hours, 0) >= 0 AND COALESCE(amount, 0) + COALESCE(hours, 0) > 0))",
        "An extension adds money, hours or both.",
    )

    @api.depends("work_order_id.name", "task_id.name")
    def _compute_display_name(self):
        for extension in self:
            extension.display_name = " · ".join(filter(None, [extension.work_order_id.name, extension.task_id.name]))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in APPROVAL_FIELDS:
                vals[name] = False
            if vals.setdefault("state", "draft") != "draft":
                raise UserError(self.env._("An extension is requested first, and approved as a step of its own."))
        extensions = super().create(vals_list)
        extensions._check_extends()
        return extensions

    def write(self, vals):
        fixed = self.filtered(lambda extension: extension.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "This extension is %s already and stays as it is. Record another one.",
                    dict(self._fields["state"]._description_selection(self.env))[fixed[0].state].lower(),
                )
            )
        if vals.keys() & APPROVAL_FIELDS:
            raise UserError(self.env._("Who decided and when is kept by approving or refusing the extension."))
        facts = {name: value for name, value in vals.items() if name != "state"}
        if facts:
            super().write(facts)
            self._check_extends()
        if vals.get("state", "draft") != "draft":
            self._decide(vals["state"])
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda extension: extension.state != "draft"):
            raise UserError(self.env._("An extension that was approved or refused stays on record."))

    def action_approve(self):
        return self.write({"state": "approved"})

    def action_refuse(self):
        return self.write({"state": "refused"})

    def _decide(self, state):
        self._check_approver()
        self._check_extends()
        bare = self.filtered(lambda extension: not extension.evidence and not extension.evidence_ids)
        if state == "approved" and bare:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%s: Evidence is missing. Name or attach what proves the approval.", extension.display_name
                    )
                    for extension in bare
                )
            )
        orders = self.work_order_id.sudo()
        orders._bump_billing_revision()  # of a posting and an approval at once the second looks again
        self._store_decision({"state": state, "approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()})
        if state == "approved":
            orders._caps_extended()

    @api.model
    def _create_approved(self, values):
        """What an approved change order brings along; nothing else calls it."""
        approval = {"state": "approved", "approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()}
        return super().create([{**values, **approval}])  # pylint: disable=super-method-mismatch

    def _store_decision(self, values):
        """Write what was decided; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _check_approver(self):
        groups = ("work_order.group_project_manager", "work_order.group_billing")
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Extensions are approved by a project manager or billing."))

    def _check_extends(self):
        """There is a cap to extend, on work that goes on."""
        for extension in self.sudo():
            order, task = extension.work_order_id, extension.task_id
            label = {"order": order.name, "task": task.name}
            if order.state in (*FINISHED, "cancelled"):
                raise UserError(
                    self.env._("%(order)s: the work is done or cancelled; nothing is extended now.", **label)
                )
            if task.work_order_id not in (order, task.work_order_id.browse()):
                raise UserError(self.env._("Task “%(task)s” is not one of %(order)s.", **label))
            record = task or order
            by_order = bool(task) and not task.bucket_of_id and task._is_capped_by_order()
            if (extension.amount and not record.nte_amount and not by_order) or (
                extension.hours and not record.nte_hours and not by_order
            ):
                raise UserError(
                    self.env._(
                        "%(what)s has no such cap that could be extended: look at its Not to Exceed.",
                        what=task.name or order.name,
                    )
                )


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _caps_extended(self):
        """There may be room again, so that the next time a cap is nearly used is told again."""
        for order in self.filtered("nte_warned"):
            if not any(order._is_near(cap) for cap in order._caps()):
                order._store_state({"nte_warned": False})
        for order in self:
            order.message_post(body=self.env._("An extension of the cap was approved."))
