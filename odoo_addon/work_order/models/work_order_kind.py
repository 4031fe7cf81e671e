"""What kind of work a type stands for - customer's, warranty, internal - and who carries what it costs."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .work_order_flow import Reason

#: What decides whether, and at what price, work is invoiced.
BILLING_RULE_FIELDS = {"billable", "kind"}


class WorkOrderType(models.Model):
    _inherit = "work.order.type"

    kind = fields.Selection(
        [("standard", "Standard"), ("warranty", "Warranty"), ("internal", "Internal")],
        compute="_compute_kind",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Standard: work for a customer, invoiced as agreed if billable. Warranty: repairs what an earlier work "
        "order delivered; invoiced at zero if billable, else never. Internal: never invoiced.",
    )
    billing_rule = fields.Selection(
        [("price", "As agreed"), ("zero", "At zero"), ("never", "Never")],
        string="Invoiced",
        compute="_compute_billing_rule",
    )
    charge_account_id = fields.Many2one(
        "account.analytic.account",
        string="Company Cost Centre",
        index="btree_not_null",
        ondelete="restrict",
        help="Our own cost centre that carries warranty or internal work of this type.",
    )

    _internal_never_billable = models.Constraint(
        "CHECK(kind <> 'internal' OR billable IS NOT TRUE)", "Internal work is never invoiced: it cannot be billable."
    )

    @api.depends("billable")
    def _compute_kind(self):
        """Only for types that have none yet: what was never invoiced was internal work."""
        for each in self:
            each.kind = each.kind or ("standard" if each.billable else "internal")

    @api.depends("billable", "kind")
    def _compute_billing_rule(self):
        for each in self:
            each.billing_rule = each._billing_rule(each.kind, each.billable)

    @api.model
    def _billing_rule(self, kind, billable):
        if not billable:
            return "never"
        return "zero" if kind == "warranty" else "price"

    def write(self, vals):
        if vals.keys() & BILLING_RULE_FIELDS:
            self.check_access("write")
            self._check_billing_rule(vals)
        return super().write(vals)

    def _check_billing_rule(self, vals):
        """Whether work is invoiced never changes behind the back of those who did it: not once any has begun."""
        changed = self.filtered(
            lambda each: (
                each.billing_rule
                != self._billing_rule(vals.get("kind", each.kind), vals.get("billable", each.billable))
                or each.kind != vals.get("kind", each.kind)
            )
        )
        begun = (
            self.env["work.order"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("type_id", "in", changed.ids), ("state", "not in", ("draft", "ready", "cancelled"))],
                ["type_id"],
                ["__count"],
            )
        )
        if begun:
            raise UserError(
                self.env._(
                    "Kind and Billable cannot change any more, since work of this type has begun: %s. "
                    "Archive the type and add a new one instead.",
                    ", ".join(f"{each.name} ({count})" for each, count in begun),
                )
            )


class WorkOrder(models.Model):
    _inherit = "work.order"

    kind = fields.Selection(related="type_id.kind")
    charge_account_id = fields.Many2one(
        "account.analytic.account",
        string="Company Cost Centre",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Our own cost centre that carries this warranty or internal work; the type's if empty.",
    )
    #: Work began under a rule that bills nothing; it stays that way for good.
    begun_unbilled = fields.Boolean(copy=False, readonly=True)

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"charge_account_id"}

    def write(self, vals):
        if "begun_unbilled" in vals:
            raise UserError(self.env._("Whether work began as work that is not invoiced is set by starting it."))
        if "type_id" in vals:
            self._check_type_change(self.env["work.order.type"].browse(vals["type_id"]))
        return super().write(vals)

    def _check_type_change(self, new):
        """Work begun as warranty or internal work never turns into work that is invoiced."""
        reasons = [(order, text) for order in self for text in order.sudo()._reasons_against_type(new.sudo())]
        if reasons:
            raise UserError("\n".join(f"{order.name}: {text}" for order, text in reasons))

    def _reasons_against_type(self, new):
        old, ranks = self.type_id, ("never", "zero", "price")
        begun = (
            self.begun_unbilled or self.state not in ("draft", "ready", "cancelled") or self.time_ids or self.part_ids
        )
        if not new or new == old or not begun:
            return []
        if ranks.index(new.billing_rule) > ranks.index(old.billing_rule):
            text = self.env._(
                "work that began under type “%(old)s” cannot be billed under type “%(new)s”. Open a new work order for "
                "what the customer pays.",
                old=old.name,
                new=new.name,
            )
            return [text]
        if new.billing_rule != old.billing_rule and self._is_on_invoices():
            return [self.env._("it has an invoice, so type “%s” cannot hold. Cancel or credit that first.", new.name)]
        return []

    def _advance(self, target):
        result = super()._advance(target)
        if target == "in_progress":
            unbilled = self.filtered(lambda order: order.type_id.billing_rule != "price" and not order.begun_unbilled)
            if unbilled:
                unbilled._store_state({"begun_unbilled": True})
        return result

    def _charge_account(self):
        """The company cost centre that carries this work, or none if the job itself does."""
        self.ensure_one()
        if self.kind == "standard":
            return self.env["account.analytic.account"]
        return self.sudo().charge_account_id or self.sudo().type_id.charge_account_id

    def _gate_dispatched(self):
        return super()._gate_dispatched() + self._reasons_against_charge()

    def _gate_done(self):
        return super()._gate_done() + self._reasons_against_charge()

    def _reasons_against_charge(self):
        """Why the cost of this warranty or internal work has nowhere to go."""
        if self.kind == "standard":
            return []
        account = self._charge_account()
        if not account:
            text = self.env._(
                "Company Cost Centre is missing: who pays for work of type “%s”? Set it here or on the type.",
                self.type_id.name,
            )
            return [Reason("charge_account_id", text)]
        if account.company_id and account.company_id not in self.company_id.parent_ids:
            text = self.env._("Company Cost Centre “%s” belongs to another company.", account.display_name)
            return [Reason("charge_account_id", text)]
        return []

    def _never_invoiced_text(self):
        if self.kind == "internal":
            return self.env._("%s is internal work and can never be invoiced.", self.display_name)
        return self.env._(
            "%(order)s is of type “%(type)s”, which is never invoiced.", order=self.display_name, type=self.type_id.name
        )

    def _is_on_invoices(self):
        lines = self.task_ids.invoice_line_ids.filtered(lambda line: line.parent_state != "cancel")
        return any(
            task.product_uom_id.compare(task._billed_quantity(lines & task.invoice_line_ids), 0.0) > 0
            for task in lines.work_order_task_id
        )

    def _is_billed(self):
        """What is never invoiced has no invoice, though nothing of it is left to invoice either."""
        return bool(self.billable) and super()._is_billed()


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def write(self, vals):
        if "work_order_id" in vals and self.filtered(lambda task: task.work_order_id.id != vals["work_order_id"]):
            raise UserError(
                self.env._("A task stays on its work order. Cancel it and add one to the other work order.")
            )
        return super().write(vals)

    def _billable_quantity(self):
        return super()._billable_quantity() if self.work_order_id.billable else 0.0


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _reasons_by_ticket(self, task):
        """Also: what is never invoiced is on no invoice, and warranty work is on it at zero."""
        ticket = task.work_order_id
        if not ticket.billable:
            return [Reason("type_id", ticket._never_invoiced_text())]
        reasons = super()._reasons_by_ticket(task)
        charged = not (self.currency_id.is_zero(self.price_subtotal) and self.currency_id.is_zero(self.price_total))
        if ticket.type_id.billing_rule == "zero" and charged:
            text = self.env._(
                "task “%(task)s” of %(order)s is warranty work and is invoiced at zero, not at %(amount)s.",
                task=task.name,
                order=ticket.name,
                amount=self.currency_id.format(self.price_total),
            )
            reasons.append(Reason("price_unit", text))
        return reasons
