"""The master job: a project or a service agreement that several work orders belong to."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: States of a work order on which nothing is left to do or to bill.
SETTLED = ("closed", "cancelled")
#: What every work order of a job shares with it.
SHARED_FIELDS = {"company_id", "partner_id"}


class WorkOrderJob(models.Model):
    _name = "work.order.job"
    _description = "Job"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "title", "buyer_po"]

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    title = fields.Char(required=True, help="The job in a few words.")
    kind = fields.Selection(
        [("project", "Project"), ("agreement", "Service Agreement")],
        required=True,
        default="project",
        help="Project: work towards an end, in phases. Service agreement: work on call or by plan, while in force.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Manager", index=True, tracking=True, default=lambda self: self.env.user
    )
    date_start = fields.Date(string="Start", tracking=True, help="An agreement is in force from this day on.")
    date_end = fields.Date(
        string="End", tracking=True, help="The last day of an agreement; empty: until further notice."
    )
    buyer_po = fields.Char(
        string="Buyer PO",
        index="btree_not_null",
        help="The buyer's purchase order of the whole job; its work orders take it over.",
    )
    phase_ids = fields.One2many("work.order.job.phase", "job_id", string="Phases", copy=True)
    work_order_ids = fields.One2many("work.order", "job_id", string="Work Orders")

    _name_unique = models.Constraint("UNIQUE(name, company_id)", "A job with this number exists already.")
    _dates_in_order = models.Constraint("CHECK(date_end >= date_start)", "A job cannot end before it starts.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for job in self:
            job.display_name = f"{job.name} {job.title}" if job.title else job.name

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.setdefault("state", "open") != "open":  # set, as a context could bring another default
                raise UserError(self.env._("A new job is open."))
            company_id = vals.get("company_id") or self.env.company.id
            vals["name"] = sequence.with_company(company_id).next_by_code("work.order.job")
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & SHARED_FIELDS:
            self._check_shared(vals)
        if vals.get("state"):
            self.filtered(lambda job: job.state != vals["state"])._check_state(vals["state"])
        return super().write(vals)

    def action_close(self):
        return self.write({"state": "closed"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_reopen(self):
        return self.write({"state": "open"})

    def _check_shared(self, vals):
        move = self.env["account.move"]
        for job in self:
            names = [name for name in sorted(SHARED_FIELDS & vals.keys()) if move._field_will_change(job, vals, name)]
            if names and job.sudo().work_order_ids:
                raise UserError(
                    self.env._(
                        "%(fields)s of %(job)s cannot change: it has work orders already.",
                        fields=", ".join(self._fields[name].get_description(self.env)["string"] for name in names),
                        job=job.name,
                    )
                )

    def _check_state(self, target):
        """Refuse to close or cancel jobs on which something is left to do, naming every work order.

        :raises AccessError: unless a dispatcher does it
        """
        if not self:
            return
        if not self.env.su and not self.env.user.has_group("work_order.group_dispatcher"):
            raise AccessError(self.env._("Opening and closing jobs is up to a dispatcher."))
        if target == "open":
            return
        open_orders = (
            self.env["work.order"].sudo().search([("job_id", "in", self.ids), ("state", "not in", SETTLED)], order="id")
        )
        if open_orders:
            raise UserError(
                "\n".join(
                    [
                        self.env._("Close or cancel the work orders of the job first:"),
                        *(
                            f"- {order.job_id.name}: {order.name} {order.title} ({order._state_label(order.state)})"
                            for order in open_orders
                        ),
                    ]
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda job: job.sudo().work_order_ids)
        if used:
            raise UserError(
                self.env._("These jobs have work orders; close them instead: %s", ", ".join(used.mapped("name")))
            )

    def _is_in_force(self, day):
        """Whether this agreement covers work done on that day."""
        self.ensure_one()
        return (
            self.kind == "agreement"
            and self.state == "open"
            and (not self.date_start or self.date_start <= day)
            and (not self.date_end or self.date_end >= day)
        )


class WorkOrderJobPhase(models.Model):
    """A part of a job with dates of its own."""

    _name = "work.order.job.phase"
    _description = "Job Phase"
    _order = "job_id, sequence, id"

    job_id = fields.Many2one("work.order.job", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="job_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    date_start = fields.Date(string="Start")
    date_end = fields.Date(string="End")
    work_order_ids = fields.One2many("work.order", "phase_id", string="Work Orders")

    _dates_in_order = models.Constraint("CHECK(date_end >= date_start)", "A phase cannot end before it starts.")

    @api.constrains("job_id")
    def _check_job(self):
        for phase in self.sudo():
            if phase.work_order_ids.job_id - phase.job_id:
                raise ValidationError(
                    self.env._("Phase “%s” cannot move to another job: it has work orders.", phase.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for phase in self.sudo().filtered("work_order_ids"):
            raise UserError(
                self.env._(
                    "Phase “%(phase)s” has work orders: %(orders)s.",
                    phase=phase.name,
                    orders=", ".join(phase.work_order_ids.mapped("name")),
                )
            )


class WorkOrder(models.Model):
    _inherit = "work.order"

    job_id = fields.Many2one(
        "work.order.job",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'open'), ('partner_id', 'parent_of', partner_id)]",
        help="The project or service agreement this work belongs to.",
    )
    phase_id = fields.Many2one(
        "work.order.job.phase",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('job_id', '=', job_id)]",
    )

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"job_id", "phase_id"}

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered("job_id")._check_job_is_open()
        return orders

    def write(self, vals):
        moving = self.filtered(lambda order: order.job_id.id != vals["job_id"]) if "job_id" in vals else self.browse()
        if moving and "phase_id" not in vals and moving.phase_id:
            vals = dict(vals, phase_id=False)
        result = super().write(vals)
        moving.filtered("job_id")._check_job_is_open()
        return result

    def _check_job_is_open(self):
        for job in self.job_id.sudo():
            if job.state != "open":
                label = dict(job._fields["state"]._description_selection(self.env))[job.state]
                raise UserError(
                    self.env._("%(job)s is “%(state)s” and takes no new work orders.", job=job.name, state=label)
                )

    @api.constrains("job_id", "phase_id", "partner_id", "company_id")
    def _check_job(self):
        """A work order shares customer and company with its job, and its phase is one of that job's."""
        for order in self.sudo().filtered(lambda order: order.job_id or order.phase_id):
            job = order.job_id
            if order.phase_id and order.phase_id.job_id != job:
                raise ValidationError(
                    self.env._(
                        "%(order)s: phase “%(phase)s” belongs to %(other)s, not to %(job)s.",
                        order=order.name,
                        phase=order.phase_id.name,
                        other=order.phase_id.job_id.name,
                        job=job.name or self.env._("no job"),
                    )
                )
            if order.partner_id.commercial_partner_id != job.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is for %(customer)s, but %(job)s is a job of %(other)s.",
                        order=order.name,
                        customer=order.partner_id.display_name or self.env._("no customer"),
                        job=job.name,
                        other=job.partner_id.display_name,
                    )
                )
            if order.company_id != job.company_id:
                raise ValidationError(
                    self.env._("%(order)s and %(job)s belong to different companies.", order=order.name, job=job.name)
                )

    def action_view_job(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "work.order.job",
            "res_id": self.job_id.id,
            "view_mode": "form",
        }
