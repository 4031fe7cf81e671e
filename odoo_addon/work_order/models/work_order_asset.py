"""Assets: the customer's machines that work orders are about."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .work_order_flow import FINISHED


class WorkOrderAsset(models.Model):
    """A machine, vehicle or installation of a customer, known by its serial number."""

    _name = "work.order.asset"
    _description = "Asset"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True
    _rec_names_search = ["name", "serial_number", "model"]

    name = fields.Char(required=True, help="As the crew knows it, e.g. “Air handler 4”.")
    serial_number = fields.Char(index="btree_not_null", copy=False, help="Unique per customer.")
    manufacturer = fields.Char()
    model = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict", check_company=True
    )
    site_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True, help="Where it stands."
    )
    warranty_until = fields.Date(help="Last day of the warranty.")
    under_warranty = fields.Boolean(compute="_compute_under_warranty")
    note = fields.Text(string="Notes", help="What a technician should know about it.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    meter_ids = fields.One2many("work.order.meter", "asset_id", string="Meters", copy=True)
    work_order_ids = fields.One2many("work.order", "asset_id", string="Work Orders")
    work_order_count = fields.Integer(compute="_compute_work_order_count")
    active = fields.Boolean(default=True)

    _serial_unique = models.UniqueIndex(
        "(partner_id, company_id, LOWER(serial_number)) WHERE serial_number IS NOT NULL",
        "This customer already has an asset with that serial number; look among the archived ones too.",
    )

    @api.depends("name", "serial_number")
    def _compute_display_name(self):
        for asset in self:
            asset.display_name = f"{asset.name} ({asset.serial_number})" if asset.serial_number else asset.name

    @api.depends("warranty_until")
    def _compute_under_warranty(self):
        today = fields.Date.context_today(self)
        for asset in self:
            asset.under_warranty = bool(asset.warranty_until) and asset.warranty_until >= today

    @api.depends("work_order_ids")
    def _compute_work_order_count(self):
        counts = dict(
            self.env["work.order"]._read_group([("asset_id", "in", self.ids)], ["asset_id"], ["__count"])
            if self.ids
            else []
        )
        for asset in self:
            asset.work_order_count = counts.get(asset._origin, 0)

    @api.constrains("partner_id", "site_id")
    def _check_site(self):
        for asset in self.filtered("site_id"):
            if asset.site_id.commercial_partner_id != asset.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Asset “%(asset)s”: site “%(site)s” is not an address of customer “%(customer)s”.",
                        asset=asset.name,
                        site=asset.site_id.display_name,
                        customer=asset.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id")
    def _check_open_work_orders(self):
        self.sudo().work_order_ids.filtered(lambda order: order.state not in (*FINISHED, "cancelled"))._check_asset()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._cleaned(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._cleaned(vals))

    @api.model
    def _cleaned(self, vals):
        """The customer is a company, not one of its contacts, and no serial number differs by a blank only."""
        vals = dict(vals)
        if vals.get("partner_id"):
            vals["partner_id"] = self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id.id
        if "serial_number" in vals:
            vals["serial_number"] = (vals["serial_number"] or "").strip() or False
        return vals

    def action_view_work_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("work_order.work_order_action")
        return {
            **action,
            "name": self.env._("Work Orders of %s", self.display_name),
            "domain": [("asset_id", "=", self.id)],
            "context": {"default_asset_id": self.id},
        }


class WorkOrder(models.Model):
    _inherit = "work.order"

    asset_id = fields.Many2one(
        "work.order.asset",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The machine the work is about.",
    )
    asset_serial_number = fields.Char(related="asset_id.serial_number", string="Serial Number")
    asset_warranty_until = fields.Date(related="asset_id.warranty_until")

    @api.model
    def _scope_fields(self):
        return super()._scope_fields() | {"asset_id"}

    @api.constrains("asset_id", "partner_id")
    def _check_asset(self):
        for order in self.filtered("asset_id"):
            owner = order.asset_id.sudo().partner_id
            if owner != order.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s: Asset “%(asset)s” belongs to “%(owner)s”, not to the customer of this work order.",
                        order=order.name,
                        asset=order.asset_id.sudo().display_name,
                        owner=owner.display_name,
                    )
                )

    @api.onchange("asset_id")
    def _onchange_asset_id(self):
        if self.asset_id:
            self.partner_id = self.partner_id or self.asset_id.partner_id
            self.site_id = self.asset_id.site_id or self.site_id

    @api.model_create_multi
    def create(self, vals_list):
        """A work order on an asset is for its customer, where it stands, unless it says otherwise."""
        for vals in vals_list:
            asset = self.env["work.order.asset"].browse(vals.get("asset_id"))
            if asset:
                vals["partner_id"] = vals.get("partner_id") or asset.partner_id.id
                vals["site_id"] = vals.get("site_id") or asset.site_id.id
        return super().create(vals_list)
