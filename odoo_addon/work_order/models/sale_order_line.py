from odoo import api, fields, models
from odoo.exceptions import UserError

from ..plain_number import plain
from .work_order_flow import FINISHED, Reason

#: What the customer agreed to on a line. Work is dispatched on it, so from then on a change order changes it.
AUTHORISED_FIELDS = {
    "discount",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
    "work_order_billing_type",
}
#: The crew has been sent on the strength of the order.
BEGUN = ("dispatched", "in_progress", "on_hold", *FINISHED)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    qty_delivered_method = fields.Selection(selection_add=[("work_order", "Work Orders")])
    work_order_task_ids = fields.One2many(
        "work.order.task", "sale_line_id", groups="work_order.group_technician,work_order.group_billing"
    )
    buyer_po_line = fields.Char(string="PO Line", copy=False)
    buyer_item_code = fields.Char(help="The buyer's own code of this product or service.")
    cost_center_id = fields.Many2one(
        "buyer.cost.center", string="Cost Centre", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    work_site_id = fields.Many2one(
        "res.partner",
        string="Site",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Where the work is done; the delivery address of the order if empty.",
    )

    @api.depends("product_id.work_order_policy")
    def _compute_qty_delivered_method(self):
        result = super()._compute_qty_delivered_method()
        for line in self:
            if not line.is_expense and line.product_id.work_order_policy not in (False, "none"):
                line.qty_delivered_method = "work_order"
        return result

    @api.depends(
        "work_order_task_ids.state", "work_order_task_ids.done_quantity", "work_order_task_ids.work_order_id.state"
    )
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered(lambda line: line._is_delivered_by_work_order()):
            delivered[line] = sum(task._billable_quantity() for task in line.sudo().work_order_task_ids)
        return delivered

    def _is_delivered_by_work_order(self):
        """By product and tasks, not by the method or expense field, which anybody who sells may write."""
        if self.display_type:
            return False
        by_product = not self.is_expense and self.product_id.work_order_policy not in (False, "none")
        return by_product or bool(self.sudo().work_order_task_ids)

    def _tasks_to_invoice(self):
        """Tasks with something left to invoice, of the work orders being invoiced now (all if none named)."""
        chosen = self.env.context.get("work_order_ids")
        return self.sudo().work_order_task_ids.filtered(
            lambda task: (
                (not chosen or task.work_order_id.id in chosen)
                and task.work_order_id.billable
                and task._quantity_to_invoice() > 0
            )
        )

    def _reasons_against_delivery(self):
        """What is done on all tasks of this line may not exceed what the order authorises."""
        self.ensure_one()
        done = sum(task._delivered_quantity() for task in self.work_order_task_ids)
        if self.product_uom_id.compare(done, self.product_uom_qty) <= 0:
            return []
        return [
            Reason(
                "done_quantity",
                self.env._(
                    "“%(line)s”: %(done)s %(unit)s done, but %(order)s authorises %(ordered)s. "
                    "Have the order changed first.",
                    line=self.product_id.display_name,
                    done=plain(done),
                    unit=self.product_uom_id.name,
                    order=self.order_id.name,
                    ordered=plain(self.product_uom_qty),
                ),
            )
        ]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.order_id.state == "sale")._issue_work_orders()
        return lines

    @api.model
    def _create_posted(self, vals_list):
        """Create lines that bill posted time and parts, ordered by nobody: no work orders are issued for them."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch

    def write(self, vals):
        if vals.keys() & AUTHORISED_FIELDS:
            self._check_authority(vals)
        result = super().write(vals)
        if "product_uom_qty" in vals:
            self._plan_ordered_quantity()
        return result

    def _write_authorised(self, vals):
        """Write what an approved change order says, on lines whose work has begun too; nothing else calls it."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _check_authority(self, vals):
        """Refuse to change, behind the crew's back, what their work was dispatched on."""
        move = self.env["account.move"]
        for line in self.filtered(lambda line: line.sudo()._begun_work_orders()):
            names = [
                name for name in AUTHORISED_FIELDS & vals.keys() if move._field_will_change(line.sudo(), vals, name)
            ]
            if names:
                raise UserError(
                    self.env._(
                        "%(fields)s of “%(line)s” cannot change any more: %(orders)s was dispatched on it. Record a "
                        "change order on the work order instead.",
                        fields=", ".join(
                            sorted(self._fields[name].get_description(self.env)["string"] for name in names)
                        ),
                        line=line.product_id.display_name or line.name,
                        orders=", ".join(line.sudo()._begun_work_orders().mapped("name")),
                    )
                )

    def _begun_work_orders(self):
        return self.work_order_task_ids.work_order_id.filtered(lambda ticket: ticket.state in BEGUN)

    def _plan_ordered_quantity(self):
        """A quantity changed before dispatch changes the plan of the one task that delivers it."""
        for line in self.sudo():
            task = line._live_tasks()
            planned = len(task) == 1 and task.state == "todo" and task.work_order_state in ("draft", "ready")
            if planned and line.product_uom_id.compare(task.quantity, line.product_uom_qty):
                task.quantity = line.product_uom_qty

    def _issue_work_orders(self):
        """Open the work orders these confirmed lines ask for; a line that has a task already gets no second one."""
        lines = self.sudo().filtered(lambda line: line._is_delivered_by_work_order() and not line._live_tasks())
        groups = {}
        for line in lines:
            groups.setdefault(line._work_order_key(), self.browse())
            groups[line._work_order_key()] |= line
        default_type = self.env["work.order"]._default_type().id if groups else False
        values = [{"type_id": default_type, **group.sudo()._work_order_values()} for group in groups.values()]
        tickets = self.env["work.order"].sudo().with_context(mail_create_nolog=True).create(values)
        tickets = tickets.with_context(mail_create_nolog=False)
        tickets._make_ready_or_say_why()
        return tickets

    def _live_tasks(self):
        """Tasks on work orders that were not cancelled; an order that is confirmed again gets new ones."""
        return self.work_order_task_ids.filtered(lambda task: task.work_order_state != "cancelled")

    def _work_order_key(self):
        return (
            self.order_id.id,
            self._site().id,
            self.id if self.product_id.work_order_policy in ("line", "template") else 0,
        )

    def _site(self):
        return self.work_site_id or self.order_id.partner_shipping_id

    def _work_order_values(self):
        """Values of one work order for these lines, which share order and site."""
        order = self.order_id
        template = self._work_order_template()
        kind = self.product_id.work_order_type_id[:1] or template.type_id
        centers = self.cost_center_id
        first = self[0].name.splitlines()[0]
        return {
            "title": first if len(self) == 1 else self.env._("%(first)s and %(n)d more", first=first, n=len(self) - 1),
            **({"type_id": kind.id} if kind else {}),
            **({"template_id": template.id} if template else {}),
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.commercial_partner_id.id,
            "site_id": self[0]._site().id,
            "user_id": order.user_id.id,
            "sale_order_id": order.id,
            "scheduled_start": order.commitment_date,
            "buyer_po": order.buyer_po,
            "cost_center_id": (centers if len(centers) == 1 else order.cost_center_id).id,
            "task_ids": [fields.Command.create(line._work_order_task_values()) for line in self],
        }

    def _work_order_template(self):
        """The template these lines open their work order from, if that is what their product says."""
        products = self.product_id.filtered(lambda product: product.work_order_policy == "template")
        return products[:1].work_order_template_id

    def _work_order_task_values(self):
        return {
            "sequence": self.sequence,
            "name": self.name.splitlines()[0],
            "product_id": self.product_id.id,
            "quantity": self.product_uom_qty,
            "sale_line_id": self.id,
            "buyer_po": self.order_id.buyer_po,
            "buyer_po_line": self.buyer_po_line,
            "buyer_item_code": self.buyer_item_code,
            "cost_center_id": (self.cost_center_id or self.order_id.cost_center_id).id,
        }

    def _prepare_invoice_lines_vals_list(self, **optional_values):
        """One invoice line per finished task, carrying what the buyer matches by."""
        if not self._is_delivered_by_work_order():
            return super()._prepare_invoice_lines_vals_list(**optional_values)
        return [
            self._prepare_invoice_line(**{**optional_values, **task._prepare_invoice_line()})
            for task in self._tasks_to_invoice()
        ]
