"""Comparing the customer table with the customers there: renamed, made inactive, merged into another one."""

from odoo import api, models

from .work_order_drift_report import finding


class QuickbooksCustomerMap(models.Model):
    _inherit = "quickbooks.customer.map"

    @api.model
    def _find_drift(self, destination, invoices, customers):
        """Findings about customers of ours. A merge shows as a customer made inactive whose invoices moved on."""
        maps = self.search([("destination_id", "=", destination.id), ("external_id", "in", list(customers))])
        heirs = self._heirs(destination, maps, invoices, customers)
        findings = []
        for row in maps:
            customer = customers[row.external_id]
            heir = heirs.get(row.external_id)
            here = f"{row.external_name or row.partner_id.name} ({row.external_id})"
            by_cause = {"customer_merged": {}, "customer_inactive": {}, "customer_renamed": {}}
            if not customer["active"] and heir:
                by_cause["customer_merged"] = {"customer": (here, f"{heir['customer_name']} ({heir['customer_id']})")}
            elif not customer["active"]:
                by_cause["customer_inactive"] = {"name": (here, customer["name"])}
            elif row.external_name and customer["name"] != row.external_name:
                by_cause["customer_renamed"] = {"name": (row.external_name, customer["name"])}
            findings += [
                finding(
                    row.partner_id.display_name,
                    cause,
                    row.external_id,
                    customer,
                    differences,
                    partner_id=row.partner_id.id,
                    counterpart_id=heir["customer_id"] if heir and cause == "customer_merged" else False,
                    counterpart_name=heir["customer_name"] if heir and cause == "customer_merged" else customer["name"],
                )
                for cause, differences in by_cause.items()
            ]
        return findings

    @api.model
    def _heirs(self, destination, maps, invoices, customers):
        """For each inactive customer the one that our invoices of it name now."""
        gone = {row.partner_id: row.external_id for row in maps if not customers[row.external_id]["active"]}
        if not gone:
            return {}
        rows = self.env["work.order.transmission"]._rows_seen(destination, invoices)
        heirs = {}
        for entry in invoices:
            row = rows.get((entry["kind"], entry["external_id"]))
            loser = row and gone.get(row.partner_id)
            if loser and entry["customer_id"] and entry["customer_id"] != loser:
                heirs[loser] = entry
        return heirs
