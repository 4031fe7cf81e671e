"""Preventive plans: which work comes again, for whom and when."""

from datetime import timedelta
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare, format_date

from ..plain_number import plain
from .plan_calendar import Rhythm, months_of_season
from .work_order_flow import Reason

#: How far a plan has got; it moves on by creating work orders only.
PROGRESS_FIELDS = {"last_due_date", "last_due_total", "started_on", "trouble"}
#: What makes the calendar of a plan.
CALENDAR_FIELDS = ("every", "unit", "start_date", "end_date", "day_rule", "weekend", "season_from", "season_to")
#: What must hold for a plan to run.
CHECKED_FIELDS = (
    "active",
    "asset_id",
    "by_calendar",
    "by_meter",
    "company_id",
    "job_id",
    "lead_days",
    "meter_id",
    "meter_lead",
    "meter_step",
    "partner_id",
    "site_id",
    "start_hour",
    "state",
    "template_id",
    *CALENDAR_FIELDS,
)
#: Due dates shown ahead.
PREVIEW = 6


class WorkOrderPlan(models.Model):
    """Work that comes again: by the calendar, by what a meter counts, or by whichever comes first."""

    _name = "work.order.plan"
    _description = "Preventive Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "next_due_date, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("stopped", "Stopped")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    template_id = fields.Many2one(
        "work.order.template", index="btree_not_null", ondelete="restrict", check_company=True, tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="restrict", check_company=True
    )
    site_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="restrict", check_company=True)
    asset_id = fields.Many2one("work.order.asset", index="btree_not_null", ondelete="restrict", check_company=True)
    job_id = fields.Many2one(
        "work.order.job",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The service agreement or project that its work orders belong to.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user, tracking=True)
    technician_ids = fields.Many2many("res.users", "work_order_plan_technician_rel", string="Technicians")
    start_hour = fields.Float(default=8.0, help="When the work starts on its due date, in the responsible's time zone.")

    by_calendar = fields.Boolean(default=True)
    every = fields.Integer(default=1, aggregator=None)
    unit = fields.Selection(
        [("days", "Days"), ("weeks", "Weeks"), ("months", "Months"), ("years", "Years")], default="months"
    )
    start_date = fields.Date(string="First Due", tracking=True, help="The first due date; later ones count from it.")
    end_date = fields.Date(string="Until", tracking=True, help="Nothing falls due after this day.")
    day_rule = fields.Selection(
        [
            ("date", "Same day of the month"),
            ("last", "Last day of the month"),
            ("weekday", "Same weekday of the month"),
        ],
        string="Day",
        default="date",
        help="Of plans by months or years. In a shorter month, the same day is its last day. The same weekday is the "
        "first, second, third, fourth or last Tuesday, for instance, as the first due date is.",
    )
    weekend = fields.Selection(
        [
            ("keep", "Stay where they are"),
            ("before", "Move to Friday"),
            ("after", "Move to Monday"),
            ("skip", "Are skipped"),
        ],
        string="Weekends",
        default="keep",
        help="What happens to due dates on a Saturday or Sunday.",
    )
    season_from = fields.Selection("_selection_month", help="First month of the season; empty for the whole year.")
    season_to = fields.Selection("_selection_month", help="Last month of the season, which may go over the new year.")
    lead_days = fields.Integer(
        default=7, aggregator=None, help="Work orders are created this many days before they are due."
    )
    missed = fields.Selection(
        [("latest", "Only the latest"), ("all", "Each of them"), ("none", "None")],
        string="Missed Due Dates",
        required=True,
        default="latest",
        help="For which due dates that passed while nothing could be created a work order is created later.",
    )

    by_meter = fields.Boolean()
    meter_id = fields.Many2one("work.order.meter", index="btree_not_null", ondelete="restrict")
    meter_unit = fields.Char(related="meter_id.unit", string="Meter Unit")
    meter_total = fields.Float(related="meter_id.running_total", string="Counted Now")
    meter_step = fields.Float(string="Due Every", help="Due each time the meter has counted this much.")
    meter_start = fields.Float(
        string="Counted From",
        compute="_compute_meter_start",
        store=True,
        precompute=True,
        readonly=False,
        help="What the meter had counted when the plan began, over resets and replacements of the meter.",
    )
    meter_lead = fields.Float(string="Create Ahead", help="Created when this much is left to count.")

    started_on = fields.Date(readonly=True, copy=False, help="Due dates before this day are none of this plan's.")
    last_due_date = fields.Date(readonly=True, copy=False)
    last_due_total = fields.Float(readonly=True, copy=False, aggregator=None)
    next_due_date = fields.Date(compute="_compute_next_due", store=True)
    next_creation_date = fields.Date(compute="_compute_next_due", store=True, index="btree_not_null")
    next_due_total = fields.Float(compute="_compute_next_due_total", aggregator=None)
    preview = fields.Text(string="Next Due", compute="_compute_preview")
    trouble = fields.Text(readonly=True, copy=False, help="Why the last run could not create a work order.")
    work_order_ids = fields.One2many("work.order", "plan_id", string="Work Orders")
    work_order_count = fields.Integer(compute="_compute_work_order_count")

    @api.model
    def _selection_month(self):
        names = (
            self.env._("January"),
            self.env._("February"),
            self.env._("March"),
            self.env._("April"),
            self.env._("May"),
            self.env._("June"),
            self.env._("July"),
            self.env._("August"),
            self.env._("September"),
            self.env._("October"),
            self.env._("November"),
            self.env._("December"),
        )
        return [(str(number), name) for number, name in enumerate(names, 1)]

    @api.depends("meter_id")
    def _compute_meter_start(self):
        for plan in self:
            plan.meter_start = plan.meter_id.running_total

    @api.depends("by_calendar", "by_meter", "lead_days", "started_on", "last_due_date", *CALENDAR_FIELDS)
    def _compute_next_due(self):
        for plan in self:
            day = next(plan._due_dates(), None)
            plan.next_due_date = day
            plan.next_creation_date = day and day - timedelta(days=max(plan.lead_days, 0))

    @api.depends("by_meter", "meter_start", "meter_step", "last_due_total", "meter_id")
    def _compute_next_due_total(self):
        for plan in self:
            base = plan.last_due_total or plan.meter_start
            plan.next_due_total = base + plan.meter_step if plan.by_meter and plan.meter_id else 0.0

    @api.depends("next_due_date", "next_due_total", "meter_total", "meter_unit")
    def _compute_preview(self):
        for plan in self:
            lines = [
                format_date(self.env, day, date_format="EEE yyyy-MM-dd") for day in islice(plan._due_dates(), PREVIEW)
            ]
            if plan.by_calendar and plan.by_meter and plan.meter_id:
                lines = lines[:1]  # what follows counts from when that one is due
            if plan.by_meter and plan.meter_id:
                lines.append(
                    self.env._(
                        "at %(total)s %(unit)s (counted so far: %(now)s)",
                        total=plain(plan.next_due_total),
                        unit=plan.meter_unit,
                        now=plain(plan.meter_total),
                    )
                )
            plan.preview = "\n".join(lines)

    @api.depends("work_order_ids")
    def _compute_work_order_count(self):
        groups = self.env["work.order"]._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["__count"])
        counts = dict(groups)
        for plan in self:
            plan.work_order_count = counts.get(plan, 0)

    @api.onchange("asset_id")
    def _onchange_asset_id(self):
        if self.asset_id:
            self.partner_id = self.asset_id.partner_id
            self.site_id = self.asset_id.site_id or self.site_id

    @api.onchange("template_id")
    def _onchange_template_id(self):
        self.name = self.name or self.template_id.name

    def _rhythm(self):
        """The calendar of this plan, or None while it is not complete."""
        self.ensure_one()
        if not (self.by_calendar and self.start_date and self.unit and self.every > 0):
            return None
        restarts = self.by_meter and self.last_due_date  # whichever comes first: both count from there
        return Rhythm(
            start=self.last_due_date if restarts else self.start_date,
            every=self.every,
            unit=self.unit,
            day_rule=self.day_rule or "date",
            weekend=self.weekend or "keep",
            season=months_of_season(int(self.season_from or 0), int(self.season_to or 0)),
            end=self.end_date or None,
        )

    def _due_dates(self, until=None):
        """Yield the due dates that are still to come, or were missed, in order."""
        rhythm = self._rhythm()
        if not rhythm:
            return iter(())
        seen = [day for day in (self.last_due_date, self.started_on and self.started_on - timedelta(days=1)) if day]
        return rhythm.dates(after=max(seen, default=None), until=until)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.setdefault("state", "draft") != "draft":  # set, as a context could bring another default
                raise UserError(self.env._("A new plan starts as a draft; start it when it is complete."))
            self._check_progress_fields(name for name in vals if vals[name])
        return super().create([{**dict.fromkeys(PROGRESS_FIELDS, False), **vals} for vals in vals_list])

    def write(self, vals):
        self._check_progress_fields(vals)
        if "meter_id" in vals:  # what another meter counted says nothing about this one
            changed = self.filtered(lambda plan: plan.meter_id.id != vals["meter_id"])
            super(WorkOrderPlan, changed).write({"last_due_total": 0.0})
        if vals.get("state") == "running":
            vals = {**vals, "started_on": fields.Date.context_today(self), "trouble": False}
        return super().write(vals)

    def _check_progress_fields(self, names):
        if PROGRESS_FIELDS.intersection(names) and not self.env.su:
            raise AccessError(self.env._("How far a plan has got follows from its work orders; it is not typed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("work_order_count")
        if used:
            raise UserError(
                self.env._(
                    "Work orders came from these plans; archive them instead: %s", ", ".join(used.mapped("name"))
                )
            )

    def action_start(self):
        return self.write({"state": "running"})

    def action_stop(self):
        return self.write({"state": "stopped"})

    @api.constrains(*CHECKED_FIELDS)
    def _check_running(self):
        reasons = [
            (plan, reason)
            for plan in self.filtered(lambda plan: plan.state == "running")
            for reason in plan._reasons_against_running()
        ]
        if reasons:
            raise ValidationError(
                "\n".join(
                    [
                        self.env._("This plan cannot run:"),
                        *(f"- {plan.name}: {reason.message}" for plan, reason in reasons),
                    ]
                )
            )

    def _reasons_against_running(self):
        """All reasons why this plan cannot create work orders, as a list of :class:`Reason`."""
        self.ensure_one()
        reasons = self.sudo()._reasons_by_scope()
        if not (self.by_calendar or self.by_meter):
            reasons.append(Reason("by_calendar", self.env._("By Calendar, By Meter: choose at least one of them.")))
        if self.by_calendar:
            reasons += self._reasons_by_calendar()
        if self.by_meter:
            reasons += self.sudo()._reasons_by_meter()
        return reasons

    def _reasons_by_scope(self):
        buyer = self.partner_id.commercial_partner_id
        checks = [
            ("template_id", not self.template_id, self.env._("Template is missing: what is to be done?")),
            (
                "template_id",
                self.template_id and not self.template_id.active,
                self.env._("Template “%s” is archived.", self.template_id.name),
            ),
            ("partner_id", not self.partner_id, self.env._("Customer is missing.")),
            (
                "site_id",
                self.site_id and self.site_id.commercial_partner_id != buyer,
                self.env._("Site “%s” belongs to another customer.", self.site_id.display_name),
            ),
            (
                "asset_id",
                self.asset_id and self.asset_id.partner_id.commercial_partner_id != buyer,
                self.env._("Asset “%s” belongs to another customer.", self.asset_id.display_name),
            ),
            (
                "job_id",
                self.job_id and self.job_id.partner_id.commercial_partner_id != buyer,
                self.env._("Job “%s” belongs to another customer.", self.job_id.display_name),
            ),
            (
                "job_id",
                self.job_id and self.job_id.state != "open",
                self.env._("Job “%s” is not open.", self.job_id.display_name),
            ),
            ("start_hour", not 0 <= self.start_hour < 24, self.env._("Start Hour must be a time of the day.")),
        ]
        return [Reason(name, text) for name, is_wrong, text in checks if is_wrong]

    def _reasons_by_calendar(self):
        checks = [
            ("every", self.every < 1, self.env._("Every must be one or more.")),
            ("unit", not self.unit, self.env._("Every: days, weeks, months or years?")),
            ("start_date", not self.start_date, self.env._("First Due is missing.")),
            (
                "end_date",
                self.start_date and self.end_date and self.end_date < self.start_date,
                self.env._("Until lies before First Due."),
            ),
            ("lead_days", self.lead_days < 0, self.env._("Lead Days cannot be negative.")),
            (
                "season_from",
                bool(self.season_from) != bool(self.season_to),
                self.env._("Season: both its first and its last month are needed, or neither."),
            ),
        ]
        reasons = [Reason(name, text) for name, is_wrong, text in checks if is_wrong]
        if not reasons and next(self._rhythm().dates(), None) is None:
            text = self.env._("It never falls due: every due date is out of season, on a weekend or after Until.")
            reasons.append(Reason("start_date", text))
        return reasons

    def _reasons_by_meter(self):
        meter = self.meter_id
        checks = [
            ("meter_id", not meter, self.env._("Meter is missing.")),
            (
                "meter_id",
                meter and meter.asset_id != self.asset_id,
                self.env._("Meter “%s” belongs to another asset than that of the plan.", meter.display_name),
            ),
            ("meter_id", meter and not meter.active, self.env._("Meter “%s” is archived.", meter.display_name)),
            (
                "meter_step",
                float_compare(self.meter_step, 0.0, precision_digits=2) <= 0,
                self.env._("Due Every must be more than zero."),
            ),
            (
                "meter_lead",
                self.meter_lead < 0 or self.meter_lead >= self.meter_step > 0,
                self.env._("Create Ahead must be less than Due Every, and not negative."),
            ),
        ]
        return [Reason(name, text) for name, is_wrong, text in checks if is_wrong]

    def action_view_work_orders(self):
        self.ensure_one()
        action = self.work_order_ids._action_open(self.env._("Work Orders of %s", self.name))
        return {**action, "domain": [("plan_id", "=", self.id)], "context": {}} if "domain" in action else action
