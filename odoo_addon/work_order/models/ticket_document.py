"""What a work order would be billed as now, as the same document its invoice becomes."""

from odoo import models
from odoo.fields import Command

from .decimal_text import amount_text, number_text
from .invoice_document import DOCUMENT_VERSION
from .line_authority import NOTHING


class WorkOrderTask(models.Model):
    _inherit = "work.order.task"

    def _preview_quantity(self):
        """What an invoice would carry: what is left to invoice, or the plan of what is not done yet."""
        if self._billable_quantity():
            return self._quantity_to_invoice()
        return self.done_quantity if self.state == "done" else max(self.quantity, self.done_quantity)

    def _preview_line(self, sequence):
        """Values of the invoice line this task would become: the very ones billing uses, at the previewed quantity."""
        values = self._prepare_invoice_line()
        if not self._is_progress():
            values["quantity"] = self._preview_quantity()
        elif not self._billable_quantity():
            values["price_unit"] = self._progress_value()
        return self.sale_line_id._preview_line(sequence, **values)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _preview_line(self, sequence, **values):
        """Given outright, as Odoo would look a model of distribution up for every line; no document says it."""
        values["analytic_distribution"] = self.analytic_distribution or False
        return self._prepare_invoice_line(**values, sequence=sequence)


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _document_previews(self):
        """By work order id, the document (version 1, with ``stage`` "ticket") each would be billed as now.

        Nothing is stored and no number is drawn: number and dates are empty. None where nothing would be billed. What
        the customer paid in advance is not deducted.
        """
        orders = self.sudo()
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        orders.task_ids.work_order_id.mapped("name")  # read together, as are the lines of all their orders
        for name in ("tax_ids", "invoice_lines", "work_order_task_ids"):
            orders.sale_order_id.order_line.mapped(name)
        changes, files = orders.task_ids._approved_changes(), orders._ticket_files()
        return {order.id: order._preview_document(database, changes, files[order.id]) for order in orders}

    def _document_preview(self):
        self.ensure_one()
        return self._document_previews()[self.id]

    def _preview_document(self, database, changes, files):
        tasks = self.task_ids.filtered(lambda task: task.state != "cancelled" and task.sale_line_id)
        tasks = tasks.filtered(lambda task: task._preview_quantity() > 0)
        if not tasks or not self.billable:
            return None
        sale = self.sale_order_id.with_company(self.company_id)
        rest = sale._get_invoiceable_lines().filtered(
            lambda line: not line.display_type and not line.is_downpayment and not line._is_delivered_by_work_order()
        )
        lines = [task._preview_line(place) for place, task in enumerate(tasks)]
        lines += [line._preview_line(len(lines) + place) for place, line in enumerate(rest)]
        values = {**sale._prepare_invoice(), "invoice_line_ids": [Command.create(line) for line in lines]}
        move = self.env["account.move"].new(values)
        return move._preview_document(database, changes, files)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _preview_document(self, database, changes, files):
        """The document of this unsaved invoice; it has no journal items, so Odoo's taxes say the amounts directly."""
        digits = self._document_digits()
        authorities = {line: line._preview_authority(changes) for line in self.invoice_line_ids}
        bases, _tax_lines = self._get_rounded_base_and_tax_lines()
        lines = [self._document_line(line, digits, authorities) for line in self.invoice_line_ids]
        for line, base in zip(lines, bases, strict=False):  # a mixed discount has base lines of its own behind them
            line["subtotal"] = amount_text(self._preview_subtotal(base), self.currency_id)
        return {
            "version": DOCUMENT_VERSION,
            "kind": "invoice",
            "stage": "ticket",
            "number": "",
            "issue_date": None,
            "due_date": None,
            "currency": self.currency_id.name,
            "odoo": {"database_uuid": database, "company_id": self.company_id.id, "invoice_id": None},
            "seller": self._document_seller(),
            "buyer": self._document_buyer(),
            **self._document_header(lines),
            "lines": lines,
            "taxes": self._preview_taxes(bases),
            "totals": self._preview_totals(bases),
            "terms": self._preview_terms(digits),
            "work_orders": self._document_work_orders(),
            "original": None,
            "attachments": files,
            "exchange": None,
        }

    def _preview_subtotal(self, base):
        details = base["tax_details"]
        return details["total_excluded_currency"] + details["delta_total_excluded_currency"]

    def _preview_taxes(self, bases):
        sums = {}
        for base in bases:
            for each in base["tax_details"]["taxes_data"]:
                tax = each["tax"]._origin
                known = sums.get(tax, (0.0, 0.0))
                sums[tax] = (
                    known[0] + each["base_amount_currency"],
                    known[1] + each["tax_amount_currency"],
                )
        return [self._document_tax(tax, *amounts) for tax, amounts in sums.items()]

    def _preview_totals(self, bases):
        totals = self.env["account.tax"]._get_tax_totals_summary(bases, self.currency_id, self.company_id)
        names = {"untaxed": "base_amount", "tax": "tax_amount", "total": "total_amount"}
        texts = {name: amount_text(totals[f"{source}_currency"], self.currency_id) for name, source in names.items()}
        return {**texts, "retention": amount_text(0.0, self.currency_id), "prepaid": amount_text(0.0, self.currency_id)}

    def _preview_terms(self, digits):
        """Terms without day and amount of the discount, which follow from the date of an invoice."""
        terms = self.invoice_payment_term_id._origin
        if not terms:
            return None
        percent = number_text(terms.discount_percentage, digits["Discount"]) if terms.early_discount else None
        return {
            **self._document_terms_name(terms),
            "discount_percent": percent,
            "discount_date": None,
            "discount_amount": None,
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _preview_authority(self, changes):
        task = self.work_order_task_id
        if task:
            return task._authority(changes.get(task.id))
        return self._authority_of_order() if self.sale_line_ids else NOTHING
