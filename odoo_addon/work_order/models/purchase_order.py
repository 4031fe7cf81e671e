from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    work_order_id = fields.Many2one(
        "work.order",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The work order these parts or this subcontractor are bought for.",
    )

    def action_view_work_order(self):
        self.ensure_one()
        return self.work_order_id._action_open()
