"""From preventive plans to work orders: ahead of the due date, and never twice for one."""

import logging
import math
from collections import namedtuple
from datetime import datetime, time, timedelta
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date
from psycopg2 import IntegrityError, OperationalError
from pytz import UTC, timezone

from ..plain_number import plain

_logger = logging.getLogger(__name__)

#: Something that falls due: the key that is unique within the plan, the day, and the meter's total or None.
Due = namedtuple("Due", ["key", "day", "total"])
#: Of one plan in one run; what is left comes with the next run.
MOST_AT_ONCE = 100
#: Missed due dates told one by one.
SHOWN = 12
#: Set by a plan, for good.
PLAN_FIELDS = {"plan_id", "plan_due_key", "plan_due_date"}


class WorkOrder(models.Model):
    _inherit = "work.order"

    plan_id = fields.Many2one(
        "work.order.plan", index="btree_not_null", copy=False, readonly=True, ondelete="restrict", check_company=True
    )
    plan_due_key = fields.Char(copy=False, readonly=True)
    plan_due_date = fields.Date(string="Planned Due Date", copy=False, readonly=True)

    _plan_due_unique = models.UniqueIndex(
        "(plan_id, plan_due_key) WHERE plan_id IS NOT NULL", "This plan has a work order for that due date already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_plan_fields(name for vals in vals_list for name in vals if vals[name])
        if any(f"default_{name}" in self.env.context for name in PLAN_FIELDS):
            vals_list = [{**dict.fromkeys(PLAN_FIELDS, False), **vals} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_plan_fields(vals)
        return super().write(vals)

    def _check_plan_fields(self, names):
        if PLAN_FIELDS.intersection(names):
            raise AccessError(self.env._("Which plan and due date a work order is for is set by the plan."))


class WorkOrderPlan(models.Model):
    _inherit = "work.order.plan"

    def action_create_now(self):
        """Create what is due by now, without waiting for the nightly run, and show it."""
        self.check_access("write")
        idle = self.filtered(lambda plan: plan.state != "running")
        if idle:
            raise UserError(self.env._("Start these plans first: %s", ", ".join(idle.mapped("name"))))
        orders = self.env["work.order"].union(*(plan.sudo()._create_due() for plan in self))
        if not orders:
            raise UserError(self.env._("Nothing is due yet."))
        return orders.sudo(False)._action_open()

    @api.model
    def _cron_create_work_orders(self):
        """Create the work orders of every running plan that are due by now, plan by plan.

        A plan that cannot says why in its chatter, and does not keep the others from theirs.
        """
        plans = self._with_something_due()
        for done, plan in enumerate(plans, 1):
            plan._create_due_or_say_why()
            self.env["ir.cron"]._commit_progress(1, remaining=len(plans) - done)

    @api.model
    def _with_something_due(self):
        running = [("state", "=", "running")]
        today = fields.Date.context_today(self)
        by_calendar = self.search([*running, ("next_creation_date", "<=", today)], order="id")
        by_meter = self.search([*running, ("by_meter", "=", True)], order="id")
        return by_calendar | by_meter.filtered(lambda plan: plan._due_by_meter()[0])

    def _create_due_or_say_why(self):
        try:
            with self.env.cr.savepoint():
                self._create_due()
        except (OperationalError, IntegrityError):  # somebody else created them since this run began
            self.env.invalidate_all()
            _logger.info("Plan %s is being worked on by somebody else", self.id)
        except (UserError, AccessError) as error:
            self.env.invalidate_all()
            self._tell_trouble(str(error))

    def _tell_trouble(self, text):
        """In the chatter once, not every night; on the form as it is now."""
        if not self.trouble:
            self.message_post(body=self.env._("No work order could be created: %s", text))
        self.trouble = text

    def _create_due(self):
        """Create the work orders that are due now. Gives none if another transaction is doing so.

        :raises UserError: with every reason, if what the plan needs is not as it was when the plan was started
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            return self.env["work.order"]
        self.invalidate_recordset()  # somebody may have moved it on since it was read
        reasons = self._reasons_against_running()
        if reasons:
            raise UserError(" ".join(reason.message for reason in reasons))
        due, missed = self._due_now()
        known = self._known_keys(due)
        orders = self.env["work.order"].create([self._work_order_values(each) for each in due if each.key not in known])
        if due or missed:
            self._move_on([*missed, *due])
        orders.filtered(lambda order: not order._reasons_against("ready")).action_ready()
        self._tell(orders, missed)
        return orders

    def _known_keys(self, due):
        """Keys that have a work order already, whatever became of it."""
        orders = self.env["work.order"].search(
            [("plan_id", "=", self.id), ("plan_due_key", "in", [each.key for each in due])]
        )
        return set(orders.mapped("plan_due_key"))

    def _due_now(self):
        """What is to be created now, and what was missed and is not created: two lists of :class:`Due`."""
        today = fields.Date.context_today(self)
        due, missed = self._due_by_calendar(today)
        if self.by_meter and not due:  # whichever comes first
            due, passed = self._due_by_meter()
            missed += passed
        return due, missed

    def _due_by_calendar(self, today):
        days = self._due_dates(until=today + timedelta(days=self.lead_days))
        if self.by_meter:
            days = islice(days, 1)  # the next one counts from there, and this one is due however late it is
        elif self.missed == "all":
            days = islice(days, MOST_AT_ONCE)
        due = [Due(f"{day}", day, None) for day in days]
        late = [each for each in due if each.day < today]
        missed = [] if self.by_meter else {"all": [], "none": late, "latest": late[:-1]}[self.missed]
        return [each for each in due if each not in missed], missed

    def _due_by_meter(self):
        """What the meter has passed since the last work order; of several steps at once as the policy says."""
        if not (self.by_meter and self.meter_id and self.meter_step > 0):
            return [], []
        today = fields.Date.context_today(self)
        base = self.last_due_total or self.meter_start
        steps = math.floor(round((self.meter_total + self.meter_lead - base) / self.meter_step, 6))
        if self.missed == "all":
            steps = min(steps, MOST_AT_ONCE)
        totals = [base + number * self.meter_step for number in range(1, steps + 1)]
        due = [Due(f"meter {self.meter_id.id}: {total:.2f}", today, total) for total in totals]
        return (due, []) if self.missed == "all" else (due[-1:], due[:-1])

    def _work_order_values(self, due):
        zone = timezone(self.user_id.tz or self.company_id.partner_id.tz or "UTC")
        hour = timedelta(hours=self.start_hour)

        def moment(clock):
            return zone.localize(datetime.combine(due.day, time.min) + clock).astimezone(UTC).replace(tzinfo=None)

        return {
            **self.template_id._ticket_values(),
            "plan_id": self.id,
            "plan_due_key": due.key,
            "plan_due_date": due.day,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "site_id": self.site_id.id,
            "asset_id": self.asset_id.id,
            "job_id": self.job_id.id,
            "user_id": self.user_id.id,
            "technician_ids": [fields.Command.set(self.technician_ids.ids)],
            "scheduled_start": moment(hour),
            "required_completion": moment(timedelta(days=1, minutes=-1)),
        }

    def _move_on(self, passed):
        """Remember how far the plan has got; what lies behind is not created again, whatever becomes of it."""
        values = {"trouble": False}
        totals = [each.total for each in passed if each.total is not None]
        if totals:
            values["last_due_total"] = max(totals)
        if self.by_calendar:
            values["last_due_date"] = max(each.day for each in passed)
        if self.by_calendar and self.by_meter:  # both count anew, from when the work is done
            values["last_due_date"] = max(values["last_due_date"], fields.Date.context_today(self))
            values.setdefault("last_due_total", self.meter_total)
        self.write(values)

    def _tell(self, orders, missed):
        for order in orders:
            day = format_date(self.env, order.plan_due_date)
            text = self.env._("%(order)s created, due %(day)s.", order=order._get_html_link(), day=day)
            self.message_post(body=text)
        if missed:
            shown = [format_date(self.env, each.day) if each.total is None else plain(each.total) for each in missed]
            if len(shown) > SHOWN:
                shown[SHOWN:] = [self.env._("%d more", len(shown) - SHOWN)]
            text = self.env._("Passed without a work order, as the plan says: %s", ", ".join(shown))
            for record in (self, *orders[:1]):
                record.message_post(body=text)
