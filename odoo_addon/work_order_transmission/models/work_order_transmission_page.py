import json
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from .work_order_mapping_upload import TABLES

#: The mapping table a gap names → its model.
MODEL_OF_TABLE = {table.name: table.model for table in TABLES}


class WorkOrderTransmission(models.Model):
    """The frozen document, and what keeps it from being sent, as pages people can read."""

    _inherit = "work.order.transmission"

    document_page = fields.Html(compute="_compute_document_page", sanitize=False)
    gap_page = fields.Html(compute="_compute_gap_page", sanitize=False)

    @api.depends("document", "kind")
    def _compute_document_page(self):
        for row in self:
            row.document_page = row.document and self.env["ir.qweb"]._render(
                "work_order_transmission.document_page",
                {
                    "document": json.loads(row.document),
                    "day": lambda text: format_date(self.env, text),
                    "grouped": lambda text: f"{Decimal(text):,}",
                    "heading": self.env._("Credit note") if row.kind == "credit" else self.env._("Invoice"),
                },
            )

    @api.depends("gaps")
    def _compute_gap_page(self):
        for row in self:
            row.gap_page = row.gaps and self.env["ir.qweb"]._render(
                "work_order_transmission.gap_page", {"texts": [row._gap_text(gap) for gap in row.gaps]}
            )

    def _gap_text(self, gap):
        """Which row is missing, in the words of Odoo's screens; the bridge's own words about a row it cannot use."""
        model = MODEL_OF_TABLE.get(gap.get("table"))
        if model is None or self._mapped_for_gap(gap).active:
            return gap.get("message") or gap.get("odoo_name")
        return self.env._("No %(what)s for %(record)s.", what=self.env[model]._description, record=gap["odoo_name"])

    def _mapped_for_gap(self, gap):
        """The row the table has for this very record, an archived one included; perhaps none.

        :raises KeyError: if the gap names no table of Odoo's
        """
        table = self.env[MODEL_OF_TABLE[gap["table"]]].sudo().with_context(active_test=False)
        return table.search(
            [("destination_id", "=", self.destination_id.id), (table._map_field, "=", int(gap["odoo_id"]))], limit=1
        )
