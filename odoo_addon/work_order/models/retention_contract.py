"""Retention: the part of each progress invoice the customer keeps until the end, by the terms of its contract.

A contract is a sales order with a retention of its own, else the job. What is withheld and released stands on invoice
lines; the balances are their sums, so nothing is kept twice.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from .work_order_flow import FINISHED, Reason

SEES_RETENTION = (
    "work_order.group_dispatcher,work_order.group_billing,sales_team.group_sale_salesman,"
    "account.group_account_readonly,account.group_account_invoice"
)
#: What was agreed with the customer.
TERMS = {"retention_percent", "retention_limit", "retention_reduced_percent", "retention_reduced_from"}


class RetentionContract(models.AbstractModel):
    _name = "work.order.retention.contract"
    _description = "Contract with Retention"
    #: The field of an invoice line that names a contract of this model.
    _retention_link = ""

    currency_id = fields.Many2one("res.currency")
    retention_percent = fields.Float(
        string="Retention %",
        digits=(5, 2),
        groups=SEES_RETENTION,
        help="Withheld on each progress invoice until it is released.",
    )
    retention_limit = fields.Monetary(
        groups=SEES_RETENTION, help="The most that is ever withheld in total; 0: no limit."
    )
    retention_reduced_percent = fields.Float(
        string="Reduced Retention %",
        digits=(5, 2),
        groups=SEES_RETENTION,
        help="Withheld on invoices once the share below was billed.",
    )
    retention_reduced_from = fields.Float(
        string="Reduced from %",
        digits=(5, 2),
        groups=SEES_RETENTION,
        help="Share of the value of all progress tasks that has to be billed before; 0: never reduced.",
    )
    retention_early = fields.Monetary(
        string="Early Release Approved",
        readonly=True,
        copy=False,
        tracking=True,
        groups=SEES_RETENTION,
        help="How much a project manager let go before final completion.",
    )
    #: Raised by every release and every invoice with retention; of two transactions the second has to start again.
    retention_revision = fields.Integer(copy=False, readonly=True, default=0, groups=SEES_RETENTION)
    retention_withheld = fields.Monetary(
        compute="_compute_retention", compute_sudo=True, groups=SEES_RETENTION, help="On posted invoices, less credits."
    )
    retention_released = fields.Monetary(compute="_compute_retention", compute_sudo=True, groups=SEES_RETENTION)
    retention_open = fields.Monetary(
        compute="_compute_retention",
        compute_sudo=True,
        search="_search_retention_open",
        groups=SEES_RETENTION,
        help="Withheld and not released yet.",
    )

    _retention_is_a_share = models.Constraint(
        "CHECK(retention_percent >= 0 AND retention_percent < 100 AND retention_reduced_percent >= 0 "
        "AND retention_reduced_percent < 100 AND retention_limit >= 0)",
        "Retention is a share between 0 and 100 % and its limit is not negative.",
    )

    @api.depends(lambda self: self._retention_depends())
    def _compute_retention(self):
        sums = self._retention_sums([("parent_state", "=", "posted")])
        for contract in self:
            contract.retention_withheld = contract.currency_id.round(sums.get((contract.id, "withheld"), 0.0))
            contract.retention_released = contract.currency_id.round(-sums.get((contract.id, "released"), 0.0))
            contract.retention_open = contract.retention_withheld - contract.retention_released

    @api.model
    def _retention_depends(self):
        return (
            [f"retention_line_ids.{name}" for name in ("amount_currency", "parent_state")]
            if self._retention_link
            else []
        )

    @api.model
    def _search_retention_open(self, operator, value):
        """Supports “is not zero”, which is what people look for."""
        if operator not in (">", "!=") or value:
            return NotImplemented
        rows = self.env["account.move.line"]._read_group(
            [(self._retention_link, "!=", False), ("parent_state", "=", "posted")],
            [self._retention_link],
            having=[("amount_currency:sum", ">", 0.004)],
        )
        return [("id", "in", [contract.id for (contract,) in rows])]

    def _retention_sums(self, domain):
        """Amounts in contract currency by (contract id, kind); withheld is positive, released negative.

        Signs are the ledger's: what an invoice withholds is a debit, and a credit note turns it round.
        """
        groups = self.env["account.move.line"]._read_group(
            [(self._retention_link, "in", self.ids), ("retention_kind", "!=", False), *domain],
            [self._retention_link, "retention_kind"],
            ["amount_currency:sum"],
        )
        return {(contract.id, kind): amount for contract, kind, amount in groups}

    @api.constrains("retention_percent", "retention_reduced_percent", "retention_reduced_from")
    def _check_retention_terms(self):
        for contract in self.sudo():
            if contract.retention_reduced_from and contract.retention_reduced_percent > contract.retention_percent:
                raise ValidationError(self.env._("Reduced Retention % must be less than Retention %."))

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("retention_early") for vals in vals_list):
            raise UserError(self.env._("An early release of retention is approved once there is some."))
        return super().create([{**vals, "retention_early": 0.0} for vals in vals_list])  # a context could bring some

    def write(self, vals):
        if vals.keys() & {"retention_early", "retention_revision"}:
            raise UserError(self.env._("Release retention by its button, nowhere else."))
        if vals.keys() & TERMS:
            self._check_retention_terms_open(vals)
        return super().write(vals)

    def _store_retention(self, values):
        """Write what a release approved; nothing else calls it."""
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _check_retention_terms_open(self, vals):
        """Once something is withheld, only those who approve for the customer's account change the terms."""
        approvers = ("work_order.group_project_manager", "work_order.group_billing")
        if self.env.su or any(self.env.user.has_group(group) for group in approvers):
            return
        move = self.env["account.move"]
        for contract in self.sudo():
            changed = any(move._field_will_change(contract, vals, name) for name in TERMS & vals.keys())
            if changed and contract._has_withheld():
                raise AccessError(
                    self.env._(
                        "Retention of %s was withheld already; only a project manager or billing changes its terms.",
                        contract.display_name,
                    )
                )

    def _has_withheld(self):
        """Whether invoices, posted or not, withhold by these terms, or by those that these would replace."""
        return bool(self.sudo()._retention_sums([("parent_state", "!=", "cancel")]))

    def _bump_retention_revision(self):
        """Taken before balances are read, so that two releases at once cannot both see the same balance."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET retention_revision = retention_revision + 1 WHERE id IN %s",
                    SQL.identifier(self._table),
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset(["retention_revision"], flush=False)

    def _retention_tickets(self):
        """The work orders under this contract's retention."""
        return self.sudo().work_order_ids.filtered(lambda ticket: ticket._retention_contract() == self.sudo())

    def _retention_of(self, base, move):
        """What is withheld of ``base``, the untaxed progress of ``move``; what older invoices did counts before."""
        self.ensure_one()
        contract, earlier = self.sudo(), self._earlier_than(move)
        percent = contract.retention_percent
        if contract.retention_reduced_from and contract._share_billed(earlier) >= contract.retention_reduced_from:
            percent = contract.retention_reduced_percent
        amount = contract.currency_id.round(base * percent / 100)
        if contract.retention_limit:
            withheld = contract._retention_sums(earlier).get((self.id, "withheld"), 0.0)
            amount = max(min(amount, contract.currency_id.round(contract.retention_limit - withheld)), 0.0)
        return amount

    @api.model
    def _earlier_than(self, move):
        """Lines of invoices that came before, posted or not, so that the order of posting is no matter."""
        return [("parent_state", "!=", "cancel"), ("move_id", "<", move._origin.id or move.id)]

    def _share_billed(self, earlier):
        """How much of the value of the progress tasks stands on these invoice lines, in percent."""
        tasks = self._retention_tickets().task_ids.filtered(lambda task: task._is_progress())
        value = sum(task._progress_value() for task in tasks if task.state != "cancelled")
        lines = self.env["account.move.line"].search([("work_order_task_id", "in", tasks.ids), *earlier])
        return 100 * self.env["work.order.task"]._value_of(lines) / value if value else 0.0

    def _is_finally_complete(self):
        """All work under this contract is done and, where billed by progress, approved in full."""
        tickets = self._retention_tickets().filtered(lambda ticket: ticket.state != "cancelled")
        return (
            bool(tickets)
            and all(ticket.state in FINISHED for ticket in tickets)
            and not any(task._awaits_approval() for task in tickets.task_ids)
        )

    def _retention_releasable(self):
        """What may be released now: withheld and on no release, not even a draft; before completion as approved."""
        contract = self.sudo()
        contract.ensure_one()
        posted = contract._retention_sums([("parent_state", "=", "posted")])
        live = contract._retention_sums([("parent_state", "!=", "cancel")])
        released = -live.get((self.id, "released"), 0.0)
        most = posted.get((self.id, "withheld"), 0.0)
        if not contract._is_finally_complete():
            most = min(most, contract.retention_early)
        return contract.currency_id.round(max(most - released, 0.0))

    def _reasons_against_released(self, released, withheld):
        """Why this contract may not have released so much in total, having withheld so much."""
        contract = self.sudo()
        money = contract.currency_id
        if money.compare_amounts(released, withheld) > 0:
            text = self.env._(
                "%(contract)s: %(released)s of retention would be released, but %(withheld)s is withheld.",
                contract=contract.display_name,
                released=money.format(released),
                withheld=money.format(withheld),
            )
            return [Reason("retention_kind", text)]
        if money.compare_amounts(released, 0.0) < 0:
            text = self.env._("%s: more retention would be taken back than was released.", contract.display_name)
            return [Reason("retention_kind", text)]
        if money.compare_amounts(released, contract.retention_early) > 0 and not contract._is_finally_complete():
            text = self.env._(
                "%s is not complete yet; a project manager has to approve an early release of retention.",
                contract.display_name,
            )
            return [Reason("retention_kind", text)]
        return []

    def action_release_retention(self):
        """Open the wizard that releases all or part of the retention by an invoice of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release Retention"),
            "res_model": "work.order.retention.release",
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{self._retention_wizard_field()}": self.id},
        }

    def _retention_wizard_field(self):
        return self._retention_link.removeprefix("retention_")

    def _release_retention(self, amount, day=None):
        """A draft invoice that asks for ``amount`` of what was withheld.

        :raises UserError: if that is more than may be released now
        """
        self.ensure_one()
        self._bump_retention_revision()
        may = self._retention_releasable()
        money = self.sudo().currency_id
        if money.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Amount: enter how much of the retention to release."))
        if money.compare_amounts(amount, may) > 0:
            raise UserError(self._release_refusal(amount, may))
        return self.env["account.move"].create(self._prepare_release(amount, day))

    def _release_refusal(self, amount, may):
        contract = self.sudo()
        text = self.env._(
            "%(contract)s: %(amount)s asked for, but %(may)s of retention may be released now (%(open)s open).",
            contract=contract.display_name,
            amount=contract.currency_id.format(amount),
            may=contract.currency_id.format(may),
            open=contract.currency_id.format(contract.retention_open),
        )
        if not contract._is_finally_complete():
            text += " " + self.env._("It is not complete yet: a project manager approves an early release.")
        return text

    def _approve_early_release(self, amount):
        """A project manager lets go ``amount`` more before final completion."""
        for contract in self.sudo():
            if contract._is_finally_complete():
                continue
            live = contract._retention_sums([("parent_state", "!=", "cancel")])
            released = -live.get((contract.id, "released"), 0.0)
            early = contract.currency_id.round(max(contract.retention_early, released + amount))
            contract._store_retention({"retention_early": early})
            # without the amount, which technicians of the job would read; the field keeps it
            contract.message_post(body=self.env._("Early release of retention approved."))

    def _prepare_release(self, amount, day):
        raise NotImplementedError

    def _release_values(self, partner, payer, amount, day):
        """Values of a release invoice for a contract of this model."""
        contract = self.sudo()
        text = self.env._("Release of retention, %s", contract.display_name)
        line = self._retention_line_values("released", amount, text)
        if "buyer_po" in contract._fields:
            line["buyer_po"] = contract.buyer_po
        return {
            "move_type": "out_invoice",
            "partner_id": (payer or partner).id,
            "company_id": contract.company_id.id,
            "currency_id": contract.currency_id.id,
            "invoice_date": day,
            "invoice_origin": contract.name,
            "invoice_line_ids": [fields.Command.create(line)],
        }

    def _retention_line_values(self, kind, amount, text):
        """Values of one invoice line that withholds (negative) or releases (positive) this much."""
        product = self.env["account.move.line"]._retention_product()
        return {
            "product_id": product.id,
            "name": text,
            "quantity": 1.0,
            "price_unit": amount,
            "discount": 0.0,
            "tax_ids": [fields.Command.clear()],
            "account_id": self._retention_account().id,
            "retention_kind": kind,
            self._retention_link: self.id,
        }

    def _retention_account(self):
        """The account of what customers keep back: the company's setting, else what the retention product says.

        :raises UserError: if there is neither
        """
        company = self.sudo().company_id
        product = self.env["account.move.line"]._retention_product().with_company(company)
        account = company.work_order_retention_account_id or product.property_account_income_id
        if not account:
            raise UserError(
                self.env._(
                    "Retention account is missing: choose an account for retention receivable of %s in the settings "
                    "of Invoicing, under Default Accounts.",
                    company.name,
                )
            )
        return account
