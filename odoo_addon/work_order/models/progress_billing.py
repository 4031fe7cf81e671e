"""Progress on sales orders and invoices: one unit at the value of the period, checked against what is approved."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from .work_order_flow import Reason

#: What decides the value of a line, and so what is left to bill of a progress task.
VALUE_FIELDS = {"price_unit", "discount"}
#: Differences from the sales order line that progress billing brings with it.
BY_VALUE = {"price_unit", "discount", "product_uom_id", "service_date"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _progress_lines(self):
        """Those that bill progress; asks the tasks in private, since not everybody who invoices may read them."""
        return self.filtered(lambda line: line.sudo().work_order_task_id.billing_type == "progress")

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & VALUE_FIELDS:
            self.sudo()._progress_lines().work_order_id._sync_billing_state()
        return result

    def _check_posted_links(self, vals):
        super()._check_posted_links(vals)
        if not vals.keys() & VALUE_FIELDS:
            return
        move = self.env["account.move"]
        for line in self.filtered(lambda line: line.parent_state == "posted")._progress_lines():
            if any(move._field_will_change(line, vals, name) for name in VALUE_FIELDS & vals.keys()):
                raise UserError(
                    self.env._("“%s” is posted: what it bills cannot change. Credit it instead.", line.name)
                )

    def _reasons_by_ticket(self, task):
        reasons = super()._reasons_by_ticket(task)
        if task.billing_type != "progress" or task._billable_quantity():
            return reasons
        text = self.env._(
            "no progress of task “%(task)s” of %(order)s is approved.", task=task.name, order=task.work_order_id.name
        )
        return [Reason("state", text), *(reason for reason in reasons if reason.field != "state")]

    def _reasons_by_task(self, task):
        """A share of the agreed price: the value is held against what is approved, all else against the order."""
        reasons = super()._reasons_by_task(task)
        if task.billing_type != "progress":
            return reasons
        if self.move_id.move_type == "out_refund" and self.move_id.reversed_entry_id:
            return [reason for reason in reasons if reason.field != "service_date"]  # it repeats the invoice it credits
        reasons = [reason for reason in reasons if reason.field not in BY_VALUE]
        if self.currency_id.compare_amounts(self.quantity * self.price_unit, 0.0) <= 0 or self.discount:
            text = self.env._("“%s” bills progress: one positive amount without discount.", task.name)
            reasons.append(Reason("price_unit", text))
        last = max((day for day in (task.service_date, task.approved_until) if day), default=False)
        if self.service_date and last and self.service_date > last:
            text = self.env._(
                "Service Date of “%(line)s” is %(given)s, but progress is approved until %(last)s.",
                line=task.name,
                given=self.service_date,
                last=last,
            )
            reasons.append(Reason("service_date", text))
        return reasons


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_invoiceable_lines(self, final=False):
        """Add lines whose approved progress is too small a share to show in the quantity to invoice."""
        lines = super()._get_invoiceable_lines(final)
        small = (self.order_line - lines).filtered(
            lambda line: line._progress_tasks() and line.state == "sale" and line._tasks_to_invoice()
        )
        if not small:
            return lines
        last = lines.filtered("is_downpayment")
        return (self.order_line & (lines - last | small)) + last


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _progress_tasks(self):
        return self.sudo().work_order_task_ids.filtered(lambda task: task.billing_type == "progress")

    @api.depends(
        "work_order_task_ids.approved_amount", "work_order_task_ids.billing_type", "work_order_task_ids.quantity"
    )
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _planned_quantity(self):
        """What all tasks of this line come to: planned, or delivered where that is more."""
        tasks = self.sudo().work_order_task_ids.filtered(lambda task: task.state != "cancelled")
        return sum(task.quantity if task.state == "todo" else task._delivered_quantity() for task in tasks)

    def _prepare_qty_delivered(self):
        delivered = super()._prepare_qty_delivered()
        for line in self:
            if line in delivered and line._progress_tasks():
                delivered[line] = line._whole_units(delivered[line])
        return delivered

    @api.depends("invoice_lines.price_unit", "invoice_lines.discount")
    def _compute_qty_invoiced(self):
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        invoiced = super()._prepare_qty_invoiced()
        for line in self:
            lines = line._get_invoice_lines().filtered(lambda each: each.parent_state != "cancel")
            if lines._progress_lines():
                invoiced[line] = line._share_invoiced(lines)
        return invoiced

    @api.depends("invoice_lines.price_unit", "invoice_lines.discount")
    def _compute_qty_invoiced_posted(self):
        result = super()._compute_qty_invoiced_posted()
        for line in self:
            lines = line._get_invoice_lines().filtered(lambda each: each.parent_state == "posted")
            if lines._progress_lines():
                line.qty_invoiced_posted = line._share_invoiced(lines)
        return result

    def _write_authorised(self, vals):
        """Not even a change order makes a line worth less than what was approved for billing."""
        result = super()._write_authorised(vals)
        for line in self:
            money = line.currency_id
            approved = sum(line._progress_tasks().mapped("approved_amount"))
            ordered = money.round(line.product_uom_qty * line.price_unit * (1 - line.discount / 100))
            if money.compare_amounts(ordered, approved) < 0:
                raise UserError(
                    self.env._(
                        "“%(line)s” cannot come to less than the %(amount)s already approved for billing.",
                        line=line.name.splitlines()[0],
                        amount=money.format(approved),
                    )
                )
        return result

    def _share_invoiced(self, lines):
        """The quantity these invoice lines stand for: shares of value for progress tasks, quantities for others."""
        progress = lines._progress_lines()
        total = self.env["work.order.task"]._billed_quantity(lines - progress)
        for task, own in progress.sudo().grouped("work_order_task_id").items():
            total += task._share(task._value_of(own))
        return self._whole_units(total)

    def _whole_units(self, quantity):
        """Rounded down, so that the last unit shows only when all of the value does."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_round(quantity, precision_digits=digits, rounding_method="DOWN")

    def _compute_invoice_status(self):
        result = super()._compute_invoice_status()
        for line in self:
            settled = line.state == "sale" and line.invoice_status in ("no", "invoiced")
            if settled and line._progress_tasks() and line._tasks_to_invoice():
                line.invoice_status = "to invoice"
        return result
