"""Facts of a site, kept once on its address, and what work orders show and take of them."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _inherit = "res.partner"

    legal_name = fields.Char(help="The customer's registered name, where it differs from the name used every day.")
    building = fields.Char(help="Building, wing, floor or unit where work is done.")
    access_notes = fields.Text(
        groups="base.group_user", help="How the crew gets in: gate, parking, badge, hours, whom to report to."
    )
    site_contact_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null", help="During working hours."
    )
    after_hours_contact_id = fields.Many2one(
        "res.partner",
        string="After-Hours Contact",
        index="btree_not_null",
        ondelete="set null",
        help="Who opens the door at night and on weekends.",
    )
    site_cost_center_id = fields.Many2one(
        "buyer.cost.center",
        string="Cost Centre for Work Here",
        index="btree_not_null",
        ondelete="set null",
        help="Work orders at this site take it unless they have their own.",
    )

    @api.constrains("site_cost_center_id", "parent_id")
    def _check_site_cost_center(self):
        for site in self.filtered("site_cost_center_id"):
            buyer = site.site_cost_center_id.sudo().partner_id.commercial_partner_id
            if buyer and buyer != site.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(site)s”: cost centre “%(center)s” belongs to another buyer, “%(buyer)s”.",
                        site=site.display_name,
                        center=site.site_cost_center_id.sudo().display_name,
                        buyer=buyer.display_name,
                    )
                )

    def _cost_center_for(self, company):
        """The cost centre that work of this company at this site takes; none if it is another's or not valid today."""
        center = self.sudo().site_cost_center_id
        if not center or center.company_id.id not in (False, company.id):
            return center.browse()
        return center if center._is_valid_on(fields.Date.context_today(self)) else center.browse()


class WorkOrder(models.Model):
    _inherit = "work.order"

    legal_name = fields.Char(compute="_compute_legal_name", compute_sudo=True)
    building = fields.Char(related="site_id.building")
    access_notes = fields.Text(related="site_id.access_notes")
    site_contact_id = fields.Many2one(related="site_id.site_contact_id")
    site_contact_phone = fields.Char(related="site_id.site_contact_id.phone", string="Site Phone")
    after_hours_contact_id = fields.Many2one(related="site_id.after_hours_contact_id")
    after_hours_phone = fields.Char(related="site_id.after_hours_contact_id.phone", string="After-Hours Phone")

    @api.depends("partner_id.commercial_partner_id.legal_name", "partner_id.commercial_partner_id.name")
    def _compute_legal_name(self):
        for order in self:
            customer = order.partner_id.commercial_partner_id
            order.legal_name = customer.legal_name or customer.name

    @api.onchange("site_id")
    def _onchange_site_id(self):
        if self.site_id and self._follows_site():
            self.cost_center_id = self.site_id._cost_center_for(self.company_id)

    def _follows_site(self):
        """Whether the cost centre is empty, or the one that the site before gave."""
        before = self._origin.site_id._cost_center_for(self.company_id)
        return not self.cost_center_id or self.cost_center_id == before

    @api.model_create_multi
    def create(self, vals_list):
        sites = self.env["res.partner"].browse({vals["site_id"] for vals in vals_list if vals.get("site_id")})
        for vals in vals_list:
            if vals.get("site_id") and not vals.get("cost_center_id"):
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                site = self.env["res.partner"].browse(vals["site_id"]).with_prefetch(sites.ids)
                center = site._cost_center_for(company)
                if center:
                    vals["cost_center_id"] = center.id
        return super().create(vals_list)

    def write(self, vals):
        if "site_id" not in vals or "cost_center_id" in vals:
            return super().write(vals)
        followers = self.filtered(lambda order: order.site_id.id != vals["site_id"] and order._follows_site())
        result = super().write(vals)
        for order in followers:
            center = order.site_id._cost_center_for(order.company_id)
            if center != order.cost_center_id:
                order.cost_center_id = center
        return result
