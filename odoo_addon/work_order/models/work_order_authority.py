"""On whose word the work is done: a signed quote, a service agreement or a buyer's PO, and what comes with it."""

from odoo import api, fields, models

from .work_order_flow import Reason

#: What a work order takes over from its job where it says nothing itself.
TAKEN_FROM_JOB = ("contact_id", "billing_contact_id", "site_rules", "billing_instructions", "buyer_po")

SEES_BILLING = (
    "work_order.group_dispatcher,work_order.group_billing,account.group_account_readonly,sales_team.group_sale_salesman"
)


class WorkOrderType(models.Model):
    _inherit = "work.order.type"

    authority_required = fields.Boolean(
        help="Dispatch is refused unless there is a confirmed or signed quote, a service agreement in force on the "
        "scheduled day, or a buyer PO."
    )


class WorkOrderJob(models.Model):
    _inherit = "work.order.job"

    contact_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        help="Whom to ask about this work; the contact of the site if empty.",
    )
    billing_contact_id = fields.Many2one(
        "res.partner", ondelete="restrict", check_company=True, help="Whom billing asks; receives the invoices' proof."
    )
    site_rules = fields.Html(help="What everybody on this job has to keep to: access hours, badges, safety.")
    billing_instructions = fields.Text(
        groups=SEES_BILLING, help="How the buyer wants to be billed: grouping, references, attachments."
    )


class WorkOrder(models.Model):
    _inherit = "work.order"

    contact_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        help="Whom to ask about this work; the contact of the site if empty.",
    )
    billing_contact_id = fields.Many2one(
        "res.partner", ondelete="restrict", check_company=True, help="Whom billing asks at the customer."
    )
    site_rules = fields.Html(help="What everybody on site has to keep to: access hours, badges, safety.")
    billing_instructions = fields.Text(
        groups=SEES_BILLING,
        help="How the buyer wants this work billed: grouping, references, attachments.",
    )
    authority = fields.Selection(
        [("quote", "Signed quote"), ("agreement", "Service agreement"), ("po", "Buyer PO")],
        string="Authority Given By",
        compute="_compute_authority",
        compute_sudo=True,
    )
    authority_text = fields.Char(
        string="Authority",
        compute="_compute_authority",
        compute_sudo=True,
        help="On whose word this work is done.",
    )

    @api.depends(
        "buyer_po",
        "job_id.date_end",
        "job_id.date_start",
        "job_id.kind",
        "job_id.state",
        "sale_order_id.signed_by",
        "sale_order_id.signed_on",
        "sale_order_id.state",
        "scheduled_start",
    )
    def _compute_authority(self):
        for order in self:
            kind, text = order._authority()
            order.authority, order.authority_text = kind, text

    def _authority(self):
        """The strongest authority this work has, and how a person would name it; (False, False) without any."""
        quote, job = self.sale_order_id, self.job_id
        if quote and self._is_signed(quote):
            by = quote.signed_by or self.env._("the order's confirmation")
            return "quote", self.env._("Quote %(quote)s, approved by %(by)s", quote=quote.name, by=by)
        if job and job._is_in_force(self._day_of_work()):
            return "agreement", self.env._("Agreement %s", job.name)
        if self.buyer_po:
            return "po", self.env._("PO %s", self.buyer_po)
        return False, False

    @api.model
    def _is_signed(self, quote):
        return quote.state == "sale" or bool(quote.state == "sent" and quote.signed_by and quote.signed_on)

    def _day_of_work(self):
        """The scheduled day as the customer's site counts it, or today."""
        if not self.scheduled_start:
            return fields.Date.context_today(self)
        zone = self.with_context(tz=self.site_id.tz or self.env.user.tz or self.company_id.partner_id.tz)
        return fields.Datetime.context_timestamp(zone, self.scheduled_start).date()

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered("job_id")._take_from_job()
        orders._take_from_profile()
        return orders

    def write(self, vals):
        tied = self.filtered(lambda order: order.job_id.id != vals["job_id"]) if vals.get("job_id") else self.browse()
        result = super().write(vals)
        tied._take_from_job()
        return result

    def _take_from_job(self):
        """Contacts, site rules, billing instructions and PO of the job, where the work order has none."""
        groups = {}
        for order in self.sudo():
            job = order.job_id
            missing = tuple(name for name in TAKEN_FROM_JOB if job[name] and not order[name])
            if missing:
                groups[job, missing] = groups.get((job, missing), self.browse()) | order
        for (job, missing), orders in groups.items():
            orders.write({name: job._fields[name].convert_to_write(job[name], job) for name in missing})

    def _take_from_profile(self):
        """The buyer's standing billing instructions, where neither job nor work order has any."""
        if not any(order.company_id.keeps_buyer_register for order in self):
            return
        empty = self.sudo().filtered(lambda order: order.billable and not order.billing_instructions)
        profile_of = self.env["buyer.profile"]._profiles_of(empty)
        by_text = empty.grouped(
            lambda order: (profile_of.get(order.id) or self.env["buyer.profile"]).billing_instructions
        )
        for text, orders in by_text.items():
            if text:
                orders.write({"billing_instructions": text})

    def _gate_dispatched(self):
        reasons = super()._gate_dispatched()
        if self.type_id.authority_required and not self.sudo()._authority()[0]:
            reasons.append(Reason("authority", self.sudo()._what_authority_is_missing()))
        return reasons

    def _what_authority_is_missing(self):
        """A sentence naming each of the three authorities and what is wrong with it."""
        return self.env._(
            "Authority: work of type “%(type)s” needs a signed quote, a service agreement in force or a buyer PO: "
            "%(quote)s; %(agreement)s; Buyer PO is empty.",
            type=self.type_id.name,
            quote=self._what_quote_is_missing(),
            agreement=self._what_agreement_is_missing(),
        )

    def _what_quote_is_missing(self):
        quote = self.sale_order_id
        if not quote:
            return self.env._("there is no quote")
        state = dict(quote._fields["state"]._description_selection(self.env))[quote.state]
        return self.env._("%(quote)s is neither confirmed nor signed (%(state)s)", quote=quote.name, state=state)

    def _what_agreement_is_missing(self):
        job, day = self.job_id, self._day_of_work()
        if not job or job.kind != "agreement":
            return self.env._("there is no service agreement")
        if job.state != "open":
            state = dict(job._fields["state"]._description_selection(self.env))[job.state]
            return self.env._("agreement %(job)s is %(state)s", job=job.name, state=state.lower())
        if job.date_end and job.date_end < day:
            return self.env._(
                "agreement %(job)s ended on %(end)s, before %(day)s", job=job.name, end=job.date_end, day=day
            )
        return self.env._(
            "agreement %(job)s starts on %(start)s, after %(day)s", job=job.name, start=job.date_start, day=day
        )
