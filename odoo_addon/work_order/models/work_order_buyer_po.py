"""How work orders find the buyer's purchase order they name in the register.

The texts are what travels to the invoice; the links follow from the texts, always, so that nobody can name one PO and
draw on another. Choosing a link is a way of writing the text.
"""

from odoo import api, fields, models

from ..plain_number import plain
from .buyer_purchase_order import PRICE_GROUPS, po_key


class WorkOrder(models.Model):
    _inherit = "work.order"

    buyer_purchase_order_id = fields.Many2one(
        "buyer.purchase.order",
        string="PO in Register",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The buyer's PO in the register; follows from the number.",
    )
    buyer_po_balance = fields.Text(string="PO Balance", compute="_compute_buyer_po_balance", groups=PRICE_GROUPS)

    po_shortage = fields.Text(
        compute="_compute_po_shortage",
        groups=PRICE_GROUPS,
        help="What the buyer's PO has too little of for this draft to become ready.",
    )

    @api.depends("buyer_purchase_order_id", "task_ids.buyer_po_line_id", "task_ids.quantity", "state")
    def _compute_buyer_po_balance(self):
        for order in self:
            order.buyer_po_balance = "\n".join(order.sudo()._buyer_po_balances())

    @api.depends("state", "task_ids.buyer_purchase_order_id", "task_ids.buyer_po_line_id", "task_ids.quantity")
    def _compute_po_shortage(self):
        register = self.env["buyer.purchase.order"]
        for order in self:
            reasons = register._reasons_against_release(order) if order.state == "draft" else []
            order.po_shortage = "\n".join(reason.message for reason in reasons)

    def _buyer_po_balances(self):
        """One sentence for every PO and PO line this ticket draws on."""
        texts = []
        for po in self.buyer_purchase_order_id | self.task_ids.buyer_purchase_order_id:
            if po.amount_limit:
                left, limit = po.currency_id.format(po.remaining_amount), po.currency_id.format(po.amount_limit)
                texts.append(self.env._("%(po)s: %(left)s of %(limit)s left", po=po.number, left=left, limit=limit))
            if po.hours_limit:
                left, limit = po.hours_limit - po.hours_used, po.hours_limit
                texts.append(
                    self.env._("%(po)s: %(left).2f of %(limit).2f hours left", po=po.number, left=left, limit=limit)
                )
            for line in self.task_ids.buyer_po_line_id.filtered(lambda line, po=po: line.purchase_order_id == po):
                texts += line._balance_texts()
        return texts

    @api.onchange("buyer_purchase_order_id")
    def _onchange_buyer_purchase_order_id(self):
        if self.buyer_purchase_order_id:
            self.buyer_po = self.buyer_purchase_order_id.number

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create([{**self._with_po_text(vals), "buyer_purchase_order_id": False} for vals in vals_list])
        # a ticket that came with tasks was linked when they were created
        alone = [order.id for order, vals in zip(orders, vals_list, strict=True) if not vals.get("task_ids")]
        orders.browse(alone)._link_buyer_pos()
        return orders

    def write(self, vals):
        vals = self._with_po_text(vals)
        if not vals.keys() & {"buyer_po", "partner_id", "company_id"}:
            return super().write(vals)
        state = vals.pop("state", None)
        super().write(vals)
        self._link_buyer_pos()
        return super().write({"state": state}) if state else True

    @api.model
    def _with_po_text(self, vals):
        """The values with the chosen link turned into its number; the link itself follows from the text."""
        vals = dict(vals)
        po = self.env["buyer.purchase.order"].browse(vals.pop("buyer_purchase_order_id", None) or [])
        if po and "buyer_po" not in vals:
            vals["buyer_po"] = po.number
        return vals

    def _link_buyer_pos(self, tasks=None):
        """Let these tickets and their tasks point at the register entries they name: one query for all of them."""
        tickets = self.sudo().filtered(lambda ticket: ticket.company_id.keeps_buyer_register)
        if not tickets:
            return
        tasks = (tickets.task_ids if tasks is None else tasks).sudo()
        keys = {po_key(record.buyer_po) for records in (tickets, tasks) for record in records} - {""}
        linked = tickets.buyer_purchase_order_id or tasks.buyer_purchase_order_id
        if not keys and not linked:
            return
        buyers = tickets.partner_id.commercial_partner_id
        found = self.env["buyer.purchase.order"]._registered(tickets.company_id, buyers, keys)

        def entry(record, ticket):
            buyer = ticket.partner_id.commercial_partner_id
            return found.get((ticket.company_id.id, buyer.id, po_key(record.buyer_po)), tickets.env[po_model])

        po_model = "buyer.purchase.order"
        for po, group in tickets.grouped(lambda ticket: entry(ticket, ticket)).items():
            group.filtered(lambda ticket, po=po: ticket.buyer_purchase_order_id != po)._store_state(
                {"buyer_purchase_order_id": po.id}
            )
        tasks._link_to(lambda task: entry(task, task.work_order_id))


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    buyer_purchase_order_id = fields.Many2one(
        "buyer.purchase.order", string="PO in Register", index="btree_not_null", copy=False, ondelete="set null"
    )
    buyer_po_line_id = fields.Many2one(
        "buyer.purchase.order.line",
        string="PO Line in Register",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The line of the buyer's PO in the register; follows from PO and line number.",
    )
    po_remaining_quantity = fields.Float(
        string="Left on PO Line", related="buyer_po_line_id.remaining_quantity", groups=PRICE_GROUPS
    )
    po_remaining_amount = fields.Monetary(
        string="Amount Left on PO Line",
        related="buyer_po_line_id.remaining_amount",
        currency_field="po_currency_id",
        groups=PRICE_GROUPS,
    )
    po_currency_id = fields.Many2one(related="buyer_po_line_id.currency_id", string="PO Currency")

    @api.onchange("buyer_po_line_id")
    def _onchange_buyer_po_line_id(self):
        line = self.sudo().buyer_po_line_id
        if line:
            self.buyer_po = line.purchase_order_id.number
            self.buyer_po_line = line.number
            self.buyer_item_code = line.buyer_item_code or self.buyer_item_code
            self.cost_center_id = line.cost_center_id or self.cost_center_id

    @api.model_create_multi
    def create(self, vals_list):
        none = {"buyer_purchase_order_id": False, "buyer_po_line_id": False}  # set, as a context could bring others
        tasks = super().create([{**self._with_po_text(vals), **none} for vals in vals_list])
        tasks.work_order_id._link_buyer_pos(tasks)
        tasks._check_growth({})
        return tasks

    def write(self, vals):
        vals = self._with_po_text(vals)
        before = self._committed_claims()
        result = super().write(vals)
        if vals.keys() & {"buyer_po", "buyer_po_line", "work_order_id"}:
            self.work_order_id._link_buyer_pos(self)
        self._check_growth(before)
        return result

    @api.model
    def _with_po_text(self, vals):
        """The values with a chosen PO line turned into its texts; the links themselves follow from the texts."""
        vals = dict(vals)
        vals.pop("buyer_purchase_order_id", None)
        line = self.env["buyer.purchase.order.line"].browse(vals.pop("buyer_po_line_id", None) or [])
        if line:
            vals.setdefault("buyer_po", line.purchase_order_id.number)
            vals.setdefault("buyer_po_line", line.number)
        return vals

    def _link_to(self, entry):
        """Point at the register entry that ``entry`` gives for each task, and at its line of the number named."""
        for po, tasks in self.grouped(entry).items():
            line_of = {line.number_key: line for line in po.line_ids}
            none = self.env["buyer.purchase.order.line"]
            for key, group in tasks.grouped(lambda task: po_key(task.buyer_po_line)).items():
                line = line_of.get(key, none)
                group.filtered(
                    lambda task, po=po, line=line: task.buyer_purchase_order_id != po or task.buyer_po_line_id != line
                )._store({"buyer_purchase_order_id": po.id, "buyer_po_line_id": line.id})


class BuyerPurchaseOrderLine(models.Model):
    _inherit = "buyer.purchase.order.line"

    def _balance_texts(self):
        self.ensure_one()
        texts, label = [], {"po": self.purchase_order_id.number, "line": self.number}
        if self.quantity:
            text = self.env._(
                "%(po)s, line %(line)s: %(left)s of %(all)s %(unit)s left",
                left=plain(self.remaining_quantity),
                all=plain(self.quantity),
                unit=self.product_uom_id.name or self.env._("units"),
                **label,
            )
            texts.append(text)
        if self.amount_limit:
            left, limit = (self.currency_id.format(n) for n in (self.remaining_amount, self.amount_limit))
            texts.append(
                self.env._("%(po)s, line %(line)s: %(left)s of %(limit)s left", left=left, limit=limit, **label)
            )
        return texts
