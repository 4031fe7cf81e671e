"""Comparing registered payments with what they are there now, and correcting them when somebody says so."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .work_order_drift_report import finding, is_older


class AccountPayment(models.Model):
    _inherit = "account.payment"

    destination_version = fields.Char(
        string="Version There", readonly=True, copy=False, help="The version there that this payment last agreed with."
    )

    @api.model
    def _find_drift(self, destination, entries):
        """Findings about payments we registered, and about money that no invoice got."""
        ids = [entry["external_id"] for entry in entries]
        registered = self.search([("destination_id", "=", destination.id), ("destination_external_id", "in", ids)])
        rows = self.env["work.order.transmission"].search(
            [
                ("destination_id", "=", destination.id),
                ("invoice_id", "in", registered.destination_invoice_id.ids),
                ("kind", "=", "invoice"),
                ("external_id", "!=", False),
                ("state", "!=", "cancelled"),
            ]
        )
        row_of = {row.invoice_id: row for row in rows}
        by_id = {}
        for payment in registered:
            by_id.setdefault(payment.destination_external_id, []).append(payment)
        findings = []
        for entry in entries:
            payments = by_id.get(entry["external_id"], [])
            for payment in payments:
                if not is_older(entry["version"], payment.destination_version):
                    findings += payment._compare_there(entry, row_of.get(payment.destination_invoice_id))
        return findings + self._find_unapplied(destination, entries, by_id)

    def _compare_there(self, entry, row):
        """Two findings, one of them empty at least: the payment is gone there, or it is another one now."""
        self.ensure_one()
        parts = {part["invoice_external_id"]: part["amount"] for part in entry["parts"]}
        paid = Decimal(parts.get(row.external_id, "0")) if row and entry["status"] == "present" else Decimal(0)
        undone, changed = {}, {}
        if self.state in ("canceled", "rejected"):
            if paid > 0 and entry["version"] != (self.destination_version or entry["version"]):
                changed["amount"] = (self._money(0), self._money(paid))
        elif paid <= 0:
            undone["amount"] = (self._money(self.amount), self._money(0))
            undone["status"] = (self.env._("registered"), self._status_there(entry))
        else:
            if self.currency_id.compare_amounts(self.amount, float(paid)):
                changed["amount"] = (self._money(self.amount), self._money(paid))
            if entry["date"] and entry["date"] != str(self.date):
                changed["day"] = (str(self.date), entry["date"])
        if not undone and not changed and self.destination_version != entry["version"]:
            self.destination_version = entry["version"]
        here = 0.0 if self.state in ("canceled", "rejected") else self.amount
        return [
            finding(
                row.name if row else self.destination_invoice_id.name,
                cause,
                entry["external_id"],
                entry,
                differences,
                transmission_id=row.id if row else False,
                partner_id=self.partner_id.id,
                payment_id=self.id,
                currency_id=self.currency_id.id,
                amount_here=here,
                amount_there=float(paid),
            )
            for cause, differences in (("payment_undone", undone), ("payment_changed", changed))
        ]

    def _status_there(self, entry):
        if entry["status"] == "voided":
            return self.env._("voided")
        if entry["status"] == "deleted":
            return self.env._("deleted")
        return self.env._("not on this invoice any more")

    def _money(self, value):
        return format_amount(self.env, float(value), self.currency_id)

    @api.model
    def _find_unapplied(self, destination, entries, registered):
        """Money of customers of ours that pays no invoice yet: nothing to register, but somebody should know."""
        maps = (
            self.env["quickbooks.customer.map"]
            .with_context(active_test=False)
            .search(
                [
                    ("destination_id", "=", destination.id),
                    ("external_id", "in", [entry["customer_id"] for entry in entries if entry["customer_id"]]),
                ]
            )
        )
        partners = {row.external_id: row.partner_id for row in reversed(maps)}
        names = {entry["currency"] for entry in entries if entry["currency"]}
        currencies = {one.name: one for one in self.env["res.currency"].search([("name", "in", list(names))])}
        told = self.env["work.order.drift"].search(
            [
                ("destination_id", "=", destination.id),
                ("cause", "=", "payment_unapplied"),
                ("state", "=", "open"),
                ("external_id", "in", [entry["external_id"] for entry in entries]),
            ]
        )
        told_of = {drift.external_id: drift.partner_id for drift in told}
        findings = []
        for entry in entries:
            ours = registered.get(entry["external_id"], self.browse())[:1]
            partner = told_of.get(entry["external_id"]) or partners.get(entry["customer_id"])
            partner = partner or (ours[0].partner_id if ours else None)
            if not partner:  # somebody else's customer, or a deleted payment nobody was told about
                continue
            currency = currencies.get(entry["currency"], destination.company_id.currency_id)
            left = Decimal(entry["unapplied"]) if entry["status"] == "present" else Decimal(0)
            text = format_amount(self.env, float(left), currency)
            findings.append(
                finding(
                    self.env._("Payment %s", entry["reference"] or entry["external_id"]),
                    "payment_unapplied",
                    entry["external_id"],
                    entry,
                    {"unapplied": ("", text)} if left > 0 else {},
                    partner_id=partner.id,
                    currency_id=currency.id,
                    amount_here=0.0,
                    amount_there=float(left),
                )
            )
        return findings

    def _undo_as_there(self, version):
        """Take the payment off its invoice and cancel it, as it was undone there.

        :raises UserError: if Odoo's books do not allow that: a closed period, a bank statement that has it
        """
        self.ensure_one()
        self._take_off_invoice()
        self.action_cancel()
        self.destination_version = version

    def _amend_as_there(self, amount, day, version):
        """Register anew with what it is there now, under the same identity, so that it exists once.

        :raises UserError: if Odoo's books do not allow that
        """
        self.ensure_one()
        invoice = self.destination_invoice_id
        self._take_off_invoice()
        if self.currency_id.compare_amounts(amount, invoice.amount_residual) > 0:
            raise UserError(
                self.env._(
                    "%(invoice)s has %(open)s open, but the payment there is %(amount)s. Correct the payment by hand.",
                    invoice=invoice.name,
                    open=self._money(invoice.amount_residual),
                    amount=self._money(amount),
                )
            )
        locks = self.company_id._get_violated_lock_dates(fields.Date.to_date(day), False, self.journal_id)
        if locks:
            raise UserError(
                self.env._(
                    "The payment is dated %(day)s there, but the books are closed until %(lock)s. Nothing is moved to "
                    "another date: open the period, or correct it by hand.",
                    day=day,
                    lock=locks[-1][0],
                )
            )
        self.write({"amount": amount, "date": day})
        self.destination_id._post_on_invoice(self, invoice)
        self.destination_version = version

    def _take_off_invoice(self):
        """Draft, and without the links that a draft would keep."""
        self._check_not_on_statement()
        self.move_id.line_ids.remove_move_reconcile()
        self.action_draft()

    def _check_not_on_statement(self):
        lines = self.move_id.line_ids
        others = (lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id).move_id
        if others.statement_line_id:
            raise UserError(
                self.env._(
                    "%s is matched with a bank statement in Odoo. Undo that match first, then follow again.",
                    self.display_name,
                )
            )
