"""What a buyer's PO says beyond its lines: contract, terms, tax and freight; and since when we know it so."""

from odoo import api, fields, models

from .buyer_purchase_order import PRICE_GROUPS

#: Fields that are ours, not the buyer's: a change of them is no news of the PO.
OURS = {"note", "evidence_ids", "company_id", "balance_revision", "read_on", "message_follower_ids", "activity_ids"}


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    contract = fields.Char(tracking=True, help="The buyer's number of the contract or agreement this PO belongs to.")
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="What the PO says. Empty: it says nothing.",
    )
    terms_code = fields.Char(string="Buyer's Terms Code", help="The buyer's own name of these terms, such as N030.")
    tax_rule = fields.Selection(
        [("exempt", "Exempt"), ("charged", "Charged by us"), ("barred", "Never on our invoice")],
        string="Tax",
        tracking=True,
        help="Empty: the PO says nothing.",
    )
    freight_rule = fields.Selection(
        [("allowed", "Allowed"), ("not_allowed", "Not allowed")],
        string="Freight",
        tracking=True,
        help="Empty: the PO says nothing.",
    )
    freight_limit = fields.Monetary(
        tracking=True,
        groups=PRICE_GROUPS,
        help="The most freight on all invoices of this PO. Empty: no limit.",
    )
    read_on = fields.Date(
        string="Known Since",
        default=fields.Date.context_today,
        copy=False,
        help="The day we last heard from the buyer how this PO stands.",
    )

    _freight_not_negative = models.Constraint("CHECK(freight_limit >= 0)", "The freight limit cannot be negative.")

    def write(self, vals):
        """Whoever types or imports what the buyer says knows the PO as of today."""
        if vals.keys() - OURS and "read_on" not in vals:
            vals = {**vals, "read_on": fields.Date.context_today(self)}
        return super().write(vals)

    def action_confirm_known(self):
        """The buyer said today that the PO stands as it is written here."""
        return self.write({"read_on": fields.Date.context_today(self)})

    def _heard_of(self):
        today = fields.Date.context_today(self)
        self.filtered(lambda po: po.read_on != today).read_on = today


class BuyerPurchaseOrderLine(models.Model):
    _inherit = "buyer.purchase.order.line"

    buyer_unit = fields.Char(string="Buyer's Unit", help="The unit as the PO writes it, such as EA or HUR.")
    price_basis = fields.Float(
        digits="Product Unit", default=1.0, help="How many units the unit price is for, such as 100."
    )
    received_known = fields.Boolean(help="The buyer told us what they received; nothing is an answer too.")
    received_quantity = fields.Float(
        string="Received", digits="Product Unit", help="What the buyer received or approved, as far as they told us."
    )
    tax_rate_known = fields.Boolean(help="The PO says a tax rate; zero is one.")
    tax_rate = fields.Float(string="Tax (%)", digits=(9, 4), help="The tax rate that the PO line says.")

    _price_basis_positive = models.Constraint("CHECK(price_basis > 0)", "A price is for more than nothing.")
    _received_not_negative = models.Constraint(
        "CHECK(received_quantity >= 0 AND tax_rate >= 0)", "Neither what was received nor a tax rate is negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(self._with_units([self._as_answered(vals) for vals in vals_list]))
        lines.purchase_order_id._heard_of()
        return lines

    def write(self, vals):
        result = super().write(self._as_answered(vals))
        self.purchase_order_id._heard_of()
        return result

    @api.model
    def _as_answered(self, vals):
        """An amount that is given is known; one that is not known is none."""
        vals = dict(vals)
        for amount, flag in (("received_quantity", "received_known"), ("tax_rate", "tax_rate_known")):
            if amount in vals and flag not in vals:
                vals[flag] = vals[amount] is not False and vals[amount] is not None
            if vals.get(flag) is False:
                vals[amount] = 0.0
        return vals

    @api.model
    def _with_units(self, vals_list):
        """Our unit where only the buyer's is given and the table of units knows it."""
        asking = [vals for vals in vals_list if vals.get("buyer_unit") and not vals.get("product_uom_id")]
        if not asking:
            return vals_list
        orders = self.env["buyer.purchase.order"].browse({vals["purchase_order_id"] for vals in asking})
        units = self.env["buyer.unit.code"]
        table = units._table_for(orders.company_id, orders.partner_id)
        for vals in asking:
            order = orders.browse(vals["purchase_order_id"])
            unit = units._look_up(table, order.company_id, order.partner_id, vals["buyer_unit"])
            if unit and unit.factor == 1:  # what a bigger unit contains is no unit of ours
                vals["product_uom_id"] = unit.uom_id.id
        return vals_list
