from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line import BEGUN

#: In which money, and whether at all, the customer ordered what the crew was sent on.
AUTHORISED_FIELDS = {"company_id", "currency_id", "pricelist_id", "state"}


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

    def write(self, vals):
        if vals.keys() & AUTHORISED_FIELDS and vals.get("state") != "sale":
            self._check_authority(vals)
        return super().write(vals)

    def _check_authority(self, vals):
        """A confirmed order that crews were sent on stays confirmed, at its currency and price list."""
        move = self.env["account.move"]
        for order in self.filtered(lambda order: order.state == "sale"):
            names = [name for name in AUTHORISED_FIELDS & vals.keys() if move._field_will_change(order, vals, name)]
            begun = order.sudo().work_order_ids.filtered(lambda ticket: ticket.state in BEGUN) if names else None
            if begun:
                raise UserError(
                    self.env._(
                        "%(fields)s of %(order)s cannot change any more: %(tickets)s was dispatched on it.",
                        fields=", ".join(
                            sorted(self._fields[name].get_description(self.env)["string"] for name in names)
                        ),
                        order=order.name,
                        tickets=", ".join(begun.mapped("name")),
                    )
                )

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
