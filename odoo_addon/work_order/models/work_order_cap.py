"""Not to exceed: caps in money and hours on tasks and work orders, what is used of them, and what happens at the cap.

Used is billable value: fixed tasks at what was agreed (at what was done, once they are done), time and materials as
posted, premiums included. Hours are those posted, whatever they bill. A cap is its base, fixed from dispatch on, plus
the approved extensions. Where a task of time and materials has no cap of its own, its order line's value is the cap.
"""

from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_amount

from .sale_order_line import BEGUN
from .work_order_flow import FINISHED, Reason

#: One cap: the task or work order it is on, "amount" or "hours", how much is approved, how much is used.
Cap = namedtuple("Cap", ["record", "unit", "limit", "used"])
#: Who sees caps in money.
MONEY_GROUPS = "work_order.group_dispatcher,work_order.group_billing"
#: The base of a cap.
CAP_FIELDS = {"is_not_to_exceed", "nte_amount", "nte_hours"}


class ResCompany(models.Model):
    _inherit = "res.company"

    nte_warn_share = fields.Float(
        string="Warn at Share of Cap (%)",
        default=80.0,
        help="The responsible is warned once when this share of a cap on a work order is used.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    nte_warn_share = fields.Float(related="company_id.nte_warn_share", readonly=False)


class WorkOrderType(models.Model):
    _inherit = "work.order.type"

    time_material_uncapped = fields.Boolean(
        string="Time and Materials Without Cap",
        help="Tasks of time and materials may be billed beyond what their order line comes to, unless the task itself "
        "has a cap or is not to exceed the order.",
    )


class WorkOrder(models.Model):
    _inherit = "work.order"

    nte_amount = fields.Monetary(
        string="Not to Exceed", groups=MONEY_GROUPS, help="The most this work order may come to, untaxed; none if zero."
    )
    nte_hours = fields.Float(
        string="Hours Not to Exceed", help="The most hours that may be posted on this work order; no limit if zero."
    )
    nte_warn_share = fields.Float(string="Warn At (%)", help="Of a cap; the company's share if zero.")
    nte_warned = fields.Boolean(copy=False, readonly=True, help="The responsible was warned already.")
    nte_extension_ids = fields.One2many(
        "work.order.nte.extension", "work_order_id", string="Extensions", groups=MONEY_GROUPS
    )
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
    nte_amount_share = fields.Float(
        string="Used of Cap (%)", compute="_compute_caps", compute_sudo=True, groups=MONEY_GROUPS
    )
    nte_hours_limit = fields.Float(string="Hours Approved", compute="_compute_caps", compute_sudo=True)
    nte_hours_used = fields.Float(string="Hours Used", compute="_compute_caps", compute_sudo=True)
    nte_hours_left = fields.Float(string="Hours Left", compute="_compute_caps", compute_sudo=True)
    nte_hours_share = fields.Float(string="Hours Used (%)", compute="_compute_caps", compute_sudo=True)
    nte_state = fields.Selection(
        [("near", "Near its cap"), ("reached", "At its cap")], string="Cap", compute="_compute_caps", compute_sudo=True
    )
    nte_text = fields.Text(string="Caps Nearly Used", compute="_compute_caps", compute_sudo=True)

    _nte_not_negative = models.Constraint(
        "CHECK(nte_amount >= 0 AND nte_hours >= 0 AND nte_warn_share BETWEEN 0 AND 100)",
        "A cap cannot be negative, and the share to warn at lies between 0 and 100 %.",
    )

    @api.depends(
        "nte_amount",
        "nte_extension_ids.state",
        "nte_hours",
        "nte_warn_share",
        "task_ids.amount",
        "task_ids.done_quantity",
        "time_ids.unit_amount",
    )
    def _compute_caps(self):
        for order in self:
            caps = order._caps()
            own = {cap.unit: cap for cap in caps if cap.record == order}
            for unit in ("amount", "hours"):
                cap = own.get(unit) or Cap(order, unit, 0.0, 0.0)
                order[f"nte_{unit}_limit"], order[f"nte_{unit}_used"] = cap.limit, cap.used
                order[f"nte_{unit}_share"] = 100 * cap.used / cap.limit if cap.limit else 0.0
            order.nte_hours_left = max(order.nte_hours_limit - order.nte_hours_used, 0.0)
            near = [cap for cap in caps if order._is_near(cap)]
            reached = any(order._compare_cap(cap, cap.used, cap.limit) >= 0 for cap in near)
            order.nte_state = ("reached" if reached else "near") if near else False
            order.nte_text = "\n".join(order._share_text(cap) for cap in near) or False

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "nte_warned": False} for vals in vals_list])

    def write(self, vals):
        self._check_caps_fixed(vals)
        return super().write(vals)

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"nte_amount", "nte_hours"}

    def _check_caps_fixed(self, vals):
        """From dispatch on a cap changes by extensions only, and so does what decides whether there is one."""
        if not vals.keys() & {*CAP_FIELDS, "type_id"}:
            return
        for order in self.sudo().filtered(lambda order: order._caps_are_fixed()):
            uncapped = order.type_id.browse(vals.get("type_id") or order.type_id.id).time_material_uncapped
            caps = {name: vals[name] for name in CAP_FIELDS & vals.keys() if name in self._fields}
            if order._scope_will_change(caps) or uncapped != order.type_id.time_material_uncapped:
                order._refuse_cap_change()

    def _caps_are_fixed(self):
        return self.state in BEGUN or bool(self.time_ids or self.part_ids)

    def _refuse_cap_change(self):
        raise UserError(
            self.env._(
                "%s was dispatched on its caps, so Not to Exceed cannot change any more. Record an extension instead.",
                self.name,
            )
        )

    def _caps(self):
        """Every :class:`Cap` of these work orders and their tasks; nothing more is read where there is none."""
        orders = self.sudo()
        capped = orders.filtered(lambda order: order.nte_amount or order.nte_hours or order.task_ids._capped())
        if not capped:
            return []
        hours = capped._posted_hours()
        caps = [cap for task in capped.task_ids._capped() for cap in task._task_caps(hours)]
        for order in capped:
            extensions = order._approved_extensions().filtered(lambda extension: not extension.task_id)
            if order.nte_amount:
                limit = order.nte_amount + sum(extensions.mapped("amount"))
                caps.append(Cap(order, "amount", limit, order._used_amount()))
            if order.nte_hours:
                limit = order.nte_hours + sum(extensions.mapped("hours"))
                caps.append(Cap(order, "hours", limit, sum(hours.get(order, {}).values())))
        return caps

    def _approved_extensions(self):
        return self.nte_extension_ids.filtered(lambda extension: extension.state == "approved")

    def _posted_hours(self):
        """Hours by work order and task (empty: on none)."""
        groups = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("work_order_id", "in", self._origin.ids), ("category", "=", "work_order_time")],
                ["work_order_id", "work_order_task_id"],
                ["unit_amount:sum"],
            )
        )
        hours = {}
        for order, task, number in groups:
            hours.setdefault(order, {})[task] = number
        return {order: hours.get(order._origin, {}) for order in self}

    def _used_amount(self):
        """What this work order comes to so far, untaxed."""
        self.ensure_one()
        tasks = self.task_ids.filtered(lambda task: task.state != "cancelled" and not task.bucket_of_id)
        return self.currency_id.round(sum(task._used_amount() for task in tasks))

    def _compare_cap(self, cap, one, other):
        if cap.unit == "amount":
            return self.currency_id.compare_amounts(one, other)
        return float_compare(one, other, precision_digits=2)

    def _is_near(self, cap):
        share = self.nte_warn_share or self.company_id.nte_warn_share
        return cap.used > 0 and self._compare_cap(cap, cap.used, cap.limit * share / 100) >= 0

    def _share_text(self, cap):
        """Without money, as whoever works here reads it."""
        share = 100 * cap.used / cap.limit if cap.limit else 100
        return self.env._("%(share).0f %% of %(what)s is used.", share=share, what=self._cap_label(cap))

    def _cap_label(self, cap):
        if cap.record == self:
            whole = self.env._("the amount approved for this work order")
            return whole if cap.unit == "amount" else self.env._("the hours approved for this work order")
        amount = self.env._("the amount approved for task “%s”", cap.record.name)
        return amount if cap.unit == "amount" else self.env._("the hours approved for task “%s”", cap.record.name)

    def _cap_number(self, cap, number):
        if cap.unit == "amount":
            return format_amount(self.env, number, self.currency_id)
        return self.env._("%.2f hours", number)

    def _sees_money(self):
        user = self.env.user
        return any(user.has_group(name) for name in MONEY_GROUPS.split(","))

    def _reasons_over_caps(self):
        """What comes to more than is approved: before dispatch, completion and posting of an invoice."""
        return [
            Reason(
                "nte_amount" if cap.unit == "amount" else "nte_hours",
                order._over_cap_text(cap)
                if cap.unit == "hours" or self._sees_money()
                else self.env._("Not to Exceed: more than %s. Ask a dispatcher.", order._cap_label(cap)),
            )
            for order in self
            for cap in order._caps()
            if order._compare_cap(cap, cap.used, cap.limit) > 0
        ]

    def _over_cap_text(self, cap):
        return self.env._(
            "Not to Exceed: %(what)s is %(limit)s, but it comes to %(used)s. Record an extension first.",
            what=self._cap_label(cap),
            limit=self._cap_number(cap, cap.limit),
            used=self._cap_number(cap, cap.used),
        )

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_over_caps()

    def _gate_done(self):
        if self.state in FINISHED:  # an invoice was withdrawn; the work itself is as it was
            return super()._gate_done()
        return super()._gate_done() + self._reasons_over_caps()

    def _reasons_against_posting(self):
        return super()._reasons_against_posting() + self._reasons_over_caps()

    def _check_cost(self, entries):
        result = super()._check_cost(entries)
        self.sudo()._warn_of_caps()
        return result

    def _reasons_against_cost(self, entries):
        """Refuse what would pass a cap. The rows are taken, so nobody else can use what is left meanwhile."""
        before = {(cap.record, cap.unit): cap.used for cap in self._caps()}
        tasks = entries.work_order_task_id
        claims = (tasks | tasks.bucket_ids)._committed_claims()
        reasons = super()._reasons_against_cost(entries)
        if reasons:
            return reasons
        growth = (tasks | tasks.bucket_ids)._reasons_against_growth(claims)
        reasons = growth if self._sees_money() else [self._hidden_reason() for _reason in growth[:1]]
        for order in self:
            for cap in order._caps():
                asked = order._asked(cap, entries, before.get((cap.record, cap.unit), 0.0))
                over = order._compare_cap(cap, cap.used, cap.limit) > 0
                if over and order._compare_cap(cap, asked, 0.0) > 0:
                    reasons.append(order._reason_at_cap(cap, asked))
        return reasons

    def _hidden_reason(self):
        text = self.env._("This is more than the buyer's PO has left. Ask a dispatcher to have the PO raised.")
        return Reason("buyer_po", text)

    def _asked(self, cap, entries, before):
        """How much of a cap ``entries`` use that was free before."""
        if cap.unit == "amount":
            return cap.used - before
        if entries._name != "account.analytic.line":
            return 0.0
        field = "work_order_id" if cap.record == self else "work_order_task_id"
        return sum(entries.filtered(lambda entry: entry[field] == cap.record).mapped("unit_amount"))

    def _reason_at_cap(self, cap, asked):
        if cap.unit == "amount" and not self._sees_money():
            text = self.env._(
                "%(order)s: this is more than %(what)s has left. Ask a dispatcher to record an extension.",
                order=self.name,
                what=self._cap_label(cap),
            )
        else:
            text = self.env._(
                "%(order)s: %(what)s is %(limit)s; %(used)s is used and %(asked)s more is asked. Record an extension "
                "first.",
                order=self.name,
                what=self._cap_label(cap),
                limit=self._cap_number(cap, cap.limit),
                used=self._cap_number(cap, max(cap.used - asked, 0.0)),
                asked=self._cap_number(cap, asked),
            )
        return Reason("nte_amount" if cap.unit == "amount" else "nte_hours", text)

    def _warn_of_caps(self):
        """Tell the responsible once that a cap is nearly used; again only after an extension made room."""
        for order in self.filtered(lambda order: not order.nte_warned):
            near = [cap for cap in order._caps() if order._is_near(cap)]
            if near:
                order._store_state({"nte_warned": True})
                order.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._("Cap nearly used"),
                    note="<br/>".join(order._share_text(cap) for cap in near),
                    user_id=(order.user_id or self.env.user).id,
                )
