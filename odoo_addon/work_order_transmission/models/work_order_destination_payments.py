from datetime import UTC, date, datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .seen_errors import seen_errors
from .settlement_errors import is_amount
from .work_order_destination_calls import GRANT_SECONDS, call_errors

PAYMENT_TEXTS = ("external_id", "invoice_external_id", "currency")


class Refusal(Exception):
    """One payment cannot be registered.

    :param bool lasting: nothing a person changes in Odoo will help, so the payment need not be offered again
    """

    def __init__(self, message, lasting=False):
        super().__init__(message)
        self.lasting = lasting


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    @api.model
    def register_payments(self, code, payments, cursor, seen=None, calls=None):
        """Register payments received at the destination, each on its invoice, and compare what was seen there with what
        Odoo knows; see docs/design.md.

        One refused payment does not stop the others. The cursor moves only when nothing was refused that a person can
        mend in Odoo (no journal, a closed period) and none pays an invoice Odoo may yet be told of, so that the same
        payments are offered again.

        :raises UserError: naming every defect of malformed input; then nothing is registered
        """
        moment = parse_moment(cursor)
        errors = [*payment_errors(payments), *seen_errors(seen), *call_errors(calls)]
        if cursor is not None and not moment:
            errors.append("cursor must be an ISO time with its offset, or null.")
        if errors:
            raise UserError(
                self.env._("Nothing was registered, the input is malformed:") + "\n- " + "\n- ".join(errors)
            )
        destination = self._open_for_bridge(code, active=True)
        destination._count_calls(calls)
        answer = {"registered": [], "unchanged": [], "refused": [], "drift": 0}
        mendable = False
        seen = seen or {}
        destination._wait_for_other_reports()
        versions = {payment["external_id"]: payment["version"] for payment in seen.get("payments", [])}
        destination = destination.with_context(seen_versions=versions)
        payments = [*payments, *destination._parts_not_offered(payments, seen.get("payments", []))]
        known = destination._known_payments(payments)
        invoices = destination._invoices_by_external_id(payments)
        for payment in payments:
            try:
                done = destination._register_payment(payment, invoices.get(payment["invoice_external_id"]), known)
                answer["registered" if done else "unchanged"].append(payment["external_id"])
            except Refusal as refusal:
                mendable = mendable or not refusal.lasting
                answer["refused"].append({"external_id": payment["external_id"], "message": str(refusal)})
        answer["drift"] = len(self.env["work.order.drift"].sudo()._report(destination, seen))
        if moment and not mendable and not destination._may_know_later(payments, seen.get("payments", [])):
            destination.payments_read_until = moment
        return answer

    @api.model
    def changes_since(self, code):
        """From when changes have to be read, how many invoices wait for a payment, and how many are there at all."""
        destination = self._open_for_bridge(code)
        waiting = self.env["work.order.transmission"].sudo()._count_unpaid(destination)
        sent = self.env["work.order.transmission"].sudo()._count_there(destination)
        cursor = destination.payments_read_until
        return {
            "cursor": cursor.replace(tzinfo=UTC).isoformat() if cursor else None,
            "open_invoices": waiting,
            "sent_invoices": sent,
            # Leave to read them, since that is what comes next; without it the bridge asks for it.
            "calls": destination._grant_calls(GRANT_SECONDS, batch=False)[0] if waiting or sent else None,
        }

    def _wait_for_other_reports(self):
        """Two workers telling the same at once would answer it twice; the database makes the second start again."""
        self.flush_recordset()
        self.env.execute_query(
            SQL("UPDATE work_order_destination SET state = state WHERE id = ANY(%s) RETURNING id", self.ids)
        )

    def _known_payments(self, payments):
        self.ensure_one()
        found = self.env["account.payment"].search(
            [
                ("destination_id", "=", self.id),
                ("destination_external_id", "in", [payment["external_id"] for payment in payments]),
            ]
        )
        return {(payment.destination_external_id, payment.destination_invoice_id): payment for payment in found}

    def _invoices_by_external_id(self, payments):
        self.ensure_one()
        rows = self.env["work.order.transmission"].search(
            [
                ("destination_id", "=", self.id),
                ("kind", "=", "invoice"),
                ("external_id", "in", [payment["invoice_external_id"] for payment in payments]),
            ]
        )
        return {row.external_id: row.invoice_id for row in rows}

    def _parts_not_offered(self, payments, seen):
        """Payments of invoices of ours that the bridge took for somebody else's, for want of its mark on them."""
        offered = {(payment["external_id"], payment["invoice_external_id"]) for payment in payments}
        parts = [
            {
                "external_id": payment["external_id"],
                "invoice_external_id": part["invoice_external_id"],
                "amount": part["amount"],
                "currency": payment["currency"],
                "date": payment["date"],
                "reference": payment["reference"],
            }
            for payment in seen
            for part in payment["parts"]
            if payment["status"] == "present" and not payment.get("credits") and Decimal(part["amount"]) > 0
        ]
        parts = [part for part in parts if (part["external_id"], part["invoice_external_id"]) not in offered]
        ours = self._invoices_by_external_id(parts)
        return [part for part in parts if part["invoice_external_id"] in ours]

    def _may_know_later(self, payments, seen):
        """Whether money was received for an invoice Odoo does not know, while rows are under way or unknown: it may be
        one of theirs, whose ID has yet to come, and the payment must be offered again then.
        """
        paid = [*payments, *(part for payment in seen for part in payment["parts"])]
        if {part["invoice_external_id"] for part in paid} <= self._invoices_by_external_id(paid).keys():
            return False
        waiting = [("destination_id", "=", self.id), ("kind", "=", "invoice"), ("state", "in", ("sending", "unknown"))]
        return bool(self.env["work.order.transmission"].search_count(waiting, limit=1))

    def _register_payment(self, payment, invoice, known):
        """
        :return: False if it was registered before
        :raises Refusal: with the sentence for the person who has to look
        """
        if not invoice:
            raise Refusal(
                self.env._("No invoice of Odoo has the ID %s at this destination.", payment["invoice_external_id"]),
                lasting=True,
            )
        earlier = known.get((payment["external_id"], invoice))
        if earlier:
            if payment["external_id"] not in self.env.context.get("seen_versions", {}):  # else the inbox tells it
                self._check_same(earlier, payment)
            return False
        self._check_payment(payment, invoice)
        try:
            with self.env.cr.savepoint():
                known[payment["external_id"], invoice] = self._create_payment(payment, invoice)
        except UserError as error:  # ValidationError is one too; anything else is a defect and must be seen as one
            raise Refusal(
                self.env._("Odoo refused the payment of %(invoice)s: %(why)s", invoice=invoice.name, why=str(error))
            ) from error
        return True

    def _check_same(self, earlier, payment):
        amount = float(Decimal(payment["amount"]))
        if earlier.currency_id.compare_amounts(earlier.amount, amount):
            raise Refusal(
                self.env._(
                    "%(payment)s was registered with %(before)s, but is %(now)s there now. Correct it in Odoo.",
                    payment=earlier.display_name,
                    before=f"{earlier.amount:.2f}",
                    now=payment["amount"],
                ),
                lasting=True,
            )

    def _check_payment(self, payment, invoice):
        amount = float(Decimal(payment["amount"]))
        name = invoice.name
        if invoice.state != "posted":
            raise Refusal(self.env._("%s is not posted, so no payment can be registered on it.", name))
        if invoice.currency_id.name != payment["currency"]:
            raise Refusal(
                self.env._(
                    "%(invoice)s is in %(ours)s, the payment in %(theirs)s. Register it by hand.",
                    invoice=name,
                    ours=invoice.currency_id.name,
                    theirs=payment["currency"],
                ),
                lasting=True,
            )
        if invoice.currency_id.compare_amounts(amount, invoice.amount_residual) > 0:
            raise Refusal(
                self.env._(
                    "%(invoice)s has %(open)s open, the payment is %(amount)s. Register it by hand.",
                    invoice=name,
                    open=f"{invoice.amount_residual:.2f}",
                    amount=payment["amount"],
                ),
                lasting=True,
            )
        if not self.payment_journal_id:
            raise Refusal(self.env._("Fill in Payment Journal on the destination “%s”.", self.name))
        self._check_open_period(payment, invoice)

    def _check_open_period(self, payment, invoice):
        """Odoo would move the payment to the next open day; the books on both sides should name the same one."""
        day = fields.Date.to_date(payment["date"])
        locks = invoice.company_id._get_violated_lock_dates(day, False, self.payment_journal_id)
        if locks:
            raise Refusal(
                self.env._(
                    "The payment of %(invoice)s is dated %(day)s, but the books are closed until %(lock)s. "
                    "Open the period or register it by hand.",
                    invoice=invoice.name,
                    day=format_date(self.env, day),
                    lock=format_date(self.env, locks[-1][0]),
                )
            )

    def _create_payment(self, payment, invoice):
        receivable = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        journal = self.payment_journal_id
        method = journal._get_available_payment_method_lines("inbound")[:1]
        created = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.commercial_partner_id.id,
                "amount": float(Decimal(payment["amount"])),
                "currency_id": invoice.currency_id.id,
                "date": payment["date"],
                "memo": payment.get("reference") or invoice.name,
                "payment_reference": payment.get("reference"),
                "journal_id": journal.id,
                "payment_method_line_id": method.id,
                "destination_account_id": receivable[:1].account_id.id,
                "destination_id": self.id,
                "destination_external_id": payment["external_id"],
                "destination_invoice_id": invoice.id,
                "destination_version": self.env.context.get("seen_versions", {}).get(payment["external_id"]),
            }
        )
        if not method.payment_account_id:
            # The money is in the bank already; a payment without an account would have no journal entry at all.
            created.outstanding_account_id = journal.default_account_id
        self._post_on_invoice(created, invoice)
        return created

    def _post_on_invoice(self, payment, invoice):
        """Post a draft payment and let it pay the invoice."""
        receivable = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        payment.action_post()
        counterpart = payment.move_id.line_ids.filtered(lambda line: line.account_id == receivable[:1].account_id)
        (counterpart + receivable.filtered(lambda line: not line.reconciled)).reconcile()


def payment_errors(payments):
    """Every defect of the payments as a sentence."""
    if not isinstance(payments, list):
        return ["payments must be a list."]
    errors = []
    for place, payment in enumerate(payments, 1):
        where = f"payments, entry {place}"
        if not isinstance(payment, dict):
            errors.append(f"{where}: must be an object.")
            continue
        errors += [
            f"{where}: {name} must be text."
            for name in PAYMENT_TEXTS
            if not (isinstance(payment.get(name), str) and payment[name].strip())
        ]
        if not is_amount(payment.get("amount")) or Decimal(payment["amount"]) <= 0:
            errors.append(f"{where}: amount must be a positive amount as text, like “193.50”.")
        if not is_day(payment.get("date")):
            errors.append(f"{where}: date must be an ISO date, like “2026-11-22”.")
        if not isinstance(payment.get("reference") or "", str):
            errors.append(f"{where}: reference must be text.")
    return errors


def is_day(value):
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def parse_moment(text):
    """ISO time with offset → naive UTC, whole seconds rounded down: reading a second twice costs nothing."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment.tzinfo else None
