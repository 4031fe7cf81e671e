from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_analytic_lines(self):
        """The cost of goods sold of a work order's parts is on its account already, since they were posted."""
        if self.display_type == "cogs" and self._is_cost_of_posted_part():
            return []
        return super()._prepare_analytic_lines()

    def _is_cost_of_posted_part(self):
        ticket = self.sudo().cogs_origin_id.work_order_id
        return bool(ticket.part_ids.filtered(lambda part: part.product_id == self.product_id))
