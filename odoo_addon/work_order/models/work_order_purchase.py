"""Ordering from a work order: a purchase order per subcontractor or supplier, linked task by task."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .work_order_flow import FINISHED, Reason

PURCHASE_GROUPS = "purchase.group_purchase_user,work_order.group_dispatcher"
BILL_GROUPS = PURCHASE_GROUPS + ",account.group_account_invoice,account.group_account_readonly"


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    purchase_line_ids = fields.One2many("purchase.order.line", "work_order_task_id", groups=PURCHASE_GROUPS)
    ordered_quantity = fields.Float(
        string="Ordered",
        digits="Product Unit",
        compute="_compute_purchases",
        compute_sudo=True,
        groups=PURCHASE_GROUPS,
        help="On purchase orders that are not cancelled.",
    )
    purchase_order_count = fields.Integer(compute="_compute_purchases", compute_sudo=True, groups=PURCHASE_GROUPS)
    vendor_bill_count = fields.Integer(compute="_compute_purchases", compute_sudo=True, groups=BILL_GROUPS)

    @api.depends("purchase_line_ids.product_qty", "purchase_line_ids.state", "purchase_line_ids.invoice_lines.move_id")
    def _compute_purchases(self):
        for task in self:
            task.ordered_quantity = task._ordered_quantity()
            task.purchase_order_count = len(task.purchase_line_ids.order_id)
            task.vendor_bill_count = len(task.purchase_line_ids.invoice_lines.move_id)

    def _ordered_quantity(self):
        """What purchase orders that still hold ask for, in the unit of the task."""
        self.ensure_one()
        lines = self.sudo().purchase_line_ids.filtered(lambda line: line.state != "cancel")
        return sum(
            line.product_uom_id._compute_quantity(line.product_qty, self.product_uom_id, round=False) for line in lines
        )

    def _quantity_to_order(self):
        self.ensure_one()
        return self.product_uom_id.round(self.quantity - self._ordered_quantity()) if self.product_uom_id else 0.0

    def _supplier(self):
        """Who is asked to do or deliver this: the subcontractor, else the vendor of the product."""
        self.ensure_one()
        if self.subcontractor_id:
            return self.subcontractor_id
        product = self.product_id.with_company(self.company_id)
        quantity = self._quantity_to_order()
        seller = product and (
            product._select_seller(quantity=quantity, uom_id=self.product_uom_id)
            or product._select_seller(quantity=None, uom_id=self.product_uom_id)
        )
        return seller.partner_id if seller else self.subcontractor_id

    def action_order_from_supplier(self):
        """Draft purchase orders for what these tasks still need: all of them or none.

        :raises UserError: with every reason of every task
        :raises AccessError: if this user neither dispatches nor purchases
        """
        self._check_may_order()
        self.work_order_id.sudo()._bump_billing_revision()  # two people ordering at once: the second starts again
        tasks = self.sudo()
        reasons = [(task.work_order_id, reason) for task in tasks for reason in task._reasons_against_ordering()]
        if reasons:
            raise UserError(
                "\n".join(
                    [
                        self.env._("Nothing was ordered:"),
                        *(f"- {ticket.name}: {reason.message}" for ticket, reason in reasons),
                    ]
                )
            )
        return self.env["purchase.order"].browse(tasks._place_orders().ids)._action_show_ordered()

    def _check_may_order(self):
        user = self.env.user
        if not (self.env.su or any(user.has_group(group) for group in PURCHASE_GROUPS.split(","))):
            raise AccessError(self.env._("Only a dispatcher or a purchaser orders for a work order. Ask a dispatcher."))
        self.check_access("read")

    def _reasons_against_ordering(self):
        """Why nothing can be ordered for this task, as a list of :class:`Reason`."""
        self.ensure_one()
        ticket = self.work_order_id
        if ticket.state in (*FINISHED, "cancelled"):
            return [
                Reason("state", self.env._("it is “%s”; nothing is ordered for it.", ticket._state_label(ticket.state)))
            ]
        if self.state != "todo":
            return [Reason("state", self.env._("Task “%s” is done or cancelled.", self.name))]
        reasons = []
        if not self.product_id:
            reasons.append(
                Reason("product_id", self.env._("Product: task “%s” names none, so it cannot be ordered.", self.name))
            )
        elif not self._supplier():
            reasons.append(
                Reason(
                    "subcontractor_id",
                    self.env._(
                        "Subcontractor: task “%(task)s” has none, and “%(product)s” has no vendor.",
                        task=self.name,
                        product=self.product_id.display_name,
                    ),
                )
            )
        if self.product_id and self.product_uom_id.compare(self._quantity_to_order(), 0.0) <= 0:
            orders = self.purchase_line_ids.filtered(lambda line: line.state != "cancel").order_id
            reasons.append(
                Reason(
                    "purchase_line_ids",
                    self.env._(
                        "Task “%(task)s” is ordered in full: %(orders)s.",
                        task=self.name,
                        orders=", ".join(orders.mapped("name")),
                    )
                    if orders
                    else self.env._("Planned: task “%s” has no quantity to order.", self.name),
                )
            )
        return reasons

    def _place_orders(self):
        """Put what is missing on one draft purchase order per work order and supplier; gives those orders."""
        orders = self.env["purchase.order"]
        groups = self.grouped(lambda task: (task.work_order_id, task._supplier()))
        for (ticket, supplier), tasks in groups.items():
            order = orders._of_work_order(ticket, supplier, tasks)
            commands = [Command.create(task._purchase_line_values()) for task in tasks]
            before = order.order_line
            order.write({"order_line": commands})
            (order.order_line - before)._compute_tax_id()
            orders |= order
        for ticket, made in orders.grouped("work_order_id").items():
            ticket.message_post(
                body=self.env._(
                    "Ordered: %s", ", ".join(f"{order.name} ({order.partner_id.display_name})" for order in made)
                )
            )
        return orders

    def _purchase_line_values(self):
        """What the supplier must know, at their own price: never what our customer pays."""
        return {
            "product_id": self.product_id.id,
            "product_qty": self._quantity_to_order(),
            "product_uom_id": self.product_uom_id.id,
            "name": self._purchase_description(),
            "date_planned": max(self.work_order_id.scheduled_start or fields.Datetime.now(), fields.Datetime.now()),
            "work_order_task_id": self.id,
        }

    def _purchase_description(self):
        """Task, specification and delivery address, one under the other."""
        lines = [f"{self.name} ({self.work_order_id.name})", *self.specification_ids.mapped("display_name")]
        site = self.site_id or self.work_order_id.site_id
        if site:
            address = [line.strip() for line in site._display_address(without_company=True).splitlines()]
            lines.append(self.env._("Deliver to: %s", ", ".join(filter(None, [site.name, *address]))))
        return "\n".join(lines)

    def action_view_purchase_orders(self):
        self.ensure_one()
        orders = self.sudo().purchase_line_ids.order_id.sudo(False)
        return orders._action_show(self.env._("Purchase Orders of %s", self.name))

    def action_view_vendor_bills(self):
        self.ensure_one()
        bills = self.sudo().purchase_line_ids.invoice_lines.move_id.sudo(False)
        return bills._action_show_bills(self.env._("Bills of %s", self.name))


class WorkOrder(models.Model):
    _inherit = "work.order"

    vendor_bill_count = fields.Integer(compute="_compute_vendor_bill_count", compute_sudo=True, groups=BILL_GROUPS)
    waiting_for = fields.Char(
        compute="_compute_waiting_for",
        compute_sudo=True,
        groups="base.group_user",
        help="Purchase orders of this work order that are not received in full.",
    )

    @api.depends("purchase_order_ids.invoice_ids")
    def _compute_vendor_bill_count(self):
        for order in self:
            order.vendor_bill_count = len(order.purchase_order_ids.invoice_ids)

    @api.depends("purchase_order_ids.state", "purchase_order_ids.order_line.qty_received")
    def _compute_waiting_for(self):
        for order in self:
            waiting = order.purchase_order_ids.filtered(lambda purchase: purchase._is_awaited())
            order.waiting_for = ", ".join(
                f"{purchase.name} ({purchase.partner_id.display_name})" for purchase in waiting
            )

    def action_order_from_suppliers(self):
        """Order everything these work orders still need from subcontractors and vendors.

        Tasks nobody supplies (our own labour, parts on the van) are left out; if nothing is left, it is refused.
        """
        tasks = self.task_ids.filtered(lambda task: task.state == "todo")
        tasks._check_may_order()
        supplied = tasks.filtered(lambda task: not task.sudo()._reasons_against_ordering())
        if not tasks:
            raise UserError(self.env._("Tasks: there is nothing left to do, so nothing to order."))
        return (supplied or tasks).action_order_from_supplier()

    def action_view_vendor_bills(self):
        self.ensure_one()
        bills = self.sudo().purchase_order_ids.invoice_ids.sudo(False)
        return bills._action_show_bills(self.env._("Vendor Bills of %s", self.name))
