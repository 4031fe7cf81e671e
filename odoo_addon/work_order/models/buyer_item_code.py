"""What buyers call our products and services: their accounts payable compares this code, never ours."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Fetched with the rows, so that a look-up is one query.
LOOKED_UP = (
    "code",
    "company_id",
    "partner_id",
    "po_unit",
    "po_unit_factor",
    "product_id",
    "product_tmpl_id",
    "task_code_id",
    "valid_from",
    "valid_to",
)


class BuyerItemCode(models.Model):
    """One buyer's code of one product, variant or task code, for as long as it is valid."""

    _name = "buyer.item.code"
    _description = "Buyer Item Code"
    _rec_name = "code"
    _rec_names_search = ["code", "name"]
    _order = "partner_id, code, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="The company that buys; holds for all of its addresses and contacts.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", index="btree_not_null", ondelete="cascade", check_company=True
    )
    product_id = fields.Many2one(
        "product.product",
        string="Variant",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Only for this variant. Empty: for all variants of the product that have no code of their own.",
    )
    task_code_id = fields.Many2one(
        "work.order.task.code",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="For tasks of this code whose product has no code of its own.",
    )
    code = fields.Char(string="Buyer's Code", required=True, index=True, help="Exactly as the buyer writes it.")
    name = fields.Char(string="Buyer's Description")
    po_unit = fields.Char(
        string="PO Unit", help="The unit in which this buyer orders it, as they write it, such as CS."
    )
    po_unit_factor = fields.Float(
        string="Contains", digits=(16, 6), default=1.0, help="How many of our unit one of the buyer's unit is."
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    active = fields.Boolean(default=True)

    _dates_in_order = models.Constraint(
        "CHECK(valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A code is valid from a day to a later one.",
    )
    _factor_positive = models.Constraint("CHECK(po_unit_factor > 0)", "One PO unit contains more than nothing of ours.")
    _one_thing = models.Constraint(
        "CHECK((product_tmpl_id IS NULL) <> (task_code_id IS NULL))",
        "A buyer's code stands for one thing: a product or a task code.",
    )

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id:
            self.product_tmpl_id = self.product_id.product_tmpl_id

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_id.product_tmpl_id != self.product_tmpl_id:
            self.product_id = False

    @api.model_create_multi
    def create(self, vals_list):
        codes = super().create(self._as_written(vals_list))
        codes.company_id._keep_buyer_register()
        return codes

    def write(self, vals):
        return super().write(self._as_written([vals])[0])

    @api.model
    def _as_written(self, vals_list):
        """Codes without the blanks around them, the company that buys, and the product of a variant."""
        partners = self.env["res.partner"].browse({vals.get("partner_id") for vals in vals_list} - {None, False})
        products = self.env["product.product"].browse({vals.get("product_id") for vals in vals_list} - {None, False})
        buyer_of = {partner.id: partner.commercial_partner_id.id for partner in partners}
        template_of = {product.id: product.product_tmpl_id.id for product in products}
        return [self._row_as_written(vals, buyer_of, template_of) for vals in vals_list]

    @api.model
    def _row_as_written(self, vals, buyer_of, template_of):
        vals = dict(vals)
        for name in ("code", "po_unit"):
            if isinstance(vals.get(name), str):
                vals[name] = vals[name].strip()
        if vals.get("partner_id"):
            vals["partner_id"] = buyer_of[vals["partner_id"]]
        if vals.get("product_id"):
            vals["product_tmpl_id"] = template_of[vals["product_id"]]
        return vals

    @api.constrains("code")
    def _check_code(self):
        if any(not code.code for code in self):
            raise ValidationError(self.env._("Buyer's Code is empty."))

    @api.constrains("product_id", "product_tmpl_id")
    def _check_variant(self):
        for code in self:
            if code.product_id and code.product_id.product_tmpl_id != code.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%(variant)s is no variant of %(product)s.",
                        variant=code.product_id.display_name,
                        product=code.product_tmpl_id.display_name,
                    )
                )

    def _thing(self):
        return self.product_id or self.product_tmpl_id or self.task_code_id

    def _is_valid_on(self, day):
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)

    @api.model
    def _table_for(self, companies, buyers, products, task_codes):
        """The codes these buyers have for these things, to look up in; one query.

        :return: codes by (company id, buyer id, what), `what` being a variant, a product template or a task code
        """
        found = self.sudo().search_fetch(
            [
                ("company_id", "in", companies.ids),
                ("partner_id", "in", buyers.ids),
                "|",
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                ("task_code_id", "in", task_codes.ids),
            ],
            LOOKED_UP,
        )
        return found.grouped(lambda row: (row.company_id.id, row.partner_id.id, row._thing()))

    @api.model
    def _look_up(self, table, company, buyer, product, task_code, day):
        """The row for this variant, else its product, else its task code, that is valid on this day."""
        for thing in (product, product.product_tmpl_id, task_code):
            for row in table.get((company.id, buyer.id, thing), ()) if thing else ():
                if row._is_valid_on(day):
                    return row
        return self.browse()
