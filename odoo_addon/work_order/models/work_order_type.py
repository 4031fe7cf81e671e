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
    sign_off_required = fields.Boolean(help="Completion is refused until the customer has signed off.")
    failed_checks_allowed = fields.Boolean(
        string="Failed Checks Are Findings",
        help="Completion is possible with failed checks, as for an inspection; otherwise what failed must be mended.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE(name)", "A work order type with this name exists already.")
