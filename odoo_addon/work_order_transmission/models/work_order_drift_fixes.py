"""What a person, or a rule a person set, does about an entry of the inbox: follow, send again, accept."""

from odoo import models
from odoo.exceptions import AccessError, UserError


class WorkOrderDrift(models.Model):
    _inherit = "work.order.drift"

    def action_follow(self):
        """Do in Odoo what was done there; each entry whole or not at all.

        :raises UserError: with the reason, if Odoo's books do not allow it
        """
        self._check_may_answer()
        other = self.filtered(lambda drift: not drift._is_followable())
        if other:
            raise UserError(
                self.env._(
                    "Odoo cannot follow these by itself; correct one side by hand, or accept the difference: %s",
                    ", ".join(other.mapped("display_name")),
                )
            )
        for drift in self:
            drift._follow()
        return True

    def action_send_again(self):
        """Queue invoices anew that were deleted there, under a new key.

        Nothing can be billed twice: what is deleted is gone for good, and a number that is in use again refuses this.
        """
        self._check_may_answer()
        texts = [text for drift in self for text in drift._reasons_not_to_send_again()]
        if texts:
            raise UserError("\n".join(texts))
        for drift in self:
            row = drift.transmission_id.sudo()
            documents = row.invoice_id._invoice_documents()
            drift._answered("fixed", self.env._("Sent again as revision %s.", row.revision + 1))
            row._withdraw(self.env._("Deleted there, and sent again as revision %s.", row.revision + 1))
            row.flush_recordset()  # the new row may exist only once this one has stepped aside
            row._queue(documents, [(row.invoice_id, row.destination_id, row.revision + 1)])
        return True

    def action_accept(self):
        """Ask for the reason first."""
        self._check_may_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept the Difference"),
            "res_model": "work.order.drift.accept",
            "view_mode": "form",
            "target": "new",
            "context": {"default_drift_ids": self.ids},
        }

    def _accept(self, reason):
        """It may stay as it is, and is not asked about again unless it changes once more."""
        self._check_may_answer()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the difference may stay."))
        self._answered("accepted", reason.strip())

    def action_reopen(self):
        """Take back that a difference may stay; nothing was changed by that, so nothing has to be undone.

        :raises UserError: for what is not an accepted difference, or changed once more and waits for an answer already
        """
        self._check_person()
        other = self.filtered(lambda drift: drift.state not in ("accepted", "ignored"))
        if other:
            raise UserError(
                self.env._(
                    "Only an accepted difference can be reviewed again; what was fixed is corrected in the invoice or "
                    "payment: %s",
                    ", ".join(other.mapped("display_name")),
                )
            )
        for drift in self.sudo():
            if drift._waits_elsewhere():
                raise UserError(
                    self.env._("%s changed once more and waits in the list: answer that entry.", drift.display_name)
                )
            drift.write({"state": "open", "resolution": False, "resolved_by_id": False, "resolved_on": False})
            drift.invoice_id._message_log(body=self.env._("%s: to be reviewed again.", drift._cause_label()))
        return True

    def _waits_elsewhere(self):
        """Whether an open entry is about the same thing."""
        return self.search_count(
            [
                ("state", "=", "open"),
                *((name, "=", self[name].id) for name in ("destination_id", "transmission_id", "partner_id")),
                *((name, "=", self[name]) for name in ("external_id", "cause")),
            ],
            limit=1,
        )

    def _check_may_answer(self):
        """
        :raises AccessError: unless the user is of billing or accounting
        :raises UserError: if somebody answered already
        """
        self._check_person()
        done = self.filtered(lambda drift: drift.state != "open")
        if done:
            raise UserError(self.env._("These are answered already: %s", ", ".join(done.mapped("display_name"))))

    def _check_person(self):
        groups = ("work_order.group_billing", "account.group_account_user", "account.group_account_manager")
        if not (self.env.su or any(self.env.user.has_group(group) for group in groups)):
            raise AccessError(self.env._("Changes in the accounting system are answered by billing or accounting."))
        self.check_access("read")

    def _answered(self, state, resolution):
        person = False if self.env.su else self.env.uid
        self.sudo().with_context(resolved_by=person)._close(state, resolution)
        for drift in self.sudo().filtered("invoice_id"):
            drift.invoice_id._message_log(
                body=self.env._("%(what)s: %(done)s", what=drift._cause_label(), done=resolution)
            )

    def _follow(self):
        """Dispatch by cause; every step leaves a sentence that says what was done."""
        self.ensure_one()
        done = getattr(self.with_company(self.company_id), f"_follow_{self.cause}")()
        self._answered("fixed", done)
        if self.cause in ("voided", "deleted"):  # so that the credit note is not sent: there is nothing to credit there
            self.transmission_id.sudo().write({"state": "voided", "message": self._credit_reason(), "hint": False})

    def _follow_voided(self):
        return self._credit_whole_invoice()

    def _follow_deleted(self):
        return self._credit_whole_invoice()

    def _credit_whole_invoice(self):
        """A draft credit note over all that is left; a person posts it. Dated today: a closed period stays as it is."""
        invoice = self.invoice_id
        alive = invoice.reversal_move_ids.filtered(lambda move: move.state != "cancel")
        if alive:
            raise UserError(
                self.env._(
                    "%(invoice)s has a credit note already: %(credits)s. Accept the difference, or see to that one.",
                    invoice=invoice.name,
                    credits=", ".join(move.name or self.env._("a draft") for move in alive),
                )
            )
        if invoice.state != "posted":
            raise UserError(self.env._("%s is not posted any more; there is nothing to credit.", invoice.name))
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": self._credit_reason(), "journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves()
        credit = wizard.new_move_ids
        self.sudo().credit_note_id = credit
        return self.env._("A draft credit note over %s waits to be posted.", invoice.name)

    def _credit_reason(self):
        return self.env._(
            "%(cause)s in %(destination)s", cause=self._cause_label(), destination=self.destination_id.name
        )

    def _follow_number(self):
        row = self.transmission_id.sudo()
        number = self._there("number")
        row.external_number = number
        return self.env._("Odoo remembers the number there, %s. The invoice keeps its own.", number)

    def _follow_payment_undone(self):
        self.payment_id._undo_as_there(self.sync_token)
        return self.env._("The payment was cancelled in Odoo; the invoice is open again.")

    def _follow_payment_changed(self):
        day = self._there("day") or str(self.payment_id.date)
        self.payment_id._amend_as_there(self.amount_there, day, self.sync_token)
        return self.env._("The payment in Odoo is now what it is there.")

    def _follow_customer_merged(self):
        rows = self._customer_rows()
        rows.write({"external_id": self.counterpart_id, "external_name": self.counterpart_name})
        return self.env._("The customer table now names %s.", self.counterpart_name)

    def _follow_customer_renamed(self):
        self._customer_rows().write({"external_name": self.counterpart_name})
        return self.env._("The customer table now says %s.", self.counterpart_name)

    def _customer_rows(self):
        return (
            self.env["quickbooks.customer.map"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("destination_id", "=", self.destination_id.id),
                    ("external_id", "=", self.external_id),
                    ("partner_id", "=", self.partner_id.id),
                ]
            )
        )

    def _there(self, name):
        """The value there of one of the differing fields, or None."""
        return next((row["there"] for row in self.differences or [] if row["name"] == name), None)

    def _reasons_not_to_send_again(self):
        self.ensure_one()
        row, invoice = self.transmission_id.sudo(), self.invoice_id.sudo()
        if self.cause != "deleted":
            return [self.env._("%s: only what was deleted there can be sent again.", self.display_name)]
        reasons = []
        if self.counterpart_id:
            reasons.append(
                self.env._(
                    "number %(number)s is in use there by invoice %(id)s.",
                    number=self.counterpart_name,
                    id=self.counterpart_id,
                )
            )
        if row.state in ("sending", "unknown", "cancelled"):
            reasons.append(self.env._("its transmission is “%s”.", row._state_label()))
        if invoice.state != "posted":
            reasons.append(self.env._("it is not posted any more."))
        if invoice.reversal_move_ids.filtered(lambda move: move.state != "cancel"):
            reasons.append(self.env._("it has a credit note in Odoo."))
        return [f"{invoice.name}: {reason}" for reason in reasons]
