from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("product_id.work_order_policy")
    def _compute_qty_delivered_method(self):
        result = super()._compute_qty_delivered_method()
        for line in self:
            if not line.is_expense and line.product_id.work_order_policy not in (False, "none"):
                line.qty_delivered_method = "work_order"
        return result

    def _action_launch_stock_rule(self, **kwargs):
        """What work orders deliver leaves stock when its parts are posted, and not a second time from here."""
        lines = self.filtered(lambda line: not line._is_delivered_by_work_order())
        return super(SaleOrderLine, lines)._action_launch_stock_rule(**kwargs)
