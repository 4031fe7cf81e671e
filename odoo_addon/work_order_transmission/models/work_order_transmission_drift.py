"""Comparing an invoice as it is there with what was agreed: the frozen document, the receipt, what was seen since."""

import json
from decimal import Decimal

from odoo import api, fields, models

from .drift_causes import CAUSE_OF_FIELD
from .work_order_drift_report import finding, is_older

#: What only the destination can tell, and may keep its own way of telling.
REMEMBERED = ("customer", "date", "due_date", "lines", "memo")


class WorkOrderTransmission(models.Model):
    _inherit = "work.order.transmission"

    agreed_there = fields.Json(
        readonly=True, copy=False, help="How the destination showed this document when it was as we had written it."
    )
    seen_version = fields.Char(string="Version Last Seen", readonly=True, copy=False)
    drift_ids = fields.One2many("work.order.drift", "transmission_id", readonly=True)

    def write(self, vals):
        """Where the document is withdrawn, or empty there by our own will, nothing about it is left to answer."""
        result = super().write(vals)
        if vals.get("state") in ("cancelled", "voided"):
            entries = self.sudo().drift_ids.filtered(
                lambda drift: drift.state == "open" and drift.cause in ("voided", "deleted", *CAUSE_OF_FIELD.values())
            )
            entries._close("past", self.env._("The document was withdrawn, or is voided on both sides."))
        return result

    @api.model
    def _find_drift(self, destination, entries, customers):
        """Findings about our documents among these; who is a stranger is left out."""
        rows = self._rows_seen(destination, entries)
        maps = self._customers_expected(destination, rows.values(), customers)
        findings = []
        for entry in entries:
            row = rows.get((entry["kind"], entry["external_id"]))
            if row and not is_older(entry["version"], row.seen_version):
                findings += row._compare(entry, maps.get(row.partner_id.id))
        self._note_successors(destination, entries, rows)
        return findings

    @api.model
    def _rows_seen(self, destination, entries):
        """Invoices and credits of ours by kind and id there. What we withdrew, or voided there, is compared no more."""
        ids = [entry["external_id"] for entry in entries]
        found = self.search(
            [
                ("destination_id", "=", destination.id),
                ("external_id", "in", ids),
                ("kind", "in", ("invoice", "credit")),
                ("state", "not in", ("cancelled", "voided")),
            ]
        )
        emptied = self.search(
            [
                ("destination_id", "=", destination.id),
                ("invoice_id", "in", found.invoice_id.ids),
                ("kind", "=", "void"),
                ("state", "!=", "cancelled"),
            ]
        ).invoice_id
        return {(row.kind, row.external_id): row for row in found if row.invoice_id not in emptied}

    @api.model
    def _customers_expected(self, destination, rows, customers):
        """Map rows by partner, except for customers that are being merged: that is one finding, not one per invoice."""
        partners = {row.partner_id.id for row in rows}
        maps = (
            self.env["quickbooks.customer.map"]
            .with_context(active_test=False)
            .search([("destination_id", "=", destination.id), ("partner_id", "in", list(partners))])
        )
        merged = self.env["work.order.drift"].search(
            [("destination_id", "=", destination.id), ("cause", "=", "customer_merged"), ("state", "!=", "past")]
        )
        gone = {drift.external_id for drift in merged} | {
            external_id for external_id, customer in customers.items() if not customer["active"]
        }
        return {row.partner_id.id: row for row in maps if row.external_id not in gone}

    def _compare(self, entry, customer):
        """One finding per cause, those without differences included: they close what was open."""
        self.ensure_one()
        found = {cause: {} for cause in ("voided", "deleted", *dict.fromkeys(CAUSE_OF_FIELD.values()))}
        closing = None
        if entry["status"] != "present":
            found[entry["status"]]["status"] = (self.env._("present"), self._status_text(entry))
            closing = self.env._("The invoice was %s there since.", self._status_text(entry))
        else:
            picture, agreed = self._pictures(entry, customer)
            for name, cause in CAUSE_OF_FIELD.items():
                if name in agreed and picture[name] is not None and picture[name] != agreed[name]:
                    found[cause][name] = (self._text_of(name, agreed[name]), self._text_of(name, picture[name], entry))
        self.seen_version = entry["version"]
        return [self._finding(cause, entry, differences, closing) for cause, differences in found.items()]

    def _pictures(self, entry, customer):
        """How it is there, and how it should be. What we wrote ourselves, and what nobody knew before, is as it should
        be; it is remembered for the next time.
        """
        picture = self._picture(entry)
        ours = entry["version"] == self.external_version
        agreed = picture if ours else {**picture, **self._agreed(picture, customer)}
        if ours or not self.agreed_there:
            self.agreed_there = {name: agreed.get(name) for name in REMEMBERED}
        if customer is None:  # merged, which is told once and not with every invoice
            agreed = {name: value for name, value in agreed.items() if name != "customer"}
        return picture, agreed

    def _picture(self, entry):
        """What is compared, as it is there."""
        return {
            "total": _cents(entry["total"]),
            "tax": _cents(entry["tax"]),
            "lines": entry["lines"],
            "customer": entry["customer_id"],
            "number": entry["number"],
            "date": entry["date"],
            "due_date": entry["due_date"],
            "memo": " ".join(entry["memo"].split()),
            "mark": f"[wb:{self.key}]" in entry["note"],
        }

    def _agreed(self, picture, customer):
        """What the document, the receipt and earlier looks say."""
        document = json.loads(self.document)
        remembered = {name: value for name, value in (self.agreed_there or {}).items() if value is not None}
        agreed = {
            "total": _cents(self.external_total if self.external_id else self.amount_total),
            "tax": _cents(self.external_tax),
            "number": self.external_number or self.name,
            "date": document["issue_date"],
            "due_date": document["due_date"],
            "mark": True,
            **remembered,
        }
        if self.kind == "credit":  # a credit memo is never due
            agreed.pop("due_date")
        if customer:
            names = {customer.external_id, remembered.get("customer")}
            agreed["customer"] = picture["customer"] if picture["customer"] in names else customer.external_id
        return agreed

    def _finding(self, cause, entry, differences, closing):
        amounts = {}
        if cause in ("amount", "voided", "deleted"):
            amounts = {
                "currency_id": self.currency_id.id,
                "amount_here": self.amount_total,
                "amount_there": float(Decimal(entry["total"])),
            }
        return finding(
            self.name,
            cause,
            self.external_id,
            entry,
            differences,
            closing=closing,
            transmission_id=self.id,
            partner_id=self.partner_id.id,
            counterpart_id=entry["customer_id"] if cause == "customer" else False,
            counterpart_name=entry["number"] if cause == "number" else entry["customer_name"] or False,
            **amounts,
        )

    def _status_text(self, entry):
        return self.env._("voided") if entry["status"] == "voided" else self.env._("deleted")

    def _text_of(self, name, value, entry=None):
        if name == "mark":
            return self.env._("there") if value else self.env._("removed")
        if name == "customer":
            known = entry["customer_name"] if entry else self.partner_id.name
            return f"{known} ({value})"
        return value

    @api.model
    def _note_successors(self, destination, entries, rows):
        """Somebody entered an invoice there under the number of a deleted one: sending again would double it."""
        deleted = self.env["work.order.drift"].search(
            [("destination_id", "=", destination.id), ("cause", "=", "deleted"), ("state", "=", "open")]
        )
        wanted = {drift.transmission_id.external_number or drift.name: drift for drift in deleted}
        for entry in entries:
            drift = wanted.get(entry["number"]) if entry["number"] and entry["status"] == "present" else None
            if drift and (entry["kind"], entry["external_id"]) not in rows:
                drift.write({"counterpart_id": entry["external_id"], "counterpart_name": entry["number"]})


def _cents(value):
    return f"{Decimal(str(value or 0)):.2f}"
