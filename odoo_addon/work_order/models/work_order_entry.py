"""What time entries and parts of a work order have in common."""

from odoo import fields, models
from odoo.exceptions import AccessError

from .work_order_flow import Reason


class WorkOrderEntry(models.AbstractModel):
    """Something a person posted to a work order; the model has work_order_id, work_order_task_id, user_id and date."""

    _name = "work.order.entry"
    _description = "Work Order Entry"

    def _check_poster(self):
        """A technician posts on their own work orders and for themselves; dispatchers post for others.

        :raises AccessError: if this user may not post these entries
        """
        if self.env.su or not self:
            return
        self.work_order_id.check_access("read")
        if self.env["work.order"]._may_plan():
            return
        self.env["work.order"].check_access("write")
        if self.sudo().user_id - self.env.user:
            raise AccessError(
                self.env._("You post time and parts for yourself only. Ask a dispatcher to post for somebody else.")
            )

    def _reasons_against_entry(self):
        """Why this entry makes no sense, whatever its work order says."""
        self.ensure_one()
        order, task = self.work_order_id, self.work_order_task_id
        reasons = []
        if task and task.work_order_id != order:
            text = self.env._(
                "%(order)s: task “%(task)s” belongs to %(other)s.",
                order=order.name,
                task=task.name,
                other=task.work_order_id.name,
            )
            reasons.append(Reason("work_order_task_id", text))
        elif task.state == "cancelled":
            text = self.env._("%(order)s: task “%(task)s” is cancelled.", order=order.name, task=task.name)
            reasons.append(Reason("work_order_task_id", text))
        if self.date > fields.Date.context_today(self):
            text = self.env._("%(order)s: Date %(date)s is in the future.", order=order.name, date=self.date)
            reasons.append(Reason("date", text))
        return reasons
