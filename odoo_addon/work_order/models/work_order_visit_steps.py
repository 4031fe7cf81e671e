"""Steps of a visit: which may follow which, and what must hold first."""

from odoo import fields, models
from odoo.exceptions import UserError

from .work_order_flow import Reason

VISIT_TRANSITIONS = {
    "planned": {"in_progress", "missed", "cancelled"},
    "in_progress": {"planned", "done"},
    "done": {"in_progress"},
    "missed": {"planned"},
    "cancelled": {"planned"},
}


class WorkOrderVisit(models.Model):
    _inherit = "work.order.visit"

    def action_start(self):
        return self.write({"state": "in_progress"})

    def action_finish(self):
        return self.write({"state": "done"})

    def action_miss(self):
        return self.write({"state": "missed"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_plan(self):
        return self.write({"state": "planned"})

    def _move(self, target):
        """Move every visit to ``target`` or none, with every reason at once."""
        if not self:
            return
        self.work_order_id._check_takes_visits()
        reasons = [reason for visit in self for reason in visit._reasons_against(target)]
        if reasons:
            raise UserError("\n".join([self.env._("Nothing was changed:"), *(f"- {text.message}" for text in reasons)]))
        now = fields.Datetime.now()
        stamps = {
            "in_progress": {"started_on": now, "finished_on": False},
            "done": {"finished_on": now},
            "planned": {"started_on": False, "finished_on": False},
        }
        self._store_state({"state": target, **stamps.get(target, {})})
        if target == "in_progress":
            self.work_order_id.filtered(lambda ticket: ticket.state != "in_progress").action_start()

    def _reasons_against(self, target):
        self.ensure_one()
        if target not in VISIT_TRANSITIONS[self.state]:
            label = dict(self._fields["state"]._description_selection(self.env))
            return [
                Reason(
                    "state",
                    self.env._(
                        "%(visit)s: it is “%(now)s” and cannot become “%(next)s”.",
                        visit=self.display_name,
                        now=label[self.state],
                        next=label.get(target, target),
                    ),
                )
            ]
        reasons = []
        if target == "in_progress" and not self.technician_ids:
            reasons.append(
                Reason("technician_ids", self.env._("%s: Technicians: nobody is assigned.", self.display_name))
            )
        if target == "in_progress" and self.work_order_state in ("draft", "ready"):
            reasons.append(Reason("state", self.env._("%s: dispatch the work order first.", self.display_name)))
        return reasons
