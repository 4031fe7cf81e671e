from odoo import fields, models


class WorkOrderType(models.Model):
    """A kind of work order with its policy; an admin may add one."""

    _name = "work.order.type"
    _description = "Work Order Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    billable = fields.Boolean(
        default=True, help="A work order of a type that is not billable can never reach an invoice (internal work)."
    )
    po_required = fields.Boolean(
        string="Buyer PO Required", help="Dispatch is refused until the work order carries the buyer's PO number."
    )
    po_line_required = fields.Boolean(
        string="PO Line Required", help="Dispatch is refused until every task names a line of the buyer's PO."
    )
    symptom_required = fields.Boolean(help="Dispatch is refused until it says what the customer reported.")
    after_hours_contact_required = fields.Boolean(
        string="After-Hours Contact Required", help="Dispatch is refused until the site names an after-hours contact."
    )
    approval_required = fields.Boolean(help="Dispatch is refused until somebody who may has approved it.")
    approver_ids = fields.Many2many(
        "res.users",
        string="Approvers",
        domain="[('share', '=', False)]",
        help="Who may approve, besides being a dispatcher or in billing; any project manager if empty.",
    )
    sla_hours = fields.Float(string="SLA Hours", help="From creation to completion; 0 for no agreement.")
    access_rules = fields.Text(help="How work of this type gets access: announcement, escort, permits.")
    safety_limits = fields.Text(help="What a crew may not do on work of this type without asking first.")
    sign_off_required = fields.Boolean(
        "Sign-off Required", help="Completion is refused until the customer has signed off."
    )
    signature_required = fields.Boolean(help="Completion is refused without a drawn signature.")
    photos_required = fields.Integer(help="How many photos must be attached before completion.")
    readings_required = fields.Boolean(help="Completion is refused until every meter of the asset was read.")
    failed_checks_allowed = fields.Boolean(
        string="Failed Checks Are Findings",
        help="Completion is possible with failed checks, as for an inspection; otherwise what failed must be mended.",
    )
    active = fields.Boolean(default=True)

    _photos_not_negative = models.Constraint(
        "CHECK(photos_required >= 0)", "The number of photos required cannot be negative."
    )
    _sla_not_negative = models.Constraint("CHECK(sla_hours >= 0)", "The SLA hours of a type cannot be negative.")
    _name_unique = models.Constraint("UNIQUE(name)", "A work order type with this name exists already.")
