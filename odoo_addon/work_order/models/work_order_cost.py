"""What a work order costs: its analytic account, what may be posted on it, and when."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import Reason

#: Work is going on: time and parts may be posted.
ACCEPTS_COST = ("dispatched", "in_progress", "on_hold")


class WorkOrder(models.Model):
    _inherit = "work.order"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly",
        help="Where cost and revenue of this work order meet; opened by its first cost.",
    )
    time_ids = fields.One2many(
        "account.analytic.line",
        "work_order_id",
        domain=[("category", "=", "work_order_time")],
        groups="work_order.group_technician,work_order.group_billing,account.group_account_readonly",
    )
    part_ids = fields.One2many(
        "work.order.part",
        "work_order_id",
        groups="work_order.group_technician,work_order.group_billing,account.group_account_readonly",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("analytic_account_id") for vals in vals_list):
            self._refuse_analytic_account()
        # set, as a context could bring one
        return super().create([{"analytic_account_id": False, **vals} for vals in vals_list])

    def write(self, vals):
        if "analytic_account_id" in vals:
            self._refuse_analytic_account()
        return super().write(vals)

    def _refuse_analytic_account(self):
        if not self.env.su:
            raise AccessError(self.env._("The analytic account of a work order is opened by its first cost."))

    @api.model
    def _technician_fields(self):
        return super()._technician_fields() | {"part_ids", "time_ids"}

    def _analytic_account(self):
        """The account that cost is posted to: the company cost centre, else its own; none before there was any cost."""
        self.ensure_one()
        return self.sudo()._charge_account() or self.sudo().analytic_account_id

    def _open_analytic_accounts(self):
        """Make sure that each of these work orders has an account for its cost."""
        missing = self.sudo().filtered(lambda order: not order._analytic_account())
        if not missing:
            return
        accounts = self.env["account.analytic.account"].sudo()
        accounts = accounts.create([order._analytic_account_values() for order in missing])
        for order, account in zip(missing, accounts, strict=True):
            order._store_state({"analytic_account_id": account.id})
        lines = missing.task_ids.invoice_line_ids.filtered(lambda line: line.parent_state != "cancel")
        for line in lines:  # invoiced before there was any cost
            line.analytic_distribution = line.work_order_id._analytic_account()._added_to(line.analytic_distribution)

    def _analytic_account_values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "code": self.name,
            "plan_id": self.env.ref("work_order.analytic_plan_work_orders").id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
        }

    def _check_cost(self, entries):
        """Refuse ``entries`` (time or parts, as they are now) for every reason their work orders have.

        The rows of the work orders are taken first: of two users who post at once, the database makes the second start
        again, so that what is read afterwards is what the first one left.

        :raises UserError: with all reasons of all work orders
        """
        if not self:
            return
        self._bump_billing_revision()
        reasons = self.sudo()._reasons_against_cost(entries.sudo())
        if reasons:
            raise UserError("\n".join([self._cost_refusal(), *(f"- {reason.message}" for reason in reasons)]))

    def _reasons_against_cost(self, entries):
        """All reasons why these work orders cannot carry ``entries``, as a list of :class:`Reason`.

        Called once per batch, with the values in place and the rows of the work orders taken, as superuser (the user
        is still who posts). Each message names its work order, since one list tells about all of them.

        :param entries: ``account.analytic.line`` or ``work.order.part`` records, of these work orders
        """
        return [
            *(reason for order in self for reason in order._reasons_by_state()),
            *(reason for entry in entries for reason in entry._reasons_against_entry()),
        ]

    def _reasons_by_state(self):
        """Why nothing at all may be posted here now."""
        self.ensure_one()
        if self.state in ACCEPTS_COST:
            return []
        hint = {
            "draft": self.env._("it was not dispatched yet"),
            "ready": self.env._("it was not dispatched yet"),
            "done": self.env._("the work is done; reopen it first"),
        }.get(self.state, self.env._("open a new one for what comes later, under warranty if need be"))
        return [
            Reason(
                "state",
                self.env._(
                    "%(order)s is “%(state)s” and accepts no time or cost: %(hint)s.",
                    order=self.name,
                    state=self._state_label(self.state),
                    hint=hint,
                ),
            )
        ]

    def _check_accepts_cost(self):
        """Refuse to take away or move entries of work orders that are not being worked on."""
        reasons = [reason for order in self.sudo() for reason in order._reasons_by_state()]
        if reasons:
            raise UserError("\n".join([self._cost_refusal(), *(f"- {reason.message}" for reason in reasons)]))

    @api.model
    def _cost_refusal(self):
        return self.env._("This time or cost cannot be posted:")


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    time_ids = fields.One2many(
        "account.analytic.line",
        "work_order_task_id",
        domain=[("category", "=", "work_order_time")],
        groups="work_order.group_technician,work_order.group_billing,account.group_account_readonly",
    )
    part_ids = fields.One2many(
        "work.order.part",
        "work_order_task_id",
        groups="work_order.group_technician,work_order.group_billing,account.group_account_readonly",
    )
