from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QuickbooksMapMixin(models.AbstractModel):
    """One row of a mapping table: which QuickBooks object stands for an Odoo record at one destination.

    A concrete table sets ``_map_field``, the many2one that holds the Odoo record, and adds its unique constraint.
    """

    _name = "quickbooks.map.mixin"
    _description = "QuickBooks Mapping Row"
    _check_company_auto = True
    _map_field = None

    destination_id = fields.Many2one(
        "work.order.destination",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self._default_destination(),
        help="The QuickBooks company this row belongs to.",
    )
    company_id = fields.Many2one(related="destination_id.company_id", store=True, index=True)
    external_id = fields.Char(
        string="QuickBooks ID", required=True, help="The Id QuickBooks gives the object; it never changes there."
    )
    external_name = fields.Char(string="QuickBooks Name", help="For people: how QuickBooks shows the object.")
    active = fields.Boolean(default=True)

    @api.model
    def _default_destination(self):
        """The company's only destination, so that with one QuickBooks company nobody has to choose."""
        destinations = self.env["work.order.destination"].search([("company_id", "=", self.env.company.id)], limit=2)
        return destinations if len(destinations) == 1 else destinations.browse()

    @api.constrains("external_id")
    def _check_external_id(self):
        for row in self:
            if not row.external_id.strip():
                raise ValidationError(self.env._("QuickBooks ID is empty. Copy it from the QuickBooks record."))

    @api.depends("external_name", "external_id")
    def _compute_display_name(self):
        for row in self:
            record = row._mapped_record()
            row.display_name = f"{record.display_name or ''} → {row.external_name or row.external_id or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._unblock()
        return rows

    def write(self, vals):
        before = self.destination_id
        result = super().write(vals)
        self._unblock(before)
        return result

    def unlink(self):
        destinations = self.destination_id
        result = super().unlink()
        self._unblock(destinations)
        return result

    def _mapped_record(self):
        self.ensure_one()
        return self[self._map_field]

    def _unblock(self, more=None):
        """Whatever changed here may be what blocked rows were waiting for: the bridge checks them again."""
        destinations = (self.destination_id if more is None else self.exists().destination_id | more).sudo()
        if destinations:
            if not self.env.context.get("mapped_by_bridge"):
                destinations._stamp_tables()
            self.env["work.order.transmission"].sudo()._unblock(destinations)

    @api.model
    def _lookup(self, destination, ids):
        """Entries by Odoo record id: ``{"12": {"id": "3", "name": "HVAC labor"}}``; ids without a row are left out."""
        name = self._map_field
        rows = self.search_fetch(
            [("destination_id", "=", destination.id), (name, "in", list(ids))],
            [name, "external_id", "external_name"],
        )
        return {str(row[name].id): row._as_entry() for row in rows}

    def _as_entry(self):
        self.ensure_one()
        return {"id": self.external_id, "name": self.external_name or ""}
