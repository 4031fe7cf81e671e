"""What a buyer says against a document becomes a dispute on its invoice, by itself.

Only what the buyer says: a QuickBooks row that differs is about totals in our own books; nobody outside disputes it.
"""

from odoo import api, models

from .settlement_errors import BUYER_REASONS


class WorkOrderTransmission(models.Model):
    _inherit = "work.order.transmission"

    @api.model
    def _settle(self, destination, lease, results):
        answer = super()._settle(destination, lease, results)
        for result in results:
            row = self.browse(result["id"])
            told = result.get("buyer_reason") and result["id"] in answer["settled"]
            if told and row.state in ("rejected", "disputed"):
                row._open_dispute(result["buyer_reason"], row.message or "")
        return answer

    def _open_dispute(self, reason, text):
        """The open dispute about this document's invoice; one rejection after another adds to it.

        :param str reason: one of ``BUYER_REASONS``; anything else counts as "OTH"
        :param str text: what the buyer said, shown to who sees to it
        """
        self.ensure_one()
        reason = reason if reason in BUYER_REASONS else "OTH"
        return self.env["work.order.dispute"]._open(
            self.invoice_id,
            self.work_order_ids,
            reason,
            text.strip() or self.env._("%s gave no further reason.", self.destination_id.name),
            raised_by="buyer",
            raised_by_id=self.invoice_id.commercial_partner_id.id,
            number_rejected=self.state == "rejected",
        )

    def action_try_again(self):
        """A number that the buyer rejected, and takes no more, is not sent again under a new revision."""
        self._check_billing()
        self.sudo().invoice_id._check_rejected_numbers()
        return super().action_try_again()
