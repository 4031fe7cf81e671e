from odoo import api, fields, models


class QuickbooksCustomerMap(models.Model):
    """Customer → QuickBooks customer. A contact without a row of its own uses its company's row."""

    _name = "quickbooks.customer.map"
    _inherit = "quickbooks.map.mixin"
    _description = "QuickBooks Customer"
    _order = "partner_id, id"
    _map_field = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade", check_company=True
    )

    _record_unique = models.Constraint(
        "UNIQUE(destination_id, partner_id)", "This customer already has a QuickBooks customer at this destination."
    )

    @api.model
    def _lookup(self, destination, ids):
        partners = self.env["res.partner"].browse(ids)
        found = super()._lookup(destination, (partners | partners.commercial_partner_id).ids)
        entries = {
            partner.id: found.get(str(partner.id)) or found.get(str(partner.commercial_partner_id.id))
            for partner in partners
        }
        return {str(partner_id): entry for partner_id, entry in entries.items() if entry}

    @api.model
    def _remember(self, destination, customers):
        """Add rows for customers the bridge found or created; a row that exists already stays as a person left it.

        Except for a customer that was merged into another one in QuickBooks: the rows that still name it follow.
        """
        merged = {customer["replaces"]: customer for customer in customers if customer.get("replaces")}
        self._follow_merged(destination, merged)
        customers = [customer for customer in customers if not customer.get("replaces")]
        partners = self.env["res.partner"].browse([customer["partner_id"] for customer in customers]).exists()
        company_of = {partner.id: partner.commercial_partner_id.id for partner in partners}
        known = self.with_context(active_test=False).search_fetch(
            [("destination_id", "=", destination.id), ("partner_id", "in", list(company_of.values()))], ["partner_id"]
        )
        vals_by_partner = {
            company_of[customer["partner_id"]]: {
                "destination_id": destination.id,
                "partner_id": company_of[customer["partner_id"]],
                "external_id": customer["external_id"],
                "external_name": customer.get("external_name"),
            }
            for customer in customers
            if customer["partner_id"] in company_of
        }
        # A batch that is being mapped at this moment knows these rows, so it need not be checked again for them.
        return self.with_context(mapped_by_bridge=True).create(
            [vals for key, vals in vals_by_partner.items() if key not in known.partner_id.ids]
        )

    @api.model
    def _follow_merged(self, destination, merged):
        """:param dict merged: by the id that is gone there, the customer that took it in"""
        rows = self.search([("destination_id", "=", destination.id), ("external_id", "in", list(merged))])
        for row in rows:
            survivor = merged[row.external_id]
            # Not by the bridge alone: what blocked under the old row is to be tried again.
            row.write({"external_id": survivor["external_id"], "external_name": survivor.get("external_name")})
