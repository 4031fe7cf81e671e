"""Disputes: what a buyer or customer says is wrong with an invoice or its work, who sees to it, and how it ended."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: Why, by the codes of Peppol's invoice response (OPStatusReason), in words a customer understands.
REASONS = [
    ("REF", "A reference is wrong or missing (PO, line, cost centre)"),
    ("LEG", "Legal details are wrong or missing"),
    ("REC", "Sent to the wrong company or department"),
    ("QUA", "Quality of the work"),
    ("DEL", "Not done, not delivered, or late"),
    ("PRI", "Price is wrong"),
    ("QTY", "Quantity is wrong"),
    ("ITM", "Wrong item or service"),
    ("PAY", "Payment terms are wrong"),
    ("UNR", "We do not know this order or work"),
    ("FIN", "Tax, freight or another charge is wrong"),
    ("PPD", "Paid in part already"),
    ("OTH", "Something else"),
]
#: Not settled yet.
UNSETTLED = ("open", "waiting")
#: Follow from the steps of a dispute; no hand sets them.
OWN_FIELDS = {
    "name",
    "state",
    "subject",
    "raised_on",
    "number_rejected",
    "escalation_level",
    "escalated_to_id",
    "credit_id",
    "corrected_id",
    "resolved_on",
    "resolved_by_id",
}
#: What it is about and who said so; fixed once it is recorded.
FACTS = {"move_id", "work_order_ids", "company_id", "reason", "raised_by", "raised_by_id"}


class WorkOrderDispute(models.Model):
    """Somebody says that an invoice, or work not invoiced yet, is not right."""

    _name = "work.order.dispute"
    _description = "Dispute"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="New")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("waiting", "Waiting for Buyer"),
            ("resolved", "Resolved"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="open",
        index=True,
        tracking=True,
        group_expand=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), ('work_order_ids', '!=', False)]",
    )
    work_order_ids = fields.Many2many(
        "work.order",
        "work_order_dispute_rel",
        "dispute_id",
        "work_order_id",
        string="Work Orders",
        copy=False,
        check_company=True,
        help="Those of the invoice it is about; all of them if you name none.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", compute="_compute_partner_id", store=True, index=True, compute_sudo=True
    )
    #: What it is about, so that one thing is never disputed twice at once.
    subject = fields.Char(readonly=True, copy=False)
    reason = fields.Selection(REASONS, required=True, tracking=True)
    text = fields.Text(string="What Is Wrong", required=True)
    raised_by = fields.Selection(
        [("buyer", "The buyer's accounts payable"), ("customer", "The customer, on the portal"), ("us", "Ourselves")],
        required=True,
        default="buyer",
    )
    raised_by_id = fields.Many2one("res.partner", string="Said By", copy=False)
    raised_on = fields.Date(readonly=True, copy=False, default=fields.Date.context_today)
    number_rejected = fields.Boolean(
        readonly=True, copy=False, help="The buyer rejected the invoice, and with it its number."
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", index=True, tracking=True, domain=[("share", "=", False)], copy=False
    )
    deadline = fields.Date(string="Due", index=True, tracking=True, copy=False)
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    color = fields.Integer(compute="_compute_is_overdue")
    resolution = fields.Selection(
        [
            ("reissued", "Credited and reissued"),
            ("explained", "Explained"),
            ("price_corrected", "Price corrected"),
            ("written_off", "Written off"),
        ],
        copy=False,
        tracking=True,
    )
    resolution_text = fields.Text(string="How It Was Resolved", copy=False)
    resolved_on = fields.Date(readonly=True, copy=False)
    resolved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    credit_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    corrected_id = fields.Many2one(
        "account.move",
        string="Corrected Invoice",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    _one_at_a_time = models.UniqueIndex(
        "(subject) WHERE state IN ('open', 'waiting')", "There is an open dispute about exactly this already."
    )
    _due = models.Index("(deadline) WHERE state IN ('open', 'waiting')")

    @api.depends("move_id.commercial_partner_id", "work_order_ids.partner_id")
    def _compute_partner_id(self):
        for dispute in self:
            partner = dispute.move_id.partner_id or dispute.work_order_ids[:1].partner_id
            dispute.partner_id = partner.commercial_partner_id

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for dispute in self:
            dispute.is_overdue = bool(dispute.state in UNSETTLED and dispute.deadline and dispute.deadline < today)
            dispute.color = 1 if dispute.is_overdue else 0

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = fields.Domain("state", "in", UNSETTLED) & fields.Domain("deadline", "<", today)
        return fields.Domain.OR(late if each else ~late for each in value)

    @api.onchange("move_id")
    def _onchange_move_id(self):
        if self.move_id:
            self.work_order_ids = self.move_id.sudo().work_order_ids

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_own_fields(name for vals in vals_list for name in vals if vals[name])
        forced = any(f"default_{name}" in self.env.context for name in OWN_FIELDS) and not self.env.su
        values = [
            self._complete_values(
                {**vals, "state": "open", **(dict.fromkeys(OWN_FIELDS - {"state"}) if forced else {})}
            )
            for vals in vals_list
        ]
        disputes = super().create(values)
        disputes._check_subject()
        disputes._tell_opened()
        return disputes

    @api.model
    def _complete_values(self, vals):
        """Number, company, work orders, and owner and due date as the buyer's profile or the company says."""
        move = self.env["account.move"].browse(vals.get("move_id"))
        tickets = self.new({"work_order_ids": vals.get("work_order_ids")}).work_order_ids._origin
        if not tickets and move:
            tickets = move.sudo().work_order_ids
        company = (move.sudo() or tickets[:1].sudo()).company_id or self.env.company
        partner = (move.sudo() or tickets[:1].sudo()).partner_id
        rule = self.env["res.company"]._dispute_rule(company, partner)
        today = fields.Date.context_today(self)
        return {
            **vals,
            "name": self.env["ir.sequence"].next_by_code("work.order.dispute") or "New",
            "company_id": company.id,
            "work_order_ids": [fields.Command.set(tickets.ids)],
            "subject": f"{move.id or 0}:{','.join(map(str, sorted(tickets.ids)))}",
            "raised_on": today,
            "user_id": vals.get("user_id") or rule.owner(move, tickets).id,
            "deadline": vals.get("deadline") or fields.Date.add(today, days=rule.days),
        }

    def write(self, vals):
        if not self.env.su:
            self._check_own_fields(vals)
        if FACTS.intersection(vals):
            raise UserError(self.env._("What a dispute is about, and who said so, stays as it was recorded."))
        passed_on = self.browse()
        if "user_id" in vals:
            passed_on = self.filtered(lambda dispute: dispute.user_id.id != vals["user_id"])
            passed_on._close_activities_of_owner()
        result = super().write(vals)
        passed_on.filtered(lambda dispute: dispute.state in UNSETTLED)._remind(lambda dispute: dispute.user_id)
        return result

    def _check_own_fields(self, names):
        refused = OWN_FIELDS.intersection(names)
        if refused:
            labels = ", ".join(sorted(self._fields[name].get_description(self.env)["string"] for name in refused))
            raise AccessError(self.env._("%s of a dispute follows from its steps; nobody sets it.", labels))

    def _check_subject(self):
        """A dispute is about a posted customer invoice, or about work orders of one customer."""
        texts = []
        for dispute in self.sudo():
            move, tickets = dispute.move_id, dispute.work_order_ids
            if not move and not tickets:
                texts.append(self.env._("Invoice and Work Orders are both missing: what is it about?"))
            if move and (move.move_type != "out_invoice" or move.state != "posted"):
                texts.append(
                    self.env._(
                        "Invoice: %s is not a posted customer invoice, so nobody can dispute it here.",
                        move.display_name,
                    )
                )
            if move and tickets - move.work_order_ids:
                texts.append(
                    self.env._(
                        "Work Orders: %(tickets)s is not billed by %(invoice)s.",
                        tickets=", ".join((tickets - move.work_order_ids).mapped("name")),
                        invoice=move.name,
                    )
                )
            if len(tickets.partner_id.commercial_partner_id) > 1 or len(tickets.company_id) > 1:
                texts.append(self.env._("Work Orders: they are of several customers; record one dispute for each."))
            if not (dispute.text or "").strip():
                texts.append(self.env._("What Is Wrong is missing."))
        if texts:
            raise ValidationError("\n".join(dict.fromkeys(texts)))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A dispute is the record of what the buyer said and stays; withdraw it instead."))

    def _tell_opened(self):
        """On the invoice and its work orders, without the text, which may tell prices; and to the owner, as a task."""
        for dispute in self.sudo():
            body = self.env._("Dispute %(number)s: %(reason)s.", number=dispute.name, reason=dispute._reason_label())
            for record in (dispute.move_id, *dispute.work_order_ids):
                if record:
                    record._message_log(body=body)
        self._remind(lambda dispute: dispute.user_id)

    def _reason_label(self):
        return dict(self._fields["reason"]._description_selection(self.env))[self.reason]

    def action_wait_for_buyer(self):
        """It is the buyer's turn: they were asked something, or have to accept."""
        self._check_step("open")
        return self.sudo().write({"state": "waiting"})

    def action_reopen(self):
        """The buyer answered, so it is our turn again."""
        self._check_step("waiting")
        return self.sudo().write({"state": "open"})

    def action_withdraw(self):
        """Whoever raised it does not insist; nothing is corrected."""
        self._check_step(*UNSETTLED)
        return self._settle({"state": "withdrawn"})

    def action_resolve(self):
        """Settle it as its resolution says; crediting and reissuing is a step of its own.

        :raises UserError: with everything that is missing
        """
        self._check_step(*UNSETTLED)
        texts = [text for dispute in self for text in dispute._reasons_against_resolution()]
        if texts:
            raise UserError("\n".join(texts))
        return self._settle({"state": "resolved"})

    def _reasons_against_resolution(self):
        texts = []
        if not self.resolution:
            texts.append(self.env._("%s: Resolution is missing.", self.name))
        if self.resolution == "reissued" and not (self.credit_id and self.corrected_id):
            texts.append(self.env._("%s: nothing was credited and reissued yet; use “Credit and Reissue”.", self.name))
        if self.resolution == "price_corrected" and not self.sudo()._posted_credits():
            texts.append(self.env._("%s: no posted credit note corrects the price of this invoice yet.", self.name))
        if self.resolution != "reissued" and not (self.resolution_text or "").strip():
            texts.append(self.env._("%s: How It Was Resolved is missing.", self.name))
        return texts

    def _posted_credits(self):
        return self.move_id.reversal_move_ids.filtered(lambda move: move.state == "posted")

    def _settle(self, values):
        today = fields.Date.context_today(self)
        for dispute in self.sudo():
            credit = dispute.credit_id
            if values["state"] == "resolved" and dispute.resolution == "price_corrected":
                credit = dispute._posted_credits()[-1:]
            dispute.write({**values, "credit_id": credit.id, "resolved_on": today, "resolved_by_id": self.env.uid})
        self._close_activities()
        return True

    def _check_step(self, *states):
        self._check_may_settle()
        labels = dict(self._fields["state"]._description_selection(self.env))
        other = self.filtered(lambda dispute: dispute.state not in states)
        if other:
            raise UserError(
                self.env._(
                    "%(disputes)s cannot do that: only a dispute that is %(states)s can.",
                    disputes=", ".join(f"{dispute.name} ({labels[dispute.state]})" for dispute in other),
                    states=" / ".join(f"“{labels[state]}”" for state in states),
                )
            )

    def _check_may_settle(self):
        groups = ("billing", "project_manager")
        if not self.env.su and not any(self.env.user.has_group(f"work_order.group_{name}") for name in groups):
            raise AccessError(self.env._("Disputes are settled by billing or a project manager."))
        self.check_access("write")

    @api.model
    def _open(self, move, tickets, reason, text, **values):
        """The open dispute about these, a new one unless there is one, which then gets the text as a message.

        :param move: the invoice, or none for work that is not invoiced yet
        """
        tickets = tickets or move.sudo().work_order_ids
        subject = f"{move.id or 0}:{','.join(map(str, sorted(tickets.ids)))}"
        known = self.sudo().search([("subject", "=", subject), ("state", "in", UNSETTLED)], limit=1)
        if known:
            author = values.get("raised_by_id")
            known.message_post(body=text, author_id=author, message_type="comment" if author else "notification")
            if values.get("number_rejected") and not known.number_rejected:
                known.number_rejected = True
            if known.state == "waiting":
                known.state = "open"
            return known
        return self.sudo().create(
            {
                "move_id": move.id,
                "work_order_ids": [fields.Command.set(tickets.ids)],
                "reason": reason,
                "text": text,
                **values,
            }
        )

    def action_view_invoices(self):
        """The chain: what was disputed, what credits it, what replaces it."""
        self.ensure_one()
        chain = self.move_id | self.credit_id | self.corrected_id
        return {**chain._action_open(), "views": False, "view_mode": "list,form", "domain": [("id", "in", chain.ids)]}
