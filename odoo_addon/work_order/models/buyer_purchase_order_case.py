"""A buyer's PO and units as pre-flight reads them."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import float_repr

from ..preflight.case import PoLine, PurchaseOrder, key


def exact(number, digits=6):
    """A float of a record as the decimal number people typed."""
    return Decimal(float_repr(number or 0.0, digits))


def known(number, digits=6):
    """The same, or None where nothing was entered."""
    return exact(number, digits) if number else None


class BuyerPurchaseOrder(models.Model):
    _inherit = "buyer.purchase.order"

    def _as_case(self):
        """This PO as pre-flight reads it."""
        self.ensure_one()
        po, money = self.sudo(), self.currency_id.decimal_places
        terms = po.payment_term_id
        last = terms.line_ids
        plain = len(last) == 1 and last.delay_type == "days_after"
        return PurchaseOrder(
            number=po.number,
            state=po.state,
            kind=po.kind,
            revision=po.revision or "",
            currency=po.currency_id.name,
            valid_from=po.valid_from or None,
            valid_to=po.valid_to or None,
            limit=known(po.amount_limit, money),
            contract=po.contract or "",
            terms_code=po.terms_code or terms.name or "",
            terms_net_days=last.nb_days if plain else None,
            terms_discount_percent=exact(terms.discount_percentage if terms.early_discount else 0.0) if terms else None,
            terms_discount_days=terms.discount_days if terms.early_discount else None,
            tax_rule=po.tax_rule or "",
            freight_rule=po.freight_rule or "",
            freight_limit=known(po.freight_limit, money),
            read_on=po.read_on or None,
            lines={key(line.number): line._as_case() for line in po.line_ids},
        )


class BuyerPurchaseOrderLine(models.Model):
    _inherit = "buyer.purchase.order.line"

    def _as_case(self):
        return PoLine(
            number=self.number,
            item_code=self.buyer_item_code or "",
            quantity=known(self.quantity),
            unit=self.product_uom_id.name or self.buyer_unit or "",
            unit_price=known(self.unit_price),
            price_basis=exact(self.price_basis),
            amount_limit=known(self.amount_limit, self.currency_id.decimal_places),
            cost_center=self.cost_center_id.code or "",
            is_open=self.state == "open",
            received=exact(self.received_quantity) if self.received_known else None,
            tax_rate=exact(self.tax_rate, 4) if self.tax_rate_known else None,
        )


class UomUom(models.Model):
    _inherit = "uom.uom"

    @api.model
    def _preflight_factors(self, ours, lines, company, buyer):
        """How many units of these PO ``lines`` are one of ``ours``, by :func:`key` of both names."""
        factors = {}
        theirs = lines.product_uom_id
        for unit in ours:
            for other in theirs:
                if unit != other and unit._has_common_reference(other):
                    factors |= self._preflight_factor(key(unit.name), key(other.name), unit.factor / other.factor)
        texts = {line.buyer_unit for line in lines if line.buyer_unit and not line.product_uom_id}
        if texts:
            units = self.env["buyer.unit.code"]
            table = units._table_for(company, buyer, {key(text) for text in texts})
            for text in texts:
                row = units._look_up(table, company, buyer, text)
                for unit in ours if row else ():
                    if unit == row.uom_id or unit._has_common_reference(row.uom_id):
                        ratio = unit.factor / row.uom_id.factor / row.factor
                        factors |= self._preflight_factor(key(unit.name), key(text), ratio)
        return factors

    @api.model
    def _preflight_factor(self, unit, other, ratio):
        """From the smaller to the bigger unit, as that is the whole number: a dozen is twelve, not one 0.083333333."""
        return {(unit, other): exact(ratio, 9)} if ratio >= 1 else {(other, unit): exact(1 / ratio, 9)}
