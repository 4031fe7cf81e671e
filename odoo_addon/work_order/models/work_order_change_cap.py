"""A change order is approved in writing with evidence, so it may extend the work order's cap in the same step."""

from odoo import fields, models
from odoo.exceptions import UserError

from .work_order_cap import MONEY_GROUPS
from .work_order_flow import Reason


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
        return super()._changes_something() or bool(self._cap_deltas())

    def _cap_deltas(self):
        """What is added to each cap of the work order, by its unit."""
        deltas = {"amount": self.nte_amount_delta, "hours": self.nte_hours_delta}
        return {unit: delta for unit, delta in deltas.items() if delta}

    def _own_caps(self):
        ticket = self.work_order_id
        if not (ticket.nte_amount or ticket.nte_hours):
            return {}
        return {cap.unit: cap for cap in ticket._caps() if cap.record == ticket}

    def _reasons_against_content(self):
        reasons, deltas = super()._reasons_against_content(), self._cap_deltas()
        caps = self._own_caps() if deltas else {}
        for unit, delta in deltas.items():
            field = self._fields[f"nte_{unit}_delta"]
            label = {"field": field.get_description(self.env)["string"], "order": self.work_order_id.name}
            if unit not in caps:
                text = self.env._("%(field)s: %(order)s has no such cap that could change.", **label)
                reasons.append(Reason(field.name, text))
            elif self.work_order_id._compare_cap(caps[unit], caps[unit].limit + delta, 0.0) <= 0:
                text = self.env._("%(field)s: nothing of the cap of %(order)s would be left.", **label)
                reasons.append(Reason(field.name, text))
        return reasons

    def _apply(self):
        before = self._own_caps()
        result = super()._apply()
        if self._cap_deltas():
            self._extend_caps()
        self._check_caps(before)
        return result

    def _extend_caps(self):
        ticket = self.work_order_id
        self.env["work.order.nte.extension"]._create_approved(
            {
                "work_order_id": ticket.id,
                "change_id": self.id,
                "amount": self.nte_amount_delta,
                "hours": self.nte_hours_delta,
                "reason": self.display_name,
                "requested_by": self.requested_by,
                "evidence": self.customer_reference or self.signed_by,
            }
        )
        if any(delta > 0 for delta in self._cap_deltas().values()):
            ticket._caps_extended()
        ticket._warn_of_caps()

    def _check_caps(self, before):
        """Refuse what was agreed beyond the cap, or a cap below what is agreed, before anybody works on it."""
        ticket = self.work_order_id
        texts = []
        for unit, cap in self._own_caps().items():
            excess = cap.used - cap.limit
            over = ticket._compare_cap(cap, cap.used, cap.limit) > 0
            if over and ticket._compare_cap(cap, excess, before[unit].used - before[unit].limit) > 0:
                texts.append(
                    self.env._(
                        "%(change)s: %(what)s would be %(limit)s, but it comes to %(used)s. Give the rest as "
                        "“%(field)s”.",
                        change=self.name,
                        what=ticket._cap_label(cap),
                        limit=ticket._cap_number(cap, cap.limit),
                        used=ticket._cap_number(cap, cap.used),
                        field=self._fields[f"nte_{unit}_delta"].get_description(self.env)["string"],
                    )
                )
        if texts:
            raise UserError("\n".join(texts))
