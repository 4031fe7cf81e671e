from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    buyer_po = fields.Char(
        string="Buyer PO", index="btree_not_null", copy=False, help="The purchase order number the buyer issued."
    )
    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    work_order_ids = fields.One2many(
        "work.order", "sale_order_id", groups="work_order.group_technician,work_order.group_billing"
    )
    work_order_count = fields.Integer(compute="_compute_work_order_count", compute_sudo=True)

    @api.depends("work_order_ids")
    def _compute_work_order_count(self):
        for order in self:
            order.work_order_count = len(order.work_order_ids)

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._issue_work_orders()
        return result

    def _action_cancel(self):
        """Cancelling an order cancels its work orders; work already begun has to be settled first."""
        tickets = self.sudo().work_order_ids.filtered(lambda ticket: ticket.state != "cancelled")
        begun = tickets.filtered(lambda ticket: ticket.state not in ("draft", "ready", "dispatched"))
        if begun:
            raise UserError(
                self.env._(
                    "Work has begun on this order. Cancel or complete and invoice these work orders first: %s",
                    ", ".join(f"{ticket.name} ({ticket._state_label(ticket.state)})" for ticket in begun),
                )
            )
        tickets.action_cancel()
        return super()._action_cancel()

    def _prepare_invoice(self):
        """Odoo puts our own order number into the reference; a buyer would read it as their PO, so leave it out."""
        values = super()._prepare_invoice()
        if any(line._is_delivered_by_work_order() for line in self.order_line):
            values["ref"] = self.client_order_ref or ""
        return values

    def _get_invoiceable_lines(self, final=False):
        """Leave out lines delivered by work orders that have no finished task to invoice (now)."""
        lines = super()._get_invoiceable_lines(final)
        return lines.filtered(lambda line: not line._is_delivered_by_work_order() or line._tasks_to_invoice())

    def action_view_work_orders(self):
        self.ensure_one()
        return self.work_order_ids._action_open(self.env._("Work Orders of %s", self.name))
