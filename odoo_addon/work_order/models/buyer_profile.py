from odoo import api, fields, models


class BuyerProfile(models.Model):
    """What one buyer demands of our work orders and invoices."""

    _name = "buyer.profile"
    _description = "Buyer Profile"
    _inherit = ["mail.thread"]
    _rec_name = "partner_id"
    _order = "partner_id, id"
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
    po_required = fields.Boolean(
        string="Buyer PO Required",
        tracking=True,
        help="Dispatch is refused until the work order carries the buyer's PO number.",
    )
    po_line_required = fields.Boolean(
        string="PO Line Required", tracking=True, help="Dispatch is refused until every task names a line of the PO."
    )
    billing_instructions = fields.Text(help="What the buyer wants to see on, or with, an invoice.")
    notes = fields.Html()

    _partner_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)", "This buyer has a profile in this company already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create([self._for_buying_company(vals) for vals in vals_list])
        profiles.company_id._keep_buyer_register()
        return profiles

    def write(self, vals):
        return super().write(self._for_buying_company(vals))

    @api.model
    def _for_buying_company(self, vals):
        """The same values for the company that buys, whichever of its contacts was named."""
        if not vals.get("partner_id"):
            return vals
        contact = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": contact.commercial_partner_id.id}

    @api.model
    def _profiles_of(self, tickets):
        """The profile of each ticket's customer, by ticket; one query for all, none where no register is kept."""
        tickets = tickets.sudo().filtered(lambda ticket: ticket.company_id.keeps_buyer_register)
        if not tickets:
            return {}
        found = self.sudo().search(
            [
                ("partner_id", "in", tickets.partner_id.commercial_partner_id.ids),
                ("company_id", "in", tickets.company_id.ids),
            ]
        )
        profile_of = {(profile.partner_id, profile.company_id): profile for profile in found}
        return {
            ticket.id: profile_of.get((ticket.partner_id.commercial_partner_id, ticket.company_id), self.sudo())
            for ticket in tickets
        }


class WorkOrder(models.Model):
    _inherit = "work.order"

    buyer_profile_id = fields.Many2one("buyer.profile", compute="_compute_buyer_profile_id", compute_sudo=True)

    @api.depends("partner_id", "company_id")
    def _compute_buyer_profile_id(self):
        profile_of = self.env["buyer.profile"]._profiles_of(self)
        for order in self:
            order.buyer_profile_id = profile_of.get(order.id, False)
