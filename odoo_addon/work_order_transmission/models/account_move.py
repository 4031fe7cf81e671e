from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .transmission_states import STATES, WITHDRAWABLE, worst


class AccountMove(models.Model):
    """Posting an invoice or its credit note queues it; resetting one withdraws it, or is refused when it may be there.

    Cancelling an invoice that is there queues a void (``account_move_void.py``).
    """

    _inherit = "account.move"

    transmission_ids = fields.One2many(
        "work.order.transmission",
        "invoice_id",
        copy=False,
        groups="account.group_account_readonly,work_order.group_billing",
    )
    transmission_count = fields.Integer(
        compute="_compute_transmission_state",
        compute_sudo=True,
        groups="account.group_account_readonly,work_order.group_billing",
        string="Transmissions",
    )
    transmission_state = fields.Selection(
        STATES,
        string="Accounting Status",
        compute="_compute_transmission_state",
        search="_search_transmission_state",
        compute_sudo=True,
        groups="base.group_user",
        help="What became of this invoice in the accounting system.",
    )

    @api.depends("transmission_ids.state")
    def _compute_transmission_state(self):
        for move in self:
            move.transmission_state = worst(move.transmission_ids.mapped("state"))
            move.transmission_count = len(move.transmission_ids)

    @api.model
    def _search_transmission_state(self, operator, value):
        return self.env["work.order.transmission"]._domain_by_worst_state(
            operator, value, "work_order_transmission", "invoice_id"
        )

    def write(self, vals):
        if vals.get("state") in ("draft", "cancel"):
            posted = self.filtered(lambda move: move.state == "posted")
            posted._withdraw_transmissions(void=vals["state"] == "cancel")
        result = super().write(vals)
        if vals.get("state") == "posted":  # here, as a state can be written without the button too
            self._queue_transmissions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_transmitted(self):
        kept = self.sudo().filtered("transmission_ids")
        if kept:
            raise UserError(
                self.env._(
                    "These invoices were queued for an accounting system once; cancel them instead of deleting: %s",
                    ", ".join(kept.mapped("name")),
                )
            )

    def action_queue_transmission(self):
        """Queue posted invoices that no destination has yet, for example from before it was activated."""
        if not (self.env.su or self.env.user.has_group("work_order.group_billing")):
            raise AccessError(self.env._("Queueing invoices is up to billing."))
        self.check_access("read")
        rows = self._queue_transmissions()
        if not rows:
            raise UserError(
                self.env._(
                    "Nothing to queue: only posted customer invoices of work orders and their credit notes are sent, "
                    "each once, and only to an active destination of their company."
                )
            )
        return rows.with_env(self.env)._action_open()

    def action_open_transmissions(self):
        self.ensure_one()
        return self.transmission_ids._action_open()

    def _queue_transmissions(self):
        """One row per invoice and destination that wants it and has none; a fixed number of queries for any number.

        A credit note goes where its invoice went. A paused destination queues too: what is posted during the pause
        must not be forgotten.
        """
        rows = self.env["work.order.transmission"].sudo()
        invoices = self.sudo().filtered(
            lambda move: (
                move.state == "posted"
                and (move.move_type == "out_invoice" or (move.move_type == "out_refund" and move.reversed_entry_id))
            )
        )
        if not invoices:
            return rows
        destinations = (
            self.env["work.order.destination"]
            .sudo()
            .search([("state", "in", ("active", "paused")), ("company_id", "in", invoices.company_id.ids)])
        )
        there = rows._destinations_of(invoices.reversed_entry_id)
        pairs = [
            (invoice, destination)
            for invoice in invoices
            for destination in destinations
            if destination.company_id == invoice.company_id and invoice._is_wanted_by(destination, there)
        ]
        if not pairs:
            return rows
        known = rows._read_group(
            [("invoice_id", "in", invoices.ids)],
            ["invoice_id", "destination_id", "state"],
            ["revision:max"],
        )
        alive = {(invoice, destination) for invoice, destination, state, _revision in known if state != "cancelled"}
        revisions = {}
        for invoice, destination, _state, revision in known:
            revisions[invoice, destination] = max(revision, revisions.get((invoice, destination), 0))
        pairs.sort(key=lambda pair: (pair[0].sequence_prefix or "", pair[0].sequence_number, pair[0].id))
        wanted = [(*pair, revisions.get(pair, 0) + 1) for pair in pairs if pair not in alive]
        if not wanted:
            return rows
        documents = invoices.browse({invoice.id for invoice, *_rest in wanted})._invoice_documents()
        return rows._queue(documents, wanted)

    def _is_wanted_by(self, destination, there):
        """
        :param there: where the invoices that credit notes concern went; see ``_destinations_of``
        """
        self.ensure_one()
        if self.move_type == "out_refund":
            return (self.reversed_entry_id.id, destination.id) in there
        return destination.all_invoices or self._is_of_work_orders()

    def _withdraw_transmissions(self, void=False):
        """Take the rows of these invoices back.

        Locks them first: a worker that is claiming one at this moment either finds it withdrawn, or makes this fail.

        :param bool void: the invoice is cancelled: what is there already is voided there
        :raises UserError: if a document of theirs is there already, or nobody knows
        """
        if not self:
            return
        rows = self.env["work.order.transmission"].sudo()
        rows.flush_model(["state", "invoice_id"])
        locked = self.env.execute_query(
            SQL(
                "SELECT id FROM work_order_transmission WHERE invoice_id = ANY(%s) AND state <> 'cancelled' "
                "ORDER BY id FOR UPDATE",
                self.ids,
            )
        )
        rows = rows.browse([row_id for (row_id,) in locked])
        if void:
            voided = self.sudo()._rows_to_void()
            voided.invoice_id._check_voidable()
            voided._queue_voids()
            rows -= voided
        gone = rows.filtered(lambda row: row.state not in WITHDRAWABLE)
        if gone:
            raise UserError(
                self.env._("These invoices cannot be reset or cancelled, because they were handed on already:")
                + "".join(f"\n- {row.name}: {row.destination_id.name}, {row._why_it_stays()}" for row in gone)
            )
        if rows:
            rows._withdraw(self.env._("The invoice was reset or cancelled in Odoo before it was sent."))
