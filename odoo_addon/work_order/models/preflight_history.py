"""What was billed before, as pre-flight asks for it: by key, for just the POs, work orders and numbers in question."""

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..preflight import fingerprint, normal_number, number_keys
from ..preflight.billing_document import document_of
from ..preflight.case import ZERO, Billed, History, Original, key
from .buyer_purchase_order_case import exact


def coarse(number):
    """Coarser than any way in which two numbers may be the same, and cheap enough for an index (see below)."""
    return re.sub(r"[^A-Z1-9]+", "", number.upper())


class AccountMove(models.Model):
    _inherit = "account.move"

    _buyer_number_index = models.Index(
        "(commercial_partner_id, (regexp_replace(upper(name), '[^A-Z1-9]+', '', 'g')))"
        " WHERE move_type IN ('out_invoice', 'out_refund') AND state = 'posted'"
    )

    @api.model
    def _preflight_numbers(self, buyer, company, numbers, without):
        """Which of these numbers the buyer has: normalised number → "live" or "rejected"."""
        keys = sorted({coarse(number) for number in numbers} - {""})
        if not keys:
            return {}
        self.flush_model(["name", "state", "commercial_partner_id", "move_type", "company_id"])
        query = SQL(
            """SELECT name FROM account_move
                WHERE move_type IN ('out_invoice', 'out_refund') AND state = 'posted'
                  AND commercial_partner_id = %s AND company_id = %s AND id NOT IN %s
                  AND regexp_replace(upper(name), '[^A-Z1-9]+', '', 'g') IN %s""",
            buyer.id,
            company.id,
            tuple(without) or (0,),
            tuple(keys),
        )
        rejected = self._preflight_rejected_names(buyer, company, keys)
        live = {name for (name,) in self.env.execute_query(query)} - rejected
        states = {"rejected": rejected, "live": live}
        return {each: state for state, names in states.items() for name in names for each in number_keys(name)}

    @api.model
    def _preflight_rejected_names(self, buyer, company, keys):
        """Numbers like these that the buyer rejected: its own one, too, once the invoice was taken back for that."""
        self.env["work.order.dispute"].flush_model(["move_id", "number_rejected"])
        query = SQL(
            """SELECT move.name FROM work_order_dispute dispute JOIN account_move move ON move.id = dispute.move_id
                WHERE dispute.number_rejected AND move.commercial_partner_id = %s AND move.company_id = %s
                  AND regexp_replace(upper(move.name), '[^A-Z1-9]+', '', 'g') IN %s""",
            buyer.id,
            company.id,
            tuple(keys),
        )
        return {name for (name,) in self.env.execute_query(query) if name}

    @api.model
    def _preflight_work_orders(self, tickets, without, with_tax):
        """Two mappings by key of the work order: its live invoices, and what they bill in all."""
        self.env["account.move.line"].flush_model()
        query = SQL(
            """SELECT ticket.name, move.name, move.payment_state,
                      SUM(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                          * CASE WHEN %s THEN line.price_total ELSE line.price_subtotal END)
                 FROM account_move_line line
                 JOIN account_move move ON move.id = line.move_id
                 JOIN work_order ticket ON ticket.id = line.work_order_id
                WHERE line.work_order_id IN %s AND line.parent_state = 'posted' AND move.id NOT IN %s
             GROUP BY 1, 2, 3, move.id ORDER BY move.id""",
            with_tax,
            tuple(tickets.ids) or (0,),
            tuple(without) or (0,),
        )
        names, amounts = defaultdict(list), defaultdict(lambda: ZERO)
        for ticket, name, payment_state, amount in self.env.execute_query(query):
            amounts[key(ticket)] += Decimal(str(amount or 0))
            if payment_state != "reversed" and (amount or 0) > 0:
                names[key(ticket)].append(name)
        return {ticket: tuple(each) for ticket, each in names.items()}, dict(amounts)

    @api.model
    def _preflight_similar(self, documents, tickets, without, days):
        """What was billed lately and looks like one of these documents' lines, by fingerprint."""
        dates = [each.issue_date or fields.Date.context_today(self) for each in documents]
        if not dates or days <= 0:
            return {}
        orders = {text for each in documents for line in each.lines for text in (line.buyer_po,) if text}
        amounts = {float(line.subtotal) for each in documents for line in each.lines}
        lines = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("move_id", "not in", list(without)),
                ("date", ">=", min(dates) - timedelta(days)),
                ("date", "<=", max(dates) + timedelta(days)),
                ("display_type", "=", "product"),
                ("price_subtotal", "in", sorted(amounts)),
                "|",
                ("buyer_po", "in", sorted(orders)),
                ("work_order_id", "in", tickets.ids),
            ]
        )
        found = defaultdict(list)
        contents = lines.move_id._invoice_documents()
        for move in lines.move_id:
            document = document_of(contents[move.id])
            sites = {order.number: order.site for order in document.work_orders}
            for line in document.lines:
                if not line.charge:
                    found[fingerprint(document, line, sites.get(line.work_order, ""))].append(
                        (move.name, move.invoice_date)
                    )
        return {print_: tuple(each) for print_, each in found.items()}

    def _preflight_original(self):
        """What is left to credit of the invoice this credit note credits, by its normalised number."""
        original = self.reversed_entry_id
        if self.move_type != "out_refund" or not original or original.state != "posted":
            return {}
        credits = original.reversal_move_ids.filtered(lambda move: move.state == "posted") - self
        lines = original.invoice_line_ids
        orders = lines.work_order_task_id.buyer_purchase_order_id
        by_move = orders._billed_by_move(apart=[original.id, *credits.ids])
        left = defaultdict(lambda: (0.0, 0.0))
        for move in (original, *credits):
            for place, (quantity, amount) in by_move.get(move.id, {}).items():
                left[place] = (left[place][0] + quantity, left[place][1] + amount)
        texts = {line.buyer_po for line in lines if line.buyer_po}
        amount = original.amount_untaxed - sum(credits.mapped("amount_untaxed"))
        return {
            normal_number(original.name): Original(
                number=original.name,
                buyer_po=texts.pop() if len(texts) == 1 else "",
                by_line={**orders._by_text(left), **(original | credits)._billed_beside_register()},
                amount=exact(amount, original.currency_id.decimal_places),
            )
        }

    def _billed_beside_register(self):
        """What these invoices bill, less what credit notes here give back, of PO lines the register does not know."""
        billed = defaultdict(lambda: (0.0, 0.0))
        for line in self.invoice_line_ids:
            if line.buyer_po_line and not line.work_order_task_id.buyer_po_line_id:
                sign = -1 if line.move_id.move_type == "out_refund" else 1
                place = (key(line.buyer_po), key(line.buyer_po_line))
                quantity, amount = billed[place]
                billed[place] = (quantity + sign * line.quantity, amount + sign * line.price_subtotal)
        return {place: Billed(quantity=exact(one), amount=exact(two, 4)) for place, (one, two) in billed.items()}


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    def _by_text(self, claims):
        """Claims by the keys of PO and line that documents name, instead of ids."""
        lines = self.env["buyer.purchase.order.line"].sudo()
        return {
            (key(self.browse(po).number), key(lines.browse(line).number)): Billed(
                quantity=exact(quantity), amount=exact(amount, 4)
            )
            for (po, line), (quantity, amount) in claims.items()
            if line
        }

    def _freight_by_move(self, apart):
        """Freight on what is posted of POs that cap it: by move (those in ``apart`` under their id, else False), by PO.

        Freight need not be work of a ticket, so it is found by the PO its line names, else by the only one its invoice
        names. Asks the database nothing where no PO has a cap.
        """
        capped = {
            (po.company_id.id, po.partner_id.commercial_partner_id.id, key(po.number)): po.id
            for po in self
            if po.freight_limit
        }
        if not capped:
            return {}
        for model in ("account.move.line", "account.move", "product.template"):
            self.env[model].flush_model()
        companies, buyers, numbers = (tuple({each[place] for each in capped}) for place in range(3))
        query = SQL(
            """SELECT CASE WHEN move.id IN %(apart)s THEN move.id END,
                      move.company_id, move.commercial_partner_id, upper(trim(named.po)),
                      SUM(CASE move.move_type WHEN 'out_refund' THEN -line.price_subtotal ELSE line.price_subtotal END)
                 FROM account_move_line line
                 JOIN account_move move ON move.id = line.move_id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
           CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(line.buyer_po, ''), min(other.buyer_po)) AS po
                                 FROM account_move_line other
                                WHERE other.move_id = move.id AND other.buyer_po > ''
                               HAVING line.buyer_po > '' OR count(DISTINCT upper(trim(other.buyer_po))) = 1) named
                WHERE template.is_freight AND upper(trim(named.po)) IN %(numbers)s
                  AND move.company_id IN %(companies)s AND move.commercial_partner_id IN %(buyers)s
                  AND (line.parent_state = 'posted' OR move.id IN %(apart)s)
             GROUP BY 1, 2, 3, 4""",
            apart=tuple(apart) or (0,),
            numbers=numbers,
            companies=companies,
            buyers=buyers,
        )
        found = defaultdict(dict)
        for move_id, *place, amount in self.env.execute_query(query):
            if tuple(place) in capped:
                found[move_id or False][capped[tuple(place)]] = exact(amount, 4)
        return found


class PreflightLedger:
    """Balances of some POs that grow while several documents are judged one after the other."""

    def __init__(self, orders, apart):
        self._orders, self._by_move = orders, orders._billed_by_move(apart=apart)
        self._sums = defaultdict(lambda: (0.0, 0.0))
        self._freight_by_move, self._freight = orders._freight_by_move(apart), defaultdict(lambda: ZERO)
        self.take(False)

    def take(self, move_id):
        """Count what this document bills from now on."""
        for place, (quantity, amount) in self._by_move.get(move_id, {}).items():
            known = self._sums[place]
            self._sums[place] = (known[0] + quantity, known[1] + amount)
        for order, amount in self._freight_by_move.get(move_id, {}).items():
            self._freight[order] += amount

    def history(self, **known):
        """What the POs carry by now, with everything else that is known."""
        by_po = defaultdict(lambda: ZERO)
        for (po, _line), (_quantity, amount) in self._sums.items():
            by_po[key(self._orders.browse(po).number)] += exact(amount, 4)
        freight = {key(self._orders.browse(po).number): amount for po, amount in self._freight.items()}
        by_line = self._orders._by_text(self._sums)
        return History(by_line=by_line, by_po=dict(by_po), freight_by_po=freight, **known)
