import json

from odoo import api, fields, models


class WorkOrderTransmission(models.Model):
    """The frozen document as a page people can read."""

    _inherit = "work.order.transmission"

    document_page = fields.Html(compute="_compute_document_page", sanitize=False)
    gap_page = fields.Html(compute="_compute_gap_page", sanitize=False)

    @api.depends("document")
    def _compute_document_page(self):
        for row in self:
            row.document_page = row.document and self.env["ir.qweb"]._render(
                "work_order_transmission.document_page", {"document": json.loads(row.document)}
            )

    @api.depends("gaps")
    def _compute_gap_page(self):
        for row in self:
            row.gap_page = row.gaps and self.env["ir.qweb"]._render(
                "work_order_transmission.gap_page", {"gaps": row.gaps}
            )
