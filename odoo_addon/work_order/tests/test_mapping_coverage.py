from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_buyer_mapping import MappingCase


@tagged("post_install", "-at_install")
class TestCoverage(MappingCase):
    """E6: which open work orders will fail to map, and the exact rows to add."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env["buyer.profile"].create(
            {"partner_id": cls.buyer.id, "item_code_required": True, "cost_center_required": True}
        )
        cls.new = cls.product("Cleaning", 30.0)

    def gaps(self, user=None):
        """The rows about our buyer, as (table, state, key, work orders)."""
        rows = self.env["work.order.mapping.coverage"].with_user(user or self.billing).report()
        return [
            (row["table"], row["state"], row["key"], row["tickets"]) for row in rows if row["buyer"] == self.buyer.name
        ]

    def shown(self, user=None):
        coverage = self.env["work.order.mapping.coverage"].with_user(user or self.billing)
        ids = [row["id"] for row in coverage.web_search_read([("partner_id", "=", self.buyer.id)], {})["records"]]
        return coverage.browse(ids)

    def test_e6_names_each_missing_row_once_with_all_who_need_it(self):
        one, two = self.confirmed((self.new, 1)), self.confirmed((self.new, 2), (self.labor, 1))
        self.assertEqual(
            self.gaps(),
            [
                ("item_codes", "add", "Cleaning", [one.name, two.name]),
                ("purchase_orders", "add", "4500-1, Cleaning", [one.name, two.name]),
            ],
        )
        rows = self.env["work.order.mapping.coverage"].with_user(self.billing).report()
        (row,) = [row for row in rows if row["row"] == "Test Hospital: Cleaning"]
        self.assertIn(f"Test Hospital has no item code for Cleaning. Needed by {one.name}, {two.name}.", row["message"])

    def test_e6_nothing_is_missing_where_everything_maps(self):
        self.confirmed()
        self.assertEqual(self.gaps(), [])

    def test_e6_a_po_that_is_not_in_the_register_is_missing(self):
        ticket = self.confirmed((self.labor, 1), buyer_po="4500-2")
        self.assertEqual(self.gaps(), [("purchase_orders", "add", "4500-2", [ticket.name])])
        action = self.shown().action_add_row()
        self.assertEqual((action["res_model"], action["context"]["default_number"]), ("buyer.purchase.order", "4500-2"))
        created = self.env["buyer.purchase.order"].with_user(self.billing).with_context(**action["context"]).create({})
        self.assertEqual((created.number, created.partner_id), ("4500-2", self.buyer))
        self.assertEqual(self.gaps(), [])

    def test_e6_a_buyer_without_any_po_lacks_one_where_we_register_them_all(self):
        other = self.buyer.create({"name": "Other Hospital", "is_company": True})
        profile = self.profile.create({"partner_id": other.id})
        self.confirmed((self.labor, 1), partner_id=other.id, cost_center_id=False)
        coverage = self.env["work.order.mapping.coverage"].with_user(self.billing)
        self.assertNotIn("Other Hospital", [row["buyer"] for row in coverage.report()])
        profile.register_complete = True
        self.assertIn("Other Hospital: 4500-1", [row["row"] for row in coverage.report()])

    def test_e6_a_line_that_was_typed_but_is_not_on_the_po_is_missing(self):
        self.confirmed((self.labor, 1, {"buyer_po_line": "77"}))
        self.assertEqual([gap[:3] for gap in self.gaps()], [("purchase_orders", "add", "4500-1, line 77")])
        context = self.shown().action_add_row()["context"]
        line = self.env["buyer.purchase.order.line"].with_user(self.billing).with_context(**context).create({})
        self.assertEqual((line.number, line.purchase_order_id, line.buyer_item_code), ("77", self.po, "M-1"))
        self.assertEqual(self.gaps(), [])

    def test_e6_where_several_lines_fit_somebody_has_to_choose(self):
        line = self.env["buyer.purchase.order.line"]
        line.create({"purchase_order_id": self.po.id, "number": "40", "buyer_item_code": "M-1"})
        self.confirmed((self.labor, 1))
        self.assertEqual([gap[:3] for gap in self.gaps()], [("purchase_orders", "choose", "4500-1, M-1")])

    def test_e6_a_task_without_product_needs_its_code_typed(self):
        ticket = self.confirmed((self.new, 1, {"buyer_item_code": "C", "buyer_po_line": "20"}))
        self.env["work.order.task"].create({"work_order_id": ticket.id, "name": "Odd job", "buyer_po_line": "20"})
        self.assertEqual([gap[:3] for gap in self.gaps()], [("item_codes", "choose", "Odd job")])

    def test_e6_a_missing_cost_centre_is_the_one_of_the_site(self):
        self.confirmed((self.labor, 1), cost_center_id=False, partner_shipping_id=self.site.id)
        self.assertEqual([gap[:2] for gap in self.gaps()], [("cost_centers", "add")])
        context = self.shown().action_add_row()["context"]
        values = {"code": "NEW", "name": "NEW"}
        self.env["buyer.cost.center"].with_user(self.billing).with_context(**context).create(values)
        self.assertEqual([gap[:2] for gap in self.gaps()], [("cost_centers", "fill")])
        self.shown().action_fill_in()
        self.assertEqual(self.gaps(), [])

    def test_e6_a_unit_nobody_explained_is_missing(self):
        self.po.line_ids[0].write({"buyer_unit": "PAL", "product_uom_id": False})
        self.confirmed((self.labor, 1))
        self.assertEqual([gap[:3] for gap in self.gaps()], [("units", "add", "PAL")])
        context = self.shown().action_add_row()["context"]
        self.env["buyer.unit.code"].with_user(self.billing).with_context(**context).create({"factor": 40})
        self.assertEqual(self.gaps(), [])

    def test_e6_a_row_that_was_added_is_offered_to_be_filled_in_and_then_gone(self):
        ticket = self.confirmed((self.new, 1, {"buyer_po_line": "20"}))
        row = self.shown()
        context = row.action_add_row()["context"]
        self.env["buyer.item.code"].with_user(self.billing).with_context(**context).create({"code": "CLEAN"})
        row = self.shown()
        self.assertEqual((row.state, row.ticket_ids), ("fill", ticket.sudo()))
        row.action_fill_in()
        self.assertEqual(ticket.task_ids.buyer_item_code, "CLEAN")
        self.assertFalse(self.shown())

    def test_e6_a_row_that_is_still_missing_keeps_its_id(self):
        self.confirmed((self.new, 1, {"buyer_po_line": "20"}))
        self.assertEqual(self.shown(), self.shown())

    def test_e6_work_that_is_billed_or_never_billed_is_left_out(self):
        self.profile.item_code_required = False
        ticket = self.complete(self.confirmed((self.new, 1, {"buyer_po_line": "20"})).sudo())
        self.profile.item_code_required = True  # demanded since the work was done
        self.assertEqual([gap[:2] for gap in self.gaps()], [("item_codes", "add")])
        self.profile.item_code_required = False
        self.invoice(ticket).action_post()
        self.profile.item_code_required = True
        self.assertEqual(self.gaps(), [])
        internal = self.env.ref("work_order.type_internal")
        self.env["work.order"].create(
            {
                "title": "Own",
                "type_id": internal.id,
                "partner_id": self.buyer.id,
                "task_ids": [Command.create({"name": "x", "product_id": self.new.id})],
            }
        )
        self.assertEqual(self.gaps(), [])

    def test_e6_a_buyer_who_demands_nothing_lacks_nothing(self):
        self.profile.write({"item_code_required": False})
        self.confirmed((self.new, 1, {"buyer_po_line": "20"}))
        self.assertEqual(self.gaps(), [])

    def test_e6_everybody_sees_their_own_rows_of_their_own_companies(self):
        self.confirmed((self.new, 1, {"buyer_po_line": "20"}))
        row = self.shown()
        self.assertTrue(self.shown(self.dispatcher))
        with self.assertRaises(AccessError):
            row.with_user(self.dispatcher).read(["message"])
        other = self.env["res.company"].create({"name": "Other", "keeps_buyer_register": True})
        stranger = new_test_user(
            self.env, "tab_stranger", "work_order.group_billing", company_id=other.id, company_ids=[other.id]
        )
        self.assertEqual(self.gaps(stranger), [])
        for user in (self.technician, self.salesman):
            with self.assertRaises(AccessError):
                self.gaps(user)

    def test_e6_many_open_work_orders_cost_no_query_each(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.gaps()
            return self.env.cr.sql_log_count - before

        self.confirmed((self.new, 1))
        cost()
        few = cost()
        for _n in range(8):
            self.confirmed((self.new, 1))
        self.assertLessEqual(cost(), few + 2)
