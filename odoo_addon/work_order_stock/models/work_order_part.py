"""Storable parts leave stock when they are posted; corrections bring them back."""

from odoo import api, fields, models
from odoo.addons.work_order.models.work_order_flow import Reason


class WorkOrderPart(models.Model):
    _inherit = "work.order.part"

    location_id = fields.Many2one(
        "stock.location",
        string="Taken From",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        domain="[('usage', '=', 'internal')]",
        help="The van or warehouse this part was taken from.",
    )
    move_ids = fields.One2many(
        "stock.move",
        "work_order_part_id",
        string="Stock Moves",
        groups="stock.group_stock_user,work_order.group_dispatcher",
    )

    @api.depends("user_id", "work_order_id.company_id")
    def _compute_location_id(self):
        for part in self:
            company = part.work_order_id.company_id
            van = part.user_id.sudo().with_company(company).work_order_location_id
            part.location_id = van or part._warehouse(company).lot_stock_id

    @api.model
    def _warehouse(self, company):
        return self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _derived_fields(self):
        return super()._derived_fields() | {"move_ids"}

    def _post(self):
        for part in self.sudo():
            part._move_goods(part.quantity if part.product_id.is_storable else 0.0)
            part._take_moved_cost()
        return super()._post()

    def unlink(self):
        self.check_access("unlink")
        self._unlink_except_fixed()  # before goods come back
        for part in self.sudo():
            part._move_goods(0.0)
        return super().unlink()

    def _move_goods(self, quantity):
        """Make what left stock for this part agree with ``quantity`` of what it says now."""
        self.ensure_one()
        wanted = (self.product_id, self._stock_lot(), self.location_id)
        quantity = self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id, round=False)
        moved = self._moved_quantities()
        for key, gone in moved.items():
            if key != wanted:
                self._move(key, -gone)
        self._move(wanted, quantity - moved.get(wanted, 0.0))

    def _moved_quantities(self):
        """What has left so far by product, lot and place, in the unit of the product."""
        moved = {}
        for move in self.move_ids.filtered(lambda move: move.state == "done"):
            place = move.location_id if move._direction() > 0 else move.location_dest_id
            key = (move.product_id, move.move_line_ids.lot_id, place)
            moved[key] = moved.get(key, 0.0) + move._signed_quantity()
        return moved

    def _move(self, key, quantity):
        """A done move of ``quantity`` to the customer; back from there if it is negative."""
        product, lot, place = key
        if product.uom_id.is_zero(quantity):
            return
        customer = self._customer_location()
        source, target = (place, customer) if quantity > 0 else (customer, place)
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": abs(quantity),
            "location_id": source.id,
            "location_dest_id": target.id,
            "lot_id": lot.id,
        }
        values = {
            "company_id": self.company_id.id,
            "origin": self.work_order_id.name,
            "partner_id": (self.work_order_id.site_id or self.work_order_id.partner_id).id,
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": abs(quantity),
            "location_id": source.id,
            "location_dest_id": target.id,
            "move_line_ids": [fields.Command.create(line)],
            "picked": True,
            "work_order_part_id": self.id,
        }
        if quantity < 0:
            gone = self.move_ids.filtered(lambda move: move.state == "done" and move.location_id == place)
            values["origin_returned_move_id"] = gone[-1:].id
        self.env["stock.move"].sudo().with_company(self.company_id).create(values)._action_done()

    def _customer_location(self):
        order = self.work_order_id
        partner = (order.site_id or order.partner_id).with_company(self.company_id)
        return partner.property_stock_customer or self.env.ref("stock.stock_location_customers")

    def _take_moved_cost(self):
        """What left stock costs what Inventory says it was worth."""
        moves = self.move_ids.filtered(lambda move: move.state == "done" and move.product_id == self.product_id)
        quantity = moves._signed_quantity()
        if self.product_id.uom_id.is_zero(quantity):
            return
        cost = moves._signed_value() / quantity
        self._store_unit_cost(self.product_id.uom_id._compute_price(cost, self.product_uom_id))

    def _stock_lot(self):
        """The lot or serial number in Inventory that this part names."""
        self.ensure_one()
        lots = self.env["stock.lot"].sudo()
        if not self.lot or self.product_id.tracking == "none":
            return lots
        domain = [("name", "=", self.lot), ("product_id", "=", self.product_id.id)]
        return lots.search([*domain, ("company_id", "in", (self.company_id.id, False))], limit=1)

    def _reasons_against_entry(self):
        reasons = super()._reasons_against_entry()
        order, product = self.work_order_id, self.product_id
        if not product.is_storable:
            return reasons
        if not self.location_id:
            text = self.env._(
                "%(order)s: Taken From of “%(part)s” is missing.", order=order.name, part=product.display_name
            )
            reasons.append(Reason("location_id", text))
        elif self.location_id.usage != "internal":
            text = self.env._(
                "%(order)s: “%(place)s” is no place of ours, so “%(part)s” cannot be taken from there.",
                order=order.name,
                place=self.location_id.display_name,
                part=product.display_name,
            )
            reasons.append(Reason("location_id", text))
        if product.tracking != "none" and not self.lot:
            text = self.env._(
                "%(order)s: Lot/Serial Number of “%(part)s” is missing.", order=order.name, part=product.display_name
            )
            reasons.append(Reason("lot", text))
        elif product.tracking != "none" and not self._stock_lot():
            text = self.env._(
                "%(order)s: Inventory knows no Lot/Serial Number %(lot)s of “%(part)s”.",
                order=order.name,
                lot=self.lot,
                part=product.display_name,
            )
            reasons.append(Reason("lot", text))
        if product.tracking == "serial" and self.product_uom_id.compare(self.quantity, 1.0) > 0:
            text = self.env._(
                "%(order)s: “%(part)s” has serial numbers, so post each by itself.",
                order=order.name,
                part=product.display_name,
            )
            reasons.append(Reason("quantity", text))
        return reasons
