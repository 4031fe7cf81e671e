from odoo.addons.work_order.tests.common import WorkOrderCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestStock(WorkOrderCase):
    """Stock on hand agrees with the parts posted; goods leave once, whatever sold them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.env.company.id)], limit=1)
        cls.shelf = warehouse.lot_stock_id
        cls.van = cls.env["stock.location"].create({"name": "Van 1", "location_id": cls.shelf.location_id.id})
        cls.technician.work_order_location_id = cls.van
        cls.belt = cls.product("Belt", 30, policy="none", type="consu", is_storable=True, standard_price=12.5)
        cls.stock(cls.belt, cls.van, 10)

    @classmethod
    def stock(cls, product, place, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(product, place, quantity, lot_id=lot)

    def on_hand(self, product, place):
        self.env.invalidate_all()
        return product.with_context(location=place.id).qty_available

    def post(self, ticket, product, quantity=2.0, user=None, **values):
        parts = self.env["work.order.part"].with_user(user or self.technician)
        return parts.create({"work_order_id": ticket.id, "product_id": product.id, "quantity": quantity, **values})

    def dispatched(self, *lines):
        order = self.sale_order(*(lines or [(self.labor, 2)]))
        order.action_confirm()
        return self.dispatch(order.work_order_ids)

    def test_parts_leave_the_van_and_corrections_bring_them_back(self):
        ticket = self.dispatched()
        part = self.post(ticket, self.belt, 3)
        move = part.sudo().move_ids
        self.assertEqual((move.state, move.quantity, move.location_id), ("done", 3, self.van))
        self.assertEqual((move.location_dest_id.usage, move.origin), ("customer", ticket.name))
        self.assertEqual(self.on_hand(self.belt, self.van), 7)
        for quantity in (5, 1, 2):
            part.quantity = quantity
            self.assertEqual(self.on_hand(self.belt, self.van), 10 - quantity)
            self.assertEqual(ticket.cost_parts, 12.5 * quantity)
        part.note = "No change of goods"
        self.assertEqual(self.on_hand(self.belt, self.van), 8)
        part.unlink()
        self.assertEqual(self.on_hand(self.belt, self.van), 10)
        self.assertEqual(ticket.cost_parts, 0)

    def test_parts_of_another_place_or_product_are_swapped(self):
        other = self.product("Other belt", 30, policy="none", type="consu", is_storable=True, standard_price=20)
        self.stock(other, self.shelf, 4)
        ticket = self.dispatched()
        part = self.post(ticket, self.belt, 3)
        part.write({"product_id": other.id, "location_id": self.shelf.id})
        self.assertEqual((self.on_hand(self.belt, self.van), self.on_hand(other, self.shelf)), (10, 1))
        self.assertEqual(ticket.cost_parts, 60)

    def test_stock_on_hand_agrees_with_parts_posted(self):
        tickets = [self.dispatched(), self.dispatched()]
        for ticket in tickets:
            self.post(ticket, self.belt, 1)
            self.post(ticket, self.belt, 1, product_uom_id=self.env.ref("uom.product_uom_unit").id)
        self.stock(self.belt, self.shelf, 30)
        self.post(tickets[0], self.belt, 1, self.dispatcher, product_uom_id=self.env.ref("uom.product_uom_dozen").id)
        parts = (tickets[0] | tickets[1]).part_ids
        used = sum(part.product_uom_id._compute_quantity(part.quantity, self.belt.uom_id) for part in parts)
        self.assertEqual(used, 16)
        self.assertEqual(self.on_hand(self.belt, self.van) + self.on_hand(self.belt, self.shelf), 40 - used)
        self.assertEqual(
            sum(move.product_uom._compute_quantity(move.quantity, self.belt.uom_id) for move in parts.move_ids), used
        )

    def test_what_work_orders_deliver_is_not_delivered_by_the_sales_order_too(self):
        sold = self.product("Motor", 600, type="consu", is_storable=True, standard_price=400)
        self.stock(sold, self.van, 5)
        loose = self.product("Manual", 10, policy="none", type="consu", is_storable=True)
        ticket = self.dispatched((sold, 2), (self.labor, 1), (loose, 1))
        order = ticket.sale_order_id
        self.assertEqual(order.picking_ids.move_ids.product_id, loose)
        line = order.order_line.filtered(lambda line: line.product_id == sold)
        self.assertEqual(line.qty_delivered_method, "work_order")
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.write({"state": "done"})
        mine.signed_by = "Pat"
        with self.assertRaisesRegex(UserError, "2 Units of .Motor. were done, but only 0 posted"):
            mine.action_complete()
        self.post(ticket, sold, 2)
        mine.action_complete()
        self.assertEqual((line.qty_delivered, self.on_hand(sold, self.van)), (2, 3))
        self.invoice(ticket).action_post()
        self.assertEqual((ticket.cost_total, self.on_hand(sold, self.van)), (800, 3))

    def test_cost_of_goods_sold_is_not_counted_beside_the_part(self):
        accounts = self.env["account.account"]
        valuation = accounts.create({"name": "Stock", "code": "110199", "account_type": "asset_current"})
        kind = self.env["product.category"].create(
            {
                "name": "Real time",
                "property_valuation": "real_time",
                "property_cost_method": "standard",
                "property_stock_valuation_account_id": valuation.id,
            }
        )
        sold = self.product("Motor", 600, type="consu", is_storable=True, standard_price=400, categ_id=kind.id)
        self.stock(sold, self.van, 5)
        ticket = self.dispatched((sold, 2))
        mine = ticket.with_user(self.technician)
        mine.action_start()
        self.post(ticket, sold, 2)
        mine.task_ids.write({"state": "done"})
        mine.signed_by = "Pat"
        mine.action_complete()
        self.invoice(ticket).action_post()
        goods_sold = ticket.invoice_ids.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertEqual(sum(goods_sold.mapped("debit")), 800)
        self.assertEqual((ticket.cost_total, ticket.revenue_invoiced), (800, 1200))

    def test_refuses_tracked_parts_without_a_known_lot(self):
        pump = self.product(
            "Pump", 90, policy="none", type="consu", is_storable=True, tracking="serial", standard_price=50
        )
        lot = self.env["stock.lot"].create({"name": "P-1", "product_id": pump.id})
        self.stock(pump, self.van, 1, lot)
        ticket = self.dispatched()
        for values, text in (
            ({}, "Lot/Serial Number of .Pump. is missing"),
            ({"lot": "P-9"}, "knows no Lot/Serial Number P-9"),
            ({"lot": "P-1", "quantity": 2}, "post each by itself"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, text):
                self.post(ticket, pump, **{"quantity": 1, **values})
        part = self.post(ticket, pump, 1, lot="P-1")
        self.assertEqual(part.sudo().move_ids.move_line_ids.lot_id, lot)
        self.assertEqual(self.on_hand(pump, self.van), 0)

    def test_d5_refuses_to_move_goods_for_a_ticket_that_accepts_no_cost(self):
        ticket = self.dispatched()
        part = self.post(ticket, self.belt)
        ticket.with_user(self.dispatcher).action_cancel()
        for change in (lambda: self.post(ticket, self.belt), lambda: part.write({"quantity": 1}), part.unlink):
            with self.assertRaisesRegex(UserError, "accepts no time or cost"):
                change()
        self.assertEqual(self.on_hand(self.belt, self.van), 8)

    def test_technician_moves_goods_by_posting_parts_only(self):
        part = self.post(self.dispatched(), self.belt)
        with self.assertRaises(AccessError):
            part.read(["move_ids"])
        with self.assertRaises(AccessError):
            self.env["stock.move"].with_user(self.technician).create({"product_id": self.belt.id})

    def test_cost_is_what_inventory_says(self):
        fifo = self.env["product.category"].create({"name": "FIFO", "property_cost_method": "fifo"})
        valve = self.product("Valve", 40, policy="none", type="consu", is_storable=True, categ_id=fifo.id)
        for price in (10, 16):
            supplier = self.env.ref("stock.stock_location_suppliers")
            move = self.env["stock.move"].create(
                {
                    "product_id": valve.id,
                    "product_uom": valve.uom_id.id,
                    "product_uom_qty": 1,
                    "location_id": supplier.id,
                    "location_dest_id": self.van.id,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": valve.id,
                                "quantity": 1,
                                "location_id": supplier.id,
                                "location_dest_id": self.van.id,
                            }
                        )
                    ],
                    "picked": True,
                }
            )
            move._action_done()
            self.env["product.value"].create({"move_id": move.id, "value": price, "company_id": self.env.company.id})
        ticket = self.dispatched()
        self.post(ticket, valve, 1)
        self.assertEqual(ticket.cost_parts, 10)
        self.post(ticket, valve, 1)
        self.assertEqual(ticket.cost_parts, 26)
