"""What visits mean for their work order: schedule, technicians, gates; and who is booked twice."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .work_order_flow import FINISHED, Reason
from .work_order_visit import OPEN_VISIT


class WorkOrder(models.Model):
    _inherit = "work.order"

    visit_ids = fields.One2many("work.order.visit", "work_order_id", string="Visits", copy=False)
    #: Written by the first visit: work orders without visits, which are most, then never look for any.
    has_visits = fields.Boolean(readonly=True, copy=False)

    def _check_takes_visits(self):
        over = self.filtered(lambda order: order.state in (*FINISHED, "cancelled"))
        if over:
            raise UserError(
                self.env._(
                    "No visit can be planned or changed any more: %s.",
                    ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in over),
                )
            )

    def _follow_visits(self, left=None):
        """Take schedule and technicians from the visits: people who left all of them leave the work order."""
        for order in self.sudo():
            held = order.visit_ids.filtered(lambda visit: visit.state not in ("missed", "cancelled"))
            gone = (left or {}).get(order, order.technician_ids.browse()) - held.technician_ids
            values = {
                "has_visits": bool(order.visit_ids),
                "technician_ids": [
                    *map(Command.unlink, gone.ids),
                    *map(Command.link, (held.technician_ids - order.technician_ids).ids),
                ],
            }
            if held:
                values |= {"scheduled_start": min(held.mapped("start")), "scheduled_end": max(held.mapped("end"))}
            order._store_state(values)

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"scheduled_start", "scheduled_end"}:
            self._check_schedule_of_visits()
        if vals.keys() & {"technician_ids", "crew_id"}:
            self._check_technicians_of_visits()
        return result

    def _check_schedule_of_visits(self):
        for order in self.filtered("has_visits").sudo():
            held = order.visit_ids.filtered(lambda visit: visit.state not in ("missed", "cancelled"))
            if held and (order.scheduled_start, order.scheduled_end) != (
                min(held.mapped("start")),
                max(held.mapped("end")),
            ):
                raise ValidationError(
                    self.env._("%s: its schedule follows its visits. Move the visits instead.", order.name)
                )

    def _check_technicians_of_visits(self):
        for order in self.filtered("has_visits").sudo():
            visits = order.visit_ids.filtered(lambda visit: visit.state in OPEN_VISIT)
            missing = visits.technician_ids - order.technician_ids
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(order)s: Technicians: %(people)s still has a visit. Change the visit first.",
                        order=order.name,
                        people=", ".join(missing.mapped("name")),
                    )
                )

    def _open_visits(self):
        return self.visit_ids.filtered(lambda visit: visit.state in OPEN_VISIT) if self.has_visits else ()

    def _gate_done(self):
        return super()._gate_done() + [
            Reason(
                "visit_ids",
                self.env._(
                    "Visits: visit %(number)s (%(day)s) is still open; finish it, or mark it missed or cancelled.",
                    number=visit.number,
                    day=fields.Datetime.context_timestamp(self, visit.start).date(),
                ),
            )
            for visit in self._open_visits()
        ]

    def _gate_cancelled(self):
        return super()._gate_cancelled() + [
            Reason("visit_ids", self.env._("Visits: visit %s is in progress; finish it first.", visit.number))
            for visit in self._open_visits()
            if visit.state == "in_progress"
        ]

    def _advance(self, target):
        result = super()._advance(target)
        if target == "cancelled":
            planned = self.filtered("has_visits").visit_ids.filtered(lambda visit: visit.state == "planned")
            planned._store_state({"state": "cancelled"})
        return result

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_visit_action")
        return {
            **action,
            "name": self.env._("Visits of %s", self.name),
            "domain": [("work_order_id", "=", self.id)],
            "context": {"default_work_order_id": self.id},
        }


class WorkOrderVisit(models.Model):
    _inherit = "work.order.visit"

    conflict = fields.Char(
        compute="_compute_conflict", compute_sudo=True, help="Who is planned somewhere else at the same time."
    )

    @api.depends("start", "end", "technician_ids", "state")
    def _compute_conflict(self):
        booked = self._bookings()
        for visit in self:
            clashes = [
                f"{who.name} ({what})"
                for who in visit.technician_ids._origin
                for record, what, start, end in booked.get(who, ())
                if record != visit._origin and record != visit.work_order_id._origin
                if visit.state in OPEN_VISIT and visit.start and visit.end and start < visit.end and visit.start < end
            ]
            visit.conflict = ", ".join(clashes)

    def _bookings(self):
        """Who is booked when in the time of these visits: a list of (record, its name, start, end) per user."""
        planned = self.filtered(lambda visit: visit.state in OPEN_VISIT and visit.start and visit.end)
        people = planned.technician_ids._origin
        if not people:
            return {}
        span = (max(planned.mapped("end")), min(planned.mapped("start")))
        visits = self.search(
            [
                ("technician_ids", "in", people.ids),
                ("state", "in", OPEN_VISIT),
                ("start", "<", span[0]),
                ("end", ">", span[1]),
            ]
        )
        tickets = self.env["work.order"].search(
            [
                ("technician_ids", "in", people.ids),
                ("state", "in", ("ready", "dispatched", "in_progress")),
                ("has_visits", "=", False),
                ("scheduled_start", "<", span[0]),
                ("scheduled_end", ">", span[1]),
            ]
        )
        booked = {}
        for record, start, end in [
            *((visit, visit.start, visit.end) for visit in visits),
            *((ticket, ticket.scheduled_start, ticket.scheduled_end) for ticket in tickets),
        ]:
            for who in record.technician_ids:
                booked.setdefault(who, []).append((record, record.display_name, start, end))
        return booked
