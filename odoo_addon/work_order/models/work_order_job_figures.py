"""What a job comes to: its work orders by state, what they are worth, what was done, billed and spent."""

from odoo import api, fields, models

from .work_order_flow import FINISHED

SEES_MONEY = (
    "work_order.group_dispatcher,work_order.group_billing,sales_team.group_sale_salesman,"
    "account.group_account_readonly,account.group_account_invoice"
)


class WorkOrderJob(models.Model):
    _inherit = "work.order.job"

    ticket_count = fields.Integer(string="Work Orders (not cancelled)", compute="_compute_ticket_counts")
    ticket_open_count = fields.Integer(string="To Do", compute="_compute_ticket_counts")
    ticket_done_count = fields.Integer(string="Finished", compute="_compute_ticket_counts")
    amount_planned = fields.Monetary(
        compute="_compute_amounts",
        compute_sudo=True,
        groups=SEES_MONEY,
        help="Untaxed value of all tasks that were not cancelled, at the prices of their sales orders.",
    )
    amount_done = fields.Monetary(
        compute="_compute_amounts",
        compute_sudo=True,
        groups=SEES_MONEY,
        help="Value of the tasks that are done; of progress tasks what was approved.",
    )
    amount_billed = fields.Monetary(
        compute="_compute_amount_billed",
        compute_sudo=True,
        groups=SEES_MONEY,
        help="Untaxed, on posted invoices less credit notes, before retention.",
    )
    amount_cost = fields.Monetary(
        string="Cost",
        compute="_compute_amount_cost",
        compute_sudo=True,
        groups=SEES_MONEY,
        help="Time, parts and subcontractors posted to the work orders of this job.",
    )
    amount_margin = fields.Monetary(
        string="Margin",
        compute="_compute_amount_cost",
        compute_sudo=True,
        groups=SEES_MONEY,
        help="What was billed less what was spent so far.",
    )
    progress = fields.Float(
        compute="_compute_amounts",
        compute_sudo=True,
        groups=SEES_MONEY,
        help="Share of the planned value that is done, in percent.",
    )

    @api.depends("work_order_ids.state")
    def _compute_ticket_counts(self):
        counts = self.env["work.order"]._read_group(
            [("job_id", "in", self.ids), ("state", "!=", "cancelled")], ["job_id", "state"], ["__count"]
        )
        for job in self:
            mine = [(state, count) for group, state, count in counts if group == job]
            job.ticket_count = sum(count for _state, count in mine)
            job.ticket_done_count = sum(count for state, count in mine if state in FINISHED)
            job.ticket_open_count = job.ticket_count - job.ticket_done_count

    @api.depends("work_order_ids.task_ids.amount", "work_order_ids.task_ids.state")
    def _compute_amounts(self):
        for job in self:
            tasks = job.work_order_ids.filtered(lambda order: order.state != "cancelled").task_ids
            tasks = tasks.filtered(lambda task: task.state != "cancelled")
            job.amount_planned = sum(job._in_own_currency(task, task._planned_value()) for task in tasks)
            job.amount_done = sum(job._in_own_currency(task, task._earned_value()) for task in tasks)
            job.progress = 100 * job.amount_done / job.amount_planned if job.amount_planned else 0.0

    def _in_own_currency(self, task, amount):
        if not amount or task.currency_id == self.currency_id:
            return amount
        return task.currency_id._convert(amount, self.currency_id, self.company_id)

    @api.depends("work_order_ids.task_ids.invoice_line_ids.parent_state")
    def _compute_amount_billed(self):
        """From invoice lines in company currency; credit notes count negative there."""
        sums = self.env["account.move.line"]._read_group(
            [("work_order_id.job_id", "in", self.ids), ("parent_state", "=", "posted")],
            ["work_order_id"],
            ["balance:sum"],
        )
        billed = {}
        for order, balance in sums:
            billed[order.job_id] = billed.get(order.job_id, 0.0) - balance
        for job in self:
            job.amount_billed = job.currency_id.round(billed.get(job, 0.0))

    @api.depends("amount_billed")
    def _compute_amount_cost(self):
        """One read of the analytic lines that name a work order of these jobs; a cost is a negative line."""
        costs = {}
        sums = self.env["account.analytic.line"]._read_group(
            [("work_order_id.job_id", "in", self.ids), ("category", "!=", "invoice")], ["work_order_id"], ["amount:sum"]
        )
        for order, amount in sums:
            costs[order.job_id] = costs.get(order.job_id, 0.0) - amount
        for job in self:
            job.amount_cost = job.currency_id.round(costs.get(job, 0.0))
            job.amount_margin = job.amount_billed - job.amount_cost

    def action_view_work_orders(self):
        self.ensure_one()
        action = self.work_order_ids._action_open(self.env._("Work Orders of %s", self.name))
        action.pop("res_id", None)
        action.update(
            view_mode="list,kanban,calendar,form",
            views=[(False, "list"), (False, "kanban"), (False, "calendar"), (False, "form")],
            domain=[("job_id", "=", self.id)],
            context={"default_job_id": self.id, "default_partner_id": self.partner_id.id},
        )
        return action

    def action_view_invoices(self):
        self.ensure_one()
        return self.work_order_ids.invoice_ids._action_open()


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _planned_value(self):
        """What this task is worth as agreed, untaxed: the plan, or what was done where more was."""
        self.ensure_one()
        line = self.sale_line_id
        quantity = max(self.quantity, self.done_quantity)
        return self.currency_id.round(quantity * line.price_unit * (1 - line.discount / 100))

    def _earned_value(self):
        """What of it is done."""
        self.ensure_one()
        return self.amount if self.state == "done" else 0.0
