"""Who sees to disputes, until when, and who is told next: by buyer where its profile says so, else by company."""

from datetime import timedelta

from odoo import api, fields, models

from .work_order_dispute import UNSETTLED


class WorkOrderDisputeStep(models.Model):
    """One step of an escalation path: who is told when a dispute is past its due date."""

    _name = "work.order.dispute.step"
    _description = "Dispute Escalation Step"
    _order = "sequence, id"
    _rec_name = "user_id"

    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    profile_id = fields.Many2one(
        "buyer.profile",
        string="Buyer",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for this buyer's disputes; empty: for all buyers without steps of their own.",
    )
    user_id = fields.Many2one("res.users", string="Who", required=True, domain=[("share", "=", False)])
    days = fields.Integer(default=5, help="Days they have before the next one is told.")

    _days_positive = models.Constraint("CHECK(days > 0)", "Days of an escalation step must be positive.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_company(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_company(vals))

    def _with_company(self, vals):
        """A step of a buyer belongs to the company of its profile."""
        if not vals.get("profile_id"):
            return vals
        return {**vals, "company_id": self.env["buyer.profile"].browse(vals["profile_id"]).company_id.id}


class BuyerProfile(models.Model):
    _inherit = "buyer.profile"

    dispute_days = fields.Integer(
        string="Disputes Due After (Days)", help="0: as the company's settings say.", tracking=True
    )
    dispute_user_id = fields.Many2one(
        "res.users",
        string="Owner of Disputes",
        domain=[("share", "=", False)],
        tracking=True,
        help="Empty: as the company's settings say.",
    )
    dispute_step_ids = fields.One2many("work.order.dispute.step", "profile_id", string="Escalation")

    _dispute_days_not_negative = models.Constraint(
        "CHECK(dispute_days >= 0)", "The days until a dispute is due cannot be negative."
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    dispute_days = fields.Integer(string="Disputes Due After (Days)", default=10)
    dispute_user_id = fields.Many2one("res.users", string="Owner of Disputes", domain=[("share", "=", False)])

    _dispute_days_positive = models.Constraint(
        "CHECK(dispute_days > 0)", "The days until a dispute is due must be positive."
    )

    @api.model
    def _dispute_rule(self, company, partner):
        """What holds for disputes of this buyer with this company."""
        profile = self.env["buyer.profile"].sudo()
        if company.sudo().keeps_buyer_register and partner:
            profile = profile.search(
                [("partner_id", "=", partner.commercial_partner_id.id), ("company_id", "=", company.id)], limit=1
            )
        return DisputeRule(company.sudo(), profile)


class DisputeRule:
    """The rules for disputes of one buyer with one company; the buyer's own come first."""

    def __init__(self, company, profile):
        self.company, self.profile = company, profile
        self.days = profile.dispute_days or company.dispute_days

    def owner(self, move, tickets):
        """Who sees to it: as set, else whoever records it, else the invoice's or the work's responsible."""
        user = self.company.env.user
        recorder = user if user._is_internal() and not user._is_superuser() else user.browse()
        candidates = (
            self.profile.dispute_user_id,
            self.company.dispute_user_id,
            recorder,
            move.sudo().invoice_user_id,
            tickets.sudo().user_id[:1],
        )
        return next((each for each in candidates if each and each._is_internal()), user.browse())

    def steps(self):
        """The escalation path, the first one first."""
        steps = self.company.env["work.order.dispute.step"].sudo()
        own = steps.search([("profile_id", "=", self.profile.id)]) if self.profile else steps
        return own or steps.search([("company_id", "=", self.company.id), ("profile_id", "=", False)])


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dispute_days = fields.Integer(related="company_id.dispute_days", readonly=False)
    dispute_user_id = fields.Many2one(related="company_id.dispute_user_id", readonly=False)


class WorkOrderDispute(models.Model):
    _inherit = "work.order.dispute"

    escalation_level = fields.Integer(readonly=True, copy=False, help="Steps of the escalation path taken so far.")
    escalated_to_id = fields.Many2one("res.users", readonly=True, copy=False, tracking=True)

    @api.model
    def _cron_escalate(self):
        """Tell the next one on the path of every dispute that is past its due date; each step is told once."""
        today = fields.Date.context_today(self)
        late = self.search([("state", "in", UNSETTLED), ("deadline", "<", today)], order="deadline, id")
        for left, dispute in zip(range(len(late) - 1, -1, -1), late, strict=True):
            dispute._escalate(today)
            self.env["ir.cron"]._commit_progress(1, remaining=left)

    def _escalate(self, today):
        """One step further; past the last one nobody is told again, and the dispute stays overdue."""
        steps = self.env["res.company"]._dispute_rule(self.company_id, self.partner_id).steps()
        taken = self.escalation_level
        if taken > len(steps):
            return
        if taken == len(steps):
            self.escalation_level += 1
            self._message_log(body=self.env._("Past its due date, and nobody is left to escalate it to."))
            return
        step = steps[taken]
        self.write(
            {
                "escalation_level": taken + 1,
                "escalated_to_id": step.user_id.id,
                "deadline": today + timedelta(days=step.days),
            }
        )
        self._remind(lambda _dispute: step.user_id)

    def _remind(self, whom):
        """A task on the dispute, due with it, for the user that ``whom`` gives for it."""
        for dispute in self.sudo():
            user = whom(dispute)
            if user:
                dispute.activity_schedule(
                    "work_order.mail_activity_dispute",
                    date_deadline=dispute.deadline,
                    user_id=user.id,
                    summary=dispute._reason_label(),
                )

    def _close_activities(self):
        self.sudo().activity_unlink(["work_order.mail_activity_dispute"])

    def _close_activities_of_owner(self):
        for dispute in self.sudo().filtered("user_id"):
            dispute.activity_unlink(["work_order.mail_activity_dispute"], user_id=dispute.user_id.id)
