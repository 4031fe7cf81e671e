"""A change order is approved in writing with evidence, so it may extend caps in the same step.

Its own deltas extend the cap of the work order, those of a line that changes a task the cap of that task.
"""

from collections import namedtuple

from odoo import fields, models
from odoo.exceptions import UserError

from .work_order_cap import MONEY_GROUPS
from .work_order_flow import Reason

#: A cap that a change moves: the change or line that says so, the capped record, "amount" or "hours", by how much.
CapMove = namedtuple("CapMove", ["source", "record", "unit", "delta"])


class WorkOrderChange(models.Model):
    _inherit = "work.order.change"

    nte_amount_delta = fields.Monetary(
        string="Not-to-exceed +/-",
        copy=False,
        groups=MONEY_GROUPS,
        help="By how much the customer raised the amount this work order must not exceed.",
    )
    nte_hours_delta = fields.Float(
        string="Hours Not-to-exceed +/-",
        copy=False,
        help="By how much the customer raised the hours this work order must not exceed.",
    )

    def _changes_something(self):
        return super()._changes_something() or bool(self._cap_moves())

    def _cap_moves(self):
        """Every :class:`CapMove` of this change order and its lines."""
        self.ensure_one()
        changed = {line: line.task_id if line.kind == "change" else line.task_id.browse() for line in self.line_ids}
        capped = [(self, self.work_order_id), *changed.items()]
        return [
            CapMove(source, record, unit, source[f"nte_{unit}_delta"])
            for source, record in capped
            for unit in ("amount", "hours")
            if source[f"nte_{unit}_delta"]
        ]

    def _caps_by_record(self):
        return {(cap.record, cap.unit): cap for cap in self.work_order_id._caps()}

    def _reasons_against_content(self):
        reasons, moves = super()._reasons_against_content(), self._cap_moves()
        caps = self._caps_by_record() if moves else {}
        for move in moves:
            cap, field = caps.get((move.record, move.unit)), move.source._fields[f"nte_{move.unit}_delta"]
            label = {
                "field": field.get_description(self.env)["string"],
                "what": move.record.display_name or self.env._("a task that is added or removed"),
            }
            if not cap:
                text = self.env._("%(field)s: %(what)s has no such cap that could change.", **label)
            elif self.work_order_id._compare_cap(cap, cap.limit + move.delta, 0.0) <= 0:
                text = self.env._("%(field)s: nothing of the cap of %(what)s would be left.", **label)
            else:
                continue
            reasons.append(Reason(field.name if move.source == self else "line_ids", text))
        return reasons

    def _apply(self):
        before = self._caps_by_record()
        result = super()._apply()
        if self._cap_moves():
            self._extend_caps()
        self._check_caps(before)
        return result

    def _extend_caps(self):
        ticket, moves = self.work_order_id, self._cap_moves()
        for record in dict.fromkeys(move.record for move in moves):
            deltas = {move.unit: move.delta for move in moves if move.record == record}
            self.env["work.order.nte.extension"]._create_approved(
                {
                    "work_order_id": ticket.id,
                    "task_id": record.id if record != ticket else False,
                    "change_id": self.id,
                    "amount": deltas.get("amount", 0.0),
                    "hours": deltas.get("hours", 0.0),
                    "reason": self.display_name,
                    "requested_by": self.requested_by,
                    "evidence": self.customer_reference or self.signed_by,
                }
            )
        if any(move.delta > 0 for move in moves):
            ticket._caps_extended()
        ticket._warn_of_caps()

    def _check_caps(self, before):
        """Refuse what was agreed beyond a cap, or a cap below what is agreed, before anybody works on it."""
        ticket = self.work_order_id
        texts = []
        for key, cap in self._caps_by_record().items():
            old, excess = before.get(key), cap.used - cap.limit
            over = ticket._compare_cap(cap, cap.used, cap.limit) > 0
            if over and (not old or ticket._compare_cap(cap, excess, old.used - old.limit) > 0):
                source = self if cap.record == ticket else self.line_ids
                texts.append(
                    self.env._(
                        "%(change)s: %(what)s would be %(limit)s, but it comes to %(used)s. Give the rest as "
                        "“%(field)s”.",
                        change=self.name,
                        what=ticket._cap_label(cap),
                        limit=ticket._cap_number(cap, cap.limit),
                        used=ticket._cap_number(cap, cap.used),
                        field=source._fields[f"nte_{cap.unit}_delta"].get_description(self.env)["string"],
                    )
                )
        if texts:
            raise UserError("\n".join(texts))


class WorkOrderChangeLine(models.Model):
    _inherit = "work.order.change.line"

    nte_amount_delta = fields.Monetary(
        string="Task Not-to-exceed +/-",
        groups=MONEY_GROUPS,
        help="By how much the customer raised the amount the changed task must not exceed.",
    )
    nte_hours_delta = fields.Float(
        string="Task Hours Not-to-exceed +/-",
        help="By how much the customer raised the hours the changed task must not exceed.",
    )

    def _changes_cap(self):
        return bool(self.nte_amount_delta or self.nte_hours_delta)
