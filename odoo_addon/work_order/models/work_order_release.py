"""What a buyer's PO must be before work on it starts, and that work orders never release more of it than is left.

Ready is the step that commits: a draft releases nothing, and what is ready may be dispatched. Dispatch and completion
look again, as prices and what was done may differ from what was planned.
"""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .buyer_purchase_order_balance import UNCOMMITTED
from .work_order_flow import Reason

#: Steps before which the balances are read, under a lock.
COMMITTING = ("ready", "dispatched", "done")


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _advance(self, target):
        moving = self.filtered(lambda order: target in COMMITTING and order.state not in ("done", "invoiced", "closed"))
        moving._link_buyer_pos()
        moving.sudo().task_ids.buyer_purchase_order_id._lock_balances()
        result = super()._advance(target)
        if len(moving) > 1:  # each fits by itself; do they together?
            reasons = self.env["buyer.purchase.order"]._reasons_against_release(moving)
            if reasons:
                raise UserError(moving._joint_refusal(target, reasons))
        return result

    def _make_ready_or_say_why(self):
        """Issued tickets become ready where nothing is against it; a PO with too little left keeps its ticket a draft.

        Tickets that draw on a PO in the register go one by one, as each leaves less for the next.
        """
        drawing = self.filtered(lambda order: order._buyer_pos())
        (self - drawing).filtered(lambda order: not order._reasons_against("ready")).action_ready()
        drawing.sudo().task_ids.buyer_purchase_order_id._lock_balances()
        for order in drawing:
            reasons = order.with_context(hide_money=True)._reasons_against("ready")  # technicians read the history
            if reasons:
                order.message_post(body=order._refusal("ready", [(order, reason) for reason in reasons]))
            else:
                order.action_ready()

    def _joint_refusal(self, target, reasons):
        head = self.env._("These work orders cannot become “%s” together:", self._state_label(target))
        return "\n".join([head, *(f"- {reason.message}" for reason in reasons)])

    def _gate_ready(self):
        return super()._gate_ready() + self.env["buyer.purchase.order"]._reasons_against_release(self)

    def _gate_dispatched(self):
        start = self.scheduled_start and fields.Datetime.context_timestamp(self, self.scheduled_start).date()
        reasons = super()._gate_dispatched() + self._reasons_by_po_policy() + self._reasons_by_register()
        for po in self._buyer_pos() if start else ():
            if not po._is_valid_on(start):
                reasons.append(self._validity_reason("scheduled_start", po, self.env._("Scheduled Start")))
        return reasons

    def _gate_done(self):
        reasons = super()._gate_done()
        reasons += self._reasons_by_po_policy() + self._reasons_by_po_line()
        reasons += self.env["buyer.purchase.order"]._reasons_against_release(self)
        for task in self.sudo().task_ids.filtered(lambda task: task.state == "done" and task.service_date):
            po = task.buyer_purchase_order_id
            if po and not po._is_valid_on(task.service_date):
                label = self.env._("the service date of task “%s”", task.name)
                reasons.append(self._validity_reason("task_ids", po, label))
        return reasons

    def _validity_reason(self, field, po, label):
        text = self.env._(
            "%(date)s is outside the validity of buyer PO %(po)s, which %(validity)s.",
            date=label[:1].upper() + label[1:],
            po=po.number,
            validity=po._validity_text(),
        )
        return Reason(field, text)

    def _buyer_pos(self):
        ticket = self.sudo()
        tasks = ticket.task_ids.filtered(lambda task: task.state != "cancelled")
        return ticket.buyer_purchase_order_id | tasks.buyer_purchase_order_id

    def _reasons_by_po_policy(self):
        """PO number, and line on every task, where the type or the buyer demands them."""
        po_wanted_by, line_wanted_by = self._who_wants_po()
        tasks = self.task_ids.filtered(lambda task: task.state != "cancelled" and not task.included)
        reasons = []
        if po_wanted_by and not self.buyer_po:
            reasons.append(Reason("buyer_po", self.env._("Buyer PO is missing; %s", po_wanted_by)))
        elif po_wanted_by:
            reasons += [
                Reason(
                    "task_ids",
                    self.env._("Task “%(task)s”: Buyer PO is missing; %(who)s", task=task.name, who=po_wanted_by),
                )
                for task in tasks
                if not task.buyer_po
            ]
        if line_wanted_by:
            reasons += [
                Reason(
                    "task_ids",
                    self.env._("Task “%(task)s”: PO Line is missing; %(who)s", task=task.name, who=line_wanted_by),
                )
                for task in tasks
                if not task.buyer_po_line
            ]
        return reasons

    def _who_wants_po(self):
        """Two sentences saying who demands the PO number and the PO line, each empty if nobody does."""
        kind = self.type_id
        by_type = self.env._("work of type “%s” needs one before it starts.", kind.name)
        by_buyer = self.env._("%s requires one before work starts.", self.partner_id.commercial_partner_id.name)
        profile = self.buyer_profile_id.sudo() if self.billable else self.env["buyer.profile"]
        return (
            (kind.po_required and by_type) or (profile.po_required and by_buyer) or "",
            (kind.po_line_required and by_type) or (profile.po_line_required and by_buyer) or "",
        )

    def _reasons_by_po_line(self):
        """A task that draws on a PO with lines names one of them, also where it came or changed after dispatch."""
        tasks = self.sudo().task_ids.filtered(lambda task: task.state != "cancelled" and not task.included)
        return [
            Reason(
                "task_ids",
                self.env._(
                    "Task “%(task)s”: PO Line is missing; name one of buyer PO %(po)s.",
                    task=task.name,
                    po=task.buyer_purchase_order_id.number,
                ),
            )
            for task in tasks
            if task.buyer_purchase_order_id.line_ids and not task.buyer_po_line_id
        ]

    def _reasons_by_register(self):
        """PO numbers that the register knows must be open, and tasks must name one of their open lines."""
        reasons = [
            Reason(
                "buyer_po",
                self.env._("Buyer PO %s is cancelled in the register.", po.number)
                if po.state == "cancelled"
                else self.env._("Buyer PO %s is closed in the register.", po.number),
            )
            for po in self._buyer_pos()
            if po.state != "open"
        ]
        for task in self.sudo().task_ids.filtered(lambda task: task.state != "cancelled" and not task.included):
            po, line = task.buyer_purchase_order_id, task.buyer_po_line_id
            if not po.line_ids or (line and line.state == "open"):
                continue
            if line:
                text = self.env._("Task “%(task)s”: line %(line)s of buyer PO %(po)s is closed in the register.")
            elif task.buyer_po_line:
                text = self.env._("Task “%(task)s”: buyer PO %(po)s has no line “%(line)s” in the register.")
            else:
                text = self.env._("Task “%(task)s”: PO Line is missing; name one of buyer PO %(po)s.")
            reasons.append(
                Reason(
                    "task_ids", text % {"task": task.name, "line": line.number or task.buyer_po_line, "po": po.number}
                )
            )
        return reasons


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _committed(self):
        """The tasks that draw on a buyer's PO in the register now."""
        return self.sudo().filtered(
            lambda task: (
                task.buyer_purchase_order_id
                and not task.included
                and task.state != "cancelled"
                and task.work_order_id.state not in UNCOMMITTED
            )
        )

    def _committed_claims(self):
        """What these tasks claim now, keyed as in :meth:`buyer.purchase.order._claims`."""
        tasks = self._committed()
        return tasks.buyer_purchase_order_id._claims(SQL("task.id IN %s", tuple(tasks.ids))) if tasks else {}

    def _check_growth(self, before):
        """Refuse a change by which these tasks claim more of a buyer's PO than is left.

        :param before: what they claimed before the change
        """
        reasons = self._reasons_against_growth(before)
        if reasons:
            head = self.env._("This is more than the buyer's PO has left:")
            raise UserError("\n".join([head, *(f"- {reason.message}" for reason in reasons)]))

    def _reasons_against_growth(self, before):
        """Where these tasks claim more of a buyer's PO than they did ``before``, and more than is left."""
        after = self._committed_claims()
        grown = {
            key
            for key, (quantity, amount) in after.items()
            if quantity > before.get(key, (0.0, 0.0))[0] + 1e-6 or amount > before.get(key, (0.0, 0.0))[1] + 1e-6
        }
        if not grown:
            return []
        orders = self.env["buyer.purchase.order"].sudo().browse({po for po, _line in grown})
        orders._lock_balances()
        return orders._reasons_against_release(self._committed().work_order_id, only=grown)
