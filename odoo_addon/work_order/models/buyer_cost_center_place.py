"""Where and when a buyer's cost centre holds: sites, building, days; and which one the work at a site takes."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .buyer_purchase_order import PRICE_GROUPS


class BuyerCostCenter(models.Model):
    _inherit = "buyer.cost.center"

    site_ids = fields.Many2many(
        "res.partner",
        "buyer_cost_center_site_rel",
        "cost_center_id",
        "site_id",
        string="Sites",
        help="Work at these addresses takes this cost centre unless it has its own.",
    )
    building = fields.Char(help="Work in this building takes this cost centre, where its site names none.")
    is_default = fields.Boolean(
        string="Buyer's Default",
        help="Work for this buyer takes it where neither PO line, site nor building names one.",
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    purchase_order_line_ids = fields.One2many(
        "buyer.purchase.order.line", "cost_center_id", string="PO Lines", readonly=True, groups=PRICE_GROUPS
    )

    _dates_in_order = models.Constraint(
        "CHECK(valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "A cost centre is valid from a day to a later one.",
    )

    @api.constrains("site_ids", "partner_id", "is_default")
    def _check_sites(self):
        for center in self:
            buyer = center.partner_id.commercial_partner_id
            if not buyer and (center.site_ids or center.is_default):
                raise ValidationError(
                    self.env._("Cost centre %s: name the buyer whose sites or default it is for.", center.code)
                )
            strangers = center.site_ids.filtered(lambda site, buyer=buyer: site.commercial_partner_id != buyer)
            if strangers:
                raise ValidationError(
                    self.env._(
                        "Cost centre %(code)s, Sites: %(sites)s belongs to another buyer than %(buyer)s.",
                        code=center.code,
                        sites=", ".join(strangers.mapped("display_name")),
                        buyer=buyer.display_name,
                    )
                )

    def _is_valid_on(self, day):
        self.ensure_one()
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)

    @api.model
    def _table_for(self, companies, buyers):
        """The cost centres of these buyers that hold somewhere, by buyer id; one query."""
        found = self.sudo().search_fetch(
            [
                ("company_id", "in", [*companies.ids, False]),
                ("partner_id", "child_of", buyers.ids),
                "|",
                ("site_ids", "!=", False),
                "|",
                ("building", "!=", False),
                ("is_default", "=", True),
            ],
            ["building", "code", "company_id", "is_default", "partner_id", "site_ids", "valid_from", "valid_to"],
        )
        return found.grouped(lambda center: center.partner_id.commercial_partner_id.id)

    @api.model
    def _look_up(self, table, company, buyer, site, day):
        """The one cost centre for work at this site on this day: by site, else building, else the buyer's default."""
        centers = table.get(buyer.id, self.browse()).filtered(
            lambda center: center.company_id.id in (False, company.id) and center._is_valid_on(day)
        )
        building = (site.building or "").strip().casefold()
        by_place = (
            centers.filtered(lambda center: site in center.site_ids),
            centers.filtered(lambda center: building and (center.building or "").strip().casefold() == building),
            centers.filtered("is_default"),
        )
        for found in by_place:
            if found:
                return found if len(found) == 1 else self.browse()
        return self.browse()
