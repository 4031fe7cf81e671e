from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .work_order_flow import FINISHED


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    work_order_id = fields.Many2one(
        "work.order",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The work order these parts or this subcontractor are bought for.",
    )

    @api.constrains("work_order_id")
    def _check_work_order_tasks(self):
        self.order_line._check_work_order_task()

    @api.model
    def _of_work_order(self, ticket, supplier, tasks):
        """The draft order of a work order with this supplier, new if there is none."""
        draft = self.search(
            [
                ("work_order_id", "=", ticket.id),
                ("partner_id", "=", supplier.id),
                ("company_id", "=", ticket.company_id.id),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        return draft or self.create(self._work_order_values(ticket, supplier, tasks))

    @api.model
    def _work_order_values(self, ticket, supplier, tasks):
        supplier = supplier.with_company(ticket.company_id)
        position = self.env["account.fiscal.position"].with_company(ticket.company_id)._get_fiscal_position(supplier)
        sites = tasks.site_id
        buyer = self.env.user if self.env.user.has_group("purchase.group_purchase_user") else False
        return {
            "partner_id": supplier.id,
            "company_id": ticket.company_id.id,
            "currency_id": (supplier.property_purchase_currency_id or ticket.company_id.currency_id).id,
            "payment_term_id": supplier.property_supplier_payment_term_id.id,
            "fiscal_position_id": position.id,
            "dest_address_id": (sites if len(sites) == 1 and all(tasks.mapped("site_id")) else ticket.site_id).id,
            "origin": ticket.name,
            "user_id": buyer and buyer.id,
            "work_order_id": ticket.id,
        }

    def _is_awaited(self):
        """Not cancelled, and something on it has not come yet."""
        self.ensure_one()
        goods = self.order_line.filtered(lambda line: not line.display_type)
        return self.state != "cancel" and any(
            line.product_uom_id.compare(line.qty_received, line.product_qty) < 0 for line in goods
        )

    def action_view_work_order(self):
        self.ensure_one()
        return self.work_order_id._action_open()

    def _action_show(self, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action

    def _action_show_ordered(self):
        """The drafts for a purchaser to send; a dispatcher who does not purchase is told their numbers."""
        if self.env.user.has_group("purchase.group_purchase_user"):
            return self._action_show(self.env._("Draft Purchase Orders"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Requested: %s. Purchasing confirms them.", ", ".join(self.sudo().mapped("name"))
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    work_order_task_id = fields.Many2one(
        "work.order.task",
        string="Task of Work Order",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="The task this is ordered for. Its vendor bills lead back to the task through this line.",
    )

    @api.constrains("work_order_task_id", "order_id")
    def _check_work_order_task(self):
        for line in self.sudo().filtered("work_order_task_id"):
            ticket = line.work_order_task_id.work_order_id
            if ticket != line.order_id.work_order_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s: task “%(task)s” belongs to %(ticket)s, but the purchase order is for %(other)s.",
                        order=line.order_id.name,
                        task=line.work_order_task_id.name,
                        ticket=ticket.name,
                        other=line.order_id.work_order_id.name or self.env._("no work order"),
                    )
                )

    def _check_work_order_open(self):
        """Refuse to put a line on a task whose work order takes no more cost."""
        for line in self.sudo().filtered("work_order_task_id"):
            ticket = line.work_order_task_id.work_order_id
            if ticket.state in (*FINISHED, "cancelled"):
                raise ValidationError(
                    self.env._(
                        "%(ticket)s is “%(state)s”; nothing is ordered for it.",
                        ticket=ticket.name,
                        state=ticket._state_label(ticket.state),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_work_order_open()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.get("work_order_task_id"):
            self._check_work_order_open()
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _action_show_bills(self, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    supplied_task_id = fields.Many2one(
        "work.order.task",
        related="purchase_line_id.work_order_task_id",
        string="Supplied Task",
        groups="work_order.group_technician,work_order.group_billing",
        help="The work order task a vendor bill's line was ordered for.",
    )
