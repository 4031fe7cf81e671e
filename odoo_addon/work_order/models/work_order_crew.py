"""Crews: people who are sent together."""

from odoo import api, fields, models
from odoo.fields import Command


class WorkOrderCrew(models.Model):
    """Technicians under a leader. Work orders copy its members, so a later change of the crew rewrites no history."""

    _name = "work.order.crew"
    _description = "Crew"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    leader_id = fields.Many2one(
        "res.users", required=True, ondelete="restrict", domain=[("share", "=", False)], check_company=True
    )
    member_ids = fields.Many2many(
        "res.users",
        "work_order_crew_member_rel",
        "crew_id",
        "user_id",
        string="Members",
        domain=[("share", "=", False)],
        check_company=True,
        help="Without the leader, who always goes along.",
    )
    trade_ids = fields.Many2many("work.order.trade", compute="_compute_trade_ids", compute_sudo=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE(name, company_id)", "A crew with this name exists already.")

    @api.depends("leader_id.work_order_trade_ids", "member_ids.work_order_trade_ids")
    def _compute_trade_ids(self):
        for crew in self:
            crew.trade_ids = crew._people().work_order_trade_ids

    def _people(self):
        return self.sudo().leader_id | self.sudo().member_ids

    def _replace(self, previous):
        """Commands that put this crew's people in the place of those of the previous one."""
        gone = previous._people() - self._people()
        return [*map(Command.unlink, gone.ids), *map(Command.link, self._people().ids)]


class WorkOrderCrewMixin(models.AbstractModel):
    """Something a crew is sent to: naming the crew assigns its people."""

    _name = "work.order.crew.mixin"
    _description = "Assigned to a Crew"

    crew_id = fields.Many2one(
        "work.order.crew",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Assigns the members of the crew as technicians.",
    )

    @api.onchange("crew_id")
    def _onchange_crew_id(self):
        if self.crew_id:
            gone = self._origin.crew_id._people() - self.crew_id._people()
            self.technician_ids = self.technician_ids._origin - gone | self.crew_id._people()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("crew_id") and "technician_ids" not in vals:
                crew = self.env["work.order.crew"].browse(vals["crew_id"])
                vals["technician_ids"] = crew._replace(crew.browse())
        return super().create(vals_list)

    def write(self, vals):
        if not vals.get("crew_id") or "technician_ids" in vals:
            return super().write(vals)
        crew = self.env["work.order.crew"].browse(vals["crew_id"])
        for previous, records in self.grouped("crew_id").items():
            super(WorkOrderCrewMixin, records).write({**vals, "technician_ids": crew._replace(previous)})
        return True


class WorkOrder(models.Model):
    _name = "work.order"
    _inherit = ["work.order", "work.order.crew.mixin"]
