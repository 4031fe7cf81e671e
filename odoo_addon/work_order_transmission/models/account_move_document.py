"""The document (version 1) of docs/design.md, made from a posted invoice."""

from odoo import models

from .decimal_text import amount_text, number_text

DOCUMENT_VERSION = 1
LINE_KINDS = {"line_section": "section", "line_subsection": "section", "line_note": "note"}
NO_ITEM = {
    "work_order": "",
    "task": "",
    "product": None,
    "quantity": None,
    "unit": "",
    "unit_price": None,
    "discount_percent": None,
    "subtotal": None,
    "taxes": [],
    "tax_amount": None,
    "buyer_po": "",
    "buyer_po_line": "",
    "buyer_item_code": "",
    "cost_center": None,
    "service_date": None,
}


def day(value):
    return value.isoformat() if value else None


def agreed(values):
    """The one value all lines share, else a falsy one."""
    first = values[0] if values else None
    return first if first and all(value == first for value in values) else None


class AccountMove(models.Model):
    _inherit = "account.move"

    def _transmission_documents(self):
        """The documents of posted invoices by invoice id, as they are to be frozen now."""
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        precision = self.env["decimal.precision"].precision_get
        digits = {name: precision(name) for name in ("Product Price", "Product Unit", "Discount")}
        return {invoice.id: invoice._transmission_document(database, digits) for invoice in self.sudo()}

    def _transmission_document(self, database, digits):
        self.ensure_one()
        lines = [self._document_line(line, digits) for line in self._document_lines()]
        items = [line for line in lines if line["kind"] == "product"]
        dates = sorted(line["service_date"] for line in items if line["service_date"])
        return {
            "version": DOCUMENT_VERSION,
            "kind": "invoice",
            "number": self.name,
            "issue_date": day(self.invoice_date),
            "due_date": day(self.invoice_date_due),
            "currency": self.currency_id.name,
            "odoo": {"database_uuid": database, "company_id": self.company_id.id, "invoice_id": self.id},
            "seller": {"name": self.company_id.name},
            "buyer": self._document_buyer(),
            "buyer_po": agreed([line["buyer_po"] for line in items]) or "",
            "cost_center": agreed([line["cost_center"] for line in items]),
            "work_orders": self._document_work_orders(),
            "terms": self._document_terms(digits),
            "service_start": dates[0] if dates else None,
            "service_end": dates[-1] if dates else None,
            "lines": lines,
            "taxes": self._document_taxes(),
            "totals": {
                "untaxed": amount_text(self.amount_untaxed, self.currency_id),
                "tax": amount_text(self.amount_tax, self.currency_id),
                "total": amount_text(self.amount_total, self.currency_id),
            },
        }

    def _document_lines(self):
        """What the invoice shows, plus a cash rounding line: without it the lines would not add up to the total.

        A list, since joined recordsets would forget that they were read together with the other invoices' lines.
        """
        rounding = self.line_ids.filtered(lambda line: line.display_type == "rounding")
        return [*self.invoice_line_ids.sorted(lambda line: (line.sequence, line.id)), *rounding]

    def _document_line(self, line, digits):
        kind = LINE_KINDS.get(line.display_type, "product")
        head = {"id": line.id, "kind": kind, "description": line.name or ""}
        if kind != "product":
            return head | NO_ITEM
        return head | {
            "work_order": line.work_order_id.name or "",
            "task": line.work_order_task_id.name or "",
            "product": self._document_product(line.product_id),
            "quantity": number_text(line.quantity, digits["Product Unit"]),
            "unit": line.product_uom_id.name or "",
            "unit_price": number_text(line.price_unit, digits["Product Price"], self.currency_id.decimal_places),
            "discount_percent": number_text(line.discount, digits["Discount"]),
            # What the line posts, not price_subtotal: with taxes rounded globally only the former adds up to the total.
            "subtotal": amount_text(-line.amount_currency, self.currency_id),
            "taxes": [{"id": tax.id, "name": tax.name} for tax in line.tax_ids],
            "tax_amount": amount_text(line.price_total - line.price_subtotal, self.currency_id),
            "buyer_po": line.buyer_po or "",
            "buyer_po_line": line.buyer_po_line or "",
            "buyer_item_code": line.buyer_item_code or "",
            "cost_center": self._document_cost_center(line.cost_center_id),
            "service_date": day(line.service_date),
        }

    def _document_product(self, product):
        return {"id": product.id, "code": product.default_code or "", "name": product.name} if product else None

    def _document_cost_center(self, center):
        return {"id": center.id, "code": center.code, "name": center.name} if center else None

    def _document_buyer(self):
        """Who is billed: the company's name, at the address and e-mail the invoice goes to."""
        partner, company = self.partner_id, self.commercial_partner_id
        return {
            "id": partner.id,
            "name": company.name or partner.name or "",
            "email": partner.email or company.email or "",
            "phone": partner.phone or company.phone or "",
            "street": partner.street or "",
            "street2": partner.street2 or "",
            "city": partner.city or "",
            "state": partner.state_id.code or "",
            "zip": partner.zip or "",
            "country": partner.country_id.code or "",
        }

    def _document_work_orders(self):
        return [
            {
                "id": order.id,
                "number": order.name,
                "buyer_po": order.buyer_po or "",
                "site": order.site_id.name or "",
                "completed_on": day(order.completed_on),
            }
            for order in self.invoice_line_ids.work_order_id.sorted("id")
        ]

    def _document_terms(self, digits):
        """Payment terms; an early discount as the amount the buyer may keep until its date."""
        terms = self.invoice_payment_term_id
        if not terms:
            return None
        early = self.line_ids.filtered(lambda line: line.display_type == "payment_term" and line.discount_date)
        amount = sum(line.amount_currency - line.discount_amount_currency for line in early)
        return {
            "id": terms.id,
            "name": terms.name,
            "discount_percent": number_text(terms.discount_percentage, digits["Discount"]) if early else None,
            "discount_date": day(early[:1].discount_date),
            "discount_amount": amount_text(amount, self.currency_id) if early else None,
        }

    def _document_taxes(self):
        """One entry per tax the lines name, with what it is charged on and what it comes to; also taxes of zero."""
        amounts = {}
        for line in self.line_ids.filtered("tax_line_id"):
            tax = line.group_tax_id or line.tax_line_id
            amounts[tax] = amounts.get(tax, 0.0) - line.amount_currency
        bases = {}
        for line in self.invoice_line_ids:
            for tax in line.tax_ids:
                bases[tax] = bases.get(tax, 0.0) - line.amount_currency
        return [
            {
                "id": tax.id,
                "name": tax.name,
                "base": amount_text(bases.get(tax, 0.0), self.currency_id),
                "amount": amount_text(amounts.get(tax, 0.0), self.currency_id),
            }
            for tax in sorted(bases.keys() | amounts.keys(), key=lambda tax: tax.id)
        ]
