from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

from ..plain_number import plain
from .work_order_flow import Reason

#: References that must repeat the task's.
TASK_REFERENCES = ("buyer_po", "buyer_po_line", "buyer_item_code", "cost_center_id", "service_date")

#: A change of these changes what is left to invoice.
BILLING_FIELDS = {"move_id", "quantity", "work_order_id", "work_order_task_id"}
#: What a posted line of a task keeps for ever.
POSTED_FIELDS = BILLING_FIELDS | {"sale_line_ids"}
#: What the buyer authorised on a line.
AUTHORISED_FIELDS = {
    "currency_id",
    "discount",
    "display_type",
    "price_unit",
    "product_id",
    "product_uom_id",
    "sale_line_ids",
    "tax_ids",
    *TASK_REFERENCES,
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    work_order_task_id = fields.Many2one(
        "work.order.task", index="btree_not_null", ondelete="restrict", readonly=True, check_company=True
    )
    work_order_id = fields.Many2one(
        related="work_order_task_id.work_order_id", store=True, index="btree_not_null", precompute=True
    )
    buyer_po = fields.Char(string="Buyer PO", index="btree_not_null", readonly=True)
    buyer_po_line = fields.Char(string="PO Line", readonly=True)
    buyer_item_code = fields.Char(readonly=True)
    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    service_date = fields.Date(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_posted()
        lines.sudo().work_order_id._sync_billing_state()
        return lines

    def write(self, vals):
        if not vals.keys() & (BILLING_FIELDS | AUTHORISED_FIELDS):
            return super().write(vals)
        self._check_posted_links(vals)
        tickets = self.sudo().work_order_id
        result = super().write(vals)
        self._check_posted()
        if vals.keys() & BILLING_FIELDS:
            (tickets | self.sudo().work_order_id)._sync_billing_state()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted_work(self):
        if self.filtered(lambda line: line.work_order_task_id and line.parent_state == "posted"):
            raise UserError(self.env._("A line of a work order's posted invoice cannot be deleted; credit it instead."))

    def unlink(self):
        if not self:  # Odoo asks for this on every line it writes
            return super().unlink()
        tickets = self.sudo().work_order_id
        result = super().unlink()
        tickets._sync_billing_state()
        return result

    def _check_posted_links(self, vals):
        """What a posted line bills, and how much of it, never changes: a correction is a credit note."""
        move = self.env["account.move"]
        for line in self.filtered(lambda line: line.parent_state == "posted" and line.work_order_task_id):
            if any(move._field_will_change(line, vals, name) for name in POSTED_FIELDS if name in vals):
                raise UserError(
                    self.env._(
                        "“%s” is posted: its quantity, task and order cannot change. Credit it instead.", line.name
                    )
                )

    def _check_posted(self):
        """Odoo lets lines of posted invoices be changed over RPC; what was refused at posting stays refused."""
        self.move_id.filtered(lambda move: move.state == "posted" and move._work_orders())._check_work_orders()

    def _reasons_against_posting(self):
        """Why this line may not stand on a posted invoice of a work order."""
        self.ensure_one()
        if self.display_type != "product":
            return []
        task = self.sudo().work_order_task_id
        if not self.move_id.is_sale_document(include_receipts=True):
            text = self.env._("only a customer invoice may bill work orders, not “%s”.", self.move_id.display_name)
            return [Reason("work_order_task_id", text)] if task else []
        if task:
            return [*self._reasons_by_ticket(task), *self._reasons_by_task(task)]
        return self._reasons_without_task()

    def _reasons_without_task(self):
        """A line of no task: refused where work orders deliver; on their invoices only what the sales order says."""
        orders = self.sudo().sale_line_ids
        label = self.name or self.product_id.display_name
        if orders.filtered(lambda line: line._is_delivered_by_work_order()):
            text = self.env._("line “%s” is delivered by work orders but names no task.", label)
            return [Reason("work_order_task_id", text)]
        if not self.move_id._work_orders() and not self.sudo().original_line_id.approved_by_id:
            return []
        if not orders:
            return self._reasons_by_hand(label)
        if orders.filtered("is_downpayment"):
            if self.price_subtotal <= 0:
                return []
            return [Reason("price_unit", self.env._("line “%s”: a down payment is deducted here, not charged.", label))]
        return self._reasons_by_order(orders[0], label)

    def _reasons_by_order(self, line, label):
        """Differences from a sales order line that no work order delivers, such as freight."""
        reasons = self._differences(line, label)
        if line.order_id not in self.move_id._work_orders().sale_order_id:
            text = self.env._(
                "line “%(line)s” belongs to another order, %(order)s.", line=label, order=line.order_id.name
            )
            reasons.append(Reason("sale_line_ids", text))
        most = max(line.product_uom_qty, line.qty_delivered)
        billed = self.env["work.order.task"]._billed_quantity(
            line.invoice_lines.filtered(lambda other: other.parent_state == "posted" or other.move_id == self.move_id)
        )
        if line.product_uom_id.compare(billed, most) > 0:
            text = self.env._(
                "“%(line)s”: %(given)s is billed, but %(most)s was ordered.",
                line=label,
                given=plain(billed),
                most=plain(most),
            )
            reasons.append(Reason("quantity", text))
        return reasons

    def _reasons_by_ticket(self, task):
        ticket, reasons = task.work_order_id, []
        if not ticket.billable:
            reasons.append(
                Reason("type_id", self.env._("%s is internal work and can never be invoiced.", ticket.display_name))
            )
        if not task._billable_quantity():
            reasons.append(
                Reason(
                    "state",
                    self.env._("task “%(task)s” of %(order)s is not finished.", task=task.name, order=ticket.name),
                )
            )
        payers = (ticket.partner_id | ticket.sale_order_id.partner_invoice_id).commercial_partner_id
        if self.move_id.commercial_partner_id not in payers:
            reasons.append(Reason("partner_id", self.env._("%s was done for another customer.", ticket.name)))
        return reasons

    def _reasons_by_task(self, task):
        """Differences between this line and what the sales order and the task say."""
        line = task.sale_line_id
        if not line or (self.sale_line_ids and self.sale_line_ids != line):
            return [
                Reason(
                    "sale_line_ids",
                    self.env._("task “%s” does not belong to the sales order line it is billed by.", task.name),
                )
            ]
        origin = self._credited_lines(task)[:1]
        agreed = origin or line  # a credit repeats the invoice it credits, whatever the order says by now
        return self._differences(agreed, task.name, [(name, (origin or task)[name]) for name in TASK_REFERENCES])

    def _credited_lines(self, task):
        """The posted lines of this task that a credit note credits."""
        if self.move_id.move_type != "out_refund":
            return self.browse()
        return self.move_id.reversed_entry_id.invoice_line_ids.filtered(
            lambda line: line.work_order_task_id == task and line.parent_state == "posted"
        )

    def _differences(self, line, label, references=()):
        """Where this invoice line says something else than the sales order line and the given references."""
        pairs = [
            ("price_unit", float_compare(self.price_unit, line.price_unit, 6) == 0, line.price_unit),
            ("discount", abs(self.discount - line.discount) < 0.005, line.discount),
            ("tax_ids", self.tax_ids == line.tax_ids, line.tax_ids),
            ("product_id", self.product_id == line.product_id, line.product_id),
            ("product_uom_id", self.product_uom_id == line.product_uom_id, line.product_uom_id),
            ("currency_id", self.currency_id == line.currency_id, line.currency_id),
        ]
        pairs += [(name, self[name] == value, value) for name, value in references]
        return [
            Reason(
                name,
                self.env._(
                    "%(field)s of “%(line)s” is %(given)s, but %(expected)s was authorised.",
                    field=self._fields[name].get_description(self.env)["string"],
                    line=label,
                    given=self._shown(self[name]),
                    expected=self._shown(expected),  # names are costly and rarely asked for
                ),
            )
            for name, agrees, expected in pairs
            if not agrees
        ]

    def _shown(self, value):
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name")) or self.env._("none")
        return value if value or (value == 0.0 and value is not False) else self.env._("none")

    def _site_told_apart(self):
        """The site of this line on an invoice over several, so that none of its lines looks like another."""
        ticket = self.sudo().work_order_id
        return ticket.site_id.name if len(self.sudo().move_id.work_site_ids) > 1 else ""

    def _buyer_references_text(self, with_po=True, with_cost_center=True, with_work_order=True):
        """The references of this line as printed below its description; what the header says need not be repeated."""
        self.ensure_one()
        day = format_date(self.env, self.service_date) if self.service_date else ""
        parts = [
            (with_work_order, self.env._("Work order %s"), self.sudo().work_order_id.name),
            (with_work_order, self.env._("Site %s"), self._site_told_apart()),
            (with_po, self.env._("PO %s"), self.buyer_po),
            (True, self.env._("PO line %s"), self.buyer_po_line),
            (True, self.env._("Your item %s"), self.buyer_item_code),
            (with_cost_center, self.env._("Cost centre %s"), self.cost_center_id.code),
            (True, self.env._("Service date %s"), day),
        ]
        return " · ".join(text % value for wanted, text, value in parts if wanted and value)
