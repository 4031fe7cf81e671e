"""Warranty: repairing, at our own cost, what an earlier work order delivered."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .work_order_flow import FINISHED, Reason


class WorkOrder(models.Model):
    _inherit = "work.order"

    origin_work_order_id = fields.Many2one(
        "work.order",
        string="Original Work Order",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The finished work order whose work is repaired under warranty.",
    )
    warranty_work_order_ids = fields.One2many("work.order", "origin_work_order_id", string="Warranty Work Orders")
    warranty_count = fields.Integer(compute="_compute_warranty_count")

    @api.depends("warranty_work_order_ids")
    def _compute_warranty_count(self):
        counts = dict(
            self.env["work.order"]._read_group(
                [("origin_work_order_id", "in", self.ids)], ["origin_work_order_id"], ["__count"]
            )
        )
        for order in self:
            order.warranty_count = counts.get(order, 0)

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"origin_work_order_id"}

    @api.constrains("origin_work_order_id", "partner_id", "company_id", "job_id", "type_id")
    def _check_origin(self):
        reasons = [
            (order, reason)
            for order in self.sudo().filtered("origin_work_order_id")
            for reason in order._reasons_against_origin()
        ]
        if reasons:
            raise ValidationError("\n".join(f"{order.name}: {reason.message}" for order, reason in reasons))

    def _gate_ready(self):
        return super()._gate_ready() + self._reasons_by_warranty()

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_by_price()

    def _gate_done(self):
        return super()._gate_done() + self._reasons_by_warranty() + self._reasons_by_price()

    def _reasons_by_warranty(self):
        if self.kind != "warranty":
            return []
        if not self.origin_work_order_id:
            text = self.env._("Original Work Order is missing: which work is repaired under warranty?")
            return [Reason("origin_work_order_id", text)]
        return self.sudo()._reasons_against_origin()

    def _reasons_against_origin(self):
        """Why this ticket cannot be a repair of its original work order, nor be paid for by that job."""
        origin, texts = self.origin_work_order_id, []
        if origin == self:
            texts.append(self.env._("Original Work Order: a work order cannot be its own warranty."))
        elif origin.state not in FINISHED:
            texts.append(
                self.env._(
                    "Original Work Order: %(order)s is “%(state)s”; warranty follows finished work.",
                    order=origin.name,
                    state=origin._state_label(origin.state),
                )
            )
        if origin.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            texts.append(self.env._("Original Work Order: %s was done for another customer.", origin.name))
        reasons = [Reason("origin_work_order_id", text) for text in texts]
        if self.kind == "warranty" and self.job_id and self.job_id == origin.job_id:
            text = self.env._("Job: warranty work is not charged to %s, the original job.", self.job_id.name)
            reasons.append(Reason("job_id", text))
        return reasons

    def _reasons_by_price(self):
        """Work invoiced at zero that its sales order prices otherwise could never be invoiced."""
        if self.type_id.billing_rule != "zero":
            return []
        tasks = self.sudo().task_ids.filtered(lambda task: task.state != "cancelled" and task.sale_line_id)
        return [
            Reason(
                "sale_line_id",
                self.env._(
                    "Task “%(task)s” is priced on %(order)s, but warranty work is invoiced at zero.",
                    task=task.name,
                    order=task.sale_line_id.order_id.name,
                ),
            )
            for task in tasks
            if not task.sale_line_id.currency_id.is_zero(task.sale_line_id.price_subtotal)
        ]

    def action_open_warranty(self):
        """Open a warranty work order for each of these finished work orders, and show them.

        :raises UserError: if one of these is not finished, or there is no type for warranty work
        """
        if not self.env.su and not self.env.user.has_group("work_order.group_dispatcher"):
            raise AccessError(self.env._("Only a dispatcher opens warranty work orders."))
        kind = self.env["work.order.type"].search([("kind", "=", "warranty")], limit=1)
        if not kind:
            raise UserError(self.env._("There is no work order type of kind “Warranty”. Ask an administrator for one."))
        refused = self.filtered(lambda order: order.state not in FINISHED or order.kind == "internal")
        if refused:
            raise UserError(
                self.env._(
                    "Only finished work for a customer has a warranty: %s",
                    ", ".join(f"{order.name} ({order._state_label(order.state)})" for order in refused),
                )
            )
        tickets = self.create([order._warranty_values(kind) for order in self])
        if kind.billing_rule == "zero":
            tickets._order_at_zero()
        for ticket in tickets:
            link = ticket._get_html_link()
            ticket.origin_work_order_id.message_post(body=self.env._("Warranty work order opened: %s", link))
        return tickets._action_open()

    def _warranty_values(self, kind):
        """Values of a new work order that repairs this one."""
        self.ensure_one()
        title = self.env._("Warranty: %s", self.title)
        return {
            "title": title,
            "type_id": kind.id,
            "origin_work_order_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "user_id": self.user_id.id,
            "instructions": self.instructions,
            "task_ids": [fields.Command.create({"name": title, "sequence": 1})],
        }

    def _order_at_zero(self):
        """Work invoiced at zero needs an order that says zero: one each, with what the original order had sold."""
        for ticket in self.sudo():
            sold = ticket.origin_work_order_id.task_ids.filtered(
                lambda task: task.state == "done" and task.sale_line_id.product_id
            )
            if not sold:
                continue
            sale = ticket.origin_work_order_id.sale_order_id
            order = (
                self.env["sale.order"]
                .sudo()
                .create(
                    {
                        "partner_id": sale.partner_id.id,
                        "partner_invoice_id": sale.partner_invoice_id.id,
                        "partner_shipping_id": sale.partner_shipping_id.id,
                        "company_id": ticket.company_id.id,
                        "origin": ticket.name,
                        "user_id": ticket.user_id.id,
                        "order_line": [fields.Command.create(task._order_line_at_zero()) for task in sold],
                    }
                )
            )
            ticket.sale_order_id = order
            ticket.task_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "name": self.env._("Warranty: %s", line.name.splitlines()[0]),
                        "product_id": line.product_id.id,
                        "quantity": line.product_uom_qty,
                        "sale_line_id": line.id,
                        "sequence": line.sequence,
                    }
                )
                for line in order.order_line
            ]
            order.action_confirm()

    def action_view_warranty(self):
        self.ensure_one()
        return self.warranty_work_order_ids._action_open(self.env._("Warranty of %s", self.name))

    def action_view_origin(self):
        self.ensure_one()
        return self.origin_work_order_id._action_open()


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _order_line_at_zero(self):
        line = self.sale_line_id
        return {
            "product_id": line.product_id.id,
            "name": self.env._("Under warranty: %s", line.name),
            "product_uom_qty": self.done_quantity,
            "product_uom_id": line.product_uom_id.id,
            "price_unit": 0.0,
            "sequence": line.sequence,
        }
