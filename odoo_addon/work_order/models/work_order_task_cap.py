"""Not to exceed on a task: its own cap, or what its order line and change orders approve."""

from odoo import api, fields, models

from .work_order_cap import CAP_FIELDS, MONEY_GROUPS, Cap


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    nte_amount = fields.Monetary(
        string="Not to Exceed Amount", groups=MONEY_GROUPS, help="The most this task may come to, untaxed."
    )
    nte_hours = fields.Float(string="Hours Not to Exceed", help="The most hours that may be posted on this task.")
    nte_amount_limit = fields.Monetary(
        string="Cap with Extensions",
        compute="_compute_caps",
        compute_sudo=True,
        groups=MONEY_GROUPS,
        help="With its extensions.",
    )
    nte_amount_used = fields.Monetary(
        string="Used of Cap", compute="_compute_caps", compute_sudo=True, groups=MONEY_GROUPS
    )
    nte_hours_left = fields.Float(string="Hours Left", compute="_compute_caps", compute_sudo=True)

    _nte_not_negative = models.Constraint("CHECK(nte_amount >= 0 AND nte_hours >= 0)", "A cap cannot be negative.")

    @api.depends(
        "amount",
        "billing_type",
        "bucket_ids.done_quantity",
        "done_quantity",
        "is_not_to_exceed",
        "nte_amount",
        "nte_hours",
        "time_ids.unit_amount",
        "work_order_id.nte_extension_ids.state",
    )
    def _compute_caps(self):
        hours = self._capped().work_order_id._posted_hours()
        for task in self:
            caps = {cap.unit: cap for cap in task._task_caps(hours)} if task._capped() else {}
            amount, time = caps.get("amount"), caps.get("hours")
            task.nte_amount_limit = amount.limit if amount else 0.0
            task.nte_amount_used = amount.used if amount else 0.0
            task.nte_hours_left = max(time.limit - time.used, 0.0) if time else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        for task in tasks.sudo().filtered(lambda task: task.nte_amount or task.nte_hours):
            if task.work_order_id._caps_are_fixed():
                task.work_order_id._refuse_cap_change()
        return tasks

    def write(self, vals):
        if vals.keys() & CAP_FIELDS:
            for task in self.sudo().filtered(lambda task: task.work_order_id._caps_are_fixed()):
                if any(task._will_change(name, vals[name]) for name in CAP_FIELDS & vals.keys()):
                    task.work_order_id._refuse_cap_change()
        return super().write(vals)

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | CAP_FIELDS

    def _capped(self):
        """The tasks that have a cap."""
        return self.filtered(
            lambda task: (
                task.state != "cancelled"
                and not task.bucket_of_id
                and (task.nte_amount or task.nte_hours or task._is_capped_by_order())
            )
        )

    def _is_capped_by_order(self):
        """Time and materials without a cap in money are capped by their order line, unless the policy frees them."""
        if self.billing_type != "time_material" or self.nte_amount or not self.sale_line_id:
            return False
        return self.is_not_to_exceed or not self.work_order_id.type_id.time_material_uncapped

    def _task_caps(self, hours):
        """Caps of one task; ``hours`` as of :meth:`work.order._posted_hours`."""
        self.ensure_one()
        order, caps = self.work_order_id, []
        extensions = order._approved_extensions().filtered(lambda extension: extension.task_id == self)
        if self.nte_amount:
            caps.append(Cap(self, "amount", self.nte_amount + sum(extensions.mapped("amount")), self._used_amount()))
        elif self._is_capped_by_order():
            tasks = self.sale_line_id.work_order_task_ids.filtered(lambda task: task._is_capped_by_order())._capped()
            caps.append(Cap(self, "amount", tasks._ordered_limit(), sum(task._used_amount() for task in tasks)))
        if self.nte_hours:
            limit = self.nte_hours + sum(extensions.mapped("hours"))
            caps.append(Cap(self, "hours", limit, hours.get(order, {}).get(self._origin, 0.0)))
        return caps

    def _ordered_limit(self):
        """What the one order line of these tasks comes to, with their extensions; hours at the agreed price."""
        line, hour = self.sale_line_id, self.env.ref("uom.product_uom_hour")
        extensions = self.work_order_id._approved_extensions().filtered(lambda extension: extension.task_id in self)
        more = hour._compute_quantity(sum(extensions.mapped("hours")), line.product_uom_id, round=False)
        return line._agreed_amount(line.product_uom_qty + more) + sum(extensions.mapped("amount"))

    def _used_amount(self):
        return self._posted_amount() if self._follows_posted() else self.amount
