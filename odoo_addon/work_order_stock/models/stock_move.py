from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    work_order_part_id = fields.Many2one(
        "work.order.part",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The part whose posting moved these goods to the customer, or whose correction brought them back.",
    )

    def _signed_quantity(self):
        """What went out less what came back, in the unit of the product."""
        return sum(
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False) * move._direction()
            for move in self
        )

    def _signed_value(self):
        return sum(move.value * move._direction() for move in self)

    def _direction(self):
        """1 for goods that leave us, -1 for goods that come back."""
        self.ensure_one()
        return 1 if self.location_id.usage == "internal" else -1
