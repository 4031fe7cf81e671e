"""Crediting a disputed invoice and issuing it again, under the number the buyer wants."""

from string import ascii_uppercase

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .work_order_dispute import UNSETTLED

#: Set by reissuing, never by hand.
REISSUE_FIELDS = {"reissue_of_id", "reissue_suffix"}


class WorkOrderDispute(models.Model):
    _inherit = "work.order.dispute"

    def action_credit_and_reissue(self):
        """Credit the invoice in full and draft it again for the same work, as Odoo's own reversal does.

        :raises UserError: if there is nothing to credit any more
        :raises AccessError: if this user may not invoice
        """
        wizard = self._reversal()
        wizard.modify_moves()
        self._keep_credit()
        return self._keep_corrected(wizard.new_move_ids)

    def action_credit(self):
        """Credit the invoice in full, so that its work orders can be corrected before they are invoiced again."""
        wizard = self._reversal()
        self.move_id._reverse_moves([wizard._prepare_default_reversal(self.move_id)], cancel=True)
        self._keep_credit()
        return True

    def action_reissue(self):
        """After the credit: the invoice of the corrected work, drafted now unless somebody did so already."""
        self._check_may_reissue()
        if not self.credit_id:
            raise UserError(self.env._("%s: credit the invoice first.", self.name))
        tickets = self.move_id.work_order_ids
        later = tickets.sudo().task_ids.invoice_line_ids.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel" and move.id > self.credit_id.id
        )
        corrected = later.sudo(False).sorted("id") or tickets._invoice_again()
        return self._keep_corrected(corrected)

    def _check_may_reissue(self):
        self.ensure_one()
        self._check_step(*UNSETTLED)
        if not self.env.su and not self.env.user.has_group("work_order.group_billing"):
            raise AccessError(self.env._("Only the billing group credits and reissues invoices."))

    def _reversal(self):
        """Odoo's reversal of the disputed invoice, if it can be credited."""
        self._check_may_reissue()
        texts = self._reasons_against_credit()
        if texts:
            raise UserError("\n".join(texts))
        move = self.move_id
        return self.env["account.move.reversal"].create(
            {
                "move_ids": [fields.Command.set(move.ids)],
                "company_id": move.company_id.id,
                "journal_id": move.journal_id.id,
                "reason": self.env._("Dispute %(number)s: %(reason)s", number=self.name, reason=self._reason_label()),
            }
        )

    def _keep_credit(self):
        credit = self.move_id.reversal_move_ids.sorted("id")[-1:]
        self.sudo().credit_id = credit
        self.move_id._message_log(body=self.env._("Credited by %s.", credit._get_html_link()))

    def _keep_corrected(self, moves):
        """These replace the disputed invoice, and that resolves the dispute."""
        for move in moves:
            move._reissue(self.move_id)
        self.sudo().write({"corrected_id": moves[:1].id, "resolution": "reissued"})
        self._settle({"state": "resolved"})
        links = [move._get_html_link() for move in moves]
        self.move_id._message_log(body=self.env._("Issued again: %s.", Markup(", ").join(links)))
        return moves._action_open()

    def _reasons_against_credit(self):
        move = self.move_id
        if not move:
            return [self.env._("%s is about work without an invoice; there is nothing to credit.", self.name)]
        texts = []
        if move.state != "posted":
            texts.append(self.env._("%s is not posted any more.", move.display_name))
        others = move.sudo().reversal_move_ids.filtered(lambda each: each.state != "cancel")
        if others:
            texts.append(
                self.env._(
                    "%(invoice)s is credited already by %(credits)s.",
                    invoice=move.name,
                    credits=", ".join(others.mapped("display_name")),
                )
            )
        return texts


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _invoice_again(self):
        """Drafts for what a credit note gave back.

        :raises UserError: with every reason why some of it cannot be invoiced now
        """
        reasons = [(order, reason) for order in self for reason in order._reasons_against_billing()]
        if reasons:
            raise UserError(self._refusal("invoiced", reasons))
        return self._create_invoices(together=len(self.sale_order_id) == 1)  # else as the buyer wants them grouped


class AccountMove(models.Model):
    _inherit = "account.move"

    dispute_ids = fields.One2many("work.order.dispute", "move_id", groups="account.group_account_invoice")
    reissue_of_id = fields.Many2one(
        "account.move",
        string="Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The disputed invoice that was credited and that this one replaces.",
    )
    reissue_suffix = fields.Char(
        readonly=True, copy=False, help="Behind the number of the first invoice, for buyers who want that number back."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(REISSUE_FIELDS & vals.keys() for vals in vals_list):
            self._refuse_reissue_fields()
        if any(f"default_{name}" in self.env.context for name in REISSUE_FIELDS):
            vals_list = [{**dict.fromkeys(REISSUE_FIELDS, False), **vals} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if REISSUE_FIELDS & vals.keys() and not self.env.su:
            self._refuse_reissue_fields()
        if vals.get("state") == "draft":
            self._check_rejected_numbers()
        return super().write(vals)

    def _refuse_reissue_fields(self):
        raise AccessError(self.env._("Which invoice another one corrects follows from crediting and reissuing it."))

    def _reissue(self, original):
        """Make this invoice the correction of ``original``; while it is a draft, its number becomes what was agreed."""
        if self.reissue_of_id:
            return
        rule = self.env["res.company"]._dispute_rule(original.company_id, original.partner_id)
        first = original._first_of_reissues()
        wanted = rule.profile.reissue_rule == "suffix" and self.state == "draft" and not self.posted_before
        suffix = first._next_suffix() if wanted else False
        self.sudo().write({"reissue_of_id": original.id, "reissue_suffix": suffix})
        if suffix:
            self.flush_recordset(["reissue_suffix"])  # the sequence looks it up in the database
            self.sudo().name = f"{first.name}{suffix}"

    def _first_of_reissues(self):
        """The invoice that this one's chain of corrections began with."""
        move = self.sudo()
        while move.reissue_of_id:
            move = move.reissue_of_id
        return move

    def _next_suffix(self):
        """A letter no correction of this invoice has had: a digit would join the number and a sequence would go on."""
        taken, found = self.sudo(), self.sudo()
        while found:
            found = self.sudo().search([("reissue_of_id", "in", found.ids)])
            taken |= found
        free = [letter for letter in ascii_uppercase if letter not in taken.mapped("reissue_suffix")]
        if not free:
            raise UserError(self.env._("%s was issued again too often; give the next one a new number.", self.name))
        return free[0]

    def _check_rejected_numbers(self):
        """An invoice whose number the buyer rejected is not edited and posted again under it where that is barred."""
        disputes = self.env["work.order.dispute"].sudo()
        rejected = disputes.search([("move_id", "in", self.ids), ("number_rejected", "=", True)])
        texts = []
        for move in rejected.move_id:
            rule = self.env["res.company"]._dispute_rule(move.company_id, move.partner_id)
            if rule.profile and not rule.profile.rejected_number_reusable:
                texts.append(
                    self.env._(
                        "%(buyer)s rejected %(invoice)s and takes no rejected number again. "
                        "Use “Credit and Reissue” on its dispute instead.",
                        buyer=move.commercial_partner_id.name,
                        invoice=move.name,
                    )
                )
        if texts:
            raise UserError("\n".join(texts))

    def _get_last_sequence_domain(self, relaxed=False):
        """A number that came back with a suffix is no step of the sequence."""
        where, params = super()._get_last_sequence_domain(relaxed)
        return where + " AND reissue_suffix IS NULL ", params

    def _sequence_matches_date(self):
        return bool(self.reissue_suffix) or super()._sequence_matches_date()

    def _must_check_constrains_date_sequence(self):
        return not self.reissue_suffix and super()._must_check_constrains_date_sequence()
