"""One line of an application for payment: how far a task is, and why that may not be so."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..plain_number import plain
from .work_order_flow import Reason


class WorkOrderProgressLine(models.Model):
    """How far one progress task is, by the end of a period."""

    _name = "work.order.progress.line"
    _description = "Schedule of Values Line"
    _order = "progress_id, task_sequence, task_id"

    progress_id = fields.Many2one("work.order.progress", required=True, index=True, ondelete="cascade")
    state = fields.Selection(related="progress_id.state")
    company_id = fields.Many2one(related="progress_id.company_id")
    task_id = fields.Many2one("work.order.task", required=True, index=True, ondelete="restrict")
    task_sequence = fields.Integer(related="task_id.sequence", store=True)
    work_order_id = fields.Many2one(related="task_id.work_order_id")
    currency_id = fields.Many2one(related="task_id.currency_id")
    value = fields.Monetary(
        string="Scheduled Value", compute="_compute_value", help="What this line of the contract comes to, untaxed."
    )
    value_approved = fields.Float(readonly=True, digits=0)
    percent_before = fields.Float(string="Before %", readonly=True, digits=0)
    amount_before = fields.Monetary(string="Approved Before", readonly=True)
    percent = fields.Float(string="To Date %", digits=0, help="How much of it is done by the end of the period.")
    percent_period = fields.Float(string="This Period %", compute="_compute_amounts")
    amount_period = fields.Monetary(string="This Period", compute="_compute_amounts")
    amount_to_date = fields.Monetary(
        string="To Date",
        compute="_compute_amounts",
        inverse="_inverse_amount_to_date",
        help="Enter this or the percentage; each follows the other.",
    )
    note = fields.Char()

    _task_once = models.Constraint("UNIQUE(progress_id, task_id)", "A task stands once on an application for payment.")

    @api.depends("task_id.quantity", "task_id.sale_line_id.price_unit", "task_id.sale_line_id.discount", "state")
    def _compute_value(self):
        for line in self:
            decided = line.state in ("approved", "invoiced")
            line.value = line.value_approved if decided else line.task_id.sudo()._progress_value()

    @api.depends("value", "percent", "percent_before", "amount_before")
    def _compute_amounts(self):
        for line in self:
            to_date = line.value * line.percent / 100
            line.amount_to_date = line.currency_id.round(to_date) if line.currency_id else to_date
            line.amount_period = line.amount_to_date - line.amount_before
            line.percent_period = line.percent - line.percent_before

    @api.onchange("amount_to_date")
    def _inverse_amount_to_date(self):
        for line in self:
            if line.value and line.currency_id.compare_amounts(
                line.amount_to_date, line.currency_id.round(line.value * line.percent / 100)
            ):
                line.percent = 100 * line.amount_to_date / line.value

    @api.model_create_multi
    def create(self, vals_list):
        """What is approved before comes from the task, whatever came in."""
        for vals in vals_list:
            task = self.env["work.order.task"].sudo().browse(vals.get("task_id"))
            vals.update(percent_before=task.approved_percent, amount_before=task.approved_amount, value_approved=False)
            if "amount_to_date" not in vals:
                vals.setdefault("percent", task.approved_percent)
        lines = super().create(vals_list)
        lines.progress_id._check_open()
        lines._check_task()
        return lines

    def write(self, vals):
        if vals.keys() & {"progress_id", "task_id", "percent_before", "amount_before", "value_approved"}:
            raise UserError(self.env._("Only how far the work is by the end of the period can be changed here."))
        self.progress_id._check_open()
        return super().write(vals)

    def _store(self, values):
        """Write what an approval fixes; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self.progress_id._check_open()

    def _check_task(self):
        for line in self:
            if line.task_id.sudo().work_order_id not in line.progress_id._tickets():
                raise UserError(
                    self.env._(
                        "Task “%(task)s” does not belong to %(progress)s.",
                        task=line.task_id.sudo().name,
                        progress=line.progress_id.name,
                    )
                )

    @api.constrains("percent")
    def _check_percent(self):
        reasons = [reason.message for line in self for reason in line._reasons_against_percent()]
        if reasons:
            raise UserError("\n".join(reasons))

    def _reasons_against_percent(self):
        self.ensure_one()
        task = self.task_id.sudo().name
        if self.percent - 100 > 1e-6:
            return [
                Reason("percent", self.env._("“%s”: more than 100 %% is done; have the order changed first.", task))
            ]
        if self.percent < 0 or self.percent_before - self.percent > 1e-6:
            text = self.env._(
                "“%(task)s”: %(percent).2f %% is less than the %(before).2f %% approved before.",
                task=task,
                percent=self.percent,
                before=self.percent_before,
            )
            return [Reason("percent", text)]
        return []

    def _reasons_against_amount(self):
        """Why this line may not be applied for as it stands now, the contract being what it is."""
        self.ensure_one()
        task, reasons = self.task_id.sudo(), self._reasons_against_percent()
        if task.state == "cancelled" or not task._is_progress() or not task.sale_line_id:
            text = self.env._("task “%s” is not billed by progress (any more); remove its line.", task.name)
            return [Reason("line_ids", text)]
        ordered, planned = task.sale_line_id, task.sale_line_id._planned_quantity()
        if ordered.product_uom_id.compare(planned, ordered.product_uom_qty) > 0:
            text = self.env._(
                "“%(task)s”: %(planned)s is planned on all tasks of its order line, but %(ordered)s was ordered. Have "
                "the order changed first.",
                task=task.name,
                planned=plain(planned),
                ordered=plain(ordered.product_uom_qty),
            )
            reasons.append(Reason("line_ids", text))
        if self.currency_id.compare_amounts(self.amount_to_date, task.approved_amount) < 0:
            text = self.env._(
                "“%(task)s”: %(amount).2f to date is less than the %(before).2f approved before.",
                task=task.name,
                amount=self.amount_to_date,
                before=task.approved_amount,
            )
            reasons.append(Reason("amount_to_date", text))
        return reasons

    def _reasons_against_taking_back(self):
        billed = self.task_id._billed_value()
        if self.currency_id.compare_amounts(billed, self.amount_before) <= 0:
            return []
        text = self.env._("“%s” of it is invoiced; credit or delete that invoice first.", self.task_id.sudo().name)
        return [Reason("line_ids", text)]

    def _approve(self):
        for line in self:
            line.task_id._store_progress(line.percent, line.amount_to_date, line.progress_id.period_end)

    def _take_back(self):
        for line in self:
            line.task_id._store_progress(line.percent_before, line.amount_before, line.progress_id.period_end)

    def _is_billed(self):
        return self.currency_id.compare_amounts(self.task_id._billed_value(), self.amount_to_date) >= 0
