from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

from .work_order_flow import Reason

#: References that must repeat the task's.
TASK_REFERENCES = ("buyer_po", "buyer_po_line", "buyer_item_code", "cost_center_id", "service_date")

#: A change of these changes what is left to invoice.
BILLING_FIELDS = {"move_id", "quantity", "work_order_task_id"}


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
        lines._sync_work_orders()
        return lines

    def write(self, vals):
        if not vals.keys() & BILLING_FIELDS:
            return super().write(vals)
        if "work_order_task_id" in vals and "posted" in self.mapped("parent_state"):
            raise UserError(self.env._("The task of a posted invoice line cannot change."))
        tickets = self.sudo().work_order_id
        result = super().write(vals)
        (tickets | self.sudo().work_order_id)._sync_billing_state()
        return result

    def unlink(self):
        tickets = self.sudo().work_order_id
        result = super().unlink()
        tickets._sync_billing_state()
        return result

    def _sync_work_orders(self):
        self.sudo().work_order_id._sync_billing_state()

    def _reasons_against_posting(self):
        """Why this line may not stand on a posted invoice of a work order."""
        self.ensure_one()
        if self.display_type != "product" or self.is_downpayment:
            return []
        task = self.sudo().work_order_task_id
        tracked = self.sudo().sale_line_ids.filtered(lambda line: line._is_delivered_by_work_order())
        if not task:
            return self._reasons_without_task(tracked)
        return [*self._reasons_by_ticket(task), *self._reasons_by_task(task)]

    def _reasons_without_task(self, tracked):
        label = self.name or self.product_id.display_name
        if tracked:
            return [
                Reason(
                    "work_order_task_id", self.env._("line “%s” is delivered by work orders but names no task.", label)
                )
            ]
        if self.move_id._work_orders() and not self.sale_line_ids:
            return [Reason("work_order_task_id", self.env._("line “%s” was typed by hand; nobody approved it.", label))]
        return []

    def _reasons_by_ticket(self, task):
        ticket, reasons = task.work_order_id, []
        if not ticket.billable:
            reasons.append(
                Reason("type_id", self.env._("%s is internal work and can never be invoiced.", ticket.display_name))
            )
        if ticket.state not in ("done", "invoiced", "closed") or task.state != "done":
            reasons.append(
                Reason(
                    "state",
                    self.env._("task “%(task)s” of %(order)s is not finished.", task=task.name, order=ticket.name),
                )
            )
        if ticket.partner_id.commercial_partner_id != self.move_id.commercial_partner_id:
            reasons.append(Reason("partner_id", self.env._("%s was done for another customer.", ticket.name)))
        return reasons

    def _reasons_by_task(self, task):
        """Differences between this line and what the sale order and the task say."""
        line = task.sale_line_id
        if not line or (self.sale_line_ids and self.sale_line_ids != line):
            return [
                Reason(
                    "sale_line_ids",
                    self.env._("task “%s” does not belong to the sale order line it is billed by.", task.name),
                )
            ]
        pairs = [
            ("price_unit", float_compare(self.price_unit, line.price_unit, 6) == 0, line.price_unit),
            ("discount", abs(self.discount - line.discount) < 0.005, line.discount),
            ("tax_ids", self.tax_ids == line.tax_ids, ", ".join(line.tax_ids.mapped("name")) or self.env._("none")),
            ("product_id", self.product_id == line.product_id, line.product_id.display_name),
            ("product_uom_id", self.product_uom_id == line.product_uom_id, line.product_uom_id.name),
            ("currency_id", self.currency_id == line.currency_id, line.currency_id.name),
        ]
        pairs += [(name, self[name] == task[name], self._shown(task[name])) for name in TASK_REFERENCES]
        return [
            Reason(
                name,
                self.env._(
                    "%(field)s of “%(task)s” is %(given)s, but %(expected)s was authorised.",
                    field=self._fields[name].get_description(self.env)["string"],
                    task=task.name,
                    given=self._shown(self[name]),
                    expected=expected,
                ),
            )
            for name, agrees, expected in pairs
            if not agrees
        ]

    def _shown(self, value):
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name")) or self.env._("none")
        return value if value or (value == 0.0 and value is not False) else self.env._("none")

    def _buyer_references_text(self, with_po=True, with_cost_center=True, with_work_order=True):
        """The references of this line as printed below its description; what the header says need not be repeated."""
        self.ensure_one()
        day = format_date(self.env, self.service_date) if self.service_date else ""
        parts = [
            (with_work_order, self.env._("Work order %s"), self.work_order_id.name),
            (with_po, self.env._("PO %s"), self.buyer_po),
            (True, self.env._("PO line %s"), self.buyer_po_line),
            (True, self.env._("Your item %s"), self.buyer_item_code),
            (with_cost_center, self.env._("Cost centre %s"), self.cost_center_id.code),
            (True, self.env._("Service date %s"), day),
        ]
        return " · ".join(text % value for wanted, text, value in parts if wanted and value)
