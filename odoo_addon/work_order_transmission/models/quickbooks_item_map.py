from odoo import api, fields, models


class QuickbooksItemMap(models.Model):
    """Product → QuickBooks item, for one variant or for all variants that have no row of their own."""

    _name = "quickbooks.item.map"
    _inherit = "quickbooks.map.mixin"
    _description = "QuickBooks Item"
    _order = "product_id, product_tmpl_id, id"
    _map_field = "product_id"

    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="cascade", check_company=True)
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="All Variants Of",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Instead of one product: every variant of this product that has no row of its own.",
    )

    _one_record = models.Constraint(
        "CHECK(num_nonnulls(product_id, product_tmpl_id) = 1)",
        "Fill either Product or All Variants Of, and not both.",
    )
    _product_unique = models.UniqueIndex(
        "(destination_id, product_id) WHERE product_id IS NOT NULL",
        "This product already has an item at this destination.",
    )
    _template_unique = models.UniqueIndex(
        "(destination_id, product_tmpl_id) WHERE product_tmpl_id IS NOT NULL",
        "The variants of this product already have an item at this destination.",
    )

    def _mapped_record(self):
        return super()._mapped_record() or self.product_tmpl_id

    @api.model
    def _lookup(self, destination, ids):
        products = self.env["product.product"].browse(ids)
        rows = self.search_fetch(
            [
                ("destination_id", "=", destination.id),
                "|",
                ("product_id", "in", products.ids),
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
            ],
            ["product_id", "product_tmpl_id", "external_id", "external_name"],
        )
        by_record = {row._mapped_record(): row._as_entry() for row in rows}
        entries = {product.id: by_record.get(product) or by_record.get(product.product_tmpl_id) for product in products}
        return {str(product_id): entry for product_id, entry in entries.items() if entry}

    @api.model
    def _remember(self, destination, items):
        """Add rows for items the bridge made; a product that has a row by now keeps it as a person left it."""
        products = self.env["product.product"].browse([item["product_id"] for item in items]).exists()
        known = self.with_context(active_test=False).search_fetch(
            [("destination_id", "=", destination.id), ("product_id", "in", products.ids)], ["product_id"]
        )
        vals_by_product = {
            item["product_id"]: {
                "destination_id": destination.id,
                "product_id": item["product_id"],
                "external_id": item["external_id"],
                "external_name": item.get("external_name"),
            }
            for item in items
            if item["product_id"] in products.ids and item["product_id"] not in known.product_id.ids
        }
        return self.with_context(mapped_by_bridge=True).create(list(vals_by_product.values()))
