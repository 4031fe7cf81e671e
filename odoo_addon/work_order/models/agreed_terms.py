"""Payment terms as the buyer's PO or the agreement says them, from the sales order to the posted invoice."""

from odoo import api, fields, models
from odoo.tools import format_date

from ..plain_number import plain
from .buyer_purchase_order import po_key
from .work_order_flow import Reason

#: What Odoo computes of an early-payment discount; nobody writes another one on a posted invoice.
DISCOUNT_FIELDS = {"discount_amount_currency", "discount_balance", "discount_date"}


class WorkOrderJob(models.Model):
    _inherit = "work.order.job"

    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="What was agreed for this job; a buyer's PO that says terms comes first, the customer's default last.",
    )


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _agreed_terms(self):
        """What the buyer's PO or, where that says nothing, the job says about payment terms; and who says it."""
        self.ensure_one()
        po = self.buyer_purchase_order_id if self.company_id.keeps_buyer_register else None
        if po and po.payment_term_id:
            return po.payment_term_id, self.env._("PO %s", po.number)
        if self.job_id.payment_term_id:
            return self.job_id.payment_term_id, self.job_id.display_name
        return self.env["account.payment.term"], ""

    def _invoice_terms(self):
        """The terms its invoice gets: of its sales order, unless those are the mere default of the customer."""
        order = self.sale_order_id
        return order._terms_over_default(self._agreed_terms()[0])


class SaleOrder(models.Model):
    _inherit = "sale.order"

    terms_difference = fields.Char(compute="_compute_terms_difference", compute_sudo=True)

    def _agreed_terms(self):
        """{order: (terms, who says so)} of orders whose buyer PO or job says payment terms; one query for all."""
        keyed = self.filtered(lambda order: order.buyer_po and order.company_id.keeps_buyer_register)
        known = {}
        if keyed:
            known = self.env["buyer.purchase.order"]._registered(
                keyed.company_id, keyed.partner_id.commercial_partner_id, {po_key(order.buyer_po) for order in keyed}
            )
        found = {}
        for order in self:
            key = (order.company_id.id, order.partner_id.commercial_partner_id.id, po_key(order.buyer_po))
            po, job = known.get(key), order.sudo().work_order_job_id
            if po and po.payment_term_id:
                found[order] = po.payment_term_id, self.env._("PO %s", po.number)
            elif job.payment_term_id:
                found[order] = job.payment_term_id, job.display_name
        return found

    @api.depends("partner_id")
    def _compute_payment_term_id(self):
        result = super()._compute_payment_term_id()
        self._take_agreed_terms()
        return result

    @api.onchange("buyer_po", "work_order_job_id")
    def _take_agreed_terms(self):
        for order, (terms, _source) in self._agreed_terms().items():
            order.payment_term_id = terms.id

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"buyer_po", "work_order_job_id"} and "payment_term_id" not in vals:
            self.filtered(lambda order: order.state in ("draft", "sent"))._take_agreed_terms()
        return result

    @api.depends("payment_term_id", "buyer_po", "work_order_job_id")
    def _compute_terms_difference(self):
        agreed = self._agreed_terms()
        for order in self:
            terms, source = agreed.get(order, (order.payment_term_id, ""))
            order.terms_difference = order._terms_sentence(order.payment_term_id, terms, source)

    def _terms_sentence(self, own, terms, source):
        """What is said where own terms are not the agreed ones, else nothing."""
        if own == terms or not terms:
            return False
        return self.env._(
            "Payment Terms are “%(own)s”, but %(who)s says “%(terms)s”.",
            own=own.name or self.env._("none"),
            who=source,
            terms=terms.name,
        )

    def _terms_over_default(self, agreed):
        """The order's own terms where somebody chose them, else what is agreed elsewhere."""
        default = self.with_company(self.company_id).partner_id.property_payment_term_id
        chosen = self.payment_term_id and self.payment_term_id != default
        return self.payment_term_id if chosen or not agreed else agreed

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        agreed = self._terms_of_billed_work()
        if agreed:
            values["invoice_payment_term_id"] = self._terms_over_default(agreed).id
        return values

    def _terms_of_billed_work(self):
        """The agreed terms of the work orders being billed now, where all of them have the same."""
        chosen = self.env.context.get("work_order_ids")
        tickets = self.sudo().order_line.work_order_task_ids.work_order_id  # billing reads them anyway
        if chosen:
            tickets = tickets.filtered(lambda ticket: ticket.id in chosen)
        if not tickets.company_id.keeps_buyer_register and not tickets.job_id:
            return self.env["account.payment.term"]
        terms = {ticket._agreed_terms()[0] for ticket in tickets}
        return terms.pop() if len(terms) == 1 else self.env["account.payment.term"]


class AccountMove(models.Model):
    _inherit = "account.move"

    terms_difference = fields.Char(compute="_compute_terms_difference", compute_sudo=True)
    early_discount_text = fields.Char(
        string="Early Payment",
        compute="_compute_early_discount_text",
        compute_sudo=True,
        help="The discount, the last day for it, and the full amount with its due date.",
    )

    @api.depends("invoice_payment_term_id", "invoice_line_ids.work_order_task_id")
    def _compute_terms_difference(self):
        for move in self:
            said = [ticket._agreed_terms() for ticket in move._work_orders()] if move.move_type == "out_invoice" else []
            texts = {
                move.env["sale.order"]._terms_sentence(move.invoice_payment_term_id, terms, source)
                for terms, source in said
                if terms
            }
            move.terms_difference = " ".join(sorted(text for text in texts if text)) or False

    @api.depends("invoice_payment_term_id", "invoice_date", "amount_total", "line_ids.discount_date")
    def _compute_early_discount_text(self):
        for move in self:
            line = move._discount_line()
            move.early_discount_text = move._discount_sentence(line) if line else False

    def _discount_sentence(self, line):
        money = self.currency_id
        return self.env._(
            "%(net)s if paid by %(day)s: %(percent)s %% early payment discount, %(discount)s. "
            "Otherwise %(total)s, due by %(due)s.",
            net=money.format(abs(line.discount_amount_currency)),
            day=format_date(self.env, line.discount_date),
            percent=plain(self.invoice_payment_term_id.discount_percentage),
            discount=money.format(abs(line.amount_currency - line.discount_amount_currency)),
            total=money.format(self.amount_total),
            due=format_date(self.env, self.invoice_date_due),
        )

    def _discount_line(self):
        """The receivable that carries an early-payment discount."""
        if self.move_type != "out_invoice" or not self.invoice_payment_term_id.early_discount:
            return self.env["account.move.line"]
        return self.line_ids.filtered(lambda line: line.display_type == "payment_term" and line.discount_date)[:1]

    def _reasons_by_move(self):
        """Also: the discount offered is exactly the one of the terms, counted from the invoice date."""
        reasons = super()._reasons_by_move()
        terms = self.invoice_payment_term_id
        if self.move_type != "out_invoice" or not terms.early_discount:
            return reasons
        expected = [{**key, **values} for key, values in (self.needed_terms or {}).items()]
        receivables = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        if len(expected) != 1 or len(receivables) != 1:
            return reasons
        return reasons + self._reasons_by_discount(receivables, expected[0])

    def _reasons_by_discount(self, line, expected):
        day, due = expected["discount_date"], line.date_maturity
        texts = []
        if line.discount_date != day:
            texts.append(
                self.env._(
                    "Discount Date is %(given)s, but %(terms)s of %(start)s ends on %(day)s.",
                    given=format_date(self.env, line.discount_date) or self.env._("none"),
                    terms=self.invoice_payment_term_id.name,
                    start=format_date(self.env, self.invoice_date),
                    day=format_date(self.env, day),
                )
            )
        if self.currency_id.compare_amounts(line.discount_amount_currency, expected["discount_amount_currency"]):
            texts.append(
                self.env._(
                    "the amount after early discount is %(given)s, but the terms come to %(expected)s.",
                    given=self.currency_id.format(line.discount_amount_currency),
                    expected=self.currency_id.format(expected["discount_amount_currency"]),
                )
            )
        if due and day and day > due:
            text = self.env._(
                "the discount ends on %(day)s, after the full amount is due on %(due)s.",
                day=format_date(self.env, day),
                due=format_date(self.env, due),
            )
            texts.append(text)
        return [Reason("invoice_payment_term_id", text) for text in texts]


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if not DISCOUNT_FIELDS.isdisjoint(vals):
            self._check_posted()
        return result
