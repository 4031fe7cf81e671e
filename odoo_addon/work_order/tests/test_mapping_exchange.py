"""Mapping tables exchanged as files: Odoo's end of `workorder mappings`."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user

CODES = ["buyer", "product", "item_code", "contains", "valid_from", "valid_to"]
POS = ["buyer", "number", "limit", "line", "quantity", "unit_price", "cost_center"]


class MappingCase(TransactionCase):
    """A buyer, two products and an administrator who exchanges files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "wo_mapping_admin", "work_order.group_manager")
        cls.buyer = cls.env["res.partner"].create({"name": "Test Hospital", "is_company": True, "ref": "HOSP"})
        cls.site = cls.env["res.partner"].create({"name": "Annex", "type": "delivery", "parent_id": cls.buyer.id})
        cls.labor = cls.product("Labor", "LAB-1")
        cls.part = cls.product("Filter", "0042")
        cls.center = cls.env["buyer.cost.center"].create({"code": "CC-1", "name": "HVAC", "partner_id": cls.buyer.id})
        cls.startClassPatcher(cls.silent_progress())
        cls.uploads = cls.env["work.order.mapping.upload"].with_user(cls.admin)

    @classmethod
    def silent_progress(cls):
        """Progress goes over a connection of its own, which would not see what a test has not committed."""
        return patch.object(type(cls.env["work.order.mapping.upload"]), "_tell_progress", lambda *_: None)

    @classmethod
    def product(cls, name, code):
        return cls.env["product.product"].create({"name": name, "default_code": code, "type": "service"})

    def stage(self, *sheets):
        """An upload with these sheets, each (table, columns, rows); row numbers count from 2."""
        upload = self.uploads.open_upload()["id"]
        for sequence, (table, columns, rows) in enumerate(sheets, start=1):
            numbered = [[number, *row] for number, row in enumerate(rows, start=2)]
            content = json.dumps([columns, numbered])
            self.uploads.stage(upload, sequence, table, f"{table}.csv", len(rows), content)
        return upload

    def examine(self, *sheets, prune=False):
        upload, after = self.stage(*sheets), 0
        whole = {"faults": [], "notes": [], "changes": [], "counts": {}}
        while after is not None:
            page = self.uploads.examine(upload, after, prune=prune)
            for name in ("faults", "notes", "changes"):
                whole[name] += page[name]
            whole["counts"].update(page["counts"])
            after = page["next"]
        return whole

    def apply(self, *sheets, prune=False):
        upload = self.stage(*sheets)
        return self.uploads.apply(upload, prune=prune)

    def codes(self, *rows):
        return "item_codes", CODES, [[*row, *[None] * (len(CODES) - len(row))] for row in rows]

    def pos(self, *rows):
        return "purchase_orders", POS, [[*row, *[None] * (len(POS) - len(row))] for row in rows]

    def export(self, table):
        rows, after = [], 0
        while after is not None:
            page = self.uploads.export_page(table, after, 2)
            rows += page["rows"]
            after = page["next"]
        return table, self.uploads.mapping_tables()[table], rows


class TestMappingExchange(MappingCase):
    def test_e5_rows_are_added_changed_and_left_alone(self):
        done = self.apply(self.codes(("HOSP", "LAB-1", "M-1"), ("Test Hospital", "0042", "00077", "12")))
        self.assertEqual(done["faults"], [])
        self.assertEqual(done["counts"]["item_codes"]["added"], 2)
        codes = self.env["buyer.item.code"].search([("partner_id", "=", self.buyer.id)], order="code")
        self.assertEqual(codes.mapped("code"), ["00077", "M-1"])
        self.assertEqual(codes.product_tmpl_id, (self.part | self.labor).product_tmpl_id)
        self.assertEqual(codes[0].po_unit_factor, 12)
        seen = self.examine(self.codes(("HOSP", "LAB-1", "M-2"), ("HOSP", "0042", "00077", "12")))
        (change,) = seen["changes"]
        self.assertEqual(
            (change["kind"], change["row"], change["fields"]), ("changed", 2, {"item_code": ["M-1", "M-2"]})
        )
        self.assertEqual(change["key"], "HOSP · LAB-1")
        self.assertEqual(seen["counts"]["item_codes"]["unchanged"], 1)

    def test_e5_three_broken_rows_apply_nothing_and_are_all_told(self):
        rows = [("HOSP", "LAB-1", "M-1"), ("Nobody", "LAB-1", "M"), ("HOSP", "LAB-9", "M"), ("HOSP", "0042", "M", "-1")]
        done = self.apply(self.codes(*rows))
        found = [(fault["file"], fault["row"], fault["column"], fault["value"]) for fault in done["faults"]]
        self.assertCountEqual(
            found,
            [
                ("item_codes.csv", 3, "buyer", "Nobody"),
                ("item_codes.csv", 4, "product", "LAB-9"),
                ("item_codes.csv", 5, "contains", "-1"),
            ],
        )
        self.assertTrue(all(fault["expected"] for fault in done["faults"]))
        self.assertFalse(self.env["buyer.item.code"].search([("partner_id", "=", self.buyer.id)]))

    def test_e5_an_error_in_one_file_keeps_the_others_out(self):
        units = ("units", ["buyer_unit", "unit"], [["CS", "Units"]])
        self.assertEqual(self.apply(units, self.codes(("HOSP", "LAB-9", "M")))["counts"], {})
        self.assertFalse(self.env["buyer.unit.code"].search([("code", "=", "CS")]))

    def test_e5_an_ambiguous_name_is_an_error_that_names_the_row(self):
        self.env["res.partner"].create([{"name": "Twin", "is_company": True, "ref": ref} for ref in ("T1", "T2")])
        faults = self.examine(self.codes(("Twin", "LAB-1", "M"), ("T1", "LAB-1", "M")))["faults"]
        self.assertEqual([(fault["row"], fault["column"]) for fault in faults], [(2, "buyer")])
        self.assertIn("2 are called so", faults[0]["expected"])

    def test_e5_a_row_is_there_once_whatever_the_buyer_is_called(self):
        first, second = ("HOSP", "LAB-1", "A"), ("Test Hospital", "LAB-1", "B")
        self.assertIn("row 2 is the same", self.examine(self.codes(first, second))["faults"][0]["expected"])
        faults = self.examine(self.codes(first), self.codes(second))["faults"]
        self.assertEqual((faults[0]["row"], len(faults)), (2, 1))
        self.assertIn("is the same", faults[0]["expected"])

    def test_e5_overlapping_days_are_told_before_anything_is_applied(self):
        old = ("HOSP", "LAB-1", "OLD", None, None, "2026-06-30")
        self.apply(self.codes(old))
        new = ("HOSP", "LAB-1", "NEW", None, "2026-06-01")
        self.assertIn("OLD", self.examine(self.codes(new))["faults"][0]["expected"])
        longer = (*old[:5], "2026-06-15")
        self.assertIn("overlap", self.examine(self.codes(longer, new))["faults"][0]["expected"])

    def test_e5_a_code_ends_and_the_next_begins_in_one_file(self):
        self.apply(self.codes(("HOSP", "LAB-1", "OLD")))
        next_one = self.codes(("HOSP", "LAB-1", "NEW", None, "2026-06-01"))
        ended = self.codes(("HOSP", "LAB-1", "OLD", None, None, "2026-05-31"))
        self.assertEqual(self.apply(next_one, ended)["faults"], [])
        self.assertEqual(len(self.env["buyer.item.code"].search([("partner_id", "=", self.buyer.id)])), 2)

    def test_e5_applying_twice_changes_nothing(self):
        sheet = self.codes(("HOSP", "LAB-1", "M-1"), ("HOSP", "0042", "M-2"))
        upload = self.stage(sheet)
        first = self.uploads.apply(upload)
        self.assertEqual(self.uploads.apply(upload), json.loads(json.dumps(first)), "the same answer again")
        counts = self.apply(sheet)["counts"]["item_codes"]
        self.assertEqual((counts["added"], counts["changed"], counts["unchanged"]), (0, 0, 2))

    def test_e5_a_list_written_another_way_than_odoo_keeps_it_changes_nothing(self):
        columns = ["buyer", "attachments_required", "attachment_types"]
        sheet = ("buyers", columns, [["HOSP", "sign_off,photo", "pdf,JPG"]])
        self.assertEqual(self.apply(sheet)["faults"], [])
        profile = self.env["buyer.profile"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual(
            (profile.attachments_required, profile.attachment_types), ("sign_off, photo", "application/pdf, image/jpeg")
        )
        self.assertEqual(self.apply(sheet)["counts"]["buyers"]["unchanged"], 1)

    def test_e5_pruning_removes_within_the_buyers_of_the_file_and_only_when_asked(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self.apply(self.codes(("HOSP", "LAB-1", "A"), ("HOSP", "0042", "B"), ("Other", "LAB-1", "C")))
        sheet = self.codes(("HOSP", "LAB-1", "A"))
        self.assertEqual(self.examine(sheet)["counts"]["item_codes"]["removed"], 0)
        seen = self.examine(sheet, prune=True)
        self.assertEqual([(each["kind"], each["key"]) for each in seen["changes"]], [("removed", "B")])
        self.assertEqual(self.apply(sheet, prune=True)["counts"]["item_codes"]["removed"], 1)
        left = self.env["buyer.item.code"].search([("partner_id", "in", (self.buyer | other).ids)])
        self.assertEqual(sorted(left.mapped("code")), ["A", "C"])
        again = self.codes(("HOSP", "LAB-1", "A"), ("HOSP", "0042", "B"))
        self.apply(again)
        codes = self.env["buyer.item.code"].with_context(active_test=False).search([("code", "=", "B")])
        self.assertTrue(codes.active, "an archived row comes back, not a second one")
        self.assertEqual(len(codes), 1)

    def test_e5_what_is_exported_and_applied_changes_nothing(self):
        twin = self.env["res.partner"].create(
            [{"name": "=Twin", "is_company": True}, {"name": "=Twin", "is_company": True}]
        )
        self.env["buyer.profile"].create(
            [
                {"partner_id": self.buyer.id, "po_required": True, "price_tolerance_amount": 0.0, "tax_rule": "exempt"},
                {"partner_id": twin[0].id, "attachment_types": "pdf, jpg", "attachments_required": "photo, sign_off"},
            ]
        )
        self.env["buyer.item.code"].create(
            [
                {
                    "partner_id": twin[1].id,
                    "product_tmpl_id": self.labor.product_tmpl_id.id,
                    "code": "-1",
                    "po_unit_factor": 0.1,
                },
                {"partner_id": self.buyer.id, "product_id": self.part.id, "code": "00042", "valid_from": "2026-01-01"},
            ]
        )
        self.env["buyer.unit.code"].create(
            {"code": "cs", "uom_id": self.env.ref("uom.product_uom_unit").id, "factor": 12}
        )
        self.center.write({"site_ids": self.site.ids, "is_default": True, "building": "B|1"})
        self.env["buyer.purchase.order"].create(
            {
                "number": "PO-1",
                "partner_id": self.buyer.id,
                "amount_limit": 1000.005,
                "line_ids": [
                    (0, 0, {"number": "10", "quantity": 3, "unit_price": 33.333, "cost_center_id": self.center.id}),
                    (0, 0, {"number": "20", "amount_limit": 5, "received_quantity": 0.0, "state": "closed"}),
                ],
            }
        )
        self.env["buyer.purchase.order"].create({"number": "PO-2", "partner_id": twin[0].id, "state": "closed"})
        for table in ("buyers", "units", "cost_centers", "item_codes", "purchase_orders"):
            sheet = self.export(table)
            self.assertTrue(sheet[2], table)
            seen = self.examine(sheet, prune=True)
            self.assertEqual((seen["faults"], seen["changes"]), ([], []), table)
            self.assertEqual(seen["counts"][table]["unchanged"], len(sheet[2]))

    def test_e5_a_column_that_is_missing_leaves_the_field_and_an_empty_cell_empties_it(self):
        self.apply(self.codes(("HOSP", "LAB-1", "A", "5", None, "2027-01-01")))
        code = self.env["buyer.item.code"].search([("partner_id", "=", self.buyer.id)])
        self.apply(("item_codes", ["buyer", "product", "item_code"], [["HOSP", "LAB-1", "B"]]))
        self.assertEqual((code.code, code.po_unit_factor, str(code.valid_to)), ("B", 5, "2027-01-01"))
        self.apply(self.codes(("HOSP", "LAB-1", "B")))
        self.assertEqual((code.po_unit_factor, code.valid_to), (1, False))

    def test_e5_what_only_the_model_refuses_names_its_row_and_undoes_the_others(self):
        columns = ["buyer", "po_pattern"]
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        done = self.apply(("buyers", columns, [["Other", "45.*"], ["HOSP", "(("]]))
        self.assertEqual([fault["row"] for fault in done["faults"]], [3])
        self.assertFalse(self.env["buyer.profile"].search([("partner_id", "in", (self.buyer | other).ids)]))

    def test_e5_the_database_is_asked_for_all_rows_at_once(self):
        products = self.env["product.product"].create(
            [{"name": f"P {number}", "default_code": f"Q-{number}"} for number in range(60)]
        )
        few = self.stage(self.codes(*[("HOSP", code, "X") for code in products[:10].mapped("default_code")]))
        many = self.stage(self.codes(*[("HOSP", code, "X") for code in products.mapped("default_code")]))
        statements = []
        for upload in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.uploads.examine(upload, 0)
            statements.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(statements[1], statements[0] + 2)


class TestMappingPurchaseOrders(MappingCase):
    def test_e3_a_po_of_several_rows_is_one_entry_of_the_register(self):
        done = self.apply(
            self.pos(("HOSP", "PO-9", "5000", "10", "3", "100", "CC-1"), ("HOSP", "PO-9", "5000", "00020", None, None))
        )
        self.assertEqual(done["faults"], [])
        po = self.env["buyer.purchase.order"].search([("number", "=", "PO-9")])
        self.assertEqual((po.amount_limit, po.line_ids.mapped("number")), (5000, ["10", "00020"]))
        self.assertEqual(po.line_ids[0].cost_center_id, self.center)

    def test_e3_a_changed_po_tells_its_history(self):
        self.apply(self.pos(("HOSP", "PO-9", "5000", "10", "3", "100")))
        done = self.apply(
            self.pos(("HOSP", "po-9 ", "6000", "10", "4", "100"), ("HOSP", "po-9 ", "6000", "20", "1", "7"))
        )
        self.assertEqual(done["faults"], [])
        po = self.env["buyer.purchase.order"].search([("number_key", "=", "PO-9")])
        self.assertEqual(len(po), 1)
        self.assertEqual((po.amount_limit, po.line_ids.mapped("quantity")), (6000, [4, 1]))
        told = " ".join(po.message_ids.mapped("body"))
        self.assertIn("Line 10", told)
        self.assertIn("Lines added: 20", told)

    def test_e3_rows_of_a_po_agree_and_stand_together(self):
        first, second = ("HOSP", "PO-9", "5000", "10", "3"), ("HOSP", "PO-9", "7000", "20", "3")
        between = ("HOSP", "PO-8", None, "1", "1")
        faults = self.examine(self.pos(first, second))["faults"]
        self.assertEqual([(fault["row"], fault["column"]) for fault in faults], [(3, "limit")])
        faults = self.examine(self.pos(first, between, (*second[:2], "5000", *second[3:])))["faults"]
        self.assertEqual([(fault["row"], fault["column"]) for fault in faults], [(4, "number")])
        faults = self.examine(self.pos(first), self.pos(second))["faults"]
        self.assertEqual([fault["column"] for fault in faults], ["number"])

    def test_e3_pruning_closes_pos_and_lines_the_file_does_not_have(self):
        self.apply(self.pos(("HOSP", "PO-1", None, "10"), ("HOSP", "PO-1", None, "20"), ("HOSP", "PO-2", None, "10")))
        sheet = self.pos(("HOSP", "PO-1", None, "10"))
        seen = self.examine(sheet, prune=True)
        self.assertEqual([each["key"] for each in seen["changes"]], ["PO-2", "PO-1 / 20"])
        self.apply(sheet, prune=True)
        pos = self.env["buyer.purchase.order"].search([("partner_id", "=", self.buyer.id)], order="number")
        self.assertEqual(pos.mapped("state"), ["open", "closed"])
        self.assertEqual(pos[0].line_ids.mapped("state"), ["open", "closed"])
        self.assertEqual(self.examine(sheet, prune=True)["changes"], [])

    def test_e3_a_line_without_number_is_refused(self):
        faults = self.examine(self.pos(("HOSP", "PO-1", None, None, "3")))["faults"]
        self.assertEqual([(fault["row"], fault["column"]) for fault in faults], [(2, "line")])


class TestMappingAccess(MappingCase):
    def test_e5_only_the_administrator_exchanges_files(self):
        upload = self.stage(self.codes(("HOSP", "LAB-1", "A")))
        for group in ("work_order.group_project_manager", "work_order.group_billing", "account.group_account_manager"):
            user = new_test_user(self.env, f"no_{group.partition('.')[2]}", group)
            uploads = self.env["work.order.mapping.upload"].with_user(user)
            for call in (
                lambda uploads=uploads: uploads.open_upload(),
                lambda uploads=uploads: uploads.stage(upload, 9, "units", "x", 0, "[[],[]]"),
                lambda uploads=uploads: uploads.examine(upload),
                lambda uploads=uploads: uploads.apply(upload),
                lambda uploads=uploads: uploads.export_page("item_codes"),
                lambda uploads=uploads: uploads.mapping_tables(),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_e5_an_upload_is_its_owners_alone(self):
        upload = self.stage(self.codes(("HOSP", "LAB-1", "A")))
        other = new_test_user(self.env, "wo_other_admin", "work_order.group_manager")
        uploads = self.env["work.order.mapping.upload"].with_user(other)
        with self.assertRaises(UserError):
            uploads.apply(upload)
        with self.assertRaises(AccessError):
            self.env["work.order.mapping.chunk"].with_user(other).search([])
        uploads.discard(upload)
        self.assertEqual(self.uploads.apply(upload)["counts"]["item_codes"]["added"], 1)

    def test_e5_rows_go_to_the_company_that_is_named_and_to_no_other(self):
        company = self.env["res.company"].create({"name": "Second"})
        with self.assertRaises(UserError):
            self.uploads.open_upload("Second")
        self.admin.company_ids |= company
        upload = self.uploads.open_upload("Second")["id"]
        content = json.dumps([CODES[:3], [[2, "HOSP", "LAB-1", "A"]]])
        self.uploads.stage(upload, 1, "item_codes", "x", 1, content)
        self.assertEqual(self.uploads.apply(upload)["faults"], [])
        code = self.env["buyer.item.code"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual(code.company_id, company)
        self.assertEqual(self.export("item_codes")[2], [])

    def test_e5_what_did_not_arrive_whole_is_refused_in_a_sentence(self):
        upload = self.uploads.open_upload()["id"]
        self.uploads.stage(upload, 1, "item_codes", "x", 1, '[["buyer"],[[')
        with self.assertRaisesRegex(UserError, "did not arrive whole"):
            self.uploads.examine(upload)
