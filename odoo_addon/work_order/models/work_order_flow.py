"""States of a work order: which may follow which, who may move it, and what must hold first."""

from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Why a step is refused: the field to fix and a sentence a dispatcher understands.
Reason = namedtuple("Reason", ["field", "message"])


def refusal(message, reasons):
    """A UserError that remembers which record lacks what, for who goes on without those.

    An error of Odoo's own class, as its web client shows every other one as a crash.

    :param reasons: pairs of the record and its :class:`Reason`, kept as ``error.reasons``
    """
    error = UserError(message)
    error.reasons = reasons
    return error


TRANSITIONS = {
    "draft": {"ready", "cancelled"},
    "ready": {"draft", "dispatched", "cancelled"},
    "dispatched": {"ready", "in_progress", "on_hold", "cancelled"},
    "in_progress": {"on_hold", "done", "cancelled"},
    "on_hold": {"in_progress", "cancelled"},
    "done": {"in_progress", "closed"},
    "invoiced": set(),
    "closed": set(),
    "cancelled": {"draft"},
}
#: The work is done: nothing about it changes any more, and it may be billed.
FINISHED = ("done", "invoiced", "closed")
#: Who may move a work order to a state. Billing states follow the invoices (``_sync_billing_state``), never a hand.
MOVERS = {
    "draft": "work_order.group_dispatcher",
    "ready": "work_order.group_dispatcher",
    "dispatched": "work_order.group_dispatcher",
    "in_progress": "work_order.group_technician",
    "on_hold": "work_order.group_technician",
    "done": "work_order.group_technician",
    "cancelled": "work_order.group_dispatcher",
}


class WorkOrder(models.Model):
    _inherit = "work.order"

    def action_ready(self):
        return self.write({"state": "ready"})

    def action_dispatch(self):
        return self.write({"state": "dispatched"})

    def action_start(self):
        return self.write({"state": "in_progress"})

    def action_hold(self):
        return self.write({"state": "on_hold"})

    def action_complete(self):
        return self.write({"state": "done"})

    def action_reopen(self):
        return self.write({"state": "in_progress"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_draft(self):
        return self.write({"state": "draft"})

    def action_close(self):
        """Close finished work that is not billable; billable work is closed by its invoice."""
        return self.write({"state": "closed"})

    def _advance(self, target):
        """Move every record to ``target`` or none of them.

        :raises UserError: with every reason of every record
        :raises AccessError: if this user may not make that move
        """
        if not self:
            return
        self._check_mover(target)
        reasons = [(order, reason) for order in self for reason in order._reasons_against(target)]
        if reasons:
            raise UserError(self._refusal(target, reasons))
        values = {"state": target}
        if target == "in_progress":
            values["completed_on"] = False
        self._store_state(values)
        if target == "done":
            self._date_completion()

    def _date_completion(self):
        """The completion date is the last service date of the tasks."""
        by_date = {}
        for order in self:
            dates = order.task_ids.filtered(lambda task: task.state == "done").mapped("service_date")
            day = max((date for date in dates if date), default=fields.Date.context_today(order))
            by_date[day] = by_date.get(day, self.browse()) | order
        for day, orders in by_date.items():
            orders._store_state({"completed_on": day})

    def _check_mover(self, target):
        if self.env.su:
            return
        group = MOVERS.get(target) or ("work_order.group_dispatcher" if target == "closed" else None)
        if target == "in_progress" and any(order.state == "done" for order in self):
            group = "work_order.group_dispatcher"  # reopening changes what may be billed
        if not group or not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "You may not set a work order to “%(state)s”. %(who)s",
                    state=self._state_label(target),
                    who=self.env._("Ask a dispatcher.") if group else self.env._("It follows the invoice by itself."),
                )
            )

    def _check_technician_fields(self, vals):
        """A technician reports work; the scope and the references belong to the dispatcher and billing."""
        if self._may_plan():
            return
        refused = vals.keys() - self._technician_fields()
        if refused:
            raise AccessError(
                self.env._(
                    "A technician cannot change %s of a work order. Ask a dispatcher.", ", ".join(sorted(refused))
                )
            )

    @api.model
    def _technician_fields(self):
        """What somebody who is a technician and nothing more may write on a work order."""
        return {"state", "signed_by", "signed_on", "signature", "task_ids"}

    def _reasons_against(self, target):
        """All reasons why this work order cannot move to ``target``, as a list of :class:`Reason`."""
        self.ensure_one()
        if target not in TRANSITIONS[self.state]:
            if self.state in ("invoiced", "closed") and self.billable:
                return [Reason("state", self.env._("it is invoiced; cancel or credit the invoice first."))]
            if not TRANSITIONS[self.state]:
                return [Reason("state", self.env._("it is “%s” and stays so.", self._state_label(self.state)))]
            return [
                Reason(
                    "state",
                    self.env._(
                        "it is “%(now)s” and can only become %(next)s.",
                        now=self._state_label(self.state),
                        next=" / ".join(f"“{self._state_label(s)}”" for s in sorted(TRANSITIONS[self.state])),
                    ),
                )
            ]
        gate = getattr(self, f"_gate_{target}", None)
        return gate() if gate else []

    def _gate_ready(self):
        reasons = []
        if not self.partner_id:
            reasons.append(Reason("partner_id", self.env._("Customer is missing.")))
        if not self.task_ids.filtered(lambda task: task.state != "cancelled"):
            reasons.append(Reason("task_ids", self.env._("Tasks: there is nothing to do yet; add a task.")))
        return reasons

    def _gate_draft(self):
        if self.task_ids.filtered(lambda task: task.state == "done"):
            return [Reason("task_ids", self.env._("Tasks: some are done already."))]
        return []

    def _gate_dispatched(self):
        reasons = self._gate_ready()
        if not self._is_staffed():
            reasons.append(Reason("technician_ids", self.env._("Technicians: nobody is assigned.")))
        if not self.scheduled_start:
            reasons.append(Reason("scheduled_start", self.env._("Scheduled Start is missing.")))
        return reasons

    def _is_staffed(self):
        """Whether somebody is assigned to do the work."""
        return bool(self.technician_ids)

    def _gate_in_progress(self):
        if self.state == "done" and self.sudo()._is_billed():
            return [Reason("invoice_ids", self.env._("it has an invoice; cancel or credit that first."))]
        return []

    def _gate_done(self):
        tasks = self.task_ids.filtered(lambda task: task.state != "cancelled")
        reasons = [reason for task in tasks for reason in task._reasons_against_completion()]
        if not tasks:
            reasons.append(Reason("task_ids", self.env._("Tasks: nothing was done.")))
        if self.type_id.sign_off_required and not self.signed_by:
            reasons.append(Reason("signed_by", self.env._("Signed By is missing: who at the customer approved it?")))
        return reasons

    def _gate_cancelled(self):
        if self.task_ids.filtered(lambda task: task.state == "done"):
            return [Reason("task_ids", self.env._("Tasks: some are done; complete the work order or reopen them."))]
        return []

    def _refusal(self, target, reasons):
        head = self.env._("This work order cannot become “%s”:", self._state_label(target))
        if len(self) > 1:
            head = self.env._("Nothing was changed. These work orders cannot become “%s”:", self._state_label(target))
        return "\n".join([head, *(f"- {order.name}: {reason.message}" for order, reason in reasons)])

    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]
