"""Time and materials: what may be posted, and what posted entries and rates no longer let change."""

from odoo import models
from odoo.exceptions import UserError

from .sale_order_line import BEGUN
from .work_order_flow import Reason


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _take_rows(self):
        if self:
            self._bump_billing_revision()

    def _reasons_against_cost(self, entries):
        """What is billed follows the entries first, as the caps are judged by it afterwards."""
        reasons = super()._reasons_against_cost(entries)
        if not reasons:
            reasons += self._reasons_against_time_and_material(entries)
        if not reasons:
            entries.work_order_task_id._follow_posted()
        return reasons

    def _reasons_against_time_and_material(self, entries):
        """Entries that a task of time and materials cannot bill."""
        reasons = []
        for entry in entries.filtered(lambda entry: entry.work_order_task_id._follows_posted()):
            task = entry.work_order_task_id
            values = {"order": task.work_order_id.name, "task": task.name, "unit": task.product_uom_id.name}
            if task.bucket_of_id:
                text = self.env._(
                    "%(order)s: “%(task)s” only bills what was posted elsewhere; choose the task “%(parent)s”.",
                    **values,
                    parent=task.bucket_of_id.name,
                )
                reasons.append(Reason("work_order_task_id", text))
            elif entry._name == "account.analytic.line" and not task._is_labor():
                text = self.env._(
                    "%(order)s: “%(task)s” is billed in %(unit)s, not by time; choose a labor task for hours.", **values
                )
                reasons.append(Reason("work_order_task_id", text))
            elif entry._name == "account.analytic.line":
                reasons += self._reasons_against_premium_time(entry)
        return reasons

    def _reasons_against_premium_time(self, entry):
        """Hours at a premium, for a customer who wants to be asked and was not."""
        order = entry.work_order_id
        if not order.partner_id.after_hours_approval or order.premium_approved_by:
            return []
        if not any(rate for rate, _day, _hours in entry.work_order_task_id._stretches_of(entry)):
            return []
        return [
            Reason(
                "premium_approved_by",
                self.env._(
                    "%(order)s: these hours are at a premium, and %(customer)s approves those first. Have a dispatcher "
                    "fill in Premium Approved By.",
                    order=order.name,
                    customer=order.partner_id.name,
                ),
            )
        ]


class WorkOrderEntry(models.AbstractModel):
    _inherit = "work.order.entry"

    def write(self, vals):
        """Tasks that an entry leaves follow too; those it is on now follow when it is checked."""
        moves = vals.keys() & {"work_order_id", "work_order_task_id"}
        before = self.sudo().work_order_task_id if moves else self.env["work.order.task"]
        result = super().write(vals)
        left = before - self.sudo().work_order_task_id
        if left:
            left.work_order_id._bump_billing_revision()
            left._follow_posted()
        return result

    def unlink(self):
        if not self:  # Odoo asks for this on every line it writes
            return super().unlink()
        tasks = self.sudo().work_order_task_id
        result = super().unlink()
        tasks._follow_posted()
        return result


class WorkOrderRate(models.Model):
    _inherit = "work.order.rate"

    def write(self, vals):
        self._check_use(vals)
        return super().write(vals)

    def _check_use(self, vals):
        """What work was billed by stays as it was; only its end may be set, once no open work needs it."""
        if not vals.keys() - {"name"}:
            return
        tasks = self.env["work.order.task"].sudo()
        used = tasks.search([("rate_id", "in", self.ids), ("done_quantity", ">", 0)])
        if vals.keys() <= {"name", "active", "date_to"}:
            used = used.filtered(lambda task: task.work_order_id.state in BEGUN and not task._billable_quantity())
        if used:
            raise UserError(
                self.env._(
                    "“%(rate)s” is in use: %(orders)s. Set Valid Until once that work is complete, and add a new rate.",
                    rate=used[0].rate_id.name,
                    orders=", ".join(used.work_order_id.mapped("name")),
                )
            )
