from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.work_order_transmission_page import MODEL_OF_TABLE


class QuickbooksGapFill(models.TransientModel):
    """Adds the mapping rows an invoice waits for, from where it says that they are missing.

    Billing may add what is missing; a row that is there already is an administrator's to change.
    """

    _name = "quickbooks.gap.fill"
    _description = "Add Missing Mapping Rows"

    transmission_id = fields.Many2one("work.order.transmission", required=True, readonly=True, ondelete="cascade")
    destination_id = fields.Many2one(related="transmission_id.destination_id")
    line_ids = fields.One2many("quickbooks.gap.fill.line", "fill_id")

    def action_fill(self):
        """Store what was filled in; whatever waits for it at this destination is tried again by itself.

        :raises UserError: with one sentence, and nothing is stored
        """
        self.ensure_one()
        row = self.transmission_id
        row._check_billing()
        lines = self.line_ids.filtered(lambda line: (line.external_id or "").strip() not in ("", line.unusable_id))
        if not lines:
            raise UserError(
                self.env._("Enter the QuickBooks ID of at least one row, other than one that cannot be used.")
            )
        # All lines are looked at before the first is stored: storing one wakes the invoice, and its gaps are gone.
        for line, mapped in [(line, line._row_to_change()) for line in lines]:
            line._store(mapped)
        added = ", ".join(f"{line.name} → {line.external_name or line.external_id.strip()}" for line in lines)
        row._message_log(body=self.env._("Mapping rows added: %s", added))
        return {"type": "ir.actions.act_window_close"}


class QuickbooksGapFillLine(models.TransientModel):
    """One missing row: the Odoo record it is about, and the QuickBooks object a person enters for it."""

    _name = "quickbooks.gap.fill.line"
    _description = "Missing Mapping Row"

    fill_id = fields.Many2one("quickbooks.gap.fill", required=True, ondelete="cascade")
    table = fields.Char(required=True, readonly=True)
    odoo_id = fields.Char(required=True, readonly=True)
    name = fields.Char(string="In Odoo", required=True, readonly=True)
    unusable_id = fields.Char(default="", readonly=True, help="What the row says now, and QuickBooks does not take.")
    what = fields.Char(compute="_compute_what", string="What Is Missing")
    external_id = fields.Char(
        string="QuickBooks ID", help="The Id QuickBooks gives the object; it never changes there."
    )
    external_name = fields.Char(string="QuickBooks Name", help="For people: how QuickBooks shows the object.")

    @api.depends("table")
    def _compute_what(self):
        for line in self:
            line.what = self.env[MODEL_OF_TABLE[line.table]]._description if line.table in MODEL_OF_TABLE else False

    def _row_to_change(self):
        """The row the table has already, perhaps archived.

        :raises UserError: if the invoice does not wait for this row, or the user may not change the one there is
        """
        row = self.fill_id.transmission_id
        gaps = [gap for gap in row.gaps or [] if (gap["table"], str(gap["odoo_id"])) == (self.table, self.odoo_id)]
        if not gaps or self.table not in MODEL_OF_TABLE:
            raise UserError(self.env._("%(invoice)s does not wait for %(name)s.", invoice=row.name, name=self.name))
        mapped = row._mapped_for_gap(gaps[0])
        if mapped and not mapped.sudo(False).has_access("write"):
            raise UserError(
                self.env._("%s has a row already, which only an administrator changes. Leave it empty here.", self.name)
            )
        return mapped

    def _store(self, mapped):
        vals = {"external_id": self.external_id.strip(), "external_name": (self.external_name or "").strip()}
        if mapped:
            mapped.sudo(False).write({**vals, "active": True})
            return
        table = self.env[MODEL_OF_TABLE[self.table]].sudo()
        destination = self.fill_id.transmission_id.destination_id
        table.create({**vals, table._map_field: int(self.odoo_id), "destination_id": destination.id})
