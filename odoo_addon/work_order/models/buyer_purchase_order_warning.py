"""A buyer's PO whose limit is nearly used: shown on the PO, and told once to who is responsible for the work."""

from odoo import api, fields, models
from odoo.tools import float_compare

from .buyer_purchase_order import PRICE_GROUPS
from .work_order_release import COMMITTING


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    is_near_limit = fields.Boolean(
        compute="_compute_is_near_limit",
        groups=PRICE_GROUPS,
        help="Work orders have used as much of a limit as the company wants to be warned of.",
    )
    limit_warned = fields.Boolean(copy=False, readonly=True, help="Somebody was warned already.")

    @api.depends("amount_limit", "released_amount", "company_id.nte_warn_share")
    def _compute_is_near_limit(self):
        for po in self.sudo():
            shares, near = po._used_shares(), po.company_id.nte_warn_share
            po.is_near_limit = any(float_compare(share, near, precision_digits=4) >= 0 for share in shares)

    @api.model
    def _limit_fields(self):
        """The limits of a PO somebody is warned of."""
        return {"amount_limit"}

    def _used_shares(self):
        """How much of each limit that is set is used, in percent."""
        self.ensure_one()
        return [100 * self.released_amount / self.amount_limit] if self.amount_limit > 0 else []

    def write(self, vals):
        if vals.keys() & self._limit_fields():  # there is room again, or less of it than was told
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
        orders = self.task_ids.buyer_purchase_order_id.filtered(lambda po: not po.limit_warned)
        orders = orders.filtered(lambda po: any(po[name] for name in po._limit_fields()))
        if not orders:
            return
        orders.invalidate_recordset(["released_amount", "hours_used", "is_near_limit"])
        for po in orders.filtered("is_near_limit"):
            ticket = self.filtered(lambda order, po=po: po in order.task_ids.buyer_purchase_order_id)[-1:]
            share = max(po._used_shares())
            ticket.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Buyer's PO nearly used"),
                note=self.env._("%(share).0f %% of the limit of PO %(number)s is used.", share=share, number=po.number),
                user_id=(ticket.user_id or self.env.user).id,
            )
            po.limit_warned = True
