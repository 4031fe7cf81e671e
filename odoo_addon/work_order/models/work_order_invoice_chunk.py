"""One chunk of an invoice run: each work order billed once or refused with its reasons, none of them stopping another.

The rows of the work orders are taken first, in the first statements of the transaction: nobody else can bill them until
the chunk is committed, and what somebody billed a moment before makes the database start this chunk again.
"""

import logging
import time
from math import isqrt

from odoo import fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .work_order_invoice_lane import LANES

_logger = logging.getLogger(__name__)

#: Seconds to wait before a chunk that collided with somebody is tried once more.
WAITS = (0.2, 0.5, 1, 2, 4)
#: How often a refusal that names its invoices is followed by another try without them, before halves are tried.
ROUNDS = 3


class WorkOrderInvoiceRun(models.Model):
    _inherit = "work.order.invoice.run"

    def action_process_chunk(self):
        """Invoice the next chunk at once, in this request; for whom the scheduler is too slow, or off."""
        self.ensure_one()
        self._check_step("running")
        run = self.sudo()
        run._invoice_chunk(range(LANES))
        run._finish()
        return True

    def _process_chunk(self, lanes):
        """Like :meth:`_invoice_chunk`, tried again when another transaction came first. Owns the transaction.

        A defect outside of what a work order can set off pauses this run, so that others have their turn.
        """
        for wait in (*WAITS, None):
            try:
                return self._invoice_chunk(lanes)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as collision:
                self.env.cr.rollback()
                if wait is None:
                    raise
                _logger.info("%s starts a chunk again: %s", self.name, collision)
                time.sleep(wait)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("%s stops", self.name)
                text = self.env._("Odoo failed; the server's log says where. Ask your administrator, then resume.")
                self.write({"state": "paused", "trouble": text})
                break
        return 0

    def _invoice_chunk(self, lanes):
        """Invoice the next work orders that wait in the first of these lanes that has any and is free.

        :return: how many were dealt with, 0 if there are none or the run had to pause
        """
        self.ensure_one()
        lines = self._take_lines(lanes)
        if not lines or self._pause_for_its_user():
            return 0
        tickets = self._as_its_user(lines.work_order_id)
        refused = {}
        for ticket in tickets:
            reasons = ticket._reasons_against_billing()
            if reasons:
                refused[ticket.id] = self._report(reason.message for reason in reasons)
        bundles = [
            tickets.browse(ticket_id for ticket_id in bundle.work_order_id.ids if ticket_id not in refused)
            for bundle in lines.grouped("bundle").values()
        ]
        made = self._bill([bundle for bundle in bundles if bundle], refused)
        for line in lines:
            ticket_id = line.work_order_id.id
            if ticket_id in made:
                line.write({"state": "invoiced", "move_id": made[ticket_id]})
            else:
                line.write({"state": "refused", "reason": refused[ticket_id]})
        self.env.flush_all()  # collisions show here, where they can be tried again
        return len(lines)

    def _take_lines(self, lanes):
        """The next lines with their work orders, locked; whole bundles only."""
        lines = found = self.env["work.order.invoice.run.line"]
        waiting = [("run_id", "=", self.id), ("state", "=", "waiting")]
        for lane in lanes:
            if not found and self._enter(lane):
                found = lines.search([*waiting, ("lane", "=", lane)], order="bundle, id", limit=self.chunk_size)
        if not found:
            return found
        found |= lines.search([*waiting, ("bundle", "=", found[-1].bundle)])
        for records in (found, found.work_order_id):
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    SQL.identifier(records._table),
                    tuple(records.ids),
                )
            )
        return found

    def _pause_for_its_user(self):
        """Whether the run stops because whoever started it may not invoice any more."""
        user = self.user_id
        if user.active and user.has_group("work_order.group_billing") and self.company_id in user.company_ids:
            return False
        if user._is_superuser():
            return False
        text = self.env._("%s may not invoice for this company any more. Start a new run.", user.name)
        self.write({"state": "paused", "trouble": text})
        return True

    def _as_its_user(self, records):
        user = self.user_id
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": self.company_id.ids}
        return records.with_env(self.env(user=user.id, su=False, context=context))

    def _bill(self, bundles, refused, rounds=ROUNDS):
        """Invoice these bundles, all at once where that is possible; who cannot be goes to ``refused``.

        A refusal that names its invoices is tried again without them; any other is searched for in parts, so that one
        bad work order among 250 costs about one chunk more, not 250 tries.

        :return: {work order id: invoice id}
        """
        if not bundles:
            return {}
        billed, refusal = {}, None
        try:
            with self.env.cr.savepoint():
                return self._make_invoices(bundles, billed)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (UserError, AccessError, MissingError) as error:
            refusal = error
        except Exception:  # a defect that one work order sets off must not stop all the others
            _logger.exception("%s could not invoice %s", self.name, [bundle.ids for bundle in bundles])
            refusal = UserError(self.env._("Odoo failed on it; the server's log says where. Ask your administrator."))
        return self._bill_the_rest(bundles, refused, self._blamed(refusal, billed), refusal, rounds)

    def _bill_the_rest(self, bundles, refused, blamed, refusal, rounds):
        """After a refusal: without those it names, else in parts, down to the one that is to blame."""
        if len(bundles) == 1:
            self._refuse(bundles[0], blamed, refused, self._sentences(refusal))
            return {}
        bad = [bundle for bundle in bundles if blamed.keys() & set(bundle.ids)]
        if rounds and bad:
            for bundle in bad:
                self._refuse(bundle, blamed, refused)
            return self._bill([bundle for bundle in bundles if bundle not in bad], refused, rounds - 1)
        size = max(len(bundles) // (isqrt(len(bundles)) + 1), 1)
        made = {}
        for start in range(0, len(bundles), size):
            made |= self._bill(bundles[start : start + size], refused, rounds=0)
        return made

    def _refuse(self, bundle, blamed, refused, otherwise=()):
        """Who shares an invoice is refused together, with the reasons of all."""
        texts = dict.fromkeys(text for ticket_id in bundle.ids for text in blamed.get(ticket_id, ()))
        refused.update(dict.fromkeys(bundle.ids, self._report(texts or otherwise)))

    def _report(self, texts):
        """Reasons as a report shows them: a sentence each, on a line of its own."""
        return "\n".join(text[:1].upper() + text[1:] for text in texts)

    def _make_invoices(self, bundles, billed):
        """Draft and, where asked for, post; ``billed`` gets {invoice id: work order ids} before anything is posted."""
        tickets = bundles[0].union(*bundles)
        run = tickets.with_context(invoice_run_id=self.id, invoice_run_date=self._invoice_day(tickets))
        moves = run._create_invoices()
        for move in moves:
            billed[move.id] = move.sudo().invoice_line_ids.work_order_id.ids
        if self.post:
            moves.action_post()
        made = {ticket_id: move_id for move_id, ticket_ids in billed.items() for ticket_id in ticket_ids}
        if without := set(tickets.ids) - made.keys():
            raise UserError(
                self.env._(
                    "No invoice came of %s.", ", ".join(self.env["work.order"].browse(without).sudo().mapped("name"))
                )
            )
        self.with_env(tickets.env)._tell_histories(tickets, made)
        return made

    def _invoice_day(self, tickets):
        """The day the invoices are made with. Posting would set it on one after the other, and work each out again."""
        return self.invoice_date or (self.post and fields.Date.context_today(tickets))

    def _blamed(self, refusal, billed):
        """{work order id: sentences} of a refusal that says which invoices it is about; their bundles go together."""
        blamed = {}
        for move, reason in getattr(refusal, "reasons", ()):
            for ticket_id in billed.get(move.id, ()):
                blamed.setdefault(ticket_id, []).append(reason.message)
        return blamed

    def _sentences(self, refusal):
        """An error as sentences, one per line, without the bullets of a list."""
        lines = [line.strip().removeprefix("- ") for line in str(refusal).splitlines()]
        return [line for line in lines if line]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        day = self.env.context.get("invoice_run_date")
        return {**values, "invoice_date": day} if day else values
