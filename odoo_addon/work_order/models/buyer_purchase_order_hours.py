"""A buyer's PO may limit hours: what is posted on all its work orders stops there until the buyer raises the limit."""

from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from .work_order_flow import Reason


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    hours_limit = fields.Float(
        tracking=True,
        help="The most hours that may be posted on all work orders of this PO. Empty: no limit.",
    )
    hours_used = fields.Float(
        compute="_compute_hours_used", compute_sudo=True, help="Posted on its work orders so far."
    )

    _hours_not_negative = models.Constraint("CHECK(hours_limit >= 0)", "The hours limit of a PO cannot be negative.")

    @api.depends("hours_limit")
    def _compute_hours_used(self):
        used = self._posted_hours()
        for po in self:
            po.hours_used = used.get(po._origin.id, 0.0)

    @api.depends("hours_limit", "hours_used")
    def _compute_is_near_limit(self):
        return super()._compute_is_near_limit()

    @api.model
    def _limit_fields(self):
        return super()._limit_fields() | {"hours_limit"}

    def _used_shares(self):
        shares = super()._used_shares()
        return [*shares, 100 * self.hours_used / self.hours_limit] if self.hours_limit > 0 else shares

    def _posted_hours(self):
        """Hours by PO id: of the task's PO, of the ticket's where no task was named; billable work only."""
        if not self._origin:
            return {}
        for model in ("account.analytic.line", "work.order", "work.order.task", "work.order.type"):
            self.env[model].flush_model()
        query = SQL(
            """SELECT po.id, SUM(entry.unit_amount)
                 FROM account_analytic_line entry
                 JOIN work_order ticket ON ticket.id = entry.work_order_id
                 JOIN work_order_type type ON type.id = ticket.type_id AND type.billable AND type.kind = 'standard'
            LEFT JOIN work_order_task task ON task.id = entry.work_order_task_id
                 JOIN buyer_purchase_order po ON po.id = CASE WHEN task.id IS NULL
                      THEN ticket.buyer_purchase_order_id ELSE task.buyer_purchase_order_id END
                WHERE po.id IN %s AND entry.category = 'work_order_time'
             GROUP BY po.id""",
            tuple(self._origin.ids),
        )
        return dict(self.env.execute_query(query))

    def _reason_against_hours(self, used, asked):
        text = self.env._(
            "Buyer PO %(po)s: %(left).2f of %(limit).2f hours are left, but %(asked).2f are asked for. Have the buyer "
            "raise the PO, or record a change order.",
            po=self.number,
            left=max(self.hours_limit - used + asked, 0.0),
            limit=self.hours_limit,
            asked=asked,
        )
        return Reason("buyer_po", text)


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _reasons_against_cost(self, entries):
        """Refuse hours beyond what a buyer's PO allows; its row is taken, so nobody else uses them meanwhile."""
        reasons = super()._reasons_against_cost(entries)
        if entries._name != "account.analytic.line":
            return reasons
        asked = {}
        for entry in entries:
            task = entry.work_order_task_id
            po = (task or entry.work_order_id).buyer_purchase_order_id
            if po.hours_limit and entry.work_order_id.billable:
                asked[po] = asked.get(po, 0.0) + entry.unit_amount
        if not asked:
            return reasons
        orders = self.env["buyer.purchase.order"].union(*asked)
        orders._lock_balances()
        used = orders._posted_hours()
        return reasons + [
            po._reason_against_hours(used.get(po.id, 0.0), hours)
            for po, hours in asked.items()
            if hours > 0 and float_compare(used.get(po.id, 0.0), po.hours_limit, precision_digits=2) > 0
        ]


class WorkOrderChange(models.Model):
    _inherit = "work.order.change"

    po_hours_delta = fields.Float(
        string="PO Hours +/-", copy=False, help="By how much the buyer raised the hours of the PO."
    )

    def _changes_something(self):
        return super()._changes_something() or bool(self.po_hours_delta)

    def _reasons_against_content(self):
        reasons, po = super()._reasons_against_content(), self.work_order_id.buyer_purchase_order_id
        if self.po_hours_delta and not po.hours_limit:
            text = self.env._("PO Hours +/-: this work order is on no buyer's PO whose hours are limited.")
            reasons.append(Reason("po_hours_delta", text))
        elif self.po_hours_delta and po.hours_limit + self.po_hours_delta <= 0:
            text = self.env._("PO Hours +/-: nothing of the hours of buyer PO %s would be left.", po.number)
            reasons.append(Reason("po_hours_delta", text))
        return reasons

    def _po_values(self):
        values = super()._po_values()
        if self.po_hours_delta:
            values["hours_limit"] = self.work_order_id.buyer_purchase_order_id.hours_limit + self.po_hours_delta
        return values
