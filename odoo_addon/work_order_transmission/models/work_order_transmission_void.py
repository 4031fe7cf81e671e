"""A void: the request to empty an invoice there that was cancelled here, and what becomes of the invoice's row."""

import uuid

from odoo import api, models
from odoo.tools import float_is_zero


class WorkOrderTransmission(models.Model):
    _inherit = "work.order.transmission"

    def _queue_voids(self, revision=1):
        """One void for each of these rows, which stand for invoices there; it repeats the document they were sent with.

        It has a key of its own. Nothing is owed after it, so its total is zero.
        """
        return self._create_silently(
            [
                {
                    "name": row.name,
                    "invoice_id": row.invoice_id.id,
                    "kind": "void",
                    "original_id": row.invoice_id.id,
                    "partner_id": row.partner_id.id,
                    "work_order_ids": row.work_order_ids.ids,
                    "buyer_po": row.buyer_po,
                    "destination_id": row.destination_id.id,
                    "currency_id": row.currency_id.id,
                    "amount_total": 0.0,
                    "revision": revision,
                    "key": uuid.uuid4().hex,
                    "document": row.document,
                    "sha256": row.sha256,
                    "state": "ready",
                }
                for row in self
            ]
        )

    def _revise(self):
        """A rejected void, for example in a closed period, is asked for again under a new key."""
        voids = self.filtered(lambda row: row.kind == "void")
        voids._step_aside()
        renewed = self.browse()
        for row in voids:
            renewed |= row._queue_voids(row.revision + 1)
        return renewed | super(WorkOrderTransmission, self - voids)._revise()

    def _accept(self, result, lease, owners):
        changed = super()._accept(result, lease, owners)
        if changed and self.kind == "void" and self.state == "voided":
            self._void_original()
        return changed

    def _state_of_received(self, result):
        """For a void “received” means: it is empty there."""
        if self.kind != "void":
            return super()._state_of_received(result)
        total = float(result.get("external_total") or 0)
        if float_is_zero(total, precision_rounding=self.currency_id.rounding):
            return {"state": "voided"}
        return {
            "state": "disputed",
            "message": self.env._("It still has a total of %s there.", result["external_total"]),
        }

    def _void_original(self):
        """The invoice's own row says what became of it; it stays alive, so that nothing sends this invoice again."""
        row = self._row_to_void()
        row.write({"state": "voided", "message": self.message or self.env._("Voided there."), "hint": False})
        row._close_activities()

    def _row_to_void(self):
        self.ensure_one()
        return self.search(
            [
                ("invoice_id", "=", self.invoice_id.id),
                ("destination_id", "=", self.destination_id.id),
                ("kind", "=", "invoice"),
                ("state", "not in", ("cancelled", "voided")),
            ],
            limit=1,
        )

    @api.model
    def _create_silently(self, values):
        """Rows come into being by the hundred; nobody follows them one by one."""
        silent = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}
        return self.with_context(**silent).create(values)
