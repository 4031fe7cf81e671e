"""The customer's own approval of a change order, by a click on their portal page: evidence, not the decision."""

from odoo import fields, models
from odoo.exceptions import UserError


class WorkOrderChange(models.Model):
    _inherit = "work.order.change"

    portal_approved_by_id = fields.Many2one(
        "res.partner",
        string="Approved on the Portal By",
        readonly=True,
        copy=False,
        help="Who at the customer approved it on their portal page.",
    )
    portal_approved_on = fields.Datetime(string="Approved on the Portal On", readonly=True, copy=False)

    def _own_fields(self):
        return super()._own_fields() | {"portal_approved_by_id", "portal_approved_on"}

    def _approve_as_customer(self, contact):
        """Keep that ``contact`` approves what is submitted; a project manager or billing still decides.

        :raises UserError: if it does not wait for a decision (any more)
        """
        self.ensure_one()
        self._lock()
        if self.state != "submitted":
            raise UserError(self.env._("%s does not wait for an approval any more.", self.name))
        if self.portal_approved_by_id:
            return
        self._store_state({"portal_approved_by_id": contact.id, "portal_approved_on": fields.Datetime.now()})
        self.message_post(
            body=self.env._("%s approved this change on the portal.", contact.display_name), author_id=contact.id
        )

    def _reasons_against_evidence(self):
        return [] if self.portal_approved_by_id else super()._reasons_against_evidence()

    def _advance(self, target):
        result = super()._advance(target)
        if target == "draft":  # what was approved may change now
            self._store_state({"portal_approved_by_id": False, "portal_approved_on": False})
        return result
