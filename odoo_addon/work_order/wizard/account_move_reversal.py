"""Odoo's way to a credit note, with a choice of the lines to credit."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..plain_number import plain


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    credit_line_ids = fields.One2many(
        "account.move.reversal.line",
        "reversal_id",
        string="Lines to Credit",
        compute="_compute_credit_line_ids",
        store=True,
        readonly=False,
        help="Untick what stays invoiced, or credit less of it.",
    )

    @api.depends("move_ids")
    def _compute_credit_line_ids(self):
        for wizard in self:
            move = wizard.move_ids._origin
            lines = move._lines_to_credit() if len(move) == 1 else []
            wizard.credit_line_ids = [
                fields.Command.clear(),
                *(fields.Command.create({"line_id": line.id, "quantity": left}) for line, left in lines),
            ]

    def _prepare_default_reversal(self, move):
        return {**super()._prepare_default_reversal(move), "credit_reason": self.reason or False}

    def reverse_moves(self, is_modify=False):
        chosen = self._chosen_lines()
        if chosen is not None and is_modify:
            raise UserError(
                self.env._("A corrected invoice replaces the whole one. Credit single lines with “Reverse” instead.")
            )
        action = super().reverse_moves(is_modify=is_modify)
        if chosen is not None:
            self.new_move_ids._keep_credited(chosen)
        return action

    def _chosen_lines(self):
        """{invoice line: quantity to credit}, or None for all of everything."""
        rows = self.credit_line_ids
        if all(row.selected and not row._is_partial() for row in rows):
            return None
        texts = [row._text_against() for row in rows if row.selected and row._text_against()]
        chosen = {row.line_id: row.quantity for row in rows if row.selected}
        if not chosen:
            texts.append(self.env._("Lines to Credit: choose at least one."))
        if texts:
            raise UserError("\n".join(texts))
        return chosen


class AccountMoveReversalLine(models.TransientModel):
    _name = "account.move.reversal.line"
    _description = "Line to Credit"

    reversal_id = fields.Many2one("account.move.reversal", required=True, ondelete="cascade")
    line_id = fields.Many2one("account.move.line", string="Invoice Line", required=True, ondelete="cascade")
    name = fields.Char(related="line_id.name")
    work_order_id = fields.Many2one(related="line_id.work_order_id")
    buyer_po_line = fields.Char(related="line_id.buyer_po_line")
    invoiced = fields.Float(related="line_id.quantity", string="Invoiced", digits="Product Unit")
    currency_id = fields.Many2one(related="line_id.currency_id")
    price_subtotal = fields.Monetary(related="line_id.price_subtotal")
    quantity = fields.Float(string="Credit", digits="Product Unit")
    selected = fields.Boolean(string="Include", default=True)

    def _is_partial(self):
        return bool(self.line_id._compare_quantity(self.quantity, self.invoiced))

    def _text_against(self):
        line = self.line_id
        left = dict(line.move_id._lines_to_credit()).get(line, 0.0)
        if line._compare_quantity(self.quantity, 0.0) > 0 and line._compare_quantity(self.quantity, left) <= 0:
            return ""
        return self.env._(
            "“%(line)s”: between 0 and %(left)s can be credited, not %(given)s.",
            line=line.name,
            left=plain(left),
            given=plain(self.quantity),
        )
