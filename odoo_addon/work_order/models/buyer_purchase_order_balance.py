"""What buyers' purchase orders have left: ordered, released by work orders, billed, remaining.

Released is what live work orders ask for: planned quantities, and what was done where it is done, of billable work that
is beyond a draft and not cancelled. A draft commits nothing; warranty work and what is included in another price take
nothing. Billed is what stands on posted invoices, less credits.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..plain_number import plain
from .buyer_purchase_order import PRICE_GROUPS
from .work_order_flow import Reason

#: A ticket in one of these states releases nothing.
UNCOMMITTED = ("draft", "cancelled")
LIVE = SQL("ticket.state NOT IN %s", UNCOMMITTED)


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    ordered_amount = fields.Monetary(
        string="Authorised",
        compute="_compute_balance",
        groups=PRICE_GROUPS,
        help="Its limit; without one, what its lines come to.",
    )
    released_amount = fields.Monetary(string="Released", compute="_compute_balance", groups=PRICE_GROUPS)
    billed_amount = fields.Monetary(string="Billed", compute="_compute_balance", groups=PRICE_GROUPS)
    remaining_amount = fields.Monetary(string="Remaining", compute="_compute_balance", groups=PRICE_GROUPS)

    @api.depends("amount_limit", "line_ids.quantity", "line_ids.unit_price", "line_ids.amount_limit")
    def _compute_balance(self):
        orders = self.sudo()
        released, billed = orders._claims(LIVE), orders._billed()
        for po in orders:
            lines = sum(line.amount_limit or line.quantity * line.unit_price for line in po.line_ids)
            po.ordered_amount = po.amount_limit or lines
            po.released_amount = po._total(released)
            po.billed_amount = po._total(billed)
            po.remaining_amount = po.ordered_amount - po.released_amount

    def _total(self, claims):
        self.ensure_one()
        return self.currency_id.round(sum(amount for (po, _line), (_n, amount) in claims.items() if po == self.id))

    def _lock_balances(self):
        """Make two transactions that release the same PO collide; taken before balances are read."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE buyer_purchase_order SET balance_revision = balance_revision + 1 WHERE id IN %s",
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset(["balance_revision"], flush=False)

    def _claims(self, condition):
        """What tasks claim of these POs, as {(po id, line id or None): (quantity, amount)}.

        Quantities are in the unit of the PO line, amounts untaxed in the currency of the PO. Work that has no sales
        order line yet counts at the price of the PO line. What a plan of time and materials does not need any more, as
        it was posted at a premium or as parts, is claimed by those.

        :param condition: SQL over `task` and `ticket` that says which tasks
        """
        if not self:
            return {}
        for model in ("work.order", "work.order.task", "sale.order.line", "buyer.purchase.order.line"):
            self.env[model].flush_model()
        query = SQL(
            """SELECT task.buyer_purchase_order_id, task.buyer_po_line_id, task.product_uom_id, sale.currency_id,
                      SUM(CASE WHEN task.bucket_of_id IS NULL OR task.product_uom_id = own.product_uom_id
                               THEN claim.quantity ELSE 0 END),
                      SUM(claim.quantity * COALESCE(line.price_unit * (1 - line.discount / 100), own.unit_price, 0))
                 FROM work_order_task task
                 JOIN work_order ticket ON ticket.id = task.work_order_id
                 JOIN work_order_type type ON type.id = ticket.type_id AND type.billable AND type.kind = 'standard'
            LEFT JOIN sale_order_line line ON line.id = task.sale_line_id
            LEFT JOIN sale_order sale ON sale.id = line.order_id
            LEFT JOIN buyer_purchase_order_line own ON own.id = task.buyer_po_line_id
           CROSS JOIN LATERAL (SELECT CASE task.billing_type WHEN 'time_material' THEN COALESCE(
                                   (SELECT SUM(bucket.done_quantity * paid.price_unit * (1 - paid.discount / 100))
                                      FROM work_order_task bucket
                                      JOIN sale_order_line paid ON paid.id = bucket.sale_line_id
                                     WHERE bucket.bucket_of_id = task.id)
                                   / NULLIF(line.price_unit * (1 - line.discount / 100), 0), 0) ELSE 0 END AS quantity
                              ) elsewhere
           CROSS JOIN LATERAL (SELECT CASE task.state WHEN 'done' THEN task.done_quantity ELSE GREATEST(
                                   task.quantity - elsewhere.quantity, task.done_quantity) END AS quantity) claim
                WHERE task.buyer_purchase_order_id IN %s AND task.state != 'cancelled'
                  AND task.included IS NOT TRUE AND %s
             GROUP BY 1, 2, 3, 4""",
            tuple(self.ids),
            condition,
        )
        return self._converted(self.env.execute_query(query))

    def _billed(self):
        """What posted invoices carry of these POs, less credits; keys and units as in :meth:`_claims`."""
        return self._billed_by_move().get(False, {})

    def _billed_by_move(self, apart=()):
        """Like :meth:`_billed`, with each invoice or credit note whose id is in ``apart`` under that id, posted or not.

        Progress is billed by value, one unit a period; it counts as the share of the quantity it stands for.
        """
        if not self:
            return {}
        for model in ("account.move.line", "sale.order.line", "work.order.task"):
            self.env[model].flush_model()
        query = SQL(
            """SELECT CASE WHEN move.id IN %s THEN move.id END,
                      task.buyer_purchase_order_id, task.buyer_po_line_id, claim.unit, move.currency_id,
                      SUM(CASE move.move_type WHEN 'out_refund' THEN -claim.quantity ELSE claim.quantity END),
                      SUM(CASE move.move_type WHEN 'out_refund' THEN -line.price_subtotal ELSE line.price_subtotal END)
                 FROM account_move_line line
                 JOIN work_order_task task ON task.id = line.work_order_task_id
                 JOIN account_move move ON move.id = line.move_id
            LEFT JOIN sale_order_line sale ON sale.id = task.sale_line_id AND task.billing_type = 'progress'
           CROSS JOIN LATERAL (SELECT CASE WHEN sale.id IS NULL THEN line.product_uom_id
                                      ELSE task.product_uom_id END AS unit,
                                      CASE WHEN sale.id IS NULL THEN line.quantity
                                      ELSE COALESCE(line.quantity * line.price_unit
                                                    / NULLIF(sale.price_unit * (1 - sale.discount / 100), 0), 0)
                                      END AS quantity) claim
                WHERE task.buyer_purchase_order_id IN %s AND (line.parent_state = 'posted' OR move.id IN %s)
             GROUP BY 1, 2, 3, 4, 5""",
            tuple(apart) or (0,),
            tuple(self.ids),
            tuple(apart) or (0,),
        )
        rows = {}
        for move_id, *row in self.env.execute_query(query):
            rows.setdefault(move_id or False, []).append(row)
        return {move_id: self._converted(each) for move_id, each in rows.items()}

    @api.model
    def _converted(self, rows):
        units, today = self.env["uom.uom"], fields.Date.context_today(self)
        totals = defaultdict(lambda: (0.0, 0.0))
        for po_id, line_id, unit_id, currency_id, number, money in rows:
            po = self.browse(po_id)
            wanted = self.env["buyer.purchase.order.line"].browse(line_id).product_uom_id
            unit, currency = units.browse(unit_id), self.env["res.currency"].browse(currency_id)
            quantity, amount = float(number or 0), float(money or 0)
            if unit and wanted and unit._has_common_reference(wanted):
                quantity = unit._compute_quantity(quantity, wanted, round=False)
            if currency and currency != po.currency_id:
                amount = currency._convert(amount, po.currency_id, po.company_id, today, round=False)
            known = totals[po_id, line_id]
            totals[po_id, line_id] = (known[0] + quantity, known[1] + amount)
        return dict(totals)

    @api.model
    def _reasons_against_release(self, tickets, only=None):
        """Why these tickets together may not commit what their tasks plan on buyers' POs.

        :param only: keys as in :meth:`_claims`; others are left alone
        """
        tickets = tickets.sudo()
        orders = tickets.task_ids.buyer_purchase_order_id
        if not orders:
            return []
        own = SQL("ticket.id IN %s", tuple(tickets.ids))
        asked = orders._claims(own)
        taken = orders._claims(SQL("%s AND NOT %s", LIVE, own))
        reasons = []
        for key in asked:
            if key[1] and (only is None or key in only):
                line = self.env["buyer.purchase.order.line"].sudo().browse(key[1])
                reasons += line._reasons_against_claim(asked[key], taken.get(key, (0.0, 0.0)))
        for po in orders:
            if po.amount_limit and (only is None or any(key[0] == po.id for key in only)):
                reasons += po._reasons_against_total(po._total(asked), po._total(taken))
        return reasons

    @api.model
    def _shows_money(self):
        """Whether this user reads amounts in refusals; those in a work order's history never have any."""
        user = self.env.user
        return not self.env.context.get("hide_money") and any(
            user.has_group(group) for group in PRICE_GROUPS.split(",")
        )

    def _reasons_against_total(self, asked, taken):
        self.ensure_one()
        if self.currency_id.compare_amounts(asked + taken, self.amount_limit) <= 0:
            return []
        if not self._shows_money():
            return [Reason("buyer_po", self.env._("Buyer PO %s: its limit has too little left.", self.number))]
        text = self.env._(
            "Buyer PO %(po)s: %(left)s of its limit is left, but %(asked)s is asked for.",
            po=self.number,
            left=self.currency_id.format(max(self.amount_limit - taken, 0.0)),
            asked=self.currency_id.format(asked),
        )
        return [Reason("buyer_po", text)]


class BuyerPurchaseOrderLine(models.Model):
    _inherit = "buyer.purchase.order.line"

    released_quantity = fields.Float(string="Released", digits="Product Unit", compute="_compute_balance")
    billed_quantity = fields.Float(string="Billed", digits="Product Unit", compute="_compute_balance")
    remaining_quantity = fields.Float(string="Remaining", digits="Product Unit", compute="_compute_balance")
    released_amount = fields.Monetary(compute="_compute_balance", groups=PRICE_GROUPS)
    billed_amount = fields.Monetary(compute="_compute_balance", groups=PRICE_GROUPS)
    remaining_amount = fields.Monetary(
        compute="_compute_balance", groups=PRICE_GROUPS, help="What is left of the limit; nothing where none is set."
    )

    @api.depends("quantity", "amount_limit", "product_uom_id")
    def _compute_balance(self):
        lines = self.sudo()
        orders = lines.purchase_order_id
        released, billed = orders._claims(LIVE), orders._billed()
        for line in lines:
            key = (line.purchase_order_id.id, line.id)
            line.released_quantity, line.released_amount = released.get(key, (0.0, 0.0))
            line.billed_quantity, line.billed_amount = billed.get(key, (0.0, 0.0))
            line.remaining_quantity = line.quantity - line.released_quantity if line.quantity else 0.0
            line.remaining_amount = line.amount_limit - line.released_amount if line.amount_limit else 0.0

    def _reasons_against_claim(self, asked, taken):
        """Why ``asked`` (quantity, amount) does not fit beside what others have ``taken`` of this line."""
        self.ensure_one()
        unit, money = self.product_uom_id, self.currency_id
        texts = []
        label = {"po": self.purchase_order_id.number, "line": self.number}
        if self.quantity and self._compare(asked[0] + taken[0], self.quantity) > 0:
            text = self.env._(
                "Buyer PO %(po)s, line %(line)s: %(left)s %(unit)s left, but %(asked)s asked for.",
                left=plain(max(self.quantity - taken[0], 0.0)),
                asked=plain(asked[0]),
                unit=unit.name or self.env._("units"),
                **label,
            )
            texts.append(text)
        over = self.amount_limit and money.compare_amounts(asked[1] + taken[1], self.amount_limit) > 0
        if over and not self.purchase_order_id._shows_money():
            texts.append(self.env._("Buyer PO %(po)s, line %(line)s: its limit has too little left.", **label))
        elif over:
            text = self.env._(
                "Buyer PO %(po)s, line %(line)s: %(left)s of its limit is left, but %(asked)s is asked for.",
                left=money.format(max(self.amount_limit - taken[1], 0.0)),
                asked=money.format(asked[1]),
                **label,
            )
            texts.append(text)
        return [Reason("buyer_po_line", text) for text in texts]

    def _compare(self, one, other):
        unit = self.product_uom_id or self.env.ref("uom.product_uom_unit")
        return unit.compare(one, other)
