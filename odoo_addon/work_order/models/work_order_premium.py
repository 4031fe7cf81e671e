"""Premiums of a work order, shown before they are spent, and approved where the customer wants to be asked."""

import pytz
from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .work_order_flow import Reason


class ResPartner(models.Model):
    _inherit = "res.partner"

    after_hours_approval = fields.Boolean(
        string="Approves After-hours Work",
        help="Work at a premium is dispatched for this customer, and its time accepted, only once the work order says "
        "who approved it.",
    )


class WorkOrder(models.Model):
    _inherit = "work.order"

    premium_times = fields.Char(
        compute="_compute_premium",
        compute_sudo=True,
        help="When a premium applies within the scheduled time.",
    )
    premium_text = fields.Text(
        compute="_compute_premium",
        compute_sudo=True,
        string="Premiums",
        groups="work_order.group_dispatcher,work_order.group_billing",
        help="What an hour costs within the scheduled time, where that is not the agreed price.",
    )
    premium_amount = fields.Monetary(
        compute="_compute_premium",
        compute_sudo=True,
        string="Premium",
        groups="work_order.group_dispatcher,work_order.group_billing",
        help="What the scheduled time costs above the agreed price, for one person.",
    )
    premium_approved_by = fields.Char(copy=False, help="Who at the customer approved work at a premium, and how.")
    premium_approved_on = fields.Date(copy=False)
    premium_approval_missing = fields.Boolean(compute="_compute_premium_approval_missing", compute_sudo=True)

    def write(self, vals):
        if vals.get("premium_approved_by") and not vals.get("premium_approved_on"):
            vals = dict(vals, premium_approved_on=fields.Date.context_today(self))
        return super().write(vals)

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"premium_approved_by"}

    @api.depends(
        "scheduled_start", "scheduled_end", "site_id", "task_ids.billing_type", "task_ids.product_id", "type_id"
    )
    def _compute_premium(self):
        for order in self:
            rows = order._scheduled_premiums()
            order.premium_times = ", ".join(dict.fromkeys(order._stretch_text(row) for _task, row in rows)) or False
            order.premium_text = "\n".join(order._premium_sentence(*pair) for pair in rows) or False
            order.premium_amount = sum(order._premium_above(*pair) for pair in rows)

    @api.depends("premium_approved_by", "premium_times", "partner_id")
    def _compute_premium_approval_missing(self):
        for order in self:
            order.premium_approval_missing = bool(
                order.partner_id.after_hours_approval and not order.premium_approved_by and order.premium_times
            )

    def _scheduled_premiums(self):
        """Pairs of task and stretch of the scheduled time that costs a premium; one task for each kind of labor."""
        self.ensure_one()
        tasks = self.task_ids.filtered(
            lambda task: task.billing_type == "time_material" and task.state != "cancelled" and task._is_labor()
        )
        if not (tasks and self.scheduled_start and self.scheduled_end and self.scheduled_start < self.scheduled_end):
            return []
        hours = (self.scheduled_end - self.scheduled_start).total_seconds() / 3600
        by_role = {task.product_id: task for task in reversed(tasks)}
        return [
            (task, stretch)
            for task in reversed(by_role.values())
            for stretch in self.env["work.order.rate"]._for(task, self.scheduled_start, hours)
            if stretch.rate
        ]

    def _time_zone(self):
        """Where the clock of this work is read: the site's zone, else the company's."""
        self.ensure_one()
        company = self.company_id.sudo()
        return pytz.timezone(
            self.sudo().site_id.tz or company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        )

    def _stretch_text(self, stretch):
        """For instance “Sat 18:00–22:00”, as the clock on site shows it."""
        zone = self._time_zone()
        first, last = (
            pytz.utc.localize(moment).astimezone(zone)
            for moment in (stretch.start, fields.Datetime.add(stretch.start, hours=stretch.hours))
        )
        day = format_date(self.env, first.date(), date_format="EEE")
        return f"{day} {first:%H:%M}–{last:%H:%M}"

    def _premium_sentence(self, task, stretch):
        return self.env._(
            "%(when)s: %(product)s %(price)s/h instead of %(regular)s",
            when=self._stretch_text(stretch),
            product=stretch.rate.bill_product_id.name,
            price=formatLang(self.env, self._net_price(*stretch.rate._price_for(task)), digits=2),
            regular=formatLang(self.env, task._regular_price(), digits=2),
        )

    def _premium_above(self, task, stretch):
        price = self._net_price(*stretch.rate._price_for(task))
        return self.currency_id.round(
            max(stretch.hours, stretch.rate.minimum_hours) * price - stretch.hours * task._regular_price()
        )

    @api.model
    def _net_price(self, price, discount):
        return price * (1 - discount / 100)

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_against_premium()

    def _reasons_against_premium(self):
        """Why work at a premium may not be dispatched yet, for a customer who wants to be asked."""
        self.ensure_one()
        if not self.partner_id.after_hours_approval or not self.premium_approval_missing:
            return []
        return [
            Reason(
                "premium_approved_by",
                self.env._(
                    "Premium Approved By is missing: %(customer)s approves after-hours work first (%(times)s).",
                    customer=self.partner_id.name,
                    times=self.premium_times,
                ),
            )
        ]


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _is_labor(self):
        """Whether the task is measured in time."""
        self.ensure_one()
        unit = self.product_uom_id
        return bool(unit) and unit._has_common_reference(self.env.ref("uom.product_uom_hour"))

    def _regular_price(self):
        """What one hour costs in regular time, less discount."""
        self.ensure_one()
        line, hour = self.sudo().sale_line_id, self.env.ref("uom.product_uom_hour")
        return (line.product_uom_id or hour)._compute_price(line.price_unit, hour) * (1 - line.discount / 100)
