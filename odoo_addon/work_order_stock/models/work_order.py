from odoo import models
from odoo.addons.work_order.models.work_order_flow import Reason
from odoo.addons.work_order.plain_number import plain


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _gate_done(self):
        return super()._gate_done() + self._reasons_against_stock()

    def _reasons_against_stock(self):
        """Storable goods reported as done must have left stock, or stock on hand would be wrong."""
        reasons = []
        tasks = self.sudo().task_ids.filtered(lambda task: task.state == "done" and task.product_id.is_storable)
        for product, done_tasks in tasks.grouped("product_id").items():
            unit = product.uom_id
            done = sum(
                task.product_uom_id._compute_quantity(task.done_quantity, unit, round=False) for task in done_tasks
            )
            parts = self.sudo().part_ids.filtered(lambda part, product=product: part.product_id == product)
            posted = sum(part.product_uom_id._compute_quantity(part.quantity, unit, round=False) for part in parts)
            if unit.compare(posted, done) < 0:
                text = self.env._(
                    "Parts: %(done)s %(unit)s of “%(product)s” were done, but only %(posted)s posted; post the rest.",
                    done=plain(done),
                    unit=unit.name,
                    product=product.display_name,
                    posted=plain(posted),
                )
                reasons.append(Reason("part_ids", text))
        return reasons
