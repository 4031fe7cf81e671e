"""Visits: one work order, several trips to the site."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Not over yet.
OPEN_VISIT = ("planned", "in_progress")
#: What was agreed for a visit; history once it is over.
PLAN_FIELDS = {"work_order_id", "number", "start", "end", "technician_ids", "crew_id", "purpose"}
#: What is told of it afterwards; fixed with the work order.
REPORT_FIELDS = {"note", "started_on", "finished_on"}
#: What a technician may do with a visit of their own.
TECHNICIAN_MOVES = {("planned", "in_progress"), ("in_progress", "done")}


class WorkOrderVisit(models.Model):
    """One trip to the site. Schedule and technicians of the work order follow its visits."""

    _name = "work.order.visit"
    _description = "Visit"
    _inherit = ["mail.thread", "mail.activity.mixin", "work.order.crew.mixin"]
    _order = "start, id"
    _check_company_auto = True

    work_order_id = fields.Many2one("work.order", required=True, index=True, ondelete="cascade")
    work_order_state = fields.Selection(related="work_order_id.state", string="Work Order State")
    can_plan = fields.Boolean(related="work_order_id.can_plan", related_sudo=False)
    company_id = fields.Many2one(related="work_order_id.company_id", store=True, index=True)
    title = fields.Char(related="work_order_id.title")
    partner_id = fields.Many2one(related="work_order_id.partner_id", string="Customer")
    site_id = fields.Many2one(related="work_order_id.site_id")
    color = fields.Integer(related="work_order_id.color")
    number = fields.Integer(readonly=True, copy=False, aggregator=None)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    purpose = fields.Char(help="What this visit is for, e.g. survey, fit the part that was ordered.")
    start = fields.Datetime(required=True, index=True, tracking=True)
    end = fields.Datetime(required=True)
    planned_hours = fields.Float(compute="_compute_planned_hours", store=True)
    technician_ids = fields.Many2many(
        "res.users",
        "work_order_visit_technician_rel",
        "visit_id",
        "user_id",
        string="Technicians",
        domain=[("share", "=", False)],
    )
    note = fields.Text(string="Outcome", copy=False, help="What came of it, and what the next visit needs.")
    started_on = fields.Datetime(copy=False, readonly=True)
    finished_on = fields.Datetime(copy=False, readonly=True)
    _number_unique = models.Constraint("UNIQUE(work_order_id, number)", "Visits of a work order are numbered once.")
    _end_after_start = models.Constraint('CHECK("end" > start)', "A visit ends after it starts.")

    @api.depends("work_order_id.name", "number")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = f"{visit.work_order_id.name} / {visit.number}" if visit.number else self.env._("New")

    @api.depends("start", "end")
    def _compute_planned_hours(self):
        for visit in self:
            both = visit.start and visit.end
            visit.planned_hours = (visit.end - visit.start).total_seconds() / 3600 if both else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.setdefault("state", "planned") != "planned":  # set, as a context could bring another default
                raise UserError(self.env._("A new visit starts as “Planned”."))
        tickets = self.env["work.order"].browse({vals.get("work_order_id") for vals in vals_list} - {None, False})
        tickets._check_takes_visits()
        if tickets:
            tickets.sudo()._bump_billing_revision()  # two people adding a visit: the second starts again and counts it
        last = dict(self.sudo()._read_group([("work_order_id", "in", tickets.ids)], ["work_order_id"], ["number:max"]))
        for vals in vals_list:
            ticket = tickets.browse(vals.get("work_order_id"))
            last[ticket] = vals["number"] = (last.get(ticket) or 0) + 1
        visits = super().create(vals_list)
        visits.work_order_id._follow_visits()
        return visits

    def write(self, vals):
        self._check_writer(vals)
        state = vals.get("state")
        vals = {name: value for name, value in vals.items() if name != "state"}
        if vals.keys() & REPORT_FIELDS:
            self.work_order_id._check_takes_visits()
        if vals.keys() & PLAN_FIELDS:
            self._check_plan_is_open(vals)
        before = {visit: visit.technician_ids for visit in self}
        tickets = self.work_order_id
        if vals:
            super().write(vals)
        if state:
            self.filtered(lambda visit: visit.state != state)._move(state)
        if state or vals.keys() & PLAN_FIELDS:
            tickets._follow_visits(self._who_left(before))
        return True

    def _store_state(self, values):
        """Write a state that was let through; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        begun = self.filtered(lambda visit: visit.state in ("in_progress", "done"))
        if begun:
            raise UserError(
                self.env._("These visits took place and stay on record: %s", ", ".join(begun.mapped("display_name")))
            )
        self.work_order_id._check_takes_visits()

    def unlink(self):
        tickets, people = self.work_order_id, {visit.work_order_id: visit.technician_ids for visit in self}
        result = super().unlink()
        tickets.exists()._follow_visits(people)
        return result

    def _check_writer(self, vals):
        """A technician starts and finishes their own visits and says what came of them, no more."""
        if self.env["work.order"]._may_plan():
            return
        refused = vals.keys() - {"state", "note"}
        if refused:
            raise AccessError(
                self.env._("A technician cannot change %s of a visit. Ask a dispatcher.", ", ".join(sorted(refused)))
            )
        moves = {(visit.state, vals["state"]) for visit in self if "state" in vals and visit.state != vals["state"]}
        if moves - TECHNICIAN_MOVES or self.filtered(lambda visit: self.env.user not in visit.technician_ids):
            raise AccessError(self.env._("A technician only starts and finishes their own visits. Ask a dispatcher."))

    def _check_plan_is_open(self, vals):
        if self.filtered(lambda visit: vals.get("work_order_id", visit.work_order_id.id) != visit.work_order_id.id):
            raise UserError(self.env._("A visit stays with its work order; plan a new one on the other."))
        self.work_order_id._check_takes_visits()
        over = self.filtered(lambda visit: visit.state not in OPEN_VISIT)
        if over:
            raise UserError(
                self.env._(
                    "%s is over. Plan a new visit instead of changing what was.", ", ".join(over.mapped("display_name"))
                )
            )

    def _who_left(self, before):
        """Per work order, the people who were on these visits and are not any more."""
        left = {}
        for visit, people in before.items():
            gone = people if visit.state == "cancelled" else people - visit.technician_ids
            left[visit.work_order_id] = left.get(visit.work_order_id, people.browse()) | gone
        return left
