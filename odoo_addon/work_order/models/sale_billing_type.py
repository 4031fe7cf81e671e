"""How the tasks of an order line are billed, and the lines that bill posted time and parts."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line import AUTHORISED_FIELDS

BILLING_TYPES = [
    ("fixed", "Fixed price"),
    ("time_material", "Time and materials"),
    ("progress", "Progress"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    work_order_billing_type = fields.Selection(
        BILLING_TYPES,
        string="Work Order Billing",
        required=True,
        default="fixed",
        help="How tasks for this product are billed, unless the sales order line says otherwise.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def copy_data(self, default=None):
        """A copy of an order does not repeat what was posted on the work orders of the first one."""
        copies = super().copy_data(default)
        for values in copies:
            if "order_line" in values:
                values["order_line"] = [
                    command for command in values["order_line"] if not (command[2] or {}).get("is_posted_work")
                ]
        return copies


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    work_order_billing_type = fields.Selection(
        BILLING_TYPES, string="Work Order Billing", help="As the product says if empty."
    )
    is_posted_work = fields.Boolean(
        readonly=True, help="Bills time or parts posted on a task of time and materials; ordered by that task's line."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "is_posted_work": False} for vals in vals_list])

    def write(self, vals):
        self._check_posted_work(vals)
        result = super().write(vals)
        if "work_order_billing_type" in vals:
            for line in self.sudo():
                tasks = line._live_tasks().filtered(lambda task: task.work_order_state in ("draft", "ready"))
                tasks.write({"billing_type": line._billing_type()})
        return result

    def _check_posted_work(self, vals):
        """What posted work costs was said when it was posted, also while its work order is back with the dispatcher."""
        names = vals.keys() & {*AUTHORISED_FIELDS, "is_posted_work", "order_id"}
        move = self.env["account.move"]
        for line in self.sudo() if names else ():
            touched = names if line.is_posted_work else names & {"is_posted_work"}
            if any(move._field_will_change(line, vals, name) for name in touched):
                raise UserError(
                    self.env._(
                        "“%s” bills time or parts that were posted; its product, price and taxes follow from that.",
                        line.product_id.display_name,
                    )
                )

    def _billing_type(self):
        return self.work_order_billing_type or self.product_id.work_order_billing_type

    def _work_order_task_values(self):
        return {**super()._work_order_task_values(), "billing_type": self._billing_type()}

    def _issue_work_orders(self):
        ordered = self.filtered(lambda line: not line.is_posted_work)
        return super(SaleOrderLine, ordered)._issue_work_orders()

    def _compute_qty_to_invoice(self):
        """Posted work is invoiced as delivered, whatever the product says: nobody ordered a quantity of it."""
        result = super()._compute_qty_to_invoice()
        for line in self.filtered("is_posted_work"):
            line.qty_to_invoice = line.qty_delivered - line.qty_invoiced if line.state == "sale" else 0.0
        return result

    def _reasons_against_delivery(self):
        """Time and materials are judged by their cap, not by the ordered quantity; see the caps of the work order."""
        tasks = self.work_order_task_ids.filtered(lambda task: task.state != "cancelled")
        if tasks and all(task.billing_type == "time_material" for task in tasks):
            return []
        return super()._reasons_against_delivery()

    def _agreed_amount(self, quantity=None):
        """Untaxed value of the ordered quantity, or of another one, at the agreed price."""
        quantity = self.product_uom_qty if quantity is None else quantity
        return self.currency_id.round(quantity * self.price_unit * (1 - self.discount / 100))
