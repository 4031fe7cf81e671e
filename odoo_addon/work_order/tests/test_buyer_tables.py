import dataclasses
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from ..preflight.case import Profile
from .common import WorkOrderCase


class TablesCase(WorkOrderCase):
    """One buyer with a code for labour; everything else is made by the test."""

    def profile(self, **values):
        return self.env["buyer.profile"].create({"partner_id": self.buyer.id, **values})

    def code(self, code, product=None, **values):
        product = product or self.labor
        return self.env["buyer.item.code"].create(
            {"partner_id": self.buyer.id, "code": code, "product_tmpl_id": product.product_tmpl_id.id, **values}
        )

    def refused(self, action, *sentences):
        """The action is refused with all of these sentences and changes nothing."""
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            action()
        self.env.invalidate_all()
        for sentence in sentences:
            self.assertIn(sentence, str(refusal.exception))


@tagged("post_install", "-at_install")
class TestBuyerProfile(TablesCase):
    """E1: what a buyer demands, in the fields that pre-flight judges by."""

    def test_e1_every_demand_of_preflight_is_a_field_and_strict_by_default(self):
        profile = self.profile()
        self.assertLessEqual({field.name for field in dataclasses.fields(Profile)} - {"name"}, set(profile._fields))
        self.assertEqual(profile._as_case(), Profile(name="Test Hospital"))

    def test_e1_demands_reach_preflight_as_they_were_typed(self):
        profile = self.profile(
            po_pattern=r"45\d{8}",
            price_tolerance_percent=2.5,
            price_tolerance_amount=0.0,
            header_tolerance_amount=12.5,
            attachments_required="Sign-off, photo",
            attachment_types="pdf, image/png",
            route_tested_on="2026-11-01",
            tax_rule="barred",
        )
        case = profile._as_case()
        self.assertEqual((case.po_pattern, case.price_tolerance_percent), (r"45\d{8}", Decimal("2.5")))
        self.assertEqual((case.price_tolerance_amount, case.line_tolerance_amount), (Decimal(0), None))
        self.assertEqual(case.header_tolerance_amount, Decimal("12.5"))
        self.assertEqual(case.attachments_required, ("sign_off", "photo"))
        self.assertEqual(case.attachment_types, ("application/pdf", "image/png"))
        self.assertEqual((case.route_tested_on, case.tax_rule), (fields.Date.to_date("2026-11-01"), "barred"))
        profile.write({"price_tolerance_amount": False})
        self.assertIsNone(profile._as_case().price_tolerance_amount)

    def test_e1_refuses_everything_that_is_wrong_at_once(self):
        self.refused(
            lambda: self.profile(
                po_pattern="45(", number_pattern=r"(a+)+b", attachments_required="selfie", backdating_days=-1
            ),
            "Test Hospital, PO Pattern: This is no regular expression",
            "Invoice Number Pattern: This pattern repeats too much",
            "Required Attachments: “selfie” is none of sign_off",
            "Backdating: cannot be negative",
        )

    def test_e1_refuses_a_pattern_that_could_hang_or_looks_around(self):
        for pattern in (r"(x+x+)+y", r"(a|a){40}b", r"a*a*a*a*a*b", r"(?=a)b", r"(a)\1", "a" * 201):
            with self.subTest(pattern):
                self.refused(lambda pattern=pattern: self.profile(po_pattern=pattern), "PO Pattern")
        for pattern in (r"45\d{8}", r"[A-Z]{2,4}-?\d{4,10}", r"\w+-\w+-\w+", r"(\d{3}-)+\d{2}", r"\d{10}|CPM-.*"):
            with self.subTest(pattern), self.cr.savepoint() as point:
                self.assertEqual(self.profile(po_pattern=pattern).po_pattern, pattern)
                point.rollback()

    def test_e1_dispatcher_reads_and_technician_does_not(self):
        profile = self.profile()
        self.assertEqual(profile.with_user(self.dispatcher).tax_rule, "any")
        with self.assertRaises(AccessError):
            profile.with_user(self.dispatcher).tax_rule = "barred"
        with self.assertRaises(AccessError):
            profile.with_user(self.technician).read(["tax_rule"])
        profile.with_user(self.billing).tax_rule = "barred"


@tagged("post_install", "-at_install")
class TestBuyerItemCode(TablesCase):
    """E2: what a buyer calls our products, for as long as it is valid."""

    def look_up(self, product, day="2026-11-20", task_code=None):
        codes = self.env["buyer.item.code"]
        task_code = task_code or self.env["work.order.task.code"]
        table = codes._table_for(self.env.company, self.buyer, product, task_code)
        return codes._look_up(table, self.env.company, self.buyer, product, task_code, fields.Date.to_date(day)).code

    def test_e2_variant_comes_before_product_before_task_code(self):
        color = self.env["product.attribute"].create(
            {"name": "Color", "value_ids": [Command.create({"name": name}) for name in ("navy", "white")]}
        )
        shirt = self.env["product.template"].create(
            {
                "name": "Shirt",
                "attribute_line_ids": [
                    Command.create({"attribute_id": color.id, "value_ids": [Command.set(color.value_ids.ids)]})
                ],
            }
        )
        navy, white = shirt.product_variant_ids
        task_code = self.env["work.order.task.code"].create({"code": "T", "name": "T", "product_id": self.part.id})
        self.code("SHIRT", navy)
        self.code("NAVY", product_id=navy.id, product_tmpl_id=False)
        self.code("TASK", product_tmpl_id=False, task_code_id=task_code.id)
        self.assertEqual((self.look_up(navy), self.look_up(white)), ("NAVY", "SHIRT"))
        self.assertEqual((self.look_up(self.part, task_code=task_code), self.look_up(self.part)), ("TASK", False))
        self.assertEqual(self.look_up(navy, task_code=task_code), "NAVY")

    def test_e2_code_holds_on_its_days_only(self):
        self.code("OLD", valid_to="2026-10-31")
        self.code("NEW", valid_from="2026-11-01", valid_to="2026-12-31")
        self.assertEqual(
            [self.look_up(self.labor, day) for day in ("2026-10-31", "2026-11-01", "2027-01-01")], ["OLD", "NEW", False]
        )

    def test_e2_holds_for_the_company_that_buys_without_blanks(self):
        code = self.code("  M-1 ", partner_id=self.site.id)
        self.assertEqual((code.code, code.partner_id), ("M-1", self.buyer))

    def test_e2_refuses_an_overlap_and_names_the_other_code(self):
        old = self.code("OLD", valid_to="2026-10-31")
        self.refused(lambda: self.code("NEW", valid_from="2026-10-31"), "“NEW” for Labor overlaps code “OLD”", "until ")
        new = self.code("NEW", valid_from="2026-11-01")
        self.refused(lambda: old.write({"valid_to": False}), "overlaps code “NEW”")
        new.active = False
        old.valid_to = False
        self.refused(lambda: new.write({"active": True}), "overlaps code “OLD”")
        self.code("OTHER", self.part)

    @mute_logger("odoo.sql_db")
    def test_e2_the_database_refuses_an_overlap_that_came_at_the_same_time(self):
        self.code("ONE")
        two = self.code("TWO", self.part)
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation), self.cr.savepoint():
            self.env.cr.execute(
                "UPDATE buyer_item_code SET product_tmpl_id = %s WHERE id = %s", (self.labor.product_tmpl_id.id, two.id)
            )
            self.env.cr.execute("SET CONSTRAINTS buyer_item_code_no_overlap IMMEDIATE")

    @mute_logger("odoo.sql_db")
    def test_e2_refuses_a_code_for_nothing_or_for_two_things(self):
        task_code = self.env["work.order.task.code"].create({"code": "T", "name": "T", "product_id": self.part.id})
        for values in ({"product_tmpl_id": False}, {"task_code_id": task_code.id}, {"po_unit_factor": 0}):
            with self.subTest(values), self.assertRaises(CheckViolation), self.cr.savepoint():
                self.code("X", **values)
        self.refused(lambda: self.code("  "), "Buyer's Code is empty")

    def test_e2_many_rows_cost_no_query_each(self):
        products = self.env["product.product"].create([{"name": f"P{n}"} for n in range(200)])
        rows = [
            {"partner_id": self.site.id, "code": f"C{n}", "product_id": product.id}
            for n, product in enumerate(products)
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(22):
            self.env["buyer.item.code"].create(rows)
            self.env.flush_all()

    def test_e2_other_companies_neither_see_nor_share_a_code(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "tab_stranger", "work_order.group_billing", company_id=other.id, company_ids=[other.id]
        )
        code = self.code("OURS")
        self.assertNotIn(code, self.env["buyer.item.code"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            code.with_user(stranger).read(["code"])
        self.code("THEIRS", company_id=other.id)

    def test_e2_billing_adds_codes_and_sales_reads_them(self):
        values = {"partner_id": self.buyer.id, "code": "B", "product_tmpl_id": self.part.product_tmpl_id.id}
        code = self.env["buyer.item.code"].with_user(self.billing).create(values)
        self.assertEqual(code.with_user(self.salesman).code, "B")
        for user in (self.salesman, self.dispatcher, self.accountant):
            with self.assertRaises(AccessError):
                code.with_user(user).code = "C"
        with self.assertRaises(AccessError):
            code.with_user(self.technician).read(["code"])


@tagged("post_install", "-at_install")
class TestBuyerUnit(TablesCase):
    """E2: units as buyers write them."""

    def unit(self, code, **values):
        hour = self.env.ref("uom.product_uom_hour")
        return self.env["buyer.unit.code"].create({"code": code, "uom_id": hour.id, **values})

    def test_e2_the_buyers_own_unit_comes_before_the_one_for_all(self):
        everybody, own = self.unit("QHR"), self.unit("qhr ", partner_id=self.site.id, factor=8)
        units, other = self.env["buyer.unit.code"], self.buyer.create({"name": "Other buyer"})
        table = units._table_for(self.env.company, self.buyer | other)
        self.assertEqual(units._look_up(table, self.env.company, self.buyer, " Qhr"), own)
        self.assertEqual(units._look_up(table, self.env.company, other, "QHR"), everybody)
        self.assertFalse(units._look_up(table, self.env.company, other, "QEA"))

    @mute_logger("odoo.sql_db")
    def test_e2_refuses_a_second_row_or_nothing_in_a_unit(self):
        self.unit("QHR")
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.unit("qhr")
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.unit("DAY", factor=0)
        self.refused(lambda: self.unit(" "), "Buyer's Unit is empty")

    def test_e2_billing_adds_units_of_its_own_company_and_others_read_them(self):
        unit = self.unit("QHR")
        unit.with_user(self.billing).factor = 2
        self.assertEqual(unit.with_user(self.dispatcher).factor, 2)
        for user in (self.dispatcher, self.salesman, self.accountant):
            with self.assertRaises(AccessError):
                unit.with_user(user).factor = 3
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "tab_stranger", "work_order.group_billing", company_id=other.id, company_ids=[other.id]
        )
        for user in (self.technician, stranger):
            with self.assertRaises(AccessError):
                unit.with_user(user).read(["factor"])

    def test_e2_a_po_line_in_the_buyers_unit_gets_ours(self):
        self.unit("QHR")
        po = self.env["buyer.purchase.order"].create(
            {
                "number": "P",
                "partner_id": self.buyer.id,
                "line_ids": [
                    Command.create({"number": "1", "buyer_unit": "qhr"}),
                    Command.create({"number": "2", "buyer_unit": "PAL"}),
                ],
            }
        )
        self.assertEqual(po.line_ids.mapped("product_uom_id"), self.env.ref("uom.product_uom_hour"))
        self.assertFalse(po.line_ids[1].product_uom_id, "an unknown unit stays unknown")


@tagged("post_install", "-at_install")
class TestBuyerPoTerms(TablesCase):
    """E3: what a buyer's PO says beyond its lines."""

    def po(self, **values):
        line = Command.create({"number": "10", "quantity": 5})
        return self.env["buyer.purchase.order"].create(
            {"number": "4500-1", "partner_id": self.buyer.id, "line_ids": [line], **values}
        )

    def test_e3_nothing_received_is_not_the_same_as_not_known(self):
        line = self.po().line_ids
        self.assertFalse(line.received_known)
        line.received_quantity = 0
        self.assertTrue(line.received_known)
        line.write({"received_quantity": 3, "tax_rate": 0})
        self.assertEqual((line.received_quantity, line.tax_rate_known), (3, True))
        line.received_known = False
        self.assertEqual(line.received_quantity, 0)

    def test_e3_what_is_typed_is_known_as_of_today(self):
        po, today = self.po(read_on="2026-01-01"), fields.Date.context_today(self.env["res.partner"])
        po.read_on = "2026-01-01"
        po.note = "ours"
        self.assertEqual(str(po.read_on), "2026-01-01")
        po.line_ids.unit_price = 9
        self.assertEqual(po.read_on, today)
        po.read_on = "2026-01-01"
        po.revision = "B"
        self.assertEqual(po.read_on, today)
        po.read_on = "2026-01-01"
        po.with_user(self.billing).action_confirm_known()
        self.assertEqual(po.read_on, today)

    def test_e3_refuses_dispatch_on_a_cancelled_po(self):
        po = self.po()
        order = self.sale_order((self.labor, 1, {"buyer_po_line": "10"}))
        order.action_confirm()
        po.with_user(self.billing).action_cancel()
        self.refused(lambda: self.dispatch(order.work_order_ids), "Buyer PO 4500-1 is cancelled in the register")
        po.with_user(self.billing).action_open()
        self.dispatch(order.work_order_ids)

    @mute_logger("odoo.sql_db")
    def test_e3_refuses_amounts_below_nothing(self):
        po = self.po()
        for record, values in (
            (po, {"freight_limit": -1}),
            (po.line_ids, {"received_quantity": -1}),
            (po.line_ids, {"price_basis": 0}),
        ):
            with self.subTest(values), self.assertRaises(CheckViolation), self.cr.savepoint():
                record.write(values)
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCostCenterPlace(TablesCase):
    """E4: which cost centre work at a site takes on a day."""

    def center_at(self, code, **values):
        return self.env["buyer.cost.center"].create({"code": code, "name": code, "partner_id": self.buyer.id, **values})

    def look_up(self, site, day="2026-11-20"):
        centers = self.env["buyer.cost.center"]
        table = centers._table_for(self.env.company, self.buyer)
        return centers._look_up(table, self.env.company, self.buyer, site, fields.Date.to_date(day))

    def test_e4_site_comes_before_building_before_the_buyers_default(self):
        self.site.building = "North tower"
        default = self.center_at("D", is_default=True)
        self.assertEqual(self.look_up(self.site), default)
        building = self.center_at("B", building="north TOWER ")
        self.assertEqual(self.look_up(self.site), building)
        old = self.center_at("O", site_ids=self.site.ids, valid_to="2026-10-31")
        site = self.center_at("S", site_ids=self.site.ids, valid_from="2026-11-01")
        self.assertEqual((self.look_up(self.site), self.look_up(self.site, "2026-10-31")), (site, old))

    def test_e4_a_technician_reads_cost_centres_without_the_buyers_pos(self):
        center = self.center_at("T", site_ids=self.site.ids)
        (values,) = center.with_user(self.technician).read()
        self.assertEqual(values["code"], "T")
        self.assertNotIn("purchase_order_line_ids", values)
        with self.assertRaises(AccessError):
            center.with_user(self.technician).code = "X"

    def test_e4_two_for_one_site_are_no_answer(self):
        self.center_at("A", site_ids=self.site.ids)
        self.center_at("B", site_ids=self.site.ids)
        self.assertFalse(self.look_up(self.site))

    def test_e4_refuses_sites_of_another_buyer_and_of_none(self):
        stranger = self.buyer.create({"name": "Stranger", "is_company": True})
        self.refused(lambda: self.center_at("X", site_ids=stranger.ids), "Sites: Stranger belongs to another buyer")
        self.refused(lambda: self.center_at("X", partner_id=False, is_default=True), "name the buyer")

    @mute_logger("odoo.sql_db")
    def test_e4_refuses_a_validity_that_ends_before_it_begins(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.center_at("X", valid_from="2026-02-01", valid_to="2026-01-01")
