"""Retention on invoices: the one line without a task that withholds or releases, exactly as the contract says."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .retention_contract import SEES_RETENTION
from .work_order_flow import Reason, refusal

LINKS = {"retention_order_id", "retention_job_id"}
#: What a posted retention line keeps for ever.
FIXED_FIELDS = LINKS | {"retention_kind", "price_unit", "quantity", "discount", "tax_ids", "product_id", "move_id"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    retention_kind = fields.Selection(
        [("withheld", "Withheld"), ("released", "Released")], string="Retention", readonly=True, index="btree_not_null"
    )
    retention_order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    retention_job_id = fields.Many2one(
        "work.order.job", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )

    @api.model
    def _retention_product(self):
        return self.env.ref("work_order.product_retention").sudo()

    def _retention_contract(self):
        """The contract this line withholds for or releases to."""
        line = self.sudo()
        return line.retention_order_id or line.retention_job_id

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added = lines.filtered(lambda line: line.retention_kind and line.parent_state == "posted")
        if added:
            raise UserError(self.env._("Retention cannot be added to a posted invoice; credit it instead."))
        return lines

    def write(self, vals):
        if vals.keys() & FIXED_FIELDS:
            self._check_posted_retention(vals)
        return super().write(vals)

    def _check_posted_retention(self, vals):
        move = self.env["account.move"]
        posted = self.filtered(lambda line: line.parent_state == "posted")
        for line in posted.filtered(lambda line: line.retention_kind or vals.get("retention_kind")):
            if any(move._field_will_change(line, vals, name) for name in FIXED_FIELDS & vals.keys()):
                raise UserError(
                    self.env._("“%s” is posted: retention on it cannot change. Credit it instead.", line.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted_retention(self):
        if self.filtered(lambda line: line.retention_kind and line.parent_state == "posted"):
            raise UserError(self.env._("Retention on a posted invoice cannot be deleted; credit it instead."))

    def _reasons_without_task(self):
        """Retention is held against its contract as a whole invoice, see :meth:`_reasons_against_retention`."""
        if self.retention_kind:
            return self._reasons_against_form()
        if self.product_id and self.product_id == self._retention_product():
            text = self.env._("“%s” is retention of no contract; withhold and release it by its buttons.", self.name)
            return [Reason("retention_kind", text)]
        return super()._reasons_without_task()

    def _reasons_by_ticket(self, task):
        reasons = super()._reasons_by_ticket(task)
        if self.retention_kind:
            reasons.append(Reason("retention_kind", self.env._("“%s” bills a task, so it is no retention.", self.name)))
        return reasons

    def _reasons_against_form(self):
        """A retention line names one contract and has the retention product, no tax and no discount."""
        contracts = bool(self.retention_order_id) + bool(self.retention_job_id)
        plain = self.product_id == self._retention_product() and not self.tax_ids and not self.sale_line_ids
        if contracts == 1 and plain and not self.discount:
            return []
        text = self.env._(
            "“%s”: a retention line names its contract and has the retention product and no tax.", self.name
        )
        return [Reason("retention_kind", text)]


class AccountMove(models.Model):
    _inherit = "account.move"

    retention_due = fields.Monetary(
        string="Retention",
        compute="_compute_retention_due",
        compute_sudo=True,
        groups=SEES_RETENTION,
        help="What the contract says is withheld of this invoice.",
    )
    has_retention = fields.Boolean(compute="_compute_retention_due", compute_sudo=True, groups=SEES_RETENTION)

    @api.depends("invoice_line_ids.price_subtotal", "invoice_line_ids.work_order_task_id")
    def _compute_retention_due(self):
        for move in self:
            due = move._retention_by_contract() if move.is_sale_document() else {}
            move.retention_due = sum(due.values())
            move.has_retention = bool(due)

    def _check_work_orders(self):
        """Balances are read behind a lock of the contracts, so that of two postings the second sees the first."""
        lines = self.sudo().invoice_line_ids.filtered("retention_kind")
        for contracts in (lines.retention_order_id, lines.retention_job_id):
            contracts._bump_retention_revision()
        result = super()._check_work_orders()
        reasons = [(move, reason) for move in self for reason in move._reasons_against_retention()]
        reasons += lines._reasons_against_balances(self)
        if reasons:
            head = self.env._("The retention of this invoice is not what its contract says:")
            texts = [f"- {move.name or move.display_name}: {reason.message}" for move, reason in reasons]
            raise refusal("\n".join([head, *texts]), reasons)
        return result

    def _is_of_work_orders(self):
        """Whether this invoice bills work orders, or releases what was withheld on them."""
        self.ensure_one()
        lines = self.sudo().invoice_line_ids
        return bool(lines.work_order_id or lines.filtered("retention_kind"))

    def _retention_by_contract(self):
        """What this invoice or credit note has to withhold, positive, for each contract under retention."""
        self.ensure_one()
        progress = self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.work_order_task_id.billing_type == "progress"
        )
        origin = self.sudo().reversed_entry_id if self.move_type == "out_refund" else self.browse()
        if origin:  # a credit gives back what the invoice it credits withheld
            return origin._withheld_of(progress)
        due = {}
        for contract, lines in progress.grouped(lambda line: line.work_order_id._retention_contract()).items():
            amount = contract._retention_of(sum(lines.mapped("price_subtotal")), self) if contract else 0.0
            if not self.currency_id.is_zero(amount):
                due[contract] = amount
        return due

    def _withheld_of(self, credited):
        """The part of what this invoice withheld that belongs to the progress lines ``credited``, by contract."""
        withheld = self.invoice_line_ids.filtered(lambda line: line.retention_kind == "withheld")
        orders = withheld.retention_order_id

        def base(lines, contract):
            own = lines.filtered(lambda line: contract_of(line.work_order_id) == (contract._name, contract.id))
            return sum(own.mapped("price_subtotal"))

        def contract_of(ticket):
            order = ticket.sale_order_id
            return (order._name, order.id) if order in orders else (ticket.job_id._name, ticket.job_id.id)

        progress = self.invoice_line_ids.filtered(lambda line: line.work_order_task_id.billing_type == "progress")
        due = {}
        for contract, lines in withheld.grouped(lambda line: line._retention_contract()).items():
            billed = base(progress, contract)
            amount = -sum(lines.mapped("price_subtotal")) * base(credited, contract) / billed if billed else 0.0
            if not self.currency_id.is_zero(amount):
                due[contract] = self.currency_id.round(amount)
        return due

    def _withhold_retention(self):
        """Give these draft invoices the retention lines their contracts ask for, in place of those they have."""
        for move in self:
            due = move._retention_by_contract()
            lines = move.invoice_line_ids.filtered(lambda line: line.retention_kind == "withheld")
            if not due and not lines:
                continue
            commands = [fields.Command.delete(line.id) for line in lines]
            commands += [
                fields.Command.create(move._prepare_retention_line(contract, amount))
                for contract, amount in due.items()
            ]
            move.write({"invoice_line_ids": commands})

    def _prepare_retention_line(self, contract, amount):
        """It repeats PO and cost centre where all progress lines agree, so that the header still does."""
        if contract.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "%(contract)s keeps retention in %(own)s, but this invoice is in %(other)s: agree the retention on "
                    "the sales order instead.",
                    contract=contract.display_name,
                    own=contract.currency_id.name,
                    other=self.currency_id.name,
                )
            )
        lines = self.sudo().invoice_line_ids.filtered(lambda line: line.display_type == "product")
        lines = lines.filtered(lambda line: not line.retention_kind)
        numbers, centers = set(lines.mapped("buyer_po")), {line.cost_center_id for line in lines}
        base = self.currency_id.round(
            sum(
                lines.filtered(lambda line: line.work_order_task_id.billing_type == "progress").mapped("price_subtotal")
            )
        )
        percent = f"{100 * amount / base:.2f}".rstrip("0").rstrip(".") if base else "0"
        return {
            **contract._retention_line_values(
                "withheld",
                -amount,
                self.env._(
                    "Retention withheld (%(percent)s %%) on %(base)s",
                    percent=percent,
                    base=format_amount(self.env, base, self.currency_id),
                ),
            ),
            "sequence": max(lines.mapped("sequence"), default=0) + 1,
            "buyer_po": numbers.pop() if len(numbers) == 1 else False,
            "cost_center_id": centers.pop().id if len(centers) == 1 else False,
        }

    def action_update_retention(self):
        """Compute the retention of draft invoices anew, after their progress was changed by hand."""
        if self.filtered(lambda move: move.state != "draft"):
            raise UserError(self.env._("Only the retention of a draft invoice can be computed anew."))
        self._withhold_retention()
        return True

    def _reasons_against_retention(self):
        """Exactly what the contract withholds has to stand on an invoice about to be posted: once, no more, no less."""
        self.ensure_one()
        lines = self.sudo().invoice_line_ids.filtered("retention_kind")
        if self.state == "posted" or not (self.is_sale_document(include_receipts=True) or lines):
            return []  # posted lines are fixed; the terms may have changed since
        if lines and not self.is_sale_document():
            text = self.env._("only a customer invoice or credit note withholds or releases retention.")
            return [Reason("retention_kind", text)]
        released = lines.filtered(lambda line: line.retention_kind == "released")
        if released and len(self.invoice_line_ids.filtered(lambda line: line.display_type == "product")) > len(
            released
        ):
            text = self.env._("retention is released by an invoice of its own, with nothing else on it.")
            return [Reason("retention_kind", text)]
        return self._reasons_against_withheld(lines - released)

    def _reasons_against_withheld(self, lines):
        due, reasons = self._retention_by_contract(), []
        given = lines.grouped(lambda line: line._retention_contract())
        for contract in [*due, *(each for each in given if each not in due)]:
            mine = given.get(contract, lines.browse())
            amount, wanted = -sum(mine.mapped("price_subtotal")), due.get(contract, 0.0)
            if len(mine) <= 1 and not self.currency_id.compare_amounts(amount, wanted):
                continue
            reasons.append(
                Reason(
                    "retention_kind",
                    self.env._(
                        "%(contract)s withholds %(wanted)s of this invoice as retention, in one line; here it is "
                        "%(amount)s in %(count)d. Use “Update Retention”.",
                        contract=contract.display_name or self.env._("no contract"),
                        wanted=self.currency_id.format(wanted),
                        amount=self.currency_id.format(amount),
                        count=len(mine),
                    ),
                )
            )
        return reasons


class RetentionLine(models.Model):
    _inherit = "account.move.line"

    def _reasons_against_balances(self, moves):
        """Why these retention lines, once ``moves`` are posted, would release more than was withheld."""
        reasons = []
        for contract, lines in self.grouped(lambda line: line._retention_contract()).items():
            if not contract:
                continue
            sums = contract._retention_sums(["|", ("parent_state", "=", "posted"), ("move_id", "in", moves.ids)])
            money = contract.currency_id
            withheld = money.round(sums.get((contract.id, "withheld"), 0.0))
            released = money.round(-sums.get((contract.id, "released"), 0.0))
            reasons += [
                (lines.move_id[:1], reason) for reason in contract._reasons_against_released(released, withheld)
            ]
        return reasons


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        moves._withhold_retention()
        return moves
