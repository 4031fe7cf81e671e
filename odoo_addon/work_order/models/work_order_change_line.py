from odoo import api, fields, models
from odoo.exceptions import UserError

from .buyer_purchase_order import PRICE_GROUPS
from .work_order_flow import Reason


class WorkOrderChangeLine(models.Model):
    """One thing a change order adds, changes or removes."""

    _name = "work.order.change.line"
    _description = "Change Order Line"
    _order = "change_id, sequence, id"
    _check_company_auto = True

    change_id = fields.Many2one("work.order.change", required=True, index=True, ondelete="cascade")
    work_order_id = fields.Many2one(related="change_id.work_order_id")
    company_id = fields.Many2one(related="change_id.company_id", store=True)
    currency_id = fields.Many2one(related="change_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection([("add", "Add"), ("change", "Change"), ("remove", "Remove")], required=True, default="add")
    task_id = fields.Many2one(
        "work.order.task",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The task that changes or goes.",
    )
    new_task_id = fields.Many2one(
        "work.order.task",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The task that the approval of this addition created.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_task",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
    )
    name = fields.Char(
        string="Description", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        help="The quantity as it will be: of the new task, or of the changed one.",
    )
    price_unit = fields.Float(
        string="Unit Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        groups=PRICE_GROUPS,
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        groups=PRICE_GROUPS,
        help="Of an addition; what changes keeps the taxes it was ordered with.",
    )
    billing_type = fields.Selection(
        selection="_selection_billing_type", string="Billing", required=True, default="fixed"
    )
    buyer_po_line = fields.Char(string="PO Line")
    buyer_item_code = fields.Char()
    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    po_quantity_delta = fields.Float(
        string="PO Quantity +/-", digits="Product Unit", help="By how much the buyer raised this line of the PO."
    )
    po_amount_delta = fields.Monetary(
        string="PO Amount +/-", groups=PRICE_GROUPS, help="By how much the buyer raised the limit of this PO line."
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, groups=PRICE_GROUPS)

    _quantity_not_negative = models.Constraint("CHECK(quantity >= 0)", "The quantity of a change cannot be negative.")

    @api.model
    def _selection_billing_type(self):
        return self.env["work.order.task"]._fields["billing_type"]._description_selection(self.env)

    @api.depends("task_id", "kind")
    def _compute_from_task(self):
        for line in self:
            line.product_id = line.task_id.product_id if line.kind != "add" else line.product_id

    @api.depends("product_id", "task_id")
    def _compute_name(self):
        for line in self:
            line.name = (line.task_id.name if line.kind != "add" else line.name) or line.product_id.display_name

    @api.depends("task_id", "kind")
    def _compute_quantity(self):
        for line in self:
            if line.kind == "remove":
                line.quantity = 0.0
            else:
                line.quantity = (line.task_id.quantity if line.kind == "change" else line.quantity) or 1.0

    @api.depends("product_id", "task_id", "kind")
    def _compute_price_unit(self):
        for line in self:
            if line.kind == "add":
                sold = line._as_sold()
                line.price_unit = sold.price_unit * (1 - sold.discount / 100) if line.product_id else 0.0
            else:
                line.price_unit = line.task_id.sudo().sale_line_id.price_unit

    @api.depends("product_id", "kind")
    def _compute_tax_ids(self):
        for line in self:
            ordered = line._as_sold().tax_ids if line.kind == "add" and line.product_id else line.env["account.tax"]
            line.tax_ids = ordered

    def _as_sold(self):
        """The line that the sales order would have of this product, with its price list and fiscal position."""
        order = self.change_id.work_order_id.sudo().sale_order_id
        return (
            self.env["sale.order.line"]
            .sudo()
            .new({"order_id": order.id, "product_id": self.product_id.id, "product_uom_qty": self.quantity or 1.0})
        )

    @api.depends("kind", "quantity", "price_unit", "task_id")
    def _compute_amount(self):
        for line in self:
            ordered = line.task_id.sudo().sale_line_id if line.kind != "add" else self.env["sale.order.line"]
            factor = 1 - ordered.discount / 100
            before = line.task_id.quantity * ordered.price_unit if ordered else 0.0
            after = line.quantity * line.price_unit if line.kind != "remove" else 0.0
            amount = (after - before) * factor
            line.amount = line.currency_id.round(amount) if line.currency_id else amount

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([{**vals, "new_task_id": False} for vals in vals_list])
        lines._check_change_is_draft()
        return lines

    def write(self, vals):
        if "new_task_id" in vals:
            raise UserError(self.env._("The task of an addition is created by the approval of its change order."))
        self._check_change_is_draft()
        result = super().write(vals)
        if "change_id" in vals:
            self._check_change_is_draft()
        return result

    def _store_task(self, task):
        """Remember the task that the approval of this addition created."""
        return super().write({"new_task_id": task.id})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_change_is_draft()

    def _check_change_is_draft(self):
        for change in self.change_id:
            if change.state != "draft":
                raise UserError(change._fixed_text())

    def _reasons_against_line(self):
        """Why this line cannot be brought about, each naming what to fix."""
        self.ensure_one()
        check = {"add": self._reasons_against_addition, "change": self._reasons_against_change}
        texts = check.get(self.kind, self._reasons_against_removal)()
        return [Reason("line_ids", f"“{self.name}”: {text}") for text in texts + self._reasons_against_po_delta()]

    def _reasons_against_addition(self):
        ticket, product, texts = self.work_order_id, self.product_id, []
        if not product:
            texts.append(self.env._("Product is missing."))
        elif ticket.billable and product.work_order_policy in (False, "none"):
            texts.append(
                self.env._("“%s” is not delivered by work orders; sell it on the sales order.", product.display_name)
            )
        if self.quantity <= 0:
            texts.append(self.env._("Quantity is missing."))
        if ticket._who_wants_po()[1] and not self.buyer_po_line:
            texts.append(self.env._("PO Line is missing; it is required on every task."))
        return texts

    def _reasons_against_change(self):
        task = self.task_id
        texts = self._reasons_against_task()
        if not task or texts:
            return texts
        ordered = task.sale_line_id
        same_price = not ordered or abs(ordered.price_unit - self.price_unit) < 1e-6
        if self.quantity <= 0:
            texts.append(self.env._("Quantity is missing; to drop the task, remove it."))
        if task.state == "done" and task.product_uom_id.compare(self.quantity, task.done_quantity) < 0:
            texts.append(self.env._("%g is done already; the quantity cannot be less.", task.done_quantity))
        same_quantity = not task.product_uom_id.compare(self.quantity, task.quantity)
        if same_price and same_quantity and not self._changes_cap():
            texts.append(self.env._("neither quantity nor price changes."))
        if not same_price and ordered.invoice_lines.filtered(lambda line: line.parent_state == "posted"):
            texts.append(self.env._("Unit Price cannot change, as it is invoiced in part already."))
        return texts

    def _changes_cap(self):
        """Whether it changes how much its task must not exceed."""
        return False

    def _reasons_against_removal(self):
        texts = self._reasons_against_task()
        if not texts and self.task_id.state == "done":
            texts.append(self.env._("it is done already and cannot be removed."))
        return texts

    def _reasons_against_task(self):
        task = self.task_id
        if not task:
            return [self.env._("Task is missing: which one changes?")]
        if task.work_order_id != self.work_order_id:
            return [self.env._("the task belongs to %s.", task.work_order_id.name)]
        if task.state == "cancelled":
            return [self.env._("the task is cancelled already.")]
        if task.bucket_of_id:
            return [self.env._("it bills what was posted on “%s”; change that task.", task.bucket_of_id.name)]
        if self.work_order_id.billable and not task.sale_line_id and not task.included:
            return [self.env._("the task has no sales order line, so there is no price to change.")]
        return []

    def _reasons_against_po_delta(self):
        if not self.po_quantity_delta and not self.po_amount_delta:
            return []
        po, line = self._po(), self._po_line()
        number = self.buyer_po_line or self.task_id.buyer_po_line
        if not po:
            return [self.env._("the buyer's PO is not in the register, so its balance cannot change.")]
        if not line and not number:
            return [self.env._("PO Line is missing: which line did the buyer raise?")]
        if line and (
            (self.po_quantity_delta and not line.quantity) or (self.po_amount_delta and not line.amount_limit)
        ):
            return [self.env._("line %s of the buyer's PO has no such limit that could change.", line.number)]
        if line.quantity + self.po_quantity_delta < 0 or line.amount_limit + self.po_amount_delta < 0:
            return [self.env._("line %s of the buyer's PO would fall below zero.", line.number or number)]
        return []

    def _po(self):
        if self.kind == "add":
            return self.work_order_id.buyer_purchase_order_id
        return self.task_id.buyer_purchase_order_id

    def _po_line(self):
        """The line in the register that this line draws on, if there is one."""
        if self.kind != "add":
            return self.task_id.buyer_po_line_id
        key = (self.buyer_po_line or "").strip().upper()
        return self._po().line_ids.filtered(lambda line: line.number_key == key)[:1]
