"""What customers may dispute on their own pages, and what they see of it."""

from odoo import models
from odoo.exceptions import ValidationError

from .work_order_flow import FINISHED

#: Longest text a customer may send.
TEXT_LENGTH = 4000


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _may_be_disputed_by(self, partner):
        """Finished work of that customer's own company."""
        order = self.sudo()
        return order.state in FINISHED and order.partner_id.commercial_partner_id == partner.commercial_partner_id


class AccountMove(models.Model):
    _inherit = "account.move"

    def _may_be_disputed_by(self, partner):
        """A posted invoice of work orders, sent to that customer's own company."""
        move = self.sudo()
        return (
            move.move_type == "out_invoice"
            and move.state == "posted"
            and move.commercial_partner_id == partner.commercial_partner_id
            and move._is_of_work_orders()
        )


class WorkOrderDispute(models.Model):
    _inherit = "work.order.dispute"

    def _reasons_for_customers(self):
        return self._fields["reason"]._description_selection(self.env)

    def _open_as_customer(self, record, reason, text, partner):
        """The customer's click on the page of ``record``, an invoice or a work order they may dispute.

        :raises ValidationError: with everything that is missing
        """
        texts, text = [], (text or "").strip()
        if reason not in dict(self._reasons_for_customers()):
            texts.append(self.env._("Reason is missing: choose what is wrong."))
        if not text:
            texts.append(self.env._("What is wrong is missing: tell us in your own words."))
        if len(text) > TEXT_LENGTH:
            texts.append(self.env._("What is wrong is too long; at most %d characters.", TEXT_LENGTH))
        if texts:
            raise ValidationError("\n".join(texts))
        is_invoice = record._name == "account.move"
        move = record if is_invoice else self.env["account.move"]
        tickets = record.sudo().work_order_ids if is_invoice else record
        return self._open(move, tickets, reason, text, raised_by="customer", raised_by_id=partner.id)
