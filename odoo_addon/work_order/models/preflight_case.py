"""Collects what a verdict depends on: documents, the buyer's demands, their POs and what was billed before.

Records of one buyer are judged one after the other, each with what the earlier ones bill, as the buyer's accounts
payable would book them.
"""

from odoo import fields, models

from ..preflight import case_to_json, check
from ..preflight.billing_document import content_hash, document_of
from ..preflight.case import Case, key
from .preflight_history import PreflightLedger


class BuyerProfile(models.Model):
    _inherit = "buyer.profile"

    preflight_gate = fields.Selection(
        [
            ("block", "Refuse what the buyer would reject"),
            ("tell", "Only tell"),
        ],
        string="Pre-flight",
        required=True,
        default="block",
        tracking=True,
        help="Whether dispatch, completion and posting are refused for what the buyer would reject anyway. What cannot "
        "be known is told and never refused.",
    )
    register_complete = fields.Boolean(
        string="We Register All Their POs",
        tracking=True,
        help="A PO that is not in our register is then wrong; otherwise nobody can know.",
    )


class PreflightSubject(models.AbstractModel):
    """What an invoice and a work order have in common as subjects of pre-flight."""

    _name = "work.order.preflight.subject"
    _description = "Subject of Pre-flight"

    def _preflight_contents(self):
        """The document of each record by id, None where there is nothing to judge."""
        raise NotImplementedError

    def _preflight_buyer(self):
        raise NotImplementedError

    def _preflight_tickets(self):
        raise NotImplementedError

    def _preflight_hash(self):
        self.ensure_one()
        content = self.sudo()._preflight_contents()[self.id]
        return content_hash(content) if content else ""

    def _preflight_reports(self):
        """The report on each record that can be judged, in the order in which they count."""
        return {record: check(case) for record, case in self._preflight_cases()}

    def preflight_cases(self):
        """The cases as `workorder preflight` reads them, in the order in which they count; for users who see prices.

        :return: list of {"id", "name", "case"}, without records that cannot be judged
        :raises AccessError: if this user may not read verdicts
        """
        self._check_preflight_access()
        return [
            {"id": record.id, "name": record.name, "case": case_to_json(case)}
            for record, case in self._preflight_cases()
        ]

    def _check_preflight_access(self):
        self.check_access("read")
        self.env["work.order.preflight"].check_access("read")

    def _preflight_cases(self):
        """Pairs of record and :class:`Case`; each sees what those before it bill."""
        records = self.sudo().sorted("id")
        contents = records._preflight_contents()
        judged = records.filtered(lambda record: contents[record.id])
        for _place, group in judged.grouped(lambda each: (each.company_id, each._preflight_buyer())).items():
            yield from group._preflight_group({record: contents[record.id] for record in group})

    def _preflight_group(self, contents):
        company, buyer = self.company_id, self._preflight_buyer()
        profile = self.env["buyer.profile"].search([("partner_id", "=", buyer.id), ("company_id", "=", company.id)])
        orders = self._preflight_orders(company, buyer, contents)
        codes = {po.payment_term_id.id: po.terms_code for po in orders.values() if po.terms_code}
        documents = {record: document_of(content, codes) for record, content in contents.items()}
        register = {number: po._as_case() for number, po in orders.items()}
        moves = self if self._name == "account.move" else self.env["account.move"]
        ledger = PreflightLedger(self.env["buyer.purchase.order"].union(*orders.values()), moves.ids)
        invoiced, amounts = self.env["account.move"]._preflight_work_orders(
            self._preflight_tickets(), moves.ids, profile.not_to_exceed_includes_tax
        )
        known = {
            "by_work_order": invoiced,
            "billed_of_work_order": amounts,
            "numbers": self.env["account.move"]._preflight_numbers(
                buyer, company, [each.number for each in documents.values()], moves.ids
            ),
            "similar": self.env["account.move"]._preflight_similar(
                documents.values(), self._preflight_tickets(), moves.ids, profile.duplicate_window_days
            ),
        }
        factors = self._preflight_factors(company, buyer, orders)
        judged_before = {each._preflight_record(): each.sha256 for each in self._preflight_stored()}
        for record, document in documents.items():
            originals = record._preflight_original() if record._name == "account.move" else {}
            yield (
                record,
                Case(
                    document=document,
                    today=fields.Date.context_today(self),
                    profile=profile._as_case() if profile else None,
                    purchase_orders=register,
                    register_complete=profile.register_complete,
                    history=ledger.history(originals=originals, **known),
                    factors=factors,
                    judged_sha256=judged_before.get(record, ""),
                ),
            )
            ledger.take(record.id if record._name == "account.move" else None)

    def _preflight_orders(self, company, buyer, contents):
        """The register's entries for the POs that these documents name, by key."""
        texts = {line["buyer_po"] for content in contents.values() for line in content["lines"] if line["buyer_po"]}
        found = self.env["buyer.purchase.order"]._registered(company, buyer, {key(text) for text in texts})
        return {number: po for (_company, _buyer, number), po in found.items()}

    def _preflight_factors(self, company, buyer, orders):
        lines = self.env["buyer.purchase.order"].union(*orders.values()).line_ids
        return self.env["uom.uom"]._preflight_factors(self._preflight_units(), lines, company, buyer)

    def _preflight_units(self):
        """Our units that the documents use."""
        raise NotImplementedError

    def _preflight_stored(self):
        link = "move_id" if self._name == "account.move" else "work_order_id"
        return self.env["work.order.preflight"].search([(link, "in", self.ids)])

    def _store_preflight(self):
        """Judge these records and keep the verdicts; gives them."""
        return self.env["work.order.preflight"]._store(self._preflight_reports())

    def action_preflight(self):
        """Check now and show the verdicts.

        :raises AccessError: if this user may not read verdicts, which name prices
        """
        self._check_preflight_access()
        verdicts = self._store_preflight()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_preflight_action")
        if len(verdicts) == 1:
            return {**action, "views": [(False, "form")], "res_id": verdicts.id}
        return {**action, "domain": [("id", "in", verdicts.ids)]}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "work.order.preflight.subject"]

    def _preflight_contents(self):
        """Invoices and credit notes of work orders; a draft as it would be posted today."""
        judged = self.filtered(lambda move: move.is_sale_document() and move._work_orders() and move.state != "cancel")
        contents = dict.fromkeys(self.ids) | judged._invoice_documents()
        today = fields.Date.context_today(self).isoformat()
        for move in judged.filtered(lambda move: move.state == "draft"):
            content = contents[move.id]
            content["number"] = content["number"] or move._number_if_posted()
            content["issue_date"] = content["issue_date"] or today
        return contents

    def _number_if_posted(self):
        """The number a draft would get by now; none is drawn, so several drafts are told the same."""
        form, values = self._get_next_sequence_format()
        return form.format(**{**values, "seq": values["seq"] + 1})

    def _preflight_buyer(self):
        return self.commercial_partner_id

    def _preflight_tickets(self):
        return self.sudo().invoice_line_ids.work_order_id

    def _preflight_units(self):
        return self.invoice_line_ids.product_uom_id


class WorkOrder(models.Model):
    _name = "work.order"
    _inherit = ["work.order", "work.order.preflight.subject"]

    def _preflight_contents(self):
        return self._document_previews()

    def _preflight_buyer(self):
        return self.partner_id.commercial_partner_id

    def _preflight_tickets(self):
        return self.sudo()

    def _preflight_units(self):
        return self.task_ids.product_uom_id
