"""Cancelling an invoice that is at a destination already: Odoo's own rules first, then it is voided there."""

from odoo import fields, models
from odoo.exceptions import UserError

from .transmission_states import ARRIVED

#: Where a void can begin. A paid one has money on it; of “sending” and “unknown” nobody knows whether it is there.
VOIDABLE = (*ARRIVED, "disputed")


class AccountMove(models.Model):
    _inherit = "account.move"

    can_be_voided = fields.Boolean(
        compute="_compute_can_be_voided",
        compute_sudo=True,
        help="This invoice is in an accounting system, unpaid and uncredited, so cancelling it can void it there.",
    )

    def _compute_can_be_voided(self):
        for move in self:
            move.can_be_voided = bool(move._rows_to_void()) and not move._reasons_not_to_void()

    def button_cancel(self):
        """Posted invoices that are there already are not reset to draft on the way, since nobody may edit them."""
        there = self.filtered(lambda move: move.state == "posted" and move.sudo()._rows_to_void())
        there._check_voidable()
        result = super(AccountMove, self - there).button_cancel() if self - there else None
        if there:
            there._check_draftable()
            there.line_ids.analytic_line_ids.with_context(skip_analytic_sync=True).unlink()
            there.line_ids.remove_move_reconcile()
            there.write({"auto_post": "no", "state": "cancel"})
        return result

    def write(self, vals):
        if vals.get("state") == "draft":
            self.sudo()._check_not_voided()
        return super().write(vals)

    def _rows_to_void(self):
        return self.transmission_ids.filtered(lambda row: row.kind == "invoice" and row.state in VOIDABLE)

    def _check_voidable(self):
        """
        :raises UserError: with every reason why an invoice has to be credited instead
        """
        reasons = [f"{move.name}: {reason}" for move in self.sudo() for reason in move._reasons_not_to_void()]
        if reasons:
            raise UserError(
                self.env._("These invoices cannot be cancelled, because they were handed on already:")
                + "".join(f"\n- {reason}" for reason in reasons)
            )

    def _reasons_not_to_void(self):
        self.ensure_one()
        reasons = []
        if self.need_cancel_request:
            reasons.append(self.env._("its cancellation has to be requested first."))
        if self.payment_state not in ("not_paid", "blocked"):
            reasons.append(self.env._("money or a credit stands against it. Make a credit note instead."))
        credits = self.reversal_move_ids.filtered(lambda move: move.state == "posted")
        if credits:
            reasons.append(self.env._("%s credits it already.", ", ".join(credits.mapped("name"))))
        if self.transmission_ids.filtered(lambda row: row.state in ("sending", "unknown")):
            reasons.append(self.env._("nobody knows yet what became of it there. Wait, or use “Ask again” first."))
        return reasons

    def _check_not_voided(self):
        """A voided invoice keeps its number there, so the number cannot be used once more."""
        voided = self.filtered(
            lambda move: (
                move.state == "cancel"
                and move.transmission_ids.filtered(lambda row: row.kind == "void" and row.state != "cancelled")
            )
        )
        if voided:
            raise UserError(
                self.env._(
                    "%s was voided in the accounting system, where its number stays used. Make a new invoice instead.",
                    ", ".join(voided.mapped("name")),
                )
            )
