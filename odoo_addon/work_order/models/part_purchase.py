"""Parts bought for a work order: their vendor bill brings the cost, so posting them brings none a second time."""

from odoo import fields, models


class WorkOrderPart(models.Model):
    _inherit = "work.order.part"

    bought_quantity = fields.Float(
        string="Bought for the Job",
        digits="Product Unit",
        readonly=True,
        copy=False,
        groups="work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly",
        help="How much of this came from a purchase order of this work order. The vendor bill brings its cost.",
    )

    def _post(self):
        return super(WorkOrderPart, self | self._share_out_purchases())._post()

    def _costed_quantity(self):
        return self.product_uom_id.round(super()._costed_quantity() - self.bought_quantity)

    def _share_out_purchases(self):
        """Say again which parts come from purchases; gives the parts for which that changed.

        Of each product, the first parts posted are those that were bought for the work order.
        """
        bought = (
            {
                (order.id, product.id): quantity
                for order, product, quantity in self.env["purchase.order.line"]
                .sudo()
                ._read_group(
                    [
                        ("order_id.work_order_id", "in", self.work_order_id.ids),
                        ("product_id", "in", self.product_id.ids),
                        ("order_id.state", "=", "purchase"),
                    ],
                    ["order_id.work_order_id", "product_id"],
                    ["product_uom_qty:sum"],
                )
            }
            if self
            else {}
        )
        changed = self.browse()
        if not bought and not any(self.sudo().mapped("bought_quantity")):
            return changed
        parts = self.sudo().search(
            [("work_order_id", "in", self.work_order_id.ids), ("product_id", "in", self.product_id.ids)], order="id"
        )
        for part in parts:
            key, unit = (part.work_order_id.id, part.product_id.id), part.product_id.uom_id
            left = bought.get(key, 0.0)
            used = min(left, part.product_uom_id._compute_quantity(part.quantity, unit, round=False))
            bought[key] = left - used
            quantity = unit._compute_quantity(used, part.product_uom_id, round=False)
            if part.product_uom_id.compare(part.bought_quantity, quantity):
                part._store_bought_quantity(quantity)
                changed |= part
        return changed.sudo(self.env.su)

    def _store_bought_quantity(self, quantity):
        return super().write({"bought_quantity": quantity})  # pylint: disable=super-method-mismatch


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def write(self, vals):
        tickets = self.work_order_id.sudo() if vals.keys() & {"state", "work_order_id"} else None
        result = super().write(vals)
        if tickets is not None:
            parts = (tickets | self.work_order_id.sudo()).part_ids
            parts.filtered(lambda part: part.product_id in self.sudo().order_line.product_id)._post()
        return result
