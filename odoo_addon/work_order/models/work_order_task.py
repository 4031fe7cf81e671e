from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..plain_number import plain
from .work_order import REFERENCE_FIELDS
from .work_order_flow import FINISHED, Reason


class WorkOrderTask(models.Model):
    _name = "work.order.task"
    _description = "Work Order Task"
    _order = "work_order_id, sequence, id"
    _check_company_auto = True

    work_order_id = fields.Many2one("work.order", required=True, index=True, ondelete="cascade")
    work_order_state = fields.Selection(related="work_order_id.state", string="Work Order State")
    company_id = fields.Many2one(related="work_order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="work_order_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    note = fields.Text(help="What was found and done; goes to the customer with the completion.")
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("cancelled", "Cancelled")], required=True, default="todo", copy=False
    )
    product_id = fields.Many2one("product.product", ondelete="restrict", check_company=True)
    billing_type = fields.Selection(
        [
            ("fixed", "Fixed price"),
            ("time_material", "Time and materials"),
            ("progress", "Progress"),
        ],
        string="Billing",
        required=True,
        default="fixed",
        help="Fixed price: what was done, at the agreed price. Time and materials: hours and parts as posted, up to "
        "the cap. Progress: a share of the agreed amount, as approved for each period.",
    )
    quantity = fields.Float(string="Planned", digits="Product Unit", default=1.0)
    done_quantity = fields.Float(string="Done Qty", digits="Product Unit", copy=False)
    product_uom_id = fields.Many2one("uom.uom", string="Unit", compute="_compute_product_uom_id", store=True)
    service_date = fields.Date(copy=False, help="The day the work was done; the invoice line repeats it.")

    buyer_po = fields.Char(string="Buyer PO")
    buyer_po_line = fields.Char(string="PO Line")
    buyer_item_code = fields.Char()
    cost_center_id = fields.Many2one(
        "buyer.cost.center",
        string="Cost Centre",
        index="btree_not_null",
        check_company=True,
    )

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sales Order Line",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="Where price, taxes and terms were agreed. Work without it cannot be invoiced.",
    )
    invoice_line_ids = fields.One2many(
        "account.move.line",
        "work_order_task_id",
        string="Invoice Lines",
        groups="account.group_account_invoice,account.group_account_readonly,work_order.group_dispatcher",
    )
    price_unit = fields.Float(
        string="Unit Price",
        compute="_compute_amount",
        compute_sudo=True,
        groups="work_order.group_dispatcher,work_order.group_billing",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        compute_sudo=True,
        groups="work_order.group_dispatcher,work_order.group_billing",
        help="Untaxed, at the price of the sales order line.",
    )

    _quantities_not_negative = models.Constraint(
        "CHECK(quantity >= 0 AND done_quantity >= 0)", "Quantities of a task cannot be negative."
    )

    @api.constrains("sale_line_id", "work_order_id")
    def _check_sale_line(self):
        for task in self:
            order = task.sudo().sale_line_id.order_id
            if order and order != task.work_order_id.sudo().sale_order_id:
                raise ValidationError(
                    self.env._(
                        "Task “%(task)s”: its sales order line belongs to %(other)s, not to the order of %(ticket)s.",
                        task=task.name,
                        other=order.name,
                        ticket=task.work_order_id.name,
                    )
                )

    @api.depends("sale_line_id.product_uom_id", "product_id")
    def _compute_product_uom_id(self):
        for task in self:
            task.product_uom_id = task.sudo().sale_line_id.product_uom_id or task.product_id.uom_id

    @api.depends("state", "quantity", "done_quantity", "sale_line_id.price_unit", "sale_line_id.discount")
    def _compute_amount(self):
        for task in self:
            line = task.sale_line_id
            quantity = {"todo": task.quantity, "done": task.done_quantity}.get(task.state, 0.0)
            amount = quantity * line.price_unit * (1 - line.discount / 100)
            task.amount = task.currency_id.round(amount) if task.currency_id else amount
            task.price_unit = line.price_unit

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id and not self.name:
            self.name = self.product_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.setdefault("state", "todo") != "todo":  # set, as a context could bring another default
                raise UserError(self.env._("A new task starts as “To Do”."))
        self.env["work.order"].browse({vals.get("work_order_id") for vals in vals_list} - {None})._keep_version()
        tasks = super().create(vals_list)
        tasks._check_scope_is_open()
        tasks._take_references()
        return tasks

    def _take_references(self):
        """Fill the references a new task came without from its work order."""
        for task in self:
            order = task.work_order_id
            missing = {
                name: order._fields[name].convert_to_write(order[name], order)
                for name in REFERENCE_FIELDS
                if not task[name] and order[name]
            }
            if missing:
                task.write(missing)

    @api.model
    def _create_posted(self, vals_list):
        """Create the tasks that bill what was posted on others; no change of scope. Nothing else calls it."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch

    def _store_posted(self, values):
        """Write what follows from posted time and parts; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def write(self, vals):
        self._check_scope_is_open()
        self._check_reporter(vals)
        if vals.keys() & self._scope_fields():
            self.work_order_id._keep_version()
        for tasks, values in self._by_report(vals):
            super(WorkOrderTask, tasks).write(values)
        return True

    def _store(self, values):
        """Write what a decision or a reference brings, whatever the state of the work; no change of scope."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_scope_is_open()
        if self.filtered(lambda task: task.state == "done"):
            raise UserError(self.env._("A task that is done cannot be deleted; set it back to “To Do” first."))
        self.work_order_id._keep_version()

    def action_done(self):
        return self.write({"state": "done"})

    def action_todo(self):
        return self.write({"state": "todo"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def _by_report(self, vals):
        """Pairs of tasks and values: on “done”, quantity and day default to the plan and today.

        :raises UserError: if the work of one of these tasks has not started
        """
        if vals.get("state") != "done":
            return [(self, vals)]
        idle = self.work_order_id.filtered(lambda order: order.state != "in_progress")
        if idle:
            raise UserError(
                self.env._(
                    "Start the work before reporting it: %s",
                    ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in idle),
                )
            )
        values = {"service_date": fields.Date.context_today(self), **vals}
        if "done_quantity" in vals:
            return [(self, values)]
        planned = self.grouped(lambda task: task.done_quantity or task.quantity)
        return [(tasks, {**values, "done_quantity": quantity}) for quantity, tasks in planned.items()]

    def _check_scope_is_open(self):
        fixed = self.work_order_id.filtered(lambda order: order.state in (*FINISHED, "cancelled"))
        if fixed:
            raise UserError(
                self.env._(
                    "Tasks cannot change any more: %s. Reopen the work order first.",
                    ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in fixed),
                )
            )

    @api.model
    def _report_fields(self):
        """What a technician reports on a task."""
        return {"state", "done_quantity", "service_date", "note"}

    @api.model
    def _scope_fields(self):
        """What is to be done: a change makes a new version of the work order."""
        return {
            "billing_type",
            "buyer_item_code",
            "buyer_po",
            "buyer_po_line",
            "cost_center_id",
            "name",
            "product_id",
            "quantity",
            "sale_line_id",
        }

    def _check_reporter(self, vals):
        if self.env["work.order"]._may_plan():
            return
        refused = vals.keys() - self._report_fields()
        if refused or vals.get("state") == "cancelled":
            raise AccessError(
                self.env._(
                    "A technician reports what was done; %s is up to the dispatcher.", ", ".join(sorted(refused))
                )
            )

    def _reasons_against_completion(self):
        """What this task still lacks before its work order may be completed."""
        self.ensure_one()
        reasons = []
        if self.state == "todo":
            reasons.append(Reason("task_ids", self.env._("Task “%s” is not done; do it or cancel it.", self.name)))
        else:
            reasons += self._reasons_against_done_quantity()
        line = self.sudo().sale_line_id
        if self.state == "done" and self.work_order_id.billable and not line:
            reasons.append(
                Reason(
                    "sale_line_id",
                    self.env._("Task “%s” has no sales order line, so nobody approved a price for it.", self.name),
                )
            )
        same = line.work_order_task_ids.filtered(
            lambda task: task.state == "done" and task.work_order_id == self.work_order_id
        )
        if line and self == same[:1]:  # once for each line, on every work order that delivers some of it
            reasons += line._reasons_against_delivery()
        return reasons

    def _delivered_quantity(self):
        """How much of what was ordered this task takes up by now, billed or not."""
        self.ensure_one()
        return self.done_quantity if self.state == "done" else 0.0

    def _reasons_against_done_quantity(self):
        if self.done_quantity:
            return []
        return [Reason("task_ids", self.env._("Task “%s”: Done Qty is missing.", self.name))]

    def _billable_quantity(self):
        """How much of this task may stand on invoices by now: what was done, once its work order is complete."""
        self.ensure_one()
        return self.done_quantity if self.state == "done" and self.work_order_id.state in FINISHED else 0.0

    def _quantity_to_invoice(self):
        """Billable quantity that no invoice carries yet; refunds give it back."""
        self.ensure_one()
        billable = self._billable_quantity()
        if not billable:
            return 0.0
        lines = self.sudo().invoice_line_ids.filtered(lambda line: line.parent_state != "cancel")
        return self.product_uom_id.round(billable - self._billed_quantity(lines)) if lines else billable

    def _is_billed(self):
        """Whether an invoice carries any of it that no credit note gave back."""
        billed = self.invoice_line_ids and self._billable_quantity() - self._quantity_to_invoice()
        return bool(billed) and self.product_uom_id.compare(billed, 0.0) > 0

    @api.model
    def _billed_quantity(self, lines):
        return sum(-line.quantity if line.move_id.move_type == "out_refund" else line.quantity for line in lines)

    def _reasons_against_invoiced_quantity(self, moves):
        """Why posting ``moves`` would bill more of this task than was done, or credit more than was billed."""
        self.ensure_one()
        lines = self.sudo().invoice_line_ids
        billed = self._billed_quantity(
            lines.filtered(lambda line: line.parent_state == "posted" or line.move_id in moves)
        )
        billable = self._billable_quantity()
        if self.product_uom_id.compare(billed, billable) > 0:
            return [
                Reason(
                    "quantity",
                    self.env._(
                        "“%(task)s”: %(billed)s would be invoiced, but %(done)s was done.",
                        task=self.name,
                        billed=plain(billed),
                        done=plain(billable),
                    ),
                )
            ]
        if self.product_uom_id.compare(billed, 0.0) < 0:
            return [Reason("quantity", self.env._("“%s”: more would be credited than was invoiced.", self.name))]
        return []

    def _prepare_invoice_line(self):
        """What the invoice line repeats of this task; price and taxes come from the sales order line."""
        self.ensure_one()
        return {
            "quantity": self._quantity_to_invoice(),
            "work_order_task_id": self.id,
            "buyer_po": self.buyer_po,
            "buyer_po_line": self.buyer_po_line,
            "buyer_item_code": self.buyer_item_code,
            "cost_center_id": self.cost_center_id.id,
            "service_date": self.service_date,
        }
