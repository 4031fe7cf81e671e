"""The document (version 1) of docs/design.md, made from an invoice or a credit note."""

from odoo import api, models
from odoo.fields import Domain

from .decimal_text import amount_text, number_text
from .line_authority import NOTHING
from .work_order_flow import FINISHED

DOCUMENT_VERSION = 1
PDF_FIELD = "invoice_pdf_report_file"
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
    "charge": "",
    "site": "",
    "sales_order": "",
    "authority": None,
}


def day(value):
    return value.isoformat() if value else None


def agreed(values):
    """The one value all lines share, else a falsy one."""
    first = values[0] if values else None
    return first if first and all(value == first for value in values) else None


class AccountMove(models.Model):
    _inherit = "account.move"

    def _invoice_documents(self):
        """The documents of these invoices by invoice id, as they stand now; a fixed number of queries for all."""
        moves = self.sudo().browse(self.ids)  # read together, whatever they were found by
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        digits = self._document_digits()
        moves.invoice_line_ids.sale_line_ids.order_id.mapped("name")
        authorities = moves.invoice_line_ids._authorities()
        files = moves._document_files()
        return {move.id: move._invoice_document(database, digits, authorities, files[move.id]) for move in moves}

    def _document_digits(self):
        precision = self.env["decimal.precision"].precision_get
        return {name: precision(name) for name in ("Product Price", "Product Unit", "Discount")}

    def _invoice_document(self, database, digits, authorities, files):
        self.ensure_one()
        lines = [self._document_line(line, digits, authorities) for line in self._document_lines()]
        return {
            "version": DOCUMENT_VERSION,
            "kind": "credit" if self.move_type == "out_refund" else "invoice",
            "number": self.name if self.name and self.name != "/" else "",
            "issue_date": day(self.invoice_date),
            "due_date": day(self.invoice_date_due),
            "currency": self.currency_id.name,
            "odoo": {"database_uuid": database, "company_id": self.company_id.id, "invoice_id": self.id or None},
            "seller": self._document_seller(),
            "buyer": self._document_buyer(),
            **self._document_header(lines),
            "lines": lines,
            "taxes": self._document_taxes(),
            "totals": self._document_totals(),
            "terms": self._document_terms(digits),
            "work_orders": self._document_work_orders(),
            "original": self._document_original(),
            "attachments": files,
            "exchange": self._document_exchange(),
        }

    def _document_seller(self):
        """Who bills, and the bank account to pay to."""
        return {"name": self.company_id.name, "bank_account": self.partner_bank_id.acc_number or ""}

    def _document_header(self, lines):
        """What all lines share, and what the work behind them says."""
        items = [line for line in lines if line["kind"] == "product"]
        dates = sorted(line["service_date"] for line in items if line["service_date"])
        tickets = self.invoice_line_ids.work_order_id._origin
        contracts = tickets.job_id.filtered(lambda job: job.kind == "agreement")
        place = tickets.site_id if len(tickets.site_id) == 1 else self.partner_shipping_id._origin
        return {
            "buyer_po": agreed([line["buyer_po"] for line in items]) or "",
            "cost_center": agreed([line["cost_center"] for line in items]),
            "contract": contracts.name if len(contracts) == 1 else "",
            "ship_to": self._document_place(place),
            "sales_orders": [
                {"id": order.id, "number": order.name}
                for order in self.invoice_line_ids.sale_line_ids.order_id._origin.sorted("id")
            ],
            "service_start": dates[0] if dates else None,
            "service_end": dates[-1] if dates else None,
        }

    def _document_lines(self):
        """What the invoice shows, plus a cash rounding line: without it the lines would not add up to the total.

        A list, since joined recordsets would forget that they were read together with the other invoices' lines.
        """
        rounding = self.line_ids.filtered(lambda line: line.display_type == "rounding")
        return [*self.invoice_line_ids.sorted(lambda line: (line.sequence, line.id)), *rounding]

    def _document_line(self, line, digits, authorities):
        kind = LINE_KINDS.get(line.display_type, "product")
        head = {"id": line._origin.id, "kind": kind, "description": line.name or ""}
        if kind != "product":
            return head | NO_ITEM
        return head | {
            "work_order": line.work_order_id.name or "",
            "task": line.work_order_task_id.name or "",
            "product": self._document_product(line.product_id._origin),
            "quantity": number_text(line.quantity, digits["Product Unit"]),
            "unit": line.product_uom_id.name or "",
            "unit_price": number_text(line.price_unit, digits["Product Price"], self.currency_id.decimal_places),
            "discount_percent": number_text(line.discount, digits["Discount"]),
            "subtotal": amount_text(self._document_subtotal(line), self.currency_id),
            "taxes": [
                {"id": tax.id, "name": tax.name, "rate": self._document_rate(tax)} for tax in line.tax_ids._origin
            ],
            "tax_amount": amount_text(line.price_total - line.price_subtotal, self.currency_id),
            "buyer_po": line.buyer_po or "",
            "buyer_po_line": line.buyer_po_line or "",
            "buyer_item_code": line.buyer_item_code or "",
            "cost_center": self._document_cost_center(line.cost_center_id._origin),
            "service_date": day(line.service_date),
            "charge": line._document_charge(),
            "site": line.work_order_id.site_id.name or "",
            "sales_order": line.sale_line_ids.order_id[:1].name or "",
            "authority": self._document_authority(authorities.get(line, NOTHING)),
        }

    def _document_subtotal(self, line):
        """What the line posts, not price_subtotal: with taxes rounded globally only the former adds up to the total."""
        return self.direction_sign * line.amount_currency

    def _document_authority(self, found):
        if not found.kind:
            return None
        return {
            "kind": found.kind,
            "by": found.approver or "",
            "on": day(found.day),
            "change": found.change.name if found.change else "",
        }

    def _document_rate(self, tax):
        """A tax's percentage, or null where it is none (a fixed amount, a group, a formula)."""
        return number_text(tax.amount, 4) if tax.amount_type == "percent" else None

    def _document_product(self, product):
        if not product:
            return None
        kind = "service" if product.type == "service" else "goods"
        return {"id": product.id, "code": product.default_code or "", "name": product.name, "kind": kind}

    def _document_exchange(self):
        """How our books count the invoice's currency: units of the company's currency for one of it; else null."""
        home = self.company_id.currency_id
        if self.currency_id == home or not self.invoice_currency_rate:
            return None
        return {"home": home.name, "rate": number_text(1 / self.invoice_currency_rate, 7)}

    def _document_cost_center(self, center):
        return {"id": center.id, "code": center.code, "name": center.name} if center else None

    def _document_place(self, partner):
        return {"id": partner.id, "name": partner.name or "", **self._document_address(partner)} if partner else None

    def _document_address(self, partner):
        return {
            "street": partner.street or "",
            "street2": partner.street2 or "",
            "city": partner.city or "",
            "state": partner.state_id.code or "",
            "zip": partner.zip or "",
            "country": partner.country_id.code or "",
        }

    def _document_buyer(self):
        """Who is billed: the company's name, at the address and e-mail the invoice goes to."""
        partner, company = self.partner_id._origin, self.commercial_partner_id._origin
        return {
            "id": partner.id,
            "name": company.name or partner.name or "",
            "email": partner.email or company.email or "",
            "phone": partner.phone or company.phone or "",
            **self._document_address(partner),
            "reference": partner.ref or company.ref or "",
        }

    def _document_work_orders(self):
        money = self.currency_id
        return [
            {
                "id": order.id,
                "number": order.name,
                "buyer_po": order.buyer_po or "",
                "site": order.site_id.name or "",
                "completed_on": day(order.completed_on),
                "closed": order.state in FINISHED,
                "signed": bool(order.signed_by),
                "not_to_exceed": amount_text(order.nte_amount_limit, money) if order.nte_amount else None,
            }
            for order in self.invoice_line_ids.work_order_id._origin.sorted("id")
        ]

    def _document_terms(self, digits):
        """Payment terms; an early discount as the amount the buyer may keep until its date."""
        terms = self.invoice_payment_term_id._origin
        if not terms:
            return None
        early = self.line_ids.filtered(lambda line: line.display_type == "payment_term" and line.discount_date)
        amount = sum(abs(line.amount_currency - line.discount_amount_currency) for line in early)
        return {
            **self._document_terms_name(terms),
            "discount_percent": number_text(terms.discount_percentage, digits["Discount"]) if early else None,
            "discount_date": day(early[:1].discount_date),
            "discount_amount": amount_text(amount, self.currency_id) if early else None,
        }

    def _document_terms_name(self, terms):
        """Name and days; ``net_days`` is null for terms in instalments or that end with a month."""
        last = terms.line_ids
        plain = len(last) == 1 and last.delay_type == "days_after"
        return {
            "id": terms.id,
            "name": terms.name,
            "net_days": last.nb_days if plain else None,
            "discount_days": terms.discount_days if terms.early_discount else None,
        }

    def _document_taxes(self):
        """One entry per tax the lines name, with what it is charged on and what it comes to; also taxes of zero."""
        sign = self.direction_sign
        amounts = {}
        for line in self.line_ids.filtered("tax_line_id"):
            tax = line.group_tax_id or line.tax_line_id
            amounts[tax] = amounts.get(tax, 0.0) + sign * line.amount_currency
        bases = {}
        for line in self.invoice_line_ids:
            for tax in line.tax_ids:
                bases[tax] = bases.get(tax, 0.0) + sign * line.amount_currency
        taxes = sorted(bases.keys() | amounts.keys(), key=lambda tax: tax.id)
        return [self._document_tax(tax, bases.get(tax, 0.0), amounts.get(tax, 0.0)) for tax in taxes]

    def _document_tax(self, tax, base, amount):
        return {
            "id": tax.id,
            "name": tax.name,
            "base": amount_text(base, self.currency_id),
            "amount": amount_text(amount, self.currency_id),
            "rate": self._document_rate(tax),
        }

    def _document_totals(self):
        """``retention`` and ``prepaid`` are contained in the lines, and so in the total, which is what is due."""
        money, lines = self.currency_id, self.invoice_line_ids
        withheld = lines.filtered("retention_kind")
        deducted = lines.filtered(lambda line: line._document_charge() == "deposit")
        return {
            "untaxed": amount_text(self.amount_untaxed, money),
            "tax": amount_text(self.amount_tax, money),
            "total": amount_text(self.amount_total, money),
            "retention": amount_text(-sum(withheld.mapped("price_total")), money),
            "prepaid": amount_text(-sum(deducted.mapped("price_total")), money),
        }

    def _document_original(self):
        """The invoice a credit note credits."""
        origin = self.reversed_entry_id
        if self.move_type != "out_refund" or not origin:
            return None
        return {
            "id": origin.id,
            "number": origin.name,
            "issue_date": day(origin.invoice_date),
            "reason": self.credit_reason or "",
        }

    def _document_files(self):
        """Proof of the work and papers of the invoice, by invoice id; one query."""
        tickets = self.invoice_line_ids.work_order_id
        found = self.env["ir.attachment"]._of_documents({"account.move": self.ids, "work.order": tickets.ids})
        return {
            move.id: [
                file._document_file()
                for record in (move, *move.invoice_line_ids.work_order_id)
                for file in found.get((record._name, record.id), ())
            ]
            for move in self
        }


class WorkOrder(models.Model):
    _inherit = "work.order"

    def _ticket_files(self):
        """Proof of the work, by work order id; one query."""
        found = self.env["ir.attachment"]._of_documents({"work.order": self.ids})
        return {order.id: [file._document_file() for file in found.get((order._name, order.id), ())] for order in self}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _document_charge(self):
        """What a buyer's AP has own rules for: freight, retention, deposits, other charges; "" for the work itself."""
        if self.retention_kind:
            return "retention"
        if any(line.is_downpayment for line in self.sale_line_ids):
            return "deposit"
        if self.product_id.is_freight:
            return "freight"
        return "other" if self.approved_by_id else ""


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _of_documents(self, places):
        """Files by (model, id) of the records they belong to; pictures of fields only where they are proof."""
        records = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids) for model, ids in places.items()
        )
        found = self.search(records & Domain("res_field", "in", (False, "signature", PDF_FIELD)), order="id")
        return found.grouped(lambda file: (file.res_model, file.res_id))

    def _document_file(self):
        return {
            "id": self.id,
            "kind": self._document_kind(),
            "name": self.name,
            "mimetype": self.mimetype or "",
            "size": self.file_size or 0,
        }

    def _document_kind(self):
        if self.res_field == "signature":
            return "sign_off"
        if self.res_field == PDF_FIELD:
            return "invoice_pdf"
        if self.res_model == "account.move":
            return "other"
        return "photo" if (self.mimetype or "").startswith("image/") else "other"
