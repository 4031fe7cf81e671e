"""Import of a buyer's PO: what the file says becomes the register's, and nothing else does."""

import base64
import io
from datetime import date

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import file_open

from .common import WorkOrderCase

SHEET = """PO number,PO line,Buyer item code,Our item code,Description,Qty,UoM,Price,Cost centre
4500099001,00010,0077-LAB,LAB-1,HVAC technician,40,HUR,118.50,CC-1
4500099001,00020,0042,,Filters,12,EA,19.25,CC-NEW
"""


class PoImportCase(WorkOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "wo_import_manager", "work_order.group_project_manager")
        cls.labor.default_code = "LAB-1"
        cls.hours = cls.env.ref("uom.product_uom_hour")

    def wizard(self, content, name="po.csv", user=None, **values):
        if isinstance(content, str):
            content = content.encode()
        wizard = self.env["buyer.purchase.order.import"].with_user(user or self.manager)
        return wizard.create({"file": base64.b64encode(content), "file_name": name, **values})

    def ubl(self, *replaced, **values):
        with file_open("work_order/tests/data/hospital_order.xml") as file:
            text = file.read()
        for old, new in replaced:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return self.wizard(text, "order.xml", **values)

    def po(self):
        return self.env["buyer.purchase.order"].search([("number", "=", "4500099001")])


class TestPoImportSpreadsheet(PoImportCase):
    def test_e3_a_spreadsheet_is_shown_and_becomes_a_po(self):
        wizard = self.wizard(SHEET, partner_id=self.buyer.id)
        self.assertTrue(wizard.is_readable, wizard.problems)
        self.assertIn("HVAC technician", wizard.summary)
        self.assertIn("CC-NEW is new", wizard.notes)
        self.assertFalse(self.po(), "nothing is changed by looking")
        wizard.action_import()
        po, (first, second) = self.po(), self.po().line_ids
        self.assertEqual((po.partner_id, po.state), (self.buyer, "open"))
        self.assertEqual((first.number, first.buyer_item_code, first.product_id), ("00010", "0077-LAB", self.labor))
        self.assertEqual((first.quantity, first.unit_price, first.buyer_unit), (40, 118.5, "HUR"))
        self.assertEqual((first.product_uom_id, first.cost_center_id), (self.hours, self.center))
        self.assertEqual((second.buyer_item_code, second.cost_center_id.code), ("0042", "CC-NEW"))
        self.assertEqual(second.cost_center_id.partner_id, self.buyer)
        self.assertEqual(po.message_ids.attachment_ids.mapped("name"), ["po.csv"])

    def test_e3_encodings_semicolons_and_quoted_newlines_are_read(self):
        lines = 'Buyer;PO;Line;Description;Qty;Price\nTest Hospital;4500099001;10;"Größe\nzwei";1;12,50\n'
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            with self.subTest(encoding), self.env.cr.savepoint():
                self.wizard(lines.encode(encoding)).action_import()
                line = self.po().line_ids
                self.assertEqual((line.name, line.unit_price), ("Größe\nzwei", 12.5))
                line.purchase_order_id.sudo().unlink()

    def test_e3_a_comma_in_a_code_stays_where_it_separates_decimals_in_numbers(self):
        self.wizard(b"Buyer;PO;Line;Item;Qty;Price\nTest Hospital;4500099001;10;10,5;2,5;12,50\n").action_import()
        line = self.po().line_ids
        self.assertEqual((line.buyer_item_code, line.quantity, line.unit_price), ("10,5", 2.5, 12.5))

    def test_e3_a_workbook_keeps_zeros_and_days(self):
        book = openpyxl.Workbook()
        book.active.append(["Buyer", "PO", "Valid to", "Line", "Item", "Qty", "Price"])
        book.active.append(["Test Hospital", 4500099001, date(2027, 1, 31), 10, "0042", 2.5, 19.25])
        book.active["D2"].number_format = "00000"
        content = io.BytesIO()
        book.save(content)
        self.wizard(content.getvalue(), "po.xlsx").action_import()
        po = self.po()
        self.assertEqual((str(po.valid_to), po.line_ids.number), ("2027-01-31", "00010"))
        self.assertEqual((po.line_ids.buyer_item_code, po.line_ids.quantity), ("0042", 2.5))

    def test_e3_every_problem_is_told_and_nothing_is_imported(self):
        broken = SHEET.replace(",40,", ",many,").replace("19.25", "-1").replace("00020", "")
        wizard = self.wizard(broken, partner_id=self.buyer.id)
        self.assertFalse(wizard.is_readable)
        for part in ("Row 2, Qty", "many", "a number such as 1250.00", "Row 3, Price"):  # as the file calls them
            self.assertIn(part, wizard.problems)
        with self.assertRaisesRegex(UserError, "Row 2, Qty"):
            wizard.action_import()
        self.assertFalse(self.po())

    def test_e3_a_row_with_a_bad_number_and_a_stranger_is_told_both(self):
        wizard = self.wizard("Buyer,PO number,PO line,Qty\nNobody Known,4500099001,00010,many\n")
        self.assertIn("Row 2, Qty", wizard.problems)
        self.assertIn("Row 2, Buyer: found “Nobody Known”", wizard.problems)

    def test_e3_large_numbers_and_prices_are_shown_in_full(self):
        large = SHEET.replace(",40,HUR,118.50", ",1234567.5,HUR,2500000.5")
        wizard = self.wizard(large, partner_id=self.buyer.id)
        for part in ("1234567.5 HUR", "2500000.50", "12 EA", "19.25"):
            self.assertIn(part, wizard.summary)

    def test_e3_formulas_and_what_is_no_spreadsheet_are_refused_in_a_sentence(self):
        formula = SHEET.replace("Filters", "=HYPERLINK(A1)")
        for content, name, told in (
            (formula, "po.csv", "never computed"),
            ("", "po.csv", "empty"),
            ("a\0b", "po.csv", "UTF-8"),
            ("rubbish", "po.xlsx", "save the spreadsheet"),
            (b"PK\3\4rubbish", "po.xlsx", "whole XLSX file"),
            ("colour,line\nred,1\n", "po.csv", "a column of purchase_orders"),
        ):
            wizard = self.wizard(content or b" ", name, partner_id=self.buyer.id)
            self.assertFalse(wizard.is_readable)
            self.assertIn(told, wizard.problems)

    def test_e3_what_a_file_says_is_never_run_as_markup(self):
        wizard = self.wizard(SHEET.replace("Filters", "<img src=x onerror=alert(1)>"), partner_id=self.buyer.id)
        self.assertNotIn("<img", wizard.summary)
        self.assertIn("&lt;img", wizard.summary)

    def test_e3_only_who_keeps_the_register_imports(self):
        for user in (self.technician, self.dispatcher, self.salesman, self.accountant):
            with self.assertRaises(AccessError):
                self.wizard(SHEET, user=user, partner_id=self.buyer.id)
        self.wizard(SHEET, user=self.billing, partner_id=self.buyer.id).action_import()
        self.assertTrue(self.po())


class TestPoImportRevision(PoImportCase):
    def test_e3_a_second_file_is_the_next_revision_and_told_in_the_history(self):
        self.wizard(SHEET, partner_id=self.buyer.id, revision="A").action_import()
        changed = SHEET.replace(",40,", ",50,")
        wizard = self.wizard(changed, partner_id=self.buyer.id, revision="B")
        self.assertIn("quantity: 40 → 50", wizard.summary)
        wizard.action_import()
        po = self.po()
        self.assertEqual((len(po), po.revision, po.line_ids[0].quantity), (1, "B", 50))
        history = " ".join(po.message_ids.mapped("body"))
        self.assertIn("40.0 → 50.0", history)
        self.assertEqual(len(po.message_ids.attachment_ids), 2)

    def test_e3_less_than_is_drawn_is_said_before_and_in_the_history(self):
        self.wizard(SHEET, partner_id=self.buyer.id).action_import()
        order = self.sale_order((self.labor, 30, {"buyer_po_line": "00010"}), buyer_po="4500099001")
        order.action_confirm()
        self.dispatch(order.work_order_ids)
        wizard = self.wizard(SHEET.replace(",40,", ",20,"), partner_id=self.buyer.id)
        self.assertIn("work orders draw 30 on it already", wizard.notes)
        wizard.action_import()
        self.assertIn("work orders draw 30 on it already", " ".join(self.po().message_ids.mapped("body")))
        self.assertEqual(self.po().line_ids[0].quantity, 20)

    def test_e3_lines_the_file_lacks_stay_unless_they_are_to_be_closed(self):
        self.wizard(SHEET, partner_id=self.buyer.id).action_import()
        shorter = "".join(SHEET.splitlines(keepends=True)[:2])
        wizard = self.wizard(shorter, partner_id=self.buyer.id)
        self.assertIn("lines 00020 are not in the file", wizard.notes)
        wizard.action_import()
        self.assertEqual(self.po().line_ids.mapped("state"), ["open", "open"])
        self.wizard(shorter, partner_id=self.buyer.id, close_missing=True).action_import()
        self.assertEqual(self.po().line_ids.mapped("state"), ["open", "closed"])

    def test_e3_the_same_file_again_changes_nothing_but_that_it_is_known_today(self):
        self.wizard(SHEET, partner_id=self.buyer.id).action_import()
        po = self.po()
        po.read_on = "2026-01-01"
        wizard = self.wizard(SHEET, partner_id=self.buyer.id)
        self.assertNotIn("text-bg-warning", wizard.summary)
        wizard.action_import()
        self.assertEqual(len(po.line_ids), 2)
        self.assertGreater(str(po.read_on), "2026-01-01")


class TestPoImportUbl(PoImportCase):
    def test_e3_a_ubl_order_keeps_everything_the_buyer_wrote(self):
        self.env["res.partner"].browse(self.buyer.id).ref = "HOSP-01"
        self.env["buyer.unit.code"].create(
            {"code": "CS", "partner_id": self.buyer.id, "uom_id": self.env.ref("uom.product_uom_unit").id, "factor": 12}
        )
        wizard = self.ubl()
        self.assertTrue(wizard.is_readable, wizard.problems)
        self.assertIn("NOT-OURS is none of our products", wizard.notes)
        wizard.action_import()
        po, (first, second) = self.po(), self.po().line_ids
        self.assertEqual((po.partner_id, po.kind, po.contract), (self.buyer, "blanket", "FW-2026-17"))
        self.assertEqual((str(po.valid_from), str(po.valid_to)), ("2026-11-01", "2027-10-31"))
        self.assertEqual((po.currency_id.name, po.terms_code), ("USD", "2/10 net 30, code N030"))
        self.assertIn("plant office", po.note)
        self.assertEqual((first.number, first.buyer_item_code, first.product_id), ("00010", "0077-LAB", self.labor))
        self.assertEqual((first.unit_price, first.price_basis, first.tax_rate), (118.5, 1, 7.5))
        self.assertEqual((first.product_uom_id, first.cost_center_id.code), (self.hours, "6390-EMERG"))
        self.assertEqual((second.number, second.buyer_unit, second.price_basis), ("00020", "CS", 100))
        self.assertEqual((second.unit_price, second.cost_center_id.code), (1925, "6310-HVAC"))
        self.assertFalse(second.product_uom_id, "a case is no unit of ours")
        self.assertFalse(second.tax_rate_known)

    def test_e3_an_unknown_unit_and_buyer_are_told(self):
        wizard = self.ubl(("HUR", "XQZ"), ("Test Hospital", "Stranger"))
        self.assertFalse(wizard.is_readable)
        self.assertIn("Stranger", wizard.problems)
        wizard.partner_id = self.buyer
        self.assertTrue(wizard.is_readable, wizard.problems)
        self.assertIn("Unit XQZ is in no table", wizard.notes)

    def test_e3_entities_other_documents_and_broken_xml_are_refused(self):
        declared = '<?xml version="1.0" encoding="UTF-8"?>'
        entity = declared + '<!DOCTYPE Order [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        for old, new, told in (
            (declared, entity, "document type"),
            ("xsd:Order-2", "xsd:Invoice-2", "UBL 2.1 Order"),
            ("</Order>", "", "well-formed"),
        ):
            wizard = self.ubl((old, new), partner_id=self.buyer.id)
            self.assertFalse(wizard.is_readable)
            self.assertIn(told, wizard.problems)
