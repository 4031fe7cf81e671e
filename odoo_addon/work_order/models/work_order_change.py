"""Change orders: what the customer asked for after the work was agreed, and who approved it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .buyer_purchase_order import PRICE_GROUPS
from .work_order_flow import FINISHED, Reason

TRANSITIONS = {
    "draft": {"submitted", "cancelled"},
    "submitted": {"draft", "approved", "rejected", "cancelled"},
    "approved": set(),
    "rejected": {"draft"},
    "cancelled": {"draft"},
}
DECIDERS = ("work_order.group_project_manager", "work_order.group_billing")
#: Who may move a change order to a state: members of any of these groups.
MOVERS = {
    "draft": ("work_order.group_dispatcher",),
    "submitted": ("work_order.group_dispatcher",),
    "cancelled": ("work_order.group_dispatcher",),
    "approved": DECIDERS,
    "rejected": DECIDERS,
}
#: How the customer's approval is shown; may still be added while the change waits for its decision.
EVIDENCE_FIELDS = {"customer_reference", "evidence_ids", "signed_by"}
#: Written by the steps only, never by anybody's hand.
OWN_FIELDS = {"approved_by_id", "approved_on", "lock_revision", "name"}


class WorkOrderChange(models.Model):
    """A change of scope, price, time or buyer's PO; nothing of it exists on the work order before it is approved."""

    _name = "work.order.change"
    _description = "Change Order"
    _inherit = ["mail.thread", "mail.activity.mixin", "work.order.evidence"]
    _order = "id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    work_order_id = fields.Many2one(
        "work.order", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    company_id = fields.Many2one(related="work_order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="work_order_id.partner_id")
    work_order_state = fields.Selection(related="work_order_id.state", string="Work Order State")
    buyer_purchase_order_id = fields.Many2one(related="work_order_id.buyer_purchase_order_id", string="PO in Register")
    currency_id = fields.Many2one(related="work_order_id.currency_id")
    title = fields.Char(required=True, help="What changes, in a few words.")
    reason = fields.Text(required=True, help="Why the agreed scope does not do.")
    requested_by = fields.Char(help="Who at the customer asked for it.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("work.order.change.line", "change_id", string="Lines", copy=True)
    new_scheduled_start = fields.Datetime(copy=False)
    new_scheduled_end = fields.Datetime(copy=False)
    new_required_completion = fields.Datetime(copy=False)
    po_revision = fields.Char(string="PO Revision", copy=False, help="The buyer's own name of their revised PO.")
    po_limit_delta = fields.Monetary(
        string="PO Limit +/-", copy=False, groups=PRICE_GROUPS, help="By how much the buyer raised the limit of the PO."
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        groups=PRICE_GROUPS,
        help="What the order comes to more or less, untaxed.",
    )
    customer_reference = fields.Char(copy=False, help="Where the customer approved it: mail, letter, their own number.")
    signed_by = fields.Char(copy=False, help="Who at the customer signed for it.")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    #: Raised before a decision, so that of two users deciding at once one has to start again.
    lock_revision = fields.Integer(readonly=True, copy=False, default=0)

    _name_unique = models.Constraint("UNIQUE(name, company_id)", "A change order with this number exists already.")

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for change in self:
            change.amount = sum(change.line_ids.mapped("amount"))

    @api.depends("name", "title")
    def _compute_display_name(self):
        for change in self:
            change.display_name = f"{change.name} {change.title or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.setdefault("state", "draft") != "draft":  # set, as a context could bring another default
                raise UserError(self.env._("A new change order starts as a draft; nobody has approved it yet."))
            vals.update(dict.fromkeys(self._own_fields() - {"lock_revision", "name"}, False))
            vals["name"] = sequence.next_by_code("work.order.change")
        changes = super().create(vals_list)
        changes._check_ticket_is_open()
        return changes

    def write(self, vals):
        self._check_fixed(vals)
        facts = {name: value for name, value in vals.items() if name != "state"}
        if facts:  # first, as gates judge the record as it will be
            super().write(facts)
        if "work_order_id" in facts:
            self._check_ticket_is_open()
        if vals.get("state"):
            self._advance(vals["state"])
        return True

    def _store_state(self, values):
        """Write what a step brings about; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _check_fixed(self, vals):
        """What waits for a decision, or was decided, stays as it is; an approved change for ever."""
        names = {name for name in vals if name != "state" and not name.startswith(("message_", "activity_"))}
        if names & self._own_fields():
            raise AccessError(self.env._("Number and approval of a change order are set by its steps, not by hand."))
        for change in self:
            if change.state == "draft" or not names or (change.state == "submitted" and names <= EVIDENCE_FIELDS):
                continue
            raise UserError(change._fixed_text())

    @api.model
    def _own_fields(self):
        return OWN_FIELDS

    def _fixed_text(self):
        if self.state == "approved":
            return self.env._("%s is approved and stays as it is. Record another change order.", self.name)
        return self.env._("%(change)s is “%(state)s”. Set it back to draft to change it.", **self._label())

    def _label(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return {"change": self.name, "state": states[self.state]}

    def _check_ticket_is_open(self):
        reasons = [reason.message for change in self for reason in change._reasons_by_ticket()]
        if reasons:
            raise UserError("\n".join(reasons))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        kept = self.filtered(lambda change: change.state not in ("draft", "cancelled"))
        if kept:
            raise UserError(
                self.env._(
                    "Only draft or cancelled change orders can be deleted: %s stays.", ", ".join(kept.mapped("name"))
                )
            )

    def action_submit(self):
        return self.write({"state": "submitted"})

    def action_approve(self):
        return self.write({"state": "approved"})

    def action_reject(self):
        return self.write({"state": "rejected"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_draft(self):
        return self.write({"state": "draft"})

    def _advance(self, target):
        """Move every change order to ``target`` or none; approval brings it about in the same step.

        :raises UserError: with every reason of every change order
        :raises AccessError: if this user may not make that move
        """
        self._check_mover(target)
        self._lock()
        reasons = [(change, reason) for change in self for reason in change._reasons_against(target)]
        if reasons:
            states = dict(self._fields["state"]._description_selection(self.env))
            head = self.env._("This change order cannot become “%s”:", states[target])
            raise UserError("\n".join([head, *(f"- {change.name}: {reason.message}" for change, reason in reasons)]))
        if target == "approved":
            for change in self:
                change.sudo()._apply()
            self._store_state({"state": target, "approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()})
        else:
            self._store_state({"state": target})
        self.sudo().work_order_id._note_undecided_changes()

    def _check_mover(self, target):
        groups = MOVERS.get(target, ())
        if self.env.su or any(self.env.user.has_group(group) for group in groups):
            self.check_access("write")
            return
        if target in ("approved", "rejected"):
            text = self.env._("Only a project manager or billing decides about a change order.")
        else:
            text = self.env._("Only a dispatcher prepares change orders.")
        raise AccessError(text)

    def _lock(self):
        """Two users who decide at once: the database makes the second start again and see the first one's decision."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE work_order_change SET lock_revision = lock_revision + 1 WHERE id IN %s", [tuple(sorted(self.ids))]
        )
        self.invalidate_recordset()

    def _reasons_against(self, target):
        """All reasons why this change order cannot become ``target``."""
        self.ensure_one()
        if target not in TRANSITIONS.get(self.state, ()):
            label = self._label()["state"]
            return [Reason("state", self.env._("it is “%s”, so this step is over.", label))]
        if target == "submitted":
            return self.sudo()._reasons_against_content()
        if target == "approved":
            return self.sudo()._reasons_against_content() + self._reasons_against_evidence()
        return []

    def _reasons_against_evidence(self):
        if self.evidence_ids or self.customer_reference or self.signed_by:
            return []
        text = self.env._("Evidence is missing: attach the customer's approval, or give their reference or who signed.")
        return [Reason("evidence_ids", text)]

    def _reasons_by_ticket(self):
        ticket = self.work_order_id.sudo()
        if ticket.state in FINISHED:
            text = self.env._("%s is finished. Reopen it before changing what was agreed.", ticket.name)
        elif ticket.state == "cancelled":
            text = self.env._("%s is cancelled; nothing can be changed on it.", ticket.name)
        else:
            return []
        return [Reason("work_order_id", text)]


class WorkOrder(models.Model):
    _inherit = "work.order"

    change_ids = fields.One2many("work.order.change", "work_order_id", string="Change Orders")
    change_count = fields.Integer(string="Number of Change Orders", compute="_compute_change_count")
    #: Kept by the change orders' steps, so that gates and posting need no query where there is none.
    has_undecided_change = fields.Boolean(readonly=True, copy=False)

    @api.depends("change_ids")
    def _compute_change_count(self):
        groups = self.env["work.order.change"]._read_group(
            [("work_order_id", "in", self.ids)], ["work_order_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.change_count = counts.get(order.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "has_undecided_change": False} for vals in vals_list])

    def write(self, vals):
        if "has_undecided_change" in vals:
            raise AccessError(
                self.env._("Whether a change order waits for its decision follows from the change orders.")
            )
        return super().write(vals)

    def _note_undecided_changes(self):
        waiting = self.change_ids.filtered(lambda change: change.state == "submitted").work_order_id
        for orders, value in ((waiting, True), (self - waiting, False)):
            if orders:
                orders._store_state({"has_undecided_change": value})

    def _reasons_by_changes(self):
        if not self.has_undecided_change:
            return []
        waiting = self.sudo().change_ids.filtered(lambda change: change.state == "submitted")
        text = self.env._(
            "Change order %s is not decided yet; have it approved or rejected first.",
            ", ".join(waiting.mapped("name")),
        )
        return [Reason("change_ids", text)]

    def _gate_done(self):
        reasons = super()._gate_done()
        return reasons if self.state in FINISHED else reasons + self._reasons_by_changes()

    def _reasons_against_billing(self):
        return super()._reasons_against_billing() + self._reasons_by_changes()

    def action_view_changes(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_change_action")
        return {
            **action,
            "domain": [("work_order_id", "=", self.id)],
            "context": {"default_work_order_id": self.id},
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _reasons_by_ticket(self, task):
        reasons = super()._reasons_by_ticket(task)
        if self.move_id.move_type == "out_refund":
            return reasons
        return reasons + task.work_order_id._reasons_by_changes()
