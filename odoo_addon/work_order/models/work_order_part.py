from odoo import api, fields, models
from odoo.exceptions import UserError

from .work_order_flow import Reason


class WorkOrderPart(models.Model):
    """A part used on a work order, with its cost entry; both are posted, corrected and deleted together."""

    _name = "work.order.part"
    _description = "Work Order Part"
    _inherit = ["work.order.entry"]
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    work_order_id = fields.Many2one("work.order", required=True, index=True, ondelete="restrict", check_company=True)
    work_order_task_id = fields.Many2one(
        "work.order.task",
        string="Task",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('work_order_id', '=', work_order_id), ('state', '!=', 'cancelled')]",
    )
    work_order_state = fields.Selection(related="work_order_id.state", string="Work Order State")
    company_id = fields.Many2one(related="work_order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", string="Used By", required=True, index=True, default=lambda self: self.env.user
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="restrict",
    )
    lot = fields.Char(string="Lot/Serial Number")
    note = fields.Char()
    unit_cost = fields.Float(
        digits="Product Price",
        groups="work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly",
        help="What one unit costs the company; the product's cost unless somebody knows better.",
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        compute_sudo=True,
        groups="work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly",
    )
    cost_line_ids = fields.One2many(
        "account.analytic.line",
        "work_order_part_id",
        string="Cost Entry",
        groups="work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly",
    )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for part in self:
            part.product_uom_id = part.product_id.uom_id

    @api.depends("cost_line_ids.amount")
    def _compute_cost(self):
        for part in self:
            part.cost = -sum(part.cost_line_ids.mapped("amount"))

    @api.model_create_multi
    def create(self, vals_list):
        derived = self._derived_fields()
        vals_list = [{name: value for name, value in vals.items() if name not in derived} for vals in vals_list]
        parts = super().create(vals_list)
        parts._check_poster()
        for part, vals in zip(parts.sudo(), vals_list, strict=True):
            if "unit_cost" not in vals:
                part._take_unit_cost()
        parts.work_order_id._check_cost(parts)
        parts._post()
        return parts

    def write(self, vals):
        self.work_order_id._check_accepts_cost()
        if vals.keys() & self._derived_fields() and not self.env.su:
            raise UserError(self.env._("What was posted with a part follows from it; change the part instead."))
        result = super().write(vals)
        self._check_poster()
        if vals.keys() & {"product_id", "product_uom_id"} and "unit_cost" not in vals:
            for part in self.sudo():
                part._take_unit_cost()
        self.work_order_id._check_cost(self)
        self._post()
        return result

    @api.model
    def _derived_fields(self):
        """What nobody types."""
        return {"company_id", "bought_quantity", "cost_line_ids"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_poster()
        self.work_order_id._check_accepts_cost()

    def unlink(self):
        if self:
            self.work_order_id._bump_billing_revision()
        lines, tickets = self.sudo().cost_line_ids, self.sudo().work_order_id
        result = super().unlink()
        lines.exists().unlink()
        tickets.part_ids._post()  # what was bought for the deleted part is there for others
        return result

    def _take_unit_cost(self):
        """The product's cost in this company, per unit of this part."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        self._store_unit_cost(product.uom_id._compute_price(product.standard_price, self.product_uom_id))

    def _store_unit_cost(self, unit_cost):
        """Write a cost that was found, not typed."""
        return super().write({"unit_cost": unit_cost})  # pylint: disable=super-method-mismatch

    def _post(self):
        """Bring the cost entry in step with this part."""
        self.work_order_id._open_analytic_accounts()
        missing = self.sudo().filtered(lambda part: not part.cost_line_ids)
        for part in self.sudo() - missing:
            left = part.cost_line_ids.work_order_id - part.work_order_id
            columns = {order._analytic_account().plan_id._column_name(): False for order in left}
            part.cost_line_ids.write({**columns, **part._cost_values()})
        if missing:
            self.env["account.analytic.line"].sudo().create([part._cost_values() for part in missing])

    def _costed_quantity(self):
        """How much of this part costs something by being posted."""
        self.ensure_one()
        return self.quantity

    def _cost_values(self):
        self.ensure_one()
        order = self.work_order_id
        return {
            **self.env["account.analytic.line"]._work_order_values(order),
            "amount": -self.currency_id.round(self.unit_cost * self._costed_quantity()),
            "date": self.date,
            "name": self.product_id.display_name,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "unit_amount": self.quantity,
            "user_id": self.user_id.id,
            "work_order_id": order.id,
            "work_order_part_id": self.id,
            "work_order_task_id": self.work_order_task_id.id,
        }

    def _reasons_against_entry(self):
        reasons = super()._reasons_against_entry()
        order, product = self.work_order_id, self.product_id.display_name
        if self.product_uom_id.compare(self.quantity, 0.0) <= 0:
            text = self.env._(
                "%(order)s: Quantity of “%(part)s” must be more than zero.", order=order.name, part=product
            )
            reasons.append(Reason("quantity", text))
        if self.product_id.type != "consu":
            text = self.env._(
                "%(order)s: “%(part)s” is not goods, so it cannot be used as a part; post time for services.",
                order=order.name,
                part=product,
            )
            reasons.append(Reason("product_id", text))
        if not self.product_uom_id._has_common_reference(self.product_id.uom_id):
            text = self.env._(
                "%(order)s: “%(part)s” is not counted in %(unit)s.",
                order=order.name,
                part=product,
                unit=self.product_uom_id.name,
            )
            reasons.append(Reason("product_uom_id", text))
        if self.unit_cost < 0:
            text = self.env._("%(order)s: Unit Cost of “%(part)s” is negative.", order=order.name, part=product)
            reasons.append(Reason("unit_cost", text))
        return reasons
