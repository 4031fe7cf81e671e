"""A buyer's PO whose limit is nearly used: shown on the PO, and told once to who is responsible for the work."""

from odoo import api, fields, models

from .buyer_purchase_order import PRICE_GROUPS
from .work_order_release import COMMITTING


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    is_near_limit = fields.Boolean(
        compute="_compute_is_near_limit",
        groups=PRICE_GROUPS,
        help="Work orders have released as much of the limit as the company wants to be warned of.",
    )
    limit_warned = fields.Boolean(copy=False, readonly=True, help="Somebody was warned already.")

    @api.depends("amount_limit", "released_amount", "company_id.nte_warn_share")
    def _compute_is_near_limit(self):
        for po in self.sudo():
            share = po.amount_limit * po.company_id.nte_warn_share / 100
            po.is_near_limit = po.amount_limit > 0 and po.currency_id.compare_amounts(po.released_amount, share) >= 0

    def write(self, vals):
        if "amount_limit" in vals:  # there is room again, or less of it than was told
            vals = {**vals, "limit_warned": False}
        return super().write(vals)


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _advance(self, target):
        result = super()._advance(target)
        if target in COMMITTING:
            self.sudo()._warn_of_po_limits()
        return result

    def _check_cost(self, entries):
        result = super()._check_cost(entries)
        self.sudo()._warn_of_po_limits()
        return result

    def _warn_of_po_limits(self):
        """One activity per PO, for the responsible of the work order that brought it near its limit; no money in it."""
        orders = self.task_ids.buyer_purchase_order_id.filtered(lambda po: po.amount_limit and not po.limit_warned)
        if not orders:
            return
        orders.invalidate_recordset(["released_amount", "is_near_limit"])
        for po in orders.filtered("is_near_limit"):
            ticket = self.filtered(lambda order, po=po: po in order.task_ids.buyer_purchase_order_id)[-1:]
            share = 100 * po.released_amount / po.amount_limit
            ticket.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Buyer's PO nearly used"),
                note=self.env._("%(share).0f %% of the limit of PO %(number)s is used.", share=share, number=po.number),
                user_id=(ticket.user_id or self.env.user).id,
            )
            po.limit_warned = True
