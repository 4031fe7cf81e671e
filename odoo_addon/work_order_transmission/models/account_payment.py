from odoo import fields, models


class AccountPayment(models.Model):
    """A payment that was received elsewhere knows where it came from, so that it is registered once."""

    _inherit = "account.payment"

    destination_id = fields.Many2one(
        "work.order.destination",
        string="Received In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The system whose payment this is; empty for payments entered in Odoo.",
    )
    destination_external_id = fields.Char(string="Payment ID There", readonly=True, copy=False)
    destination_invoice_id = fields.Many2one(
        "account.move", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    _destination_payment_unique = models.UniqueIndex(
        "(destination_id, destination_external_id, destination_invoice_id) WHERE destination_id IS NOT NULL",
        "This payment is already registered for this invoice.",
    )
