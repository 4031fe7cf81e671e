"""Meters of assets and what was read on them."""

import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..plain_number import plain
from .work_order_flow import FINISHED

SECONDS_PER_DAY = 24 * 60 * 60


class WorkOrderMeter(models.Model):
    """A counter of an asset: running hours, kilometres, cycles. It only ever counts up, until it is replaced."""

    _name = "work.order.meter"
    _description = "Meter"
    _order = "asset_id, sequence, id"

    asset_id = fields.Many2one("work.order.asset", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="What it counts, e.g. “Running hours”.")
    unit = fields.Char(required=True, help="Unit of its readings, e.g. “h” or “km”.")
    daily_maximum = fields.Float(
        help="The most it can count in a day. A reading above that is refused as a mistake. 0: no check."
    )
    reading_ids = fields.One2many("work.order.reading", "meter_id", string="Readings")
    last_value = fields.Float(compute="_compute_last_reading", store=True)
    last_read_on = fields.Datetime(compute="_compute_last_reading", store=True)
    running_total = fields.Float(
        compute="_compute_last_reading",
        store=True,
        help="What was counted in all, over resets and replacements of the meter.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE(asset_id, name)", "This asset already has a meter with that name.")
    _daily_maximum_not_negative = models.Constraint(
        "CHECK(daily_maximum >= 0)", "The daily maximum of a meter cannot be negative."
    )

    @api.depends("asset_id.name", "name", "unit")
    def _compute_display_name(self):
        for meter in self:
            meter.display_name = f"{meter.asset_id.name}: {meter.name} ({meter.unit})"

    @api.depends("reading_ids.value", "reading_ids.read_on", "reading_ids.is_reset")
    def _compute_last_reading(self):
        for meter in self:
            previous, total = None, 0.0
            for reading in meter._readings_by_time():
                total += reading.value - (previous.value if previous else 0.0) if not reading.is_reset else 0.0
                previous = reading
            meter.last_value = previous.value if previous else 0.0
            meter.last_read_on = previous.read_on if previous else False
            meter.running_total = total

    def action_view_readings(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_reading_action")
        return {**action, "domain": [("meter_id", "=", self.id)], "context": {"default_meter_id": self.id}}

    def _readings_by_time(self):
        return self.reading_ids.sorted(lambda reading: (reading.read_on, reading._origin.id or float("inf")))


class WorkOrderReading(models.Model):
    """What a meter showed at one moment, and who read it."""

    _name = "work.order.reading"
    _description = "Meter Reading"
    _order = "read_on desc, id desc"
    _rec_name = "value"

    meter_id = fields.Many2one("work.order.meter", required=True, index=True, ondelete="cascade")
    asset_id = fields.Many2one(related="meter_id.asset_id")
    company_id = fields.Many2one(related="meter_id.company_id", store=True, index=True)
    unit = fields.Char(related="meter_id.unit")
    value = fields.Float(required=True, aggregator="max")
    read_on = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    is_reset = fields.Boolean(
        string="Reset or Replaced", help="The meter was reset or replaced: this is where it starts to count anew."
    )
    note = fields.Char(help="Required where the meter was reset or replaced: why.")
    work_order_id = fields.Many2one("work.order", index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Read By", required=True, default=lambda self: self.env.user)

    _value_not_negative = models.Constraint("CHECK(value >= 0)", "A meter reading cannot be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        readings = super().create([vals if self.env.su else {**vals, "user_id": self.env.uid} for vals in vals_list])
        readings._check_work_order_is_open()
        return readings

    def write(self, vals):
        if "user_id" in vals and not self.env.su:
            raise AccessError(self.env._("Read By says who took the reading; it cannot be changed."))
        self._check_work_order_is_open()
        result = super().write(vals)
        self._check_work_order_is_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_work_order_is_open()

    def _check_work_order_is_open(self):
        fixed = self.work_order_id.filtered(lambda order: order.state in (*FINISHED, "cancelled"))
        if fixed:
            raise UserError(
                self.env._(
                    "Readings cannot change any more: %s. Reopen the work order first.",
                    ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in fixed),
                )
            )

    @api.constrains("work_order_id", "meter_id")
    def _check_meter(self):
        for reading in self.filtered("work_order_id"):
            if reading.work_order_id.asset_id != reading.sudo().asset_id:
                raise ValidationError(
                    self.env._(
                        "Meter “%(meter)s” does not belong to the asset of %(order)s.",
                        meter=reading.meter_id.display_name,
                        order=reading.work_order_id.name,
                    )
                )

    @api.constrains("value", "read_on", "is_reset", "note", "meter_id")
    def _check_plausible(self):
        """Refuse readings a meter cannot have shown.

        :raises ValidationError: with every implausible reading
        """
        problems = []
        for meter in self.sudo().meter_id:
            previous = self.browse()
            for reading in meter._readings_by_time():
                if (reading | previous) & self:  # its neighbours may be wrong because of it
                    problems += reading._problems_after(previous)
                previous = reading
        if problems:
            raise ValidationError("\n".join(problems))

    def _problems_after(self, previous):
        self.ensure_one()
        facts = {"meter": self.meter_id.display_name, "value": plain(self.value), "unit": self.unit}
        if self.read_on > fields.Datetime.add(fields.Datetime.now(), minutes=10):
            return [self.env._("%(meter)s: Read On lies in the future.", **facts)]
        if self.is_reset:
            return [] if self.note else [self.env._("%(meter)s: Note is missing: why was it reset?", **facts)]
        if not previous:
            return []
        daily = self.meter_id.daily_maximum
        facts |= {"last": plain(previous.value), "daily": plain(daily)}
        if self.value < previous.value:
            return [
                self.env._(
                    "%(meter)s: %(value)s is below the reading before, %(last)s %(unit)s. If the meter was reset or "
                    "replaced, tick Reset or Replaced and say why in Note.",
                    **facts,
                )
            ]
        days = max(1, math.ceil((self.read_on - previous.read_on).total_seconds() / SECONDS_PER_DAY))
        if daily and self.value - previous.value > daily * days:
            return [
                self.env._(
                    "%(meter)s: %(value)s is too much after %(last)s %(unit)s; it counts at most %(daily)s a day and "
                    "%(days)d days have passed. Read it again.",
                    **facts,
                    days=days,
                )
            ]
        return []


class WorkOrder(models.Model):
    _inherit = "work.order"

    reading_ids = fields.One2many("work.order.reading", "work_order_id", string="Readings", copy=False)

    @api.model
    def _technician_fields(self):
        return super()._technician_fields() | {"reading_ids"}

    @api.constrains("asset_id")
    def _check_readings(self):
        self.filtered("asset_id").reading_ids._check_meter()
