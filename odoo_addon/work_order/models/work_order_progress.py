"""Applications for payment: how far the work of each progress task is, certified by the customer, period by period."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_flow import Reason

#: States in which an application may still change.
OPEN = ("draft", "submitted")
#: States of a work order in which progress is applied for.
UNDER_WAY = ("dispatched", "in_progress", "on_hold", "done")
#: What may be written on an application that is approved: nothing of what was approved.
FREE_FIELDS = {"activity_ids", "message_follower_ids", "message_ids", "evidence_ids"}


class WorkOrderProgress(models.Model):
    _name = "work.order.progress"
    _description = "Application for Payment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "period_end desc, id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False, index="trigram", default="New")
    number = fields.Integer(readonly=True, copy=False, aggregator=None, help="Counted per work order or job.")
    work_order_id = fields.Many2one(
        "work.order", index="btree_not_null", ondelete="restrict", check_company=True, tracking=True
    )
    job_id = fields.Many2one(
        "work.order.job",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For an application over several work orders of a job; else empty.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_contract")
    partner_id = fields.Many2one("res.partner", string="Customer", compute="_compute_contract")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("invoiced", "Invoiced"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    period_end = fields.Date(
        required=True, default=fields.Date.context_today, help="The last day of the period this application covers."
    )
    line_ids = fields.One2many("work.order.progress.line", "progress_id", string="Schedule of Values")
    certified_by = fields.Char(copy=False, tracking=True, help="Who at the customer certified this progress.")
    certificate = fields.Char(string="Certificate No.", copy=False, help="The customer's own reference, if any.")
    evidence_ids = fields.Many2many("ir.attachment", copy=False, help="The signed certificate, mail or site report.")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    amount_value = fields.Monetary(string="Scheduled Value", compute="_compute_amounts")
    amount_before = fields.Monetary(string="Approved Before", compute="_compute_amounts")
    amount_period = fields.Monetary(string="This Period", compute="_compute_amounts")
    amount_to_date = fields.Monetary(string="To Date", compute="_compute_amounts")
    amount_left = fields.Monetary(string="Balance to Finish", compute="_compute_amounts")

    _one_owner = models.Constraint(
        "CHECK((work_order_id IS NULL) <> (job_id IS NULL))",
        "An application for payment is for one work order or for one job.",
    )
    _number_of_order = models.UniqueIndex("(work_order_id, number) WHERE work_order_id IS NOT NULL")
    _number_of_job = models.UniqueIndex("(job_id, number) WHERE job_id IS NOT NULL")

    @api.depends("work_order_id", "job_id", "line_ids.task_id")
    def _compute_contract(self):
        for progress in self:
            owner = progress.work_order_id or progress.job_id
            progress.partner_id = owner.partner_id
            progress.currency_id = progress.line_ids.task_id[:1].currency_id or owner.currency_id

    @api.depends("line_ids.value", "line_ids.amount_before", "line_ids.amount_period", "line_ids.amount_to_date")
    def _compute_amounts(self):
        for progress in self:
            lines = progress.line_ids
            progress.amount_value = sum(lines.mapped("value"))
            progress.amount_before = sum(lines.mapped("amount_before"))
            progress.amount_period = sum(lines.mapped("amount_period"))
            progress.amount_to_date = sum(lines.mapped("amount_to_date"))
            progress.amount_left = progress.amount_value - progress.amount_to_date

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.setdefault("state", "draft") != "draft":  # set, as a context could bring another state
                raise UserError(self.env._("An application for payment starts as a draft."))
            vals.update(self._owner_values(vals))
        applications = super().create(vals_list)
        for progress in applications:
            progress._tickets()._bump_billing_revision()  # of two people applying at once the second has to look again
            progress._check_alone()
            progress._fill_lines()
        return applications

    @api.model
    def _owner_values(self, vals):
        """Company, number and name follow from the work order or job, whatever came in."""
        order = self.env["work.order"].browse(vals.get("work_order_id"))
        owner = order or self.env["work.order.job"].browse(vals.get("job_id"))
        if not owner or (order and vals.get("job_id")):
            raise UserError(self.env._("An application for payment is for one work order or for one job."))
        owner.check_access("read")
        domain = [("work_order_id" if order else "job_id", "=", owner.id)]
        number = max(self.sudo().search(domain).mapped("number"), default=0) + 1
        return {
            "company_id": owner.company_id.id,
            "number": number,
            "name": f"{owner.name}-{number:02d}",
            "approved_by_id": False,
            "approved_on": False,
        }

    def _tickets(self):
        """The work orders this application covers."""
        return (self.work_order_id | self.job_id.work_order_ids).sudo()

    def _check_alone(self):
        """One open application at a time per work order."""
        tickets = self._tickets()
        jobs = self.job_id | tickets.job_id
        covered = ["|", ("work_order_id", "in", tickets.ids), ("job_id", "in", jobs.ids)]
        others = self.sudo().search([("id", "!=", self.id), ("state", "in", OPEN), *covered])
        if others:
            raise UserError(
                self.env._(
                    "%(open)s is not decided yet; approve or cancel it before you apply for the next period.",
                    open=", ".join(others.mapped("name")),
                )
            )

    def _fill_lines(self):
        """One line per progress task, starting at what is approved so far."""
        tasks = self._tickets().task_ids.filtered(
            lambda task: task._is_progress() and task.state != "cancelled" and task.sale_line_id
        )
        missing = tasks - self.line_ids.task_id
        self.env["work.order.progress.line"].create([{"progress_id": self.id, "task_id": task.id} for task in missing])

    def write(self, vals):
        refused = vals.keys() & {"work_order_id", "job_id", "company_id", "number", "name"}
        if refused:
            raise UserError(self.env._("An application for payment stays with its work order; make a new one."))
        if vals.keys() & {"state", "approved_by_id", "approved_on"}:
            raise UserError(self.env._("Use the buttons to submit, approve or cancel an application for payment."))
        if vals.keys() - FREE_FIELDS:
            self._check_open()
        before = {progress: progress.evidence_ids for progress in self} if "evidence_ids" in vals else {}
        result = super().write(vals)
        for progress, files in before.items():  # what was decided on it stays; more may come
            if progress.state not in (*OPEN, "cancelled") and files - progress.evidence_ids:
                raise UserError(self.env._("%s is decided; its evidence stays.", progress.name))
        return result

    def _check_open(self):
        """What is decided never changes; what is submitted is changed by those who approve it only."""
        fixed = self.filtered(lambda progress: progress.state not in OPEN)
        if fixed:
            raise UserError(self.env._("%s is decided and cannot change any more.", ", ".join(fixed.mapped("name"))))
        submitted = self.filtered(lambda progress: progress.state == "submitted")
        if submitted and not self._may_approve():
            raise UserError(
                self.env._(
                    "%s is submitted: from now on only a project manager or billing changes it.",
                    ", ".join(submitted.mapped("name")),
                )
            )

    def _store(self, values):
        """Write what a decision brings; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        kept = self.filtered(lambda progress: progress.state not in ("draft", "cancelled") or progress.approved_on)
        if kept:
            raise UserError(self.env._("Only drafts can be deleted; cancel these: %s", ", ".join(kept.mapped("name"))))

    def action_submit(self):
        self.check_access("write")
        self._refuse([(each, reason) for each in self for reason in each._reasons_against_submission()], "submitted")
        return self._store({"state": "submitted"})

    def action_approve(self):
        """Approve for billing what the customer certified.

        :raises UserError: with every reason
        :raises AccessError: unless a project manager or billing does it
        """
        self.check_access("write")
        self._check_approver()
        self._tickets()._bump_billing_revision()
        self._refuse([(each, reason) for each in self for reason in each._reasons_against_approval()], "approved")
        for progress in self:
            for line in progress.line_ids:
                line._store({"value_approved": line.value})
            progress._store({"state": "approved", "approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()})
            progress.line_ids._approve()
        self._tickets()._sync_billing_state()
        return True

    def action_cancel(self):
        """Withdraw an application; an approved one only while it is the last and nothing of it is billed."""
        self.check_access("write")
        approved = self.filtered(lambda progress: progress.state == "approved")
        if approved:
            approved._check_approver()
            approved._tickets()._bump_billing_revision()
        self._refuse([(each, reason) for each in self for reason in each._reasons_against_cancelling()], "cancelled")
        approved.line_ids._take_back()
        self._store({"state": "cancelled"})
        approved._tickets()._sync_billing_state()
        return True

    def _may_approve(self):
        groups = ("work_order.group_project_manager", "work_order.group_billing")
        return self.env.su or any(self.env.user.has_group(group) for group in groups)

    def _check_approver(self):
        if not self._may_approve():
            raise AccessError(self.env._("Approving progress is up to the project manager or billing."))

    def _refuse(self, reasons, target):
        if reasons:
            label = dict(self._fields["state"]._description_selection(self.env))[target]
            raise UserError(
                "\n".join(
                    [
                        self.env._("This application for payment cannot become “%s”:", label),
                        *(f"- {progress.name}: {reason.message}" for progress, reason in reasons),
                    ]
                )
            )

    def _reasons_against_submission(self):
        self.ensure_one()
        reasons = []
        if self.state != "draft":
            reasons.append(Reason("state", self.env._("it is not a draft any more.")))
        tickets = self.line_ids.task_id.sudo().work_order_id
        idle = tickets.filtered(lambda order: order.state not in UNDER_WAY)
        if idle:
            states = ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in idle)
            reasons.append(Reason("work_order_id", self.env._("this work is not under way: %s.", states)))
        never = tickets.filtered(lambda order: not order.billable)
        if never:
            text = self.env._("this work is never invoiced: %s.", ", ".join(never.mapped("name")))
            reasons.append(Reason("work_order_id", text))
        if not self.line_ids:
            text = self.env._("Schedule of Values: no task with billing “Progress” and a sales order line.")
            reasons.append(Reason("line_ids", text))
        elif self.currency_id.compare_amounts(self.amount_period, 0.0) <= 0:
            reasons.append(Reason("line_ids", self.env._("Schedule of Values: nothing was done in this period.")))
        return reasons + [reason for line in self.line_ids for reason in line._reasons_against_amount()]

    def _reasons_against_approval(self):
        if self.state not in OPEN:
            return [Reason("state", self.env._("it is decided already."))]
        reasons = [reason for reason in self._reasons_against_submission() if reason.field != "state"]
        if not self.certified_by:
            reasons.append(
                Reason("certified_by", self.env._("Certified By is missing: who at the customer certified it?"))
            )
        return reasons

    def _reasons_against_cancelling(self):
        if self.state in OPEN:
            return []
        if self.state != "approved":
            return [Reason("state", self.env._("it is invoiced or cancelled already; credit the invoice first."))]
        later = self.line_ids.task_id.progress_line_ids.progress_id.filtered(
            lambda other: other.state != "cancelled" and other.id > self.id
        )
        if later:
            text = self.env._("a later one builds on it: %s.", ", ".join(later.mapped("name")))
            return [Reason("line_ids", text)]
        return [reason for line in self.line_ids for reason in line._reasons_against_taking_back()]

    def _sync_invoiced(self):
        """Approved applications become invoiced once all of what they approved is billed, and back."""
        for progress in self:
            state = "invoiced" if all(line._is_billed() for line in progress.line_ids) else "approved"
            if progress.state != state:
                progress._store({"state": state})

    def _action_open(self):
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_progress_action")
        action["context"] = {}
        if len(self) == 1:
            action.update(res_id=self.id, views=[(False, "form")], view_mode="form")
        else:
            action["domain"] = [("id", "in", self.ids)]
        return action

    def action_create_invoice(self):
        """Invoice what is approved and not billed yet: one draft invoice per sales order."""
        return self._tickets().with_env(self.env)._invoice_together()
