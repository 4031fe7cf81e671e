from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

#: The longest page. An invoice takes about half a kilobyte of the answer.
MOST_INVOICES = 1000

MOVE_TYPES = {"invoice": "out_invoice", "credit": "out_refund"}


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    @api.model
    def posted_invoices(self, code, kind, first, last, after=None, limit=500):
        """The posted invoices, or credit notes, of a period that belong at the destination; see docs/design.md.

        In pages, by date and id. A page may be short, or even empty, and not be the last: what does not belong at the
        destination is left out of it.

        :param str kind: invoice or credit
        :param str first, last: ISO dates, both included; compared to the invoice date
        :param str after: ``next`` of the page before
        """
        place = parse_place(after)
        errors = [
            self.env._("%s must be an ISO date, like “2026-11-22”.", name)
            for name, value in (("first", first), ("last", last))
            if not parse_day(value)
        ]
        if kind not in MOVE_TYPES:
            errors.append(self.env._("kind must be invoice or credit."))
        if after is not None and not place:
            errors.append(self.env._("after must be what “next” of the page before said."))
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_INVOICES:
            errors.append(self.env._("limit must be a whole number from 1 to %s.", MOST_INVOICES))
        if errors:
            raise UserError("\n".join(errors))
        destination = self._open_for_bridge(code)
        domain = [
            ("company_id", "=", destination.company_id.id),
            ("move_type", "=", MOVE_TYPES[kind]),
            ("state", "=", "posted"),
            ("invoice_date", ">=", first),
            ("invoice_date", "<=", last),
        ]
        if place:
            day, id_ = place
            domain += ["|", ("invoice_date", ">", day), "&", ("invoice_date", "=", day), ("id", ">", id_)]
        moves = self.env["account.move"].sudo().search(domain, order="invoice_date, id", limit=limit)
        end = f"{moves[-1].invoice_date.isoformat()}/{moves[-1].id}" if len(moves) == limit else None
        return {"invoices": destination._told_for_reconciling(moves), "next": end}

    @api.model
    def find_invoices(self, code, kind, keys, numbers):
        """Those of a kind with these keys or numbers at this destination, whatever their date and state."""
        if kind not in MOVE_TYPES:
            raise UserError(self.env._("kind must be invoice or credit."))
        for name, values in (("keys", keys), ("numbers", numbers)):
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise UserError(self.env._("%s must be a list of texts.", name))
            if len(values) > MOST_INVOICES:
                raise UserError(self.env._("%(name)s: at most %(most)s at once.", name=name, most=MOST_INVOICES))
        destination = self._open_for_bridge(code)
        rows = self.env["work.order.transmission"].sudo()
        domain = [("destination_id", "=", destination.id), ("kind", "=", kind), ("key", "in", keys)]
        marked = rows.search(domain).invoice_id
        numbered = self.env["account.move"].sudo()
        if numbers:
            numbered = numbered.search(
                [
                    ("company_id", "=", destination.company_id.id),
                    ("move_type", "=", MOVE_TYPES[kind]),
                    ("name", "in", numbers),
                ]
            )
        return {"invoices": destination._told_for_reconciling(marked | numbered)}

    def _told_for_reconciling(self, moves):
        """What the tie-out compares, for those of the invoices that belong here; few queries for any number."""
        self.ensure_one()
        rows = (
            self.env["work.order.transmission"]
            .sudo()
            .search(
                [("destination_id", "=", self.id), ("kind", "in", list(MOVE_TYPES)), ("invoice_id", "in", moves.ids)],
                order="id",
            )
        )
        there = rows._destinations_of(moves.reversed_entry_id)
        rows_of, payments_of = defaultdict(rows.browse), defaultdict(list)
        for row in rows:
            rows_of[row.invoice_id.id] |= row
        for payment in (
            self.env["account.payment"]
            .sudo()
            .search([("destination_id", "=", self.id), ("destination_invoice_id", "in", moves.ids)], order="id")
        ):
            payments_of[payment.destination_invoice_id.id].append(payment.destination_external_id)
        return [
            _told(move, rows_of[move.id], payments_of[move.id])
            for move in moves
            if rows_of[move.id] or move._is_wanted_by(self, there)
        ]


def _told(move, rows, payments):
    alive = rows.filtered(lambda row: row.state != "cancelled")[-1:]
    lines = move.invoice_line_ids
    # A credit note is negative, so that all can be added up; adding 0.0 makes a negative nothing a plain one.
    sign = -1 if move.move_type == "out_refund" else 1
    return {
        "id": move.id,
        "kind": "credit" if move.move_type == "out_refund" else "invoice",
        "number": move.name or "",
        "date": fields.Date.to_string(move.invoice_date or move.date),
        "customer": move.commercial_partner_id.name or "",
        "currency": move.currency_id.name,
        "total": f"{sign * move.amount_total + 0.0:.2f}",
        "tax": f"{sign * move.amount_tax + 0.0:.2f}",
        "balance": f"{sign * move.amount_residual + 0.0:.2f}",
        "posted": move.state == "posted",
        "work_orders": lines.work_order_id.mapped("name"),
        "purchase_orders": list(dict.fromkeys(filter(None, lines.mapped("buyer_po")))),
        "keys": rows.mapped("key"),
        "transmission": alive.state or "",
        "external_id": alive.external_id or "",
        "message": alive.message or "",
        "payments": payments,
    }


def parse_day(text):
    """The date, or None for anything but an ISO date as text."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def parse_place(text):
    """Where a page ended: date and id; None for what no page said."""
    day, _slash, id_ = text.partition("/") if isinstance(text, str) else ("", "", "")
    return (day, int(id_)) if parse_day(day) and id_.isascii() and id_.isdigit() else None
