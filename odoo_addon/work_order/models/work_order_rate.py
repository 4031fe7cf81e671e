"""Premiums: what an hour costs outside regular hours, by role, day and time."""

from collections import namedtuple
from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Part of a time entry under one rate; an empty rate is the task's own price. ``start`` is naive UTC.
Stretch = namedtuple("Stretch", ["rate", "start", "hours"])

WHOLE_DAY = 24.0
#: What a row may be limited to, most telling first: the row that names more of these is the one that counts.
SCOPE = ("partner_id", "type_id", "trade_id", "product_id")


class WorkOrderRate(models.Model):
    """One row: who, on which days, from when to when, at which price, billed as which product.

    Times are clock times of one day: a band from 18:00 to 06:00 on weekdays is the evening and the early morning of
    each weekday. So every minute has one day kind, also where a shift runs past midnight.
    """

    _name = "work.order.rate"
    _description = "Premium Rate"
    _order = "company_id, partner_id, type_id, trade_id, product_id, day_kind, hour_from, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="As dispatchers read it, for instance “Evenings”.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('is_company', '=', True)]",
        help="Only for this customer. A row for the customer goes before a row for everybody.",
    )
    type_id = fields.Many2one(
        "work.order.type",
        index="btree_not_null",
        ondelete="cascade",
        help="Only on work orders of this type, for instance emergencies.",
    )
    trade_id = fields.Many2one(
        "work.order.trade",
        index="btree_not_null",
        ondelete="cascade",
        help="Only on tasks that need this trade.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Role",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="The labor this rate takes the place of; any labor if empty.",
    )
    day_kind = fields.Selection(
        [
            ("any", "Every day"),
            ("weekday", "Monday to Friday"),
            ("saturday", "Saturday"),
            ("sunday", "Sunday"),
            ("holiday", "Public holiday"),
        ],
        string="Days",
        required=True,
        default="weekday",
        help="Public holidays are those in the company's working hours. On them only their rows and “Every day” count.",
    )
    hour_from = fields.Float(string="From", required=True, default=0.0)
    hour_to = fields.Float(
        string="To", required=True, default=WHOLE_DAY, help="Earlier than “From” if the band runs over midnight."
    )
    method = fields.Selection(
        [("fixed", "Price per hour"), ("multiplier", "Multiple of the task's price")],
        string="Price By",
        required=True,
        default="multiplier",
    )
    price = fields.Monetary(help="Per hour.")
    multiplier = fields.Float(default=1.5, digits=(6, 3))
    bill_product_id = fields.Many2one(
        "product.product",
        string="Bill As",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="The product on the invoice line of these hours.",
    )
    minimum_hours = fields.Float(help="Billed at least once a task and shift is worked at this rate.")
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid Until")

    _hours_of_a_day = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_from < 24 AND hour_to > 0 AND hour_to <= 24 AND hour_from <> hour_to)",
        "A time band lies between 00:00 and 24:00, and its start is not its end.",
    )
    _prices_not_negative = models.Constraint(
        "CHECK(price >= 0 AND multiplier >= 0 AND minimum_hours >= 0)",
        "Price, multiple and minimum hours of a rate cannot be negative.",
    )
    _dates_in_order = models.Constraint("CHECK(date_from <= date_to)", "A rate is valid from a day until a later one.")

    @api.constrains("method", "price", "multiplier")
    def _check_price(self):
        for rate in self:
            if not (rate.price if rate.method == "fixed" else rate.multiplier):
                raise ValidationError(self.env._("“%s” has no price: fill in Price or Multiplier.", rate.name))

    @api.constrains("bill_product_id")
    def _check_bill_product(self):
        hour = self.env.ref("uom.product_uom_hour")
        for rate in self:
            if not rate.bill_product_id.uom_id._has_common_reference(hour):
                raise ValidationError(
                    self.env._("“%s” is not sold by time, so hours cannot be billed as it.", rate.bill_product_id.name)
                )

    @api.constrains("active", "company_id", *SCOPE, "day_kind", "hour_from", "hour_to", "date_from", "date_to")
    def _check_overlap(self):
        """For one role, customer and type, each minute has one price."""
        groups = self.search([("company_id", "in", self.company_id.ids)]).grouped(
            lambda rate: (rate.company_id, *(rate[name] for name in SCOPE))
        )
        for rates in groups.values():
            for rate in rates & self:
                other = next((other for other in rates - rate if rate._overlaps(other)), None)
                if other:
                    raise ValidationError(
                        self.env._(
                            "“%(rate)s” and “%(other)s” overlap: both hold for the same role, trade, customer and type "
                            "at the same time. Change From, To or the days of one of them.",
                            rate=rate.name,
                            other=other.name,
                        )
                    )

    def _overlaps(self, other):
        days = self.day_kind == other.day_kind or "any" in (self.day_kind, other.day_kind)
        starts = [day for day in (self.date_from, other.date_from) if day]
        ends = [day for day in (self.date_to, other.date_to) if day]
        dates = not starts or not ends or max(starts) <= min(ends)
        return days and dates and any(a < d and c < b for a, b in self._bands() for c, d in other._bands())

    def _bands(self):
        """The band as (from, to) of one day; two of them where it runs over midnight."""
        self.ensure_one()
        if self.hour_from < self.hour_to:
            return [(self.hour_from, self.hour_to)]
        return [(self.hour_from, WHOLE_DAY), (0.0, self.hour_to)]

    @api.depends("name", "hour_from", "hour_to", "day_kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["day_kind"]._description_selection(self.env))
        for rate in self:
            rate.display_name = f"{rate.name} ({kinds.get(rate.day_kind, '')} {rate._band_text()})"

    def _band_text(self):
        clock = [timedelta(minutes=round(hour * 60)) for hour in (self.hour_from, self.hour_to)]
        return "–".join(f"{int(t.total_seconds() // 3600):02}:{int(t.total_seconds() // 60 % 60):02}" for t in clock)

    @api.model
    def _for(self, task, start, hours):
        """Split time worked on ``task`` over its rates.

        :param start: naive UTC
        :return: :class:`Stretch` after stretch, in order; together they are ``hours`` long
        """
        ticket = task.work_order_id.sudo()
        zone = ticket._time_zone()
        end = start + timedelta(hours=hours)
        rates = self._candidates(task, start, end)
        holidays = ticket.company_id._public_holidays(start, end, zone) if rates else set()
        stretches = []
        while start < end:
            local = pytz.utc.localize(start).astimezone(zone)
            until = min(self._to_utc(rates._next_edge(local), zone), end)
            if until <= start:  # the clock was put back
                until = min(start + timedelta(hours=1), end)
            rate = rates._at(local, holidays)
            if stretches and stretches[-1].rate == rate:
                last = stretches.pop()
                stretches.append(Stretch(rate, last.start, last.hours + (until - start).total_seconds() / 3600))
            else:
                stretches.append(Stretch(rate, start, (until - start).total_seconds() / 3600))
            start = until
        return stretches

    @api.model
    def _on_day(self, task, day):
        """The rate for time of which only the day is known: the one that holds at noon."""
        zone = task.work_order_id.sudo()._time_zone()
        return self._for(task, self._to_utc(datetime.combine(day, time(12)), zone), 0.01)[0].rate

    @api.model
    def _to_utc(self, moment, zone):
        return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _candidates(self, task, start, end):
        """Rows that may hold for this task, the most particular first."""
        ticket = task.work_order_id.sudo()
        rates = self.sudo().search(
            [
                ("company_id", "=", ticket.company_id.id),
                ("partner_id", "in", [False, ticket.partner_id.commercial_partner_id.id]),
                ("type_id", "in", [False, ticket.type_id.id]),
                ("trade_id", "in", [False, task.trade_id.id]),
                ("product_id", "in", [False, task.sudo().product_id.id]),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", end.date() + timedelta(days=1)),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", start.date() - timedelta(days=1)),
            ]
        )
        return rates.sorted(lambda rate: [not rate[name] for name in SCOPE])

    def _at(self, local, holidays):
        """The first of these rows that holds at a local moment; none if it is regular time."""
        day = local.date()
        kind = {5: "saturday", 6: "sunday"}.get(day.weekday(), "weekday")
        kinds = ("any", "holiday" if day in holidays else kind)
        clock = local.hour + local.minute / 60 + local.second / 3600
        for rate in self:
            valid = (rate.date_from or day) <= day <= (rate.date_to or day)
            if valid and rate.day_kind in kinds and any(a <= clock + 1e-6 < b for a, b in rate._bands()):
                return rate
        return self.browse()

    def _next_edge(self, local):
        """When, after a local moment, another row may hold: the next edge of a band, at the latest midnight."""
        midnight = datetime.combine(local.date(), time.min)
        minutes = {round(hour * 60) for rate in self for band in rate._bands() for hour in band} | {24 * 60}
        edges = [midnight + timedelta(minutes=minute) for minute in minutes]
        return min(edge for edge in edges if edge > local.replace(tzinfo=None))

    def _shift_day(self, local):
        """The day a moment's shift began: after midnight, in a band over midnight, that is the day before."""
        self.ensure_one()
        clock = local.hour + local.minute / 60 + local.second / 3600
        over_midnight = self.hour_from > self.hour_to and clock + 1e-6 < self.hour_to
        return local.date() - timedelta(days=1) if over_midnight else local.date()

    def _price_for(self, task):
        """Price and discount of one hour of ``task`` at this rate, in the currency of its order."""
        self.ensure_one()
        ticket, line = task.work_order_id.sudo(), task.sudo().sale_line_id
        if self.method == "fixed":
            currency = self.currency_id
            return currency._convert(self.price, ticket.currency_id, self.company_id, fields.Date.today()), 0.0
        hour = self.env.ref("uom.product_uom_hour")
        regular = (line.product_uom_id or hour)._compute_price(line.price_unit, hour)
        return ticket.currency_id.round(regular * self.multiplier), line.discount


class ResCompany(models.Model):
    _inherit = "res.company"

    def _public_holidays(self, start, end, zone):
        """Days without work in the company's working hours that touch a span of time; ``start`` and ``end`` in UTC."""
        self.ensure_one()
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "=", False),
                    ("time_type", "=", "leave"),
                    ("company_id", "in", [False, self.id]),
                    ("calendar_id", "in", [False, self.resource_calendar_id.id]),
                    ("date_from", "<=", end + timedelta(days=1)),
                    ("date_to", ">=", start - timedelta(days=1)),
                ]
            )
        )
        days = set()
        for leave in leaves:
            first, last = (
                pytz.utc.localize(moment).astimezone(zone).date()
                for moment in (leave.date_from, leave.date_to - timedelta(seconds=1))
            )
            days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
        return days
