"""Work that a customer asks for, on the portal or by e-mail: always a draft, for a dispatcher to look at."""

from odoo import api, fields, models
from odoo.tools import html2plaintext

#: Longest title taken over from a request; the rest is in its text.
TITLE_LENGTH = 200


class WorkOrderType(models.Model):
    _name = "work.order.type"
    _inherit = ["work.order.type", "mail.alias.mixin.optional"]

    def _alias_get_creation_values(self):
        """What arrives at the alias of a type opens a draft of that type."""
        return {
            **super()._alias_get_creation_values(),
            "alias_model_id": self.env["ir.model"]._get_id("work.order"),
            "alias_defaults": {"type_id": self.id} if self.id else {},
        }


class WorkOrder(models.Model):
    _name = "work.order"
    _inherit = ["work.order", "portal.mixin"]
    _mail_post_access = "read"

    requested_by_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        help="The customer's contact who asked for the work on the portal or by e-mail.",
    )

    @api.model
    def _customer_fields(self):
        """All a customer's portal user reads; a field added later stays hidden until it is named here."""
        return {
            "access_url",
            "asset_id",
            "building",
            "buyer_po",
            "company_id",
            "completed_on",
            "cost_center_id",
            "create_date",
            "display_name",
            "exclusions",
            "id",
            "name",
            "partner_id",
            "priority",
            "requested_by_id",
            "required_completion",
            "scheduled_end",
            "scheduled_start",
            "scope",
            "signed_by",
            "signed_on",
            "site_id",
            "state",
            "symptom",
            "title",
            "type_id",
            "version",
            "version_date",
            "write_date",
        }

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        user = self.env.user
        if self.env.su or not user.share or user.has_group("work_order.group_subcontractor"):
            return True
        return operation == "read" and (field.name in self._customer_fields() or field.name.startswith("message_"))

    def _compute_access_url(self):
        for order in self:
            order.access_url = f"/my/work-orders/{order.id}"

    @api.model
    def _request_values(self, title, text, contact, **values):
        """Values of a draft that ``contact`` (possibly nobody we know) asked for."""
        title = " ".join((title or "").split()) or self.env._("Request without a subject")
        return {
            "title": title[:TITLE_LENGTH],
            "symptom": text,
            "partner_id": contact.commercial_partner_id.id,
            "requested_by_id": contact.id,
            "user_id": False,  # nobody has taken it yet
            **values,
        }

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open a draft for an incoming e-mail; its sender is the customer if we know them and they are none of us.

        The message with its attachments goes to the chatter by itself.
        """
        sender = self.env["res.partner"].browse(msg_dict.get("author_id")).exists()
        if any(not user.share for user in sender.sudo().with_context(active_test=False).user_ids):
            sender = sender.browse()
        text = html2plaintext(msg_dict.get("body") or "").strip()
        values = self._request_values(msg_dict.get("subject"), text, sender)
        return super().message_new(msg_dict, {**values, **(custom_values or {})})
