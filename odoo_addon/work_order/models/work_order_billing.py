"""From finished work to invoices, and the states that follow the invoices."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .work_order_flow import FINISHED, Reason


class WorkOrder(models.Model):
    _inherit = "work.order"

    invoice_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_invoice_ids",
        search="_search_invoice_ids",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly,work_order.group_dispatcher",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_ids",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly,work_order.group_dispatcher",
    )
    #: Raised by every change of this ticket's billing, so that of two users billing at once one has to start again.
    billing_revision = fields.Integer(copy=False, readonly=True, default=0)

    @api.depends("task_ids.invoice_line_ids.move_id")
    def _compute_invoice_ids(self):
        groups = self.env["account.move.line"]._read_group(
            [("work_order_id", "in", self.ids)], ["work_order_id"], ["move_id:recordset"]
        )
        moves_of = {order.id: moves for order, moves in groups}
        for order in self:
            order.invoice_ids = moves_of.get(order.id, self.env["account.move"])
            order.invoice_count = len(order.invoice_ids)

    @api.model
    def _search_invoice_ids(self, operator, value):
        return [("task_ids.invoice_line_ids.move_id", operator, value)]

    def _is_billed(self):
        """Whether an invoice carries any of this work that no credit note gave back."""
        return any(task._is_billed() for task in self.task_ids.filtered(lambda task: task.state == "done"))

    def action_create_invoices(self):
        """Invoice the finished, not yet invoiced tasks: one draft invoice per work order.

        :raises UserError: with every reason, if one of these work orders cannot be invoiced; then none is
        :raises AccessError: if this user is not in the billing group
        """
        if not self.env.su and not self.env.user.has_group("work_order.group_billing"):
            raise AccessError(self.env._("Only the billing group creates invoices from work orders."))
        reasons = [(order, reason) for order in self for reason in order._reasons_against_billing()]
        if reasons:
            raise UserError(self._refusal("invoiced", reasons))
        return self._create_invoices()._action_open()

    def _invoice_together(self):
        """Like :meth:`action_create_invoices`, but one draft per sales order for all of its work orders here."""
        if not self.env.su and not self.env.user.has_group("work_order.group_billing"):
            raise AccessError(self.env._("Only the billing group creates invoices from work orders."))
        reasons = {order: order._reasons_against_billing() for order in self}
        ready = self.filtered(lambda order: not reasons[order])
        if not ready:
            raise UserError(self._refusal("invoiced", [(order, reason) for order in self for reason in reasons[order]]))
        return ready._create_invoices(together=True)._action_open()

    def _reasons_against_billing(self):
        self.ensure_one()
        if not self.billable:
            return [
                Reason(
                    "type_id", self.env._("Type “%s” is not billable, so it never gets an invoice.", self.type_id.name)
                )
            ]
        if any(task._quantity_to_invoice() > 0 for task in self.task_ids):
            return []
        if self.state != "done":
            return [
                Reason(
                    "state",
                    self.env._("only finished work is invoiced; it is “%s”.", self._state_label(self.state)),
                )
            ]
        return [Reason("task_ids", self.env._("Tasks: nothing is left to invoice."))]

    def _reasons_against_posting(self):
        """Why no invoice of this work order may be posted now, whatever its lines say."""
        return []

    def _create_invoices(self, together=False):
        """Draft invoices, one per work order, made by the sales orders these belong to.

        :param together: one per sales order instead
        """
        moves = self.env["account.move"]
        waiting = self
        while waiting:
            # One ticket per sales order in each round, so every round is a single call whatever the number of orders.
            first_of = {}
            for order in waiting.sorted("id"):
                first_of.setdefault(order.sale_order_id, order)
            batch = waiting if together else self.browse([order.id for order in first_of.values()])
            orders = batch.sale_order_id.with_context(work_order_ids=batch.ids)
            moves |= orders._create_invoices(grouped=True, final=True)  # final: down payments are deducted
            waiting -= batch
        self._refuse_refunds(moves)
        return moves

    @api.model
    def _refuse_refunds(self, moves):
        """What is left after a down payment has to be something to pay."""
        if moves.filtered(lambda move: move.move_type != "out_invoice"):
            raise UserError(
                self.env._(
                    "The down payment is higher than what these work orders come to. Invoice them together with the "
                    "rest of the sales order, from the sales order."
                )
            )

    def _sync_billing_state(self):
        """Set done, invoiced or closed by what is invoiced and posted; called after every change of an invoice."""
        orders = self.sudo().filtered("billable") if self else self
        if not orders:
            return
        orders._bump_billing_revision()
        orders = orders.filtered(lambda order: order.state in FINISHED)
        states = {}
        for order in orders:
            state = order._billing_state()
            states[state] = states.get(state, orders.browse()) | order
        for state, group in states.items():
            # Stored, not advanced: this is what the invoices say, and no gate may stand between the two.
            group.filtered(lambda order, state=state: order.state != state)._store_state({"state": state})

    def _billing_state(self):
        tasks = self.task_ids.filtered(lambda task: task.state == "done")
        if any(task._quantity_to_invoice() > 0 for task in tasks):
            return "done"
        lines = tasks.invoice_line_ids.filtered(lambda line: line.parent_state != "cancel")
        return "closed" if lines and all(line.parent_state == "posted" for line in lines) else "invoiced"

    def _bump_billing_revision(self):
        """Make two transactions that bill the same work order collide, so that the database refuses the later one."""
        self.env.cr.execute(
            SQL(
                "UPDATE work_order SET billing_revision = billing_revision + 1 WHERE id IN %s",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset(["billing_revision"], flush=False)

    def _gate_closed(self):
        if not self.billable or self._billing_state() == "closed":
            return []
        return [Reason("invoice_ids", self.env._("it is closed by posting the invoice for all of its tasks."))]

    def action_view_invoices(self):
        self.ensure_one()
        return self.invoice_ids._action_open()

    def action_view_sale_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "view_mode": "form",
        }

    def action_view_purchase_orders(self):
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Orders of %s", self.name),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("work_order_id", "=", self.id)],
            "context": {"default_work_order_id": self.id, "default_origin": self.name},
        }
        if len(self.purchase_order_ids) == 1:
            action.update(view_mode="form", res_id=self.purchase_order_ids.id)
        return action
