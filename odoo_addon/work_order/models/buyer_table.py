"""What a change of the buyers' tables could fill in on open work: offered on their forms, never done silently."""

from odoo import api, fields, models

#: Work that still takes references.
TAKES_REFERENCES = ("draft", "ready", "dispatched", "in_progress", "on_hold")


class BuyerTable(models.AbstractModel):
    """A row of a table that work orders take references from."""

    _name = "buyer.table"
    _description = "Buyer Table"

    fillable_count = fields.Integer(
        string="Work Orders to Fill In",
        compute="_compute_fillable_count",
        help="Open work orders of this buyer that lack references the tables know.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_fillable_count(self):
        for row in self:
            row.fillable_count = len(row._fillable_work_orders())

    def _fillable_work_orders(self):
        """Open work orders of this buyer with tasks that the tables know more of, as far as this user sees them."""
        self.ensure_one()
        buyer, tasks = self.partner_id, self.env["work.order.task"]
        if not buyer or not tasks.has_access("read"):
            return self.env["work.order"]
        lacking = tasks.search(
            [
                ("company_id", "in", self.company_id.ids or self.env.companies.ids),
                ("work_order_id.partner_id", "child_of", buyer.commercial_partner_id.ids),
                ("work_order_id.state", "in", TAKES_REFERENCES),
                ("state", "!=", "cancelled"),
                *["|"] * 2,
                ("buyer_item_code", "=", False),
                ("buyer_po_line", "=", False),
                ("cost_center_id", "=", False),
            ]
        )
        return lacking._mapped()._fillable().work_order_id

    def action_fill_in(self):
        """Fill in what the tables know on the open work orders of this buyer."""
        return self._fillable_work_orders().action_fill_from_tables()


class BuyerItemCode(models.Model):
    _name = "buyer.item.code"
    _inherit = ["buyer.item.code", "buyer.table"]


class BuyerCostCenter(models.Model):
    _name = "buyer.cost.center"
    _inherit = ["buyer.cost.center", "buyer.table"]


class BuyerPurchaseOrder(models.Model):
    _name = "buyer.purchase.order"
    _inherit = ["buyer.purchase.order", "buyer.table"]
