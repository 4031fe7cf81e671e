"""The inbox of what was changed at a destination: our invoices, the payments on them, the customers they name."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date

from .drift_causes import CAUSES, FOLLOWABLE, STATES

#: What is kept as the record of what was found and what was done about it.
FOUND = (
    "destination_id",
    "external_id",
    "transmission_id",
    "payment_id",
    "partner_id",
    "cause",
    "sync_token",
)


class WorkOrderDrift(models.Model):
    """One change there that Odoo does not share, and what was done about it.

    Found by comparing, so the same picture told twice is one entry. Nothing in Odoo moves before a person, or a rule
    that a person set, says so.
    """

    _name = "work.order.drift"
    _description = "Change in the Accounting System"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="About", readonly=True, required=True)
    cause = fields.Selection(CAUSES, string="What Changed", required=True, readonly=True, index=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True, tracking=True)
    destination_id = fields.Many2one(
        "work.order.destination", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="destination_id.company_id", store=True, index=True)
    transmission_id = fields.Many2one(
        "work.order.transmission", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    invoice_id = fields.Many2one(related="transmission_id.invoice_id", store=True, index="btree_not_null")
    external_url = fields.Char(related="transmission_id.external_url")
    work_order_ids = fields.Many2many(related="transmission_id.work_order_ids", string="Work Orders")
    payment_id = fields.Many2one("account.payment", readonly=True, index="btree_not_null", ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True, index="btree_not_null")

    external_id = fields.Char(string="ID There", required=True, readonly=True, index=True)
    sync_token = fields.Char(string="Version There", required=True, readonly=True)
    counterpart_id = fields.Char(
        string="Goes On There As",
        readonly=True,
        help="The customer that took this one in, or who holds the number now.",
    )
    counterpart_name = fields.Char(readonly=True)
    changed_at = fields.Datetime(string="Changed There On", readonly=True)
    differences = fields.Json(readonly=True, help="One entry per field: name, here, there.")
    difference_page = fields.Html(compute="_compute_difference_page", sanitize=False, string="What Differs")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_here = fields.Monetary(string="In Odoo", readonly=True)
    amount_there = fields.Monetary(string="There", readonly=True)

    can_follow = fields.Boolean(compute="_compute_can_follow")
    can_send_again = fields.Boolean(compute="_compute_can_follow")
    resolution = fields.Char(readonly=True, tracking=True, help="Why the difference was accepted, or what was done.")
    resolved_by_id = fields.Many2one("res.users", readonly=True)
    resolved_on = fields.Datetime(readonly=True)
    credit_note_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")

    _once = models.UniqueIndex(
        "(destination_id, external_id, cause, COALESCE(transmission_id, 0), COALESCE(partner_id, 0), sync_token)",
        "This change is in the inbox already.",
    )
    _one_open = models.UniqueIndex(
        "(destination_id, external_id, cause, COALESCE(transmission_id, 0), COALESCE(partner_id, 0)) "
        "WHERE state = 'open'",
        "This change is in the inbox already.",
    )

    @api.depends("cause", "name")
    def _compute_display_name(self):
        causes = dict(self._fields["cause"]._description_selection(self.env))
        for drift in self:
            drift.display_name = f"{drift.name or ''}: {causes.get(drift.cause, '')}"

    @api.depends("differences")
    def _compute_difference_page(self):
        labels = self._labels()
        for drift in self:
            rows = [
                {
                    **row,
                    "label": labels.get(row["name"], row["name"]),
                    "here": _shown(drift._in_words(row["name"], row["here"])),
                    "there": _shown(drift._in_words(row["name"], row["there"])),
                }
                for row in drift.differences or []
            ]
            drift.difference_page = self.env["ir.qweb"]._render(
                "work_order_transmission.difference_page", {"rows": rows, "there": drift.destination_id.name}
            )

    def _in_words(self, name, value):
        """An amount with its currency and a day as the reader writes them; anything else as it is."""
        if name in ("total", "tax") and self.currency_id and value:
            return format_amount(self.env, float(value), self.currency_id)
        if name in ("date", "due_date", "day") and value:
            return format_date(self.env, value)
        return value

    @api.depends("cause", "state")
    def _compute_can_follow(self):
        for drift in self:
            drift.can_follow = drift.state == "open" and drift._is_followable()
            drift.can_send_again = drift.state == "open" and drift.cause == "deleted"

    def _is_followable(self):
        """A credit memo that is gone there has no counterpart Odoo could make by itself."""
        self.ensure_one()
        gone = self.cause in ("voided", "deleted") and self.transmission_id.sudo().kind == "credit"
        return self.cause in FOLLOWABLE and not gone

    def write(self, vals):
        """What was found stays as it was found; the methods of this model decide what became of it."""
        if not self.env.su:
            raise AccessError(self.env._("Changes to review are answered with their buttons, not edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("These entries are the record of what was changed and answered; they stay."))

    def action_open_invoice(self):
        self.ensure_one()
        return self.invoice_id._get_records_action(name=self.env._("Invoice"))

    def action_open_payment(self):
        self.ensure_one()
        return self.payment_id._get_records_action(name=self.env._("Payment"))

    def action_open_credit_note(self):
        self.ensure_one()
        return self.credit_note_id._get_records_action(name=self.env._("Credit Note"))

    def action_open_transmission(self):
        self.ensure_one()
        return self.transmission_id._action_open()

    def action_open_there(self):
        self.ensure_one()
        return self.transmission_id.action_open_there()

    def _action_open(self):
        """The list of these; of a single one its form."""
        action = self.env["ir.actions.act_window"]._for_xml_id("work_order_transmission.action_work_order_drift")
        if len(self) == 1:
            return dict(action, res_id=self.id, views=[(False, "form")], view_mode="form", context={})
        return dict(action, domain=[("id", "in", self.ids)], context={})

    @api.model
    def _labels(self):
        return {
            "status": self.env._("State"),
            "total": self.env._("Total"),
            "tax": self.env._("Tax"),
            "lines": self.env._("Lines"),
            "customer": self.env._("Customer"),
            "number": self.env._("Number"),
            "date": self.env._("Invoice date"),
            "due_date": self.env._("Due date"),
            "memo": self.env._("Message to the customer"),
            "mark": self.env._("Mark of the bridge in the private note"),
            "amount": self.env._("Paid on this invoice"),
            "day": self.env._("Date of the payment"),
            "unapplied": self.env._("Not applied to any invoice"),
            "name": self.env._("Name"),
        }


def _shown(value):
    """A value as HTML: lists line by line, nothing as a dash."""
    if isinstance(value, list):
        return Markup("<br/>").join(value) or "–"
    return value or "–"
