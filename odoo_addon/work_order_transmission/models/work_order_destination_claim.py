import json

from odoo import api, models
from odoo.exceptions import UserError


class WorkOrderDestination(models.Model):
    _inherit = "work.order.destination"

    @api.model
    def claim(self, code, limit=30, lease_seconds=300):
        """Hand out one batch of documents to the bridge, under a lease; see docs/design.md for the answer's shape.

        Keys, request id and indexes are stored by this call, before anything can be sent with them.

        :raises UserError: if the destination may not hand out anything
        """
        for name, value, most in (("limit", limit, 1000), ("lease_seconds", lease_seconds, 86400)):
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                raise UserError(self.env._("%(name)s must be a whole number from 1 to %(most)s.", name=name, most=most))
        destination = self._open_for_bridge(code, active=True)
        # Leave first, then rows: rows without leave to send them would wait for their lease to run out.
        lanes, wait = destination._take_lanes(lease_seconds, limit)
        rows = self.env["work.order.transmission"].sudo()._lease(destination, limit, lease_seconds) if lanes else []
        remaining = self.env["work.order.transmission"].sudo()._claimable_count(destination)
        lease = rows[0]["request_id"] if rows else None
        originals = self.env["work.order.transmission"].sudo()._originals(destination, rows)
        return {
            "destination": {
                "code": destination.code,
                "kind": destination.kind,
                "realm": destination.realm or "",
                "create_missing_customers": destination.create_missing_customers,
                "create_missing_items": destination.create_missing_items,
                "income_account": (destination.income_account or "").strip(),
                "untaxed_tax_code": (destination.untaxed_tax_code or "").strip(),
                "attach_evidence": destination.attach_evidence,
            },
            "lease": lease,
            "attempt": max((row["attempt"] for row in rows), default=1),
            "rows": [
                {
                    "id": row["id"],
                    "index": row["batch_index"],
                    "key": row["key"],
                    "kind": row["kind"],
                    "original": originals.get(row["original_id"]),
                    "revision": row["revision"],
                    "earlier_keys": row["earlier_keys"],
                    "sha256": row["sha256"],
                    "document": row["document"],
                }
                for row in rows
            ],
            "tables": destination._mapping_tables([json.loads(row["document"]) for row in rows]),
            "remaining": remaining,
            "calls": destination._lend_lanes(lanes, wait, lease_seconds, len(rows), lease) if rows else None,
            "wait": 0 if lanes or not remaining else wait,
        }

    def _mapping_tables(self, documents):
        """The mapping rows these documents can use, a handful of queries whatever the number of documents."""
        self.ensure_one()
        lines = [line for document in documents for line in document["lines"]]
        centers = [holder["cost_center"] for holder in documents + lines if holder["cost_center"]]
        needed = {
            "customers": ("quickbooks.customer.map", {document["buyer"]["id"] for document in documents}),
            "items": ("quickbooks.item.map", {line["product"]["id"] for line in lines if line["product"]}),
            "taxes": ("quickbooks.tax.map", {tax["id"] for line in lines for tax in line["taxes"]}),
            "terms": ("quickbooks.term.map", {document["terms"]["id"] for document in documents if document["terms"]}),
            "classes": ("quickbooks.class.map", {center["id"] for center in centers}),
            "locations": ("quickbooks.location.map", {center["id"] for center in centers}),
        }
        return {
            table: self.env[model]._lookup(self, sorted(ids)) if ids else {} for table, (model, ids) in needed.items()
        }
