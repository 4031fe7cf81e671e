"""Credit notes keep the chain: the invoice they credit, its lines and references, and why."""

from odoo import api, fields, models
from odoo.tools import float_compare


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_reason = fields.Char(copy=False, readonly=True, help="Why the original invoice was credited.")
    replaced_invoice_ids = fields.Many2many(
        "account.move",
        string="Replaces",
        compute="_compute_replaced_invoice_ids",
        compute_sudo=True,
        help="Credited invoices of the same work, which this one corrects.",
    )

    @api.depends("invoice_line_ids.work_order_task_id", "move_type")
    def _compute_replaced_invoice_ids(self):
        for move in self:
            move.replaced_invoice_ids = move._credited_before() if move.move_type == "out_invoice" else False

    def _credited_before(self):
        """Earlier invoices of this one's tasks that a posted credit note credits."""
        own = self.ids[0] if self.ids else float("inf")
        lines = self.invoice_line_ids.work_order_task_id.invoice_line_ids
        credits = lines.filtered(lambda line: line.parent_state == "posted").move_id.filtered("reversed_entry_id")
        return credits.reversed_entry_id.filtered(lambda origin: origin.id < own and origin != self)

    def _lines_to_credit(self):
        """Pairs of a line of this work orders' invoice and how much of it no credit note gives back yet."""
        if self.move_type != "out_invoice" or not self._work_orders():
            return []
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.retention_kind and line.quantity > 0
        )
        credited = dict(
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("original_line_id", "in", lines.ids),
                    ("move_id.move_type", "=", "out_refund"),
                    ("parent_state", "!=", "cancel"),
                ],
                ["original_line_id"],
                ["quantity:sum"],
            )
        )
        pairs = [(line, line.quantity - credited.get(line, 0.0)) for line in lines]
        return [(line, left) for line, left in pairs if line._compare_quantity(left, 0.0) > 0]

    def _keep_credited(self, chosen):
        """Leave on this new credit note the chosen lines only; retention follows from them."""
        for line in self.invoice_line_ids:
            quantity = chosen.get(line.original_line_id)
            if quantity is None:
                line.unlink()
            elif line._compare_quantity(quantity, line.quantity):
                line.quantity = quantity
        self._withhold_retention()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _compare_quantity(self, one, other):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_compare(one, other, precision_digits=digits)
