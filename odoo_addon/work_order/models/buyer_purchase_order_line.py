from odoo import api, fields, models
from odoo.exceptions import UserError

from .buyer_purchase_order import PRICE_GROUPS, po_key

#: What a change of is told in the PO's own history.
TOLD = ("quantity", "unit_price", "amount_limit", "state")


class BuyerPurchaseOrderLine(models.Model):
    """One line of a buyer's purchase order: what may be released on it, and what has been."""

    _name = "buyer.purchase.order.line"
    _description = "Buyer Purchase Order Line"
    _rec_name = "number"
    _rec_names_search = ["number", "name", "buyer_item_code", "purchase_order_id.number"]
    _order = "purchase_order_id, sequence, id"
    _check_company_auto = True

    purchase_order_id = fields.Many2one(
        "buyer.purchase.order", string="Buyer PO", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="purchase_order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="purchase_order_id.currency_id")
    sequence = fields.Integer(default=10)
    number = fields.Char(string="Line", required=True, help="Exactly as the buyer writes it, such as 10 or 00010.")
    number_key = fields.Char(compute="_compute_number_key", store=True, readonly=True)
    name = fields.Char(string="Description")
    buyer_item_code = fields.Char()
    product_id = fields.Many2one("product.product", ondelete="restrict", check_company=True)
    quantity = fields.Float(
        string="Ordered", digits="Product Unit", help="The most that may be released. Empty: only an amount is limited."
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit")
    unit_price = fields.Float(digits="Product Price", groups=PRICE_GROUPS)
    amount_limit = fields.Monetary(
        string="Limit",
        groups=PRICE_GROUPS,
        help="The most that work on this line may come to, untaxed. Empty: no limit.",
    )
    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    state = fields.Selection([("open", "Open"), ("closed", "Closed")], required=True, default="open", copy=False)

    _number_unique = models.Constraint("UNIQUE(purchase_order_id, number_key)", "This PO has a line of that number.")
    _limits_not_negative = models.Constraint(
        "CHECK(quantity >= 0 AND unit_price >= 0 AND amount_limit >= 0)",
        "Quantity, price and limit of a PO line cannot be negative.",
    )

    @api.depends("number")
    def _compute_number_key(self):
        for line in self:
            line.number_key = po_key(line.number)

    @api.depends("number", "purchase_order_id.number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.purchase_order_id.number} / {line.number}"

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id:
            self.name = self.name or self.product_id.display_name
            self.product_uom_id = self.product_id.uom_id

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._as_written(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("product_id") and not vals.get("product_uom_id"):
                vals["product_uom_id"] = self.env["product.product"].browse(vals["product_id"]).uom_id.id
        lines = super().create(vals_list)
        lines.purchase_order_id._link_work_orders()
        return lines

    def write(self, vals):
        vals = self._as_written(vals)
        self.filtered(lambda line: line._becomes_another(vals))._check_unused()
        before = {line: [line.sudo()[name] for name in TOLD] for line in self}
        result = super().write(vals)
        self._tell(before)
        if vals.keys() & {"number", "purchase_order_id"}:
            self.purchase_order_id._link_work_orders()
        return result

    @api.model
    def _as_written(self, vals):
        return {**vals, "number": vals["number"].strip()} if isinstance(vals.get("number"), str) else dict(vals)

    def _tell(self, before):
        """Say in the PO's history what changed on its lines; balances and caps follow from it."""
        for line in self.sudo():
            changes = [
                f"{self._fields[name].get_description(self.env)['string']}: {old or 0} → {line[name] or 0}"
                for name, old in zip(TOLD, before[line], strict=True)
                if old != line[name]
            ]
            if changes:
                line.purchase_order_id.message_post(
                    body=self.env._("Line %(line)s - %(changes)s", line=line.number, changes=", ".join(changes)),
                    subtype_xmlid="mail.mt_note",
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _becomes_another(self, vals):
        number = (vals.get("number", self.number) or "").casefold()
        return (number, vals.get("purchase_order_id", self.purchase_order_id.id)) != (
            self.number.casefold(),
            self.purchase_order_id.id,
        )

    def _check_unused(self):
        """What work orders draw on neither goes nor moves to another PO."""
        tasks = self.env["work.order.task"].sudo().search([("buyer_po_line_id", "in", self.ids)])
        if tasks:
            raise UserError(
                self.env._(
                    "Work orders name these PO lines, so they stay in the register; close them instead: %s",
                    ", ".join(tasks.buyer_po_line_id.mapped("display_name")),
                )
            )
