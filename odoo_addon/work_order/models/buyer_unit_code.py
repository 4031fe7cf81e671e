"""Units as buyers write them: a unit nobody knows would silently become another one on the invoice."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .buyer_purchase_order import po_key


class BuyerUnitCode(models.Model):
    """One unit in a buyer's own writing, and what it is in ours."""

    _name = "buyer.unit.code"
    _description = "Buyer Unit"
    _rec_name = "code"
    _order = "code, partner_id, id"
    _check_company_auto = True

    code = fields.Char(string="Buyer's Unit", required=True, help="As the buyer writes it, such as EA, HUR or CS.")
    code_key = fields.Char(compute="_compute_code_key", store=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Leave empty if it holds for every buyer.",
    )
    uom_id = fields.Many2one("uom.uom", string="Our Unit", required=True, ondelete="restrict")
    factor = fields.Float(
        string="Contains", digits=(16, 6), default=1.0, help="How many of our unit one of the buyer's unit is."
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code_key, COALESCE(partner_id, 0), company_id) WHERE active",
        "This buyer's unit is in the table already.",
    )
    _factor_positive = models.Constraint("CHECK(factor > 0)", "One of the buyer's unit contains more than nothing.")

    @api.depends("code")
    def _compute_code_key(self):
        for unit in self:
            unit.code_key = po_key(unit.code)

    @api.constrains("code")
    def _check_code(self):
        if any(not unit.code_key for unit in self):
            raise ValidationError(self.env._("Buyer's Unit is empty."))

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create([self._as_written(vals) for vals in vals_list])
        units.company_id._keep_buyer_register()
        return units

    def write(self, vals):
        return super().write(self._as_written(vals))

    @api.model
    def _as_written(self, vals):
        vals = dict(vals)
        if isinstance(vals.get("code"), str):
            vals["code"] = vals["code"].strip()
        if vals.get("partner_id"):
            vals["partner_id"] = self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id.id
        return vals

    @api.model
    def _table_for(self, companies, buyers, keys=None):
        """Units of these buyers and of all, by (company id, buyer id or False, key); one query."""
        domain = [("company_id", "in", companies.ids), ("partner_id", "in", [*buyers.ids, False])]
        found = self.sudo().search(domain if keys is None else [*domain, ("code_key", "in", sorted(keys))])
        return {(unit.company_id.id, unit.partner_id.id, unit.code_key): unit for unit in found}

    @api.model
    def _look_up(self, table, company, buyer, text):
        """The buyer's own row for this unit, else the one for all."""
        key = po_key(text)
        return (
            table.get((company.id, buyer.id, key)) or table.get((company.id, False, key)) or self.browse()
            if key
            else self.browse()
        )
