from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_buyer_tables import TablesCase


class MappingCase(TablesCase):
    """Labour and filter have codes of the buyer, and their PO 4500-1 a line for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_center = cls.center.copy({"code": "CC-2"})
        for code, product in (("M-1", cls.labor), ("M-2", cls.part)):
            cls.env["buyer.item.code"].create(
                {"partner_id": cls.buyer.id, "code": code, "product_tmpl_id": product.product_tmpl_id.id}
            )
        cls.po = cls.env["buyer.purchase.order"].create(
            {
                "number": "4500-1",
                "partner_id": cls.buyer.id,
                "line_ids": [
                    Command.create({"number": "10", "buyer_item_code": "m-1", "quantity": 100}),
                    Command.create({"number": "20", "product_id": cls.part.id, "quantity": 100}),
                ],
            }
        )

    def confirmed(self, *lines, **values):
        order = self.sale_order(*(lines or ((self.labor, 2), (self.part, 3))), **values)
        order.with_user(self.salesman).action_confirm()
        return order.work_order_ids.with_user(self.dispatcher)

    def references(self, tasks):
        return [(task.buyer_item_code, task.buyer_po_line, task.cost_center_id.code) for task in tasks.sudo()]


@tagged("post_install", "-at_install")
class TestFilling(MappingCase):
    """E2, E3, E4: tasks take from the tables what nobody typed."""

    def test_e2_confirming_fills_item_code_and_po_line_on_task_and_order_line(self):
        ticket = self.confirmed()
        self.assertEqual(self.references(ticket.task_ids), [("M-1", "10", "CC-1"), ("M-2", "20", "CC-1")])
        lines = ticket.sudo().sale_order_id.order_line
        self.assertEqual(lines.mapped("buyer_item_code"), ["M-1", "M-2"])
        self.assertEqual(lines.mapped("buyer_po_line"), ["10", "20"])
        self.assertEqual(ticket.task_ids.sudo().buyer_po_line_id, self.po.line_ids, "the task draws on the line")

    def test_e2_the_filled_references_reach_the_invoice(self):
        ticket = self.complete(self.confirmed().sudo())
        lines = self.invoice(ticket).invoice_line_ids
        self.assertEqual(set(lines.mapped("buyer_item_code")), {"M-1", "M-2"})
        self.assertEqual(set(lines.mapped("buyer_po_line")), {"10", "20"})

    def test_e2_never_overwrites_what_was_typed(self):
        ticket = self.confirmed(
            (self.labor, 1, {"buyer_item_code": "TYPED", "buyer_po_line": "99", "cost_center_id": self.other_center.id})
        )
        self.assertEqual(self.references(ticket.task_ids), [("TYPED", "99", "CC-2")])
        ticket.action_fill_from_tables()
        self.assertEqual(self.references(ticket.task_ids), [("TYPED", "99", "CC-2")])

    def test_e2_takes_the_code_that_is_valid_on_the_day_of_the_work(self):
        self.env["buyer.item.code"].search([("code", "=", "M-1")]).valid_to = "2026-12-31"
        self.code("M-1-NEXT", valid_from="2027-01-01")
        ticket = self.confirmed((self.labor, 1), commitment_date="2027-02-01 10:00:00", buyer_po="OTHER")
        self.assertEqual(ticket.task_ids.buyer_item_code, "M-1-NEXT")

    def test_e3_no_po_line_where_none_or_several_fit_or_it_is_closed(self):
        line = self.env["buyer.purchase.order.line"]
        line.create({"purchase_order_id": self.po.id, "number": "40", "buyer_item_code": "M-1"})
        self.po.line_ids.filtered(lambda line: line.number == "20").state = "closed"
        ticket = self.confirmed()
        self.assertFalse(any(ticket.task_ids.mapped("buyer_po_line")))
        self.assertEqual(ticket.task_ids.mapped("buyer_item_code"), ["M-1", "M-2"])

    def test_e3_the_code_of_a_chosen_po_line_comes_before_the_table(self):
        self.po.line_ids[0].buyer_item_code = "PAPER"
        ticket = self.confirmed((self.labor, 1, {"buyer_po_line": "10"}))
        self.assertEqual(ticket.task_ids.buyer_item_code, "PAPER")

    def test_e3_naming_the_po_later_fills_the_lines(self):
        ticket = self.confirmed(buyer_po=False)
        self.assertFalse(any(ticket.task_ids.mapped("buyer_po_line")))
        ticket.buyer_po = "4500-1"
        self.assertEqual(ticket.task_ids.mapped("buyer_po_line"), ["10", "20"])

    def test_e4_po_line_comes_before_site_before_default(self):
        self.po.line_ids[0].cost_center_id = self.other_center
        by_site = self.center.copy({"code": "SITE", "site_ids": self.site.ids})
        ticket = self.confirmed(cost_center_id=False, partner_shipping_id=self.site.id)
        self.assertEqual(self.references(ticket.task_ids), [("M-1", "10", "CC-2"), ("M-2", "20", "SITE")])
        by_site.valid_to = "2026-01-01"
        self.center.is_default = True
        ticket = self.confirmed(cost_center_id=False, partner_shipping_id=self.site.id)
        self.assertEqual([center for *_, center in self.references(ticket.task_ids)], ["CC-2", "CC-1"])

    def test_e4_po_line_comes_before_the_cost_centre_of_the_site_itself(self):
        self.site.site_cost_center_id = self.center
        self.po.line_ids[0].cost_center_id = self.other_center
        ticket = self.confirmed(cost_center_id=False, partner_shipping_id=self.site.id)
        self.assertEqual([center for *_, center in self.references(ticket.task_ids)], ["CC-2", "CC-1"])

    def test_e4_a_site_does_not_give_a_cost_centre_that_has_ended(self):
        self.site.site_cost_center_id = self.center
        self.center.valid_to = "2026-01-01"
        self.assertFalse(self.confirmed(cost_center_id=False, partner_shipping_id=self.site.id).cost_center_id)

    def test_e2_warranty_work_and_other_buyers_take_nothing(self):
        internal = self.env.ref("work_order.type_internal")
        ticket = self.env["work.order"].create(
            {
                "title": "Own",
                "type_id": internal.id,
                "partner_id": self.buyer.id,
                "task_ids": [Command.create({"name": "x", "product_id": self.labor.id})],
            }
        )
        self.assertFalse(ticket.task_ids.buyer_item_code)
        stranger = self.buyer.create({"name": "Stranger", "is_company": True})
        ticket = self.confirmed((self.labor, 1), partner_id=stranger.id, cost_center_id=False)
        self.assertEqual(self.references(ticket.task_ids), [(False, False, False)])

    def test_e2_a_change_of_the_tables_waits_until_somebody_fills_in(self):
        new = self.product("New part", 5)
        ticket = self.confirmed((new, 1))
        self.code("M-9", new)
        self.assertFalse(ticket.task_ids.buyer_item_code)
        self.assertTrue(ticket.can_fill_from_tables)
        message = ticket.action_fill_from_tables()["params"]["message"]
        self.assertIn("1 tasks of 1 work orders", message)
        self.assertEqual((ticket.task_ids.buyer_item_code, ticket.can_fill_from_tables), ("M-9", False))
        self.assertEqual(ticket.sudo().sale_order_id.order_line.buyer_item_code, "M-9")

    def test_e2_the_table_offers_to_fill_in_its_buyers_open_work_only(self):
        new = self.product("New part", 5)
        ticket, other = self.confirmed((new, 1)), self.buyer.create({"name": "Other", "is_company": True})
        row = self.code("M-9", new).with_user(self.dispatcher)
        self.assertEqual(row.fillable_count, 1)
        self.assertEqual(self.code("M-8", new, partner_id=other.id).fillable_count, 0)
        self.assertEqual(self.po.with_user(self.dispatcher).fillable_count, 1)
        self.assertEqual(row.with_user(self.accountant).fillable_count, 1)
        row.action_fill_in()
        self.env.invalidate_all()
        self.assertEqual((ticket.task_ids.buyer_item_code, row.fillable_count), ("M-9", 0))

    def test_e2_refuses_to_fill_by_a_technician_and_leaves_finished_work_alone(self):
        new = self.product("New part", 5)
        ticket = self.dispatch(self.confirmed((new, 1, {"buyer_po_line": "20"})).sudo())
        self.code("M-9", new)
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).action_fill_from_tables()
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.action_done()
        mine.signed_by = "Pat"
        mine.action_complete()
        ticket.with_user(self.dispatcher).action_fill_from_tables()
        self.assertFalse(ticket.task_ids.buyer_item_code)

    def test_e2_warns_where_what_was_typed_contradicts_the_tables(self):
        ticket = self.confirmed((self.labor, 1, {"buyer_item_code": "OURS", "buyer_po_line": "10"}))
        self.assertIn("“Labor”: Item Code is OURS, but the table of Test Hospital says M-1", ticket.mapping_warning)
        self.assertIn("line 10 of PO 4500-1 says m-1", ticket.mapping_warning)
        ticket.task_ids.buyer_item_code = "M-1"
        self.assertFalse(ticket.mapping_warning)
        self.center.valid_to = "2026-01-01"
        self.env.invalidate_all()
        self.assertIn("cost centre CC-1 is not valid on", ticket.mapping_warning)

    def test_e2_a_company_without_tables_asks_nothing(self):
        self.env.company.keeps_buyer_register = False
        ticket = self.confirmed()
        self.assertEqual(ticket.task_ids.mapped("buyer_item_code"), [False, False])

    def test_e2_many_orders_are_filled_without_a_query_each(self):
        orders = self.env["sale.order"].browse()
        for _n in range(5):
            orders |= self.sale_order((self.labor, 1), (self.part, 1))
        lookups = []
        mapping = type(self.env["buyer.mapping"])
        original = mapping._found

        def counted(this, asked):
            before = this.env.cr.sql_log_count
            found = original(this, asked)
            lookups.append((len(asked), this.env.cr.sql_log_count - before))
            return found

        self.patch(mapping, "_found", counted)
        self.env.flush_all()
        self.env.invalidate_all()
        orders.action_confirm()
        self.assertEqual([asked for asked, _queries in lookups], [10], "all are asked together, once")
        self.assertLessEqual(lookups[0][1], 6)
