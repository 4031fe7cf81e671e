"""What is bought for a work order lands on its account: purchase orders, vendor bills, and its own invoices."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: A bill that comes now comes late.
SETTLED = ("invoiced", "closed", "cancelled")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "purchase")._charge_work_orders()
        return orders

    def write(self, vals):
        moved = self.filtered(lambda order: order.work_order_id) if "work_order_id" in vals else self.browse()
        moved = moved.filtered(lambda order: order.work_order_id.id != vals["work_order_id"])
        moved._leave_work_orders()
        result = super().write(vals)
        if vals.keys() & {"state", "work_order_id"}:
            self.filtered(lambda order: order.state == "purchase" and order.work_order_id)._charge_work_orders()
        return result

    def _charge_work_orders(self):
        """Put the lines of confirmed orders on the accounts of their work orders.

        :raises UserError: if a work order is settled, so that nothing may be bought for it any more
        """
        settled = self.work_order_id.sudo().filtered(lambda ticket: ticket.state in SETTLED)
        if settled:
            raise UserError(
                self.env._(
                    "Nothing can be bought for a work order that is settled: %s. Choose another work order, or none.",
                    ", ".join(f"{ticket.name} ({ticket._state_label(ticket.state)})" for ticket in settled),
                )
            )
        self.order_line._charge_work_order()

    def _leave_work_orders(self):
        """Take the lines off the accounts of their work orders, before others are chosen.

        :raises UserError: if the vendor has billed them there already
        """
        billed = self.filtered(lambda order: "posted" in order.sudo().order_line.invoice_lines.mapped("parent_state"))
        if billed:
            raise UserError(
                self.env._("Work Order cannot change any more: %s is billed.", ", ".join(billed.mapped("name")))
            )
        for line in self.order_line.filtered("analytic_distribution"):
            account = line.order_id.work_order_id.sudo()._analytic_account()
            line.analytic_distribution = account._taken_from(line.analytic_distribution)


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(
            lambda line: line.order_id.state == "purchase" and line.order_id.work_order_id
        )._charge_work_order()
        return lines

    def _charge_work_order(self):
        self.order_id.work_order_id._open_analytic_accounts()
        for line in self.filtered(lambda line: not line.display_type):
            account = line.order_id.work_order_id.sudo()._analytic_account()
            distribution = account._added_to(line.analytic_distribution)
            if distribution != (line.analytic_distribution or {}):
                line.analytic_distribution = distribution

    def _cost_not_billed(self):
        """What this line will still cost, in company currency: ordered less what is on posted vendor bills."""
        self.ensure_one()
        billed = 0.0
        for line in self.invoice_lines.filtered(lambda line: line.parent_state == "posted"):
            quantity = line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id, round=False)
            billed += -quantity if line.move_id.move_type == "in_refund" else quantity
        if not self.product_qty or self.product_uom_id.compare(billed, self.product_qty) >= 0:
            return 0.0
        left = self.price_subtotal * (self.product_qty - max(billed, 0.0)) / self.product_qty
        company = self.company_id
        day = self.order_id.date_approve or fields.Date.context_today(self)
        return self.currency_id._convert(left, company.currency_id, company, day)


class AccountAnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    def _added_to(self, distribution):
        """``distribution`` with all of it on this account, unless it names an account of the same plan already."""
        distribution = dict(distribution or {})
        if not self:
            return distribution
        named = self.browse({int(key) for keys in distribution for key in keys.split(",") if key.isdigit()})
        if self.root_plan_id in named.sudo().exists().root_plan_id:
            return distribution
        return {**distribution, str(self.id): 100.0}

    def _taken_from(self, distribution):
        """``distribution`` without the shares that are on this account alone."""
        return {keys: share for keys, share in distribution.items() if keys != str(self.id)}

    def _work_order(self):
        """The work order that this account was opened for, or an empty recordset."""
        if not self:
            return self.env["work.order"].sudo()
        return self.env["work.order"].sudo().search([("analytic_account_id", "in", self.ids)], limit=1)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _related_analytic_distribution(self):
        """The work order's account too, on its invoices and on the vendor bills of its purchases."""
        distribution = super()._related_analytic_distribution()
        if self.analytic_distribution and not distribution:
            return distribution
        ticket = self.sudo()._charged_work_order()
        return ticket._analytic_account()._added_to(distribution) if ticket else distribution

    def _charged_work_order(self):
        """The work order this line is known to belong to."""
        return self.work_order_id or self.purchase_line_id.order_id.work_order_id

    def _work_order_of(self, accounts, own):
        """Work order and task that an analytic line of this item belongs to, as its values.

        :param accounts: all accounts of the analytic line; ``own`` is the one in the plan of work orders, if any
        """
        self.ensure_one()
        line = self.sudo()
        ticket = line._charged_work_order()
        if not ticket or ticket._analytic_account() not in accounts:
            ticket = own._work_order()
        if not ticket:
            return {"work_order_id": False, "work_order_task_id": False}
        task = line.work_order_task_id
        if not task and "work_order_task_id" in line.purchase_line_id._fields:
            task = line.purchase_line_id.work_order_task_id
        task = task if task.work_order_id == ticket else task.browse()
        late = line.move_id.is_purchase_document(include_receipts=True) and ticket.state in SETTLED
        return {"work_order_id": ticket.id, "work_order_task_id": task.id, "work_order_late": late}
