from odoo import api, fields, models


class WorkOrderLineApproval(models.TransientModel):
    """Answer for lines typed by hand on a work order's invoice, with a reason and evidence."""

    _name = "work.order.line.approval"
    _description = "Approve Lines Typed by Hand"

    move_id = fields.Many2one("account.move", string="Invoice", required=True, ondelete="cascade")
    line_ids = fields.Many2many(
        "account.move.line",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('move_id', '=', move_id), ('display_type', '=', 'product')]",
    )
    reason = fields.Char(help="Why this is charged beyond what was ordered.")
    reference = fields.Char(string="Evidence", help="Where the customer agreed: their mail, letter or number.")
    evidence_ids = fields.Many2many("ir.attachment", string="Files")

    @api.depends("move_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.move_id.invoice_line_ids.filtered("needs_approval")

    def action_approve(self):
        self.ensure_one()
        self.line_ids.action_approve(self.reason, self.reference, self.evidence_ids.ids)
        return {"type": "ir.actions.act_window_close"}
