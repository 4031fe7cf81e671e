"""Tasks billed by progress: a share of their value, as approved; quantities follow from the value.

A share of a lump sum has no quantity that multiplies to the cent, so what is approved and billed is kept as money.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .work_order_flow import FINISHED, Reason
from .work_order_progress import OPEN, UNDER_WAY

SEES_VALUE = "work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly"
#: Kept by an approval only.
APPROVED_FIELDS = {"approved_percent", "approved_amount", "approved_until"}
#: What a task keeps from its first approval on.
FIXED_BY_APPROVAL = {"billing_type", "sale_line_id", "product_id", "work_order_id"}


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    progress_line_ids = fields.One2many("work.order.progress.line", "task_id", groups=SEES_VALUE)
    approved_percent = fields.Float(
        string="Approved %", digits=0, readonly=True, copy=False, aggregator=None, groups=SEES_VALUE
    )
    approved_amount = fields.Monetary(
        string="Approved",
        readonly=True,
        copy=False,
        groups=SEES_VALUE,
        help="What may stand on invoices by now, as approved on applications for payment.",
    )
    approved_until = fields.Date(readonly=True, copy=False, help="The end of the last period that was approved.")

    def _is_progress(self):
        return self.billing_type == "progress"

    def _progress_value(self):
        """What this task comes to by the contract, in the terms of the sale line's price."""
        self.ensure_one()
        line = self.sudo().sale_line_id
        return self.currency_id.round(self.quantity * line.price_unit * (1 - line.discount / 100))

    def _planned_value(self):
        return self._progress_value() if self._is_progress() else super()._planned_value()

    def _earned_value(self):
        return self.sudo().approved_amount if self._is_progress() else super()._earned_value()

    def _share(self, amount):
        """The quantity that stands for this part of the value: all of it only for the whole value."""
        value = self._progress_value()
        if not value or self.currency_id.compare_amounts(amount, value) >= 0:
            return self.quantity if value else 0.0
        return self.quantity * amount / value

    @api.model
    def _value_of(self, lines):
        """What invoice lines bill, credits taken off, in the terms of their prices."""
        total = 0.0
        for line in lines:
            value = line.currency_id.round(line.quantity * line.price_unit * (1 - line.discount / 100))
            total += -value if line.move_id.move_type == "out_refund" else value
        return total

    def _billed_value(self):
        self.ensure_one()
        return self._value_of(self.sudo().invoice_line_ids.filtered(lambda line: line.parent_state != "cancel"))

    def _value_to_invoice(self):
        """Approved and on no invoice yet."""
        self.ensure_one()
        return self.currency_id.round(self.sudo().approved_amount - self._billed_value())

    def _awaits_approval(self):
        """Whether some of its value was not approved for billing yet."""
        return (
            self._is_progress()
            and self.state != "cancelled"
            and self.currency_id.compare_amounts(self.sudo().approved_amount, self._progress_value()) < 0
        )

    def _delivered_quantity(self):
        """What is approved for billing takes up the order, however little is reported as done."""
        done = super()._delivered_quantity()
        if not self._is_progress() or self.state == "cancelled":
            return done
        return max(done, self._share(self.sudo().approved_amount))

    def _billable_quantity(self):
        if not self._is_progress():
            return super()._billable_quantity()
        begun = self.work_order_id.state in (*UNDER_WAY, *FINISHED)
        return self._share(self.sudo().approved_amount) if begun and self.state != "cancelled" else 0.0

    def _quantity_to_invoice(self):
        if not self._is_progress():
            return super()._quantity_to_invoice()
        open_value = self._value_to_invoice() if self._billable_quantity() else 0.0
        return self._share(open_value) if self.currency_id.compare_amounts(open_value, 0.0) > 0 else 0.0

    def _is_billed(self):
        """Progress is billed while the work goes on, so only the whole of it keeps a work order from reopening."""
        if not self._is_progress():
            return super()._is_billed()
        value = self._progress_value()
        return bool(value) and self.currency_id.compare_amounts(self._billed_value(), value) >= 0

    def _reasons_against_invoiced_quantity(self, moves):
        if not self._is_progress():
            return super()._reasons_against_invoiced_quantity(moves)
        lines = self.sudo().invoice_line_ids
        billed = self._value_of(lines.filtered(lambda line: line.parent_state == "posted" or line.move_id in moves))
        approved = self.sudo().approved_amount
        if self.currency_id.compare_amounts(billed, approved) > 0:
            text = self.env._(
                "“%(task)s”: %(billed)s would be invoiced, but progress of %(approved)s is approved.",
                task=self.name,
                billed=self.currency_id.format(billed),
                approved=self.currency_id.format(approved),
            )
            return [Reason("price_unit", text)]
        if self.currency_id.compare_amounts(billed, 0.0) < 0:
            return [Reason("price_unit", self.env._("“%s”: more would be credited than was invoiced.", self.name))]
        return []

    def _prepare_invoice_line(self):
        values = super()._prepare_invoice_line()
        if not self._is_progress():
            return values
        return {
            **values,
            "quantity": 1.0,
            "product_uom_id": self.env.ref("uom.product_uom_unit").id,
            "price_unit": self._value_to_invoice(),
            "discount": 0.0,
            "name": f"{self.sudo().sale_line_id.name}\n{self._progress_text()}",
            "service_date": self.service_date or self.approved_until,
        }

    def _progress_text(self):
        billed = self._billed_value()
        text = self.env._(
            "Progress %(percent).2f %% of %(value)s",
            percent=self.sudo().approved_percent,
            value=self.currency_id.format(self._progress_value()),
        )
        if self.currency_id.is_zero(billed):
            return text
        return self.env._(
            "%(progress)s, less %(billed)s billed before", progress=text, billed=self.currency_id.format(billed)
        )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(name) for vals in vals_list for name in APPROVED_FIELDS):
            raise UserError(self.env._("Progress is approved on an application for payment, nowhere else."))
        none = dict.fromkeys(APPROVED_FIELDS, False)  # set, as a context could bring others
        return super().create([{**vals, **none} for vals in vals_list])

    def write(self, vals):
        if vals.keys() & APPROVED_FIELDS:
            raise UserError(self.env._("Progress is approved on an application for payment, nowhere else."))
        if vals.keys() & FIXED_BY_APPROVAL or vals.get("state") == "cancelled":
            self._check_reporter(vals)  # first, as what is approved is no business of the crew
            self._check_approved(vals)
        result = super().write(vals)
        if "quantity" in vals:
            self._check_value_covers_approval()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        for task in self.filtered(lambda task: task.sudo().progress_line_ids):
            raise UserError(self.env._("“%s” stands on an application for payment; cancel it instead.", task.name))

    def _store_progress(self, percent, amount, day):
        """Write what an application for payment approved; nothing else calls it."""
        self.sudo()._store({"approved_percent": percent, "approved_amount": amount, "approved_until": day})

    def _check_approved(self, vals):
        """What was approved, billed or applied for by progress stays so, and nothing else becomes progress."""
        move = self.env["account.move"]
        names = FIXED_BY_APPROVAL & vals.keys()
        for task in self:
            private = task.sudo()
            changed = vals.get("state") == "cancelled" or any(
                move._field_will_change(private, vals, name) for name in names
            )
            if not changed:
                continue
            if private._is_progress() and not task.currency_id.is_zero(private.approved_amount):
                raise UserError(
                    self.env._(
                        "“%(task)s”: progress of %(amount)s is approved, so its billing, product and sales order line "
                        "cannot change and it cannot be cancelled.",
                        task=task.name,
                        amount=task.currency_id.format(private.approved_amount),
                    )
                )
            applied = private.progress_line_ids.progress_id.filtered(lambda progress: progress.state in OPEN)
            if private._is_progress() and applied:
                raise UserError(
                    self.env._(
                        "“%(task)s” stands on %(progress)s; decide that first.",
                        task=task.name,
                        progress=", ".join(applied.mapped("name")),
                    )
                )
            if "billing_type" in vals and private.invoice_line_ids.filtered(lambda line: line.parent_state != "cancel"):
                raise UserError(self.env._("“%s” is invoiced, so its billing cannot change.", task.name))

    def _check_value_covers_approval(self):
        for task in self.filtered(lambda task: task._is_progress()):
            if task.currency_id.compare_amounts(task._progress_value(), task.sudo().approved_amount) < 0:
                raise UserError(
                    self.env._(
                        "“%(task)s” cannot come to less than the %(amount)s already approved for billing.",
                        task=task.name,
                        amount=task.currency_id.format(task.sudo().approved_amount),
                    )
                )


class WorkOrder(models.Model):
    _inherit = "work.order"

    progress_ids = fields.One2many(
        "work.order.progress", "work_order_id", string="Applications for Payment", groups=SEES_VALUE
    )
    progress_count = fields.Integer(compute="_compute_progress", compute_sudo=True, groups=SEES_VALUE)
    has_progress = fields.Boolean(compute="_compute_progress", compute_sudo=True, groups=SEES_VALUE)
    progress_to_invoice = fields.Monetary(
        compute="_compute_progress",
        compute_sudo=True,
        groups=SEES_VALUE,
        help="Approved on applications for payment and not invoiced yet.",
    )

    @api.depends("task_ids.billing_type", "task_ids.approved_amount", "progress_ids")
    def _compute_progress(self):
        for order in self:
            tasks = order.task_ids.filtered(lambda task: task._is_progress() and task.state != "cancelled")
            order.has_progress = bool(tasks)
            order.progress_to_invoice = sum(task._value_to_invoice() for task in tasks)
            order.progress_count = len(tasks.progress_line_ids.progress_id) if tasks else 0

    def _billing_state(self):
        """Work with a part nobody approved for billing yet is done, not invoiced."""
        if self.task_ids.filtered(lambda task: task._awaits_approval()):
            return "done"
        return super()._billing_state()

    def _advance(self, target):
        """Work that was billed in full while it went on is closed as soon as it is done."""
        result = super()._advance(target)
        if target == "done":
            billed = self.sudo().filtered(
                lambda order: order.task_ids.filtered(lambda task: task._is_progress() and task.approved_amount)
            )
            billed._sync_billing_state()
        return result

    def _sync_billing_state(self):
        result = super()._sync_billing_state()
        if not self:
            return result
        tasks = self.sudo().task_ids.filtered(lambda task: task._is_progress())
        if tasks:
            decided = tasks.progress_line_ids.progress_id.filtered(lambda each: each.state in ("approved", "invoiced"))
            decided._sync_invoiced()
        return result

    def _reasons_against_billing(self):
        reasons = super()._reasons_against_billing()
        tasks = self.sudo().task_ids.filtered(lambda task: task._awaits_approval())
        if not reasons or not self.billable or not tasks:
            return reasons
        text = self.env._("no approved progress is left to invoice; approve an application for payment first.")
        return [Reason("progress_ids", text)]

    def _gate_ready(self):
        """Nor does work go back to the dispatcher once progress is approved: its order could be changed again."""
        reasons = super()._gate_ready()
        if self.state != "dispatched":
            return reasons
        approved = self.sudo().task_ids.filtered(lambda task: task._is_progress() and task.approved_amount)
        if approved:
            names = ", ".join(approved.mapped("name"))
            reasons.append(Reason("task_ids", self.env._("Tasks: progress is approved for %s.", names)))
        return reasons

    def _gate_cancelled(self):
        tasks = self.sudo().task_ids
        approved = tasks.filtered(lambda task: task._is_progress() and task.approved_amount)
        applied = tasks.filtered(lambda task: task._is_progress()).progress_line_ids.progress_id.filtered(
            lambda progress: progress.state in OPEN
        )
        reasons = super()._gate_cancelled()
        if approved:
            names = ", ".join(approved.mapped("name"))
            reasons.append(Reason("task_ids", self.env._("Tasks: progress is approved for %s.", names)))
        if applied:
            names = ", ".join(applied.mapped("name"))
            reasons.append(Reason("progress_ids", self.env._("%s is not decided yet; cancel it first.", names)))
        return reasons

    def action_apply_for_payment(self):
        """Open the application for payment that is not decided yet, or start the next one."""
        self.ensure_one()
        tickets = self.sudo()
        known = tickets.task_ids.progress_line_ids.progress_id.filtered(lambda progress: progress.state in OPEN)
        progress = known[:1].with_env(self.env) or self.env["work.order.progress"].create({"work_order_id": self.id})
        return progress._action_open()

    def action_view_progress(self):
        self.ensure_one()
        return self.task_ids.progress_line_ids.progress_id._action_open()


class WorkOrderJob(models.Model):
    _inherit = "work.order.job"

    progress_ids = fields.One2many(
        "work.order.progress", "job_id", string="Applications for Payment", groups=SEES_VALUE
    )
    progress_count = fields.Integer(compute="_compute_progress_count", compute_sudo=True, groups=SEES_VALUE)

    @api.depends("progress_ids", "work_order_ids.progress_ids")
    def _compute_progress_count(self):
        for job in self:
            job.progress_count = len(job.progress_ids | job.work_order_ids.progress_ids)

    def action_apply_for_payment(self):
        """Like that of a work order, over all work orders of this job."""
        self.ensure_one()
        known = self.sudo().progress_ids.filtered(lambda progress: progress.state in OPEN)
        progress = known[:1].with_env(self.env) or self.env["work.order.progress"].create({"job_id": self.id})
        return progress._action_open()

    def action_view_progress(self):
        self.ensure_one()
        return (self.progress_ids | self.work_order_ids.progress_ids)._action_open()
