from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .transmission_states import ARRIVED, WORST_FIRST
from .work_order_transmission_page import MODEL_OF_TABLE


class WorkOrderTransmission(models.Model):
    """What people can do with rows, and how lists find them."""

    _inherit = "work.order.transmission"

    def action_try_again(self):
        """Send what is certainly not there: a blocked row under its key, a rejected one as a new revision."""
        self._check_billing()
        other = self.filtered(lambda row: row.state not in ("blocked", "rejected"))
        if other:
            raise UserError(
                self.env._(
                    "Only rows with a missing mapping or a rejection can be sent again, because only these are "
                    "certainly not there yet. This one is not: %s",
                    ", ".join(f"{row.name} ({row._state_label()})" for row in other),
                )
            )
        rows = self.sudo()
        rows.filtered(lambda row: row.state == "blocked")._make_ready()
        rows.filtered(lambda row: row.state == "rejected")._revise()
        return True

    def action_add_rows(self):
        """Enter the mapping rows this row waits for, all in one place."""
        self.ensure_one()
        self._check_billing()
        lines = [vals for gap in self.gaps or [] if (vals := self._vals_to_fill(gap))]
        if not lines:
            raise UserError(
                self.env._(
                    "There is no row you could add for %s. A row that is there but cannot be used is corrected by an "
                    "administrator: Configuration, QuickBooks.",
                    self.name,
                )
            )
        fill = self.env["quickbooks.gap.fill"].create(
            {"transmission_id": self.id, "line_ids": [fields.Command.create(vals) for vals in lines]}
        )
        action = fill._get_records_action(name=self.env._("Add Missing Rows"))
        return dict(action, target="new")

    def _vals_to_fill(self, gap):
        """What is asked for one gap; nothing where a row is there that only an administrator may correct."""
        if gap["table"] not in MODEL_OF_TABLE:
            return None
        vals = {"table": gap["table"], "odoo_id": str(gap["odoo_id"]), "name": gap["odoo_name"]}
        mapped = self._mapped_for_gap(gap)
        if not mapped:
            return vals
        if not mapped.sudo(False).has_access("write"):
            return None
        vals |= {"external_id": mapped.external_id, "external_name": mapped.external_name}
        return vals | {"unusable_id": mapped.external_id if mapped.active else ""}

    def action_ask_again(self):
        """Let the bridge ask once more what became of rows, under the keys they were sent with."""
        self._check_billing()
        other = self.filtered(lambda row: row.state not in ("unknown", "disputed"))
        if other:
            raise UserError(
                self.env._(
                    "Asking again helps where the outcome is unknown or differs; these are settled: %s",
                    ", ".join(f"{row.name} ({row._state_label()})" for row in other),
                )
            )
        self.sudo().write({"state": "sending", "lease_until": fields.Datetime.now()})
        return True

    def action_open_invoice(self):
        self.ensure_one()
        return self.invoice_id._get_records_action(name=self.env._("Invoice"))

    def action_open_there(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.external_url, "target": "new"}

    def action_open_work_orders(self):
        self.ensure_one()
        return self.work_order_ids._get_records_action(name=self.env._("Work Orders"))

    def _check_billing(self):
        if not (self.env.su or self.env.user.has_group("work_order.group_billing")):
            raise AccessError(self.env._("Sending invoices again is up to billing."))
        self.check_access("read")

    def _why_it_stays(self):
        """For the person who wants to reset the invoice: what to do instead."""
        self.ensure_one()
        if self.state == "unknown":
            return self.env._("nobody knows yet whether it arrived. Use “Ask again” on its transmission first.")
        if self.state == "sending":
            return self.env._("it is being sent. Wait until the answer is there.")
        number = self.external_number or self.external_id or ""
        if self.kind == "credit":
            return self.env._(
                "“%(state)s”, number %(number)s. Make a new invoice instead.", state=self._state_label(), number=number
            )
        return self.env._(
            "“%(state)s”, number %(number)s. Make a credit note instead.", state=self._state_label(), number=number
        )

    def _revise(self):
        """A definite rejection permits a new document under a new key; the rejected row stays as the record of it."""
        if not self:
            return self
        documents = self.invoice_id._invoice_documents()
        pairs = [(row.invoice_id, row.destination_id, row.revision + 1) for row in self]
        self._step_aside()
        return self._queue(documents, pairs)

    def _step_aside(self):
        """Withdraw rejected rows for their next revision, which may exist only once they are withdrawn."""
        for row in self:
            row._withdraw(
                self.env._(
                    "Replaced by revision %(number)s. It was rejected: %(why)s",
                    number=row.revision + 1,
                    why=row.message or "",
                )
            )
        self.flush_recordset()

    def _action_open(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("work_order_transmission.action_work_order_transmission")
        if len(self) == 1:
            return dict(action, res_id=self.id, views=[(False, "form")], view_mode="form", context={})
        return dict(action, domain=[("id", "in", self.ids)], context={})

    @api.model
    def _count_unpaid(self, destination):
        """Invoices that arrived and wait for their money."""
        return self.search_count(
            [
                ("destination_id", "=", destination.id),
                ("kind", "=", "invoice"),
                ("state", "in", (*ARRIVED, "disputed")),
            ]
        )

    @api.model
    def _count_there(self, destination):
        """Documents somebody could change there."""
        return self.search_count(
            [("destination_id", "=", destination.id), ("external_id", "!=", False), ("state", "!=", "cancelled")]
        )

    @api.model
    def _domain_by_worst_state(self, operator, value, table, column):
        """Domain of the records whose worst row is in one of the given states; False stands for “has no row”.

        :param str table: the table that holds ``column``: rows themselves, or a relation with ``transmission_id``
        """
        if operator != "in":
            return NotImplemented
        self.flush_model(["state", "invoice_id"])
        order = list(WORST_FIRST)
        row_id = "transmission_id" if table != self._table else "id"
        ranked = SQL(
            "SELECT owner.%(column)s FROM %(table)s owner JOIN work_order_transmission t ON t.id = owner.%(row_id)s "
            "GROUP BY owner.%(column)s",
            column=SQL.identifier(column),
            table=SQL.identifier(table),
            row_id=SQL.identifier(row_id),
        )
        states = [state for state in value if state]
        ranks = [order.index(state) + 1 for state in states if state in order]
        found = SQL("(%s HAVING min(array_position(%s::varchar[], t.state)) = ANY(%s::int[]))", ranked, order, ranks)
        domain = [("id", "in", found)]
        if False in value:
            domain = ["|", ("id", "not in", SQL("(%s)", ranked)), *domain]
        return domain
