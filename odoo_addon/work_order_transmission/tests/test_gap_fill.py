from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestGapFill(TransmissionCase):
    """Missing mapping rows are added from the invoice that waits for them."""

    def gap(self, table, record):
        message = f"{record.name} (Odoo id {record.id}), needed by WO1, is not in {table}."
        return {
            "table": table,
            "odoo_id": str(record.id),
            "odoo_name": record.name,
            "needed_by": "WO1",
            "message": message,
        }

    def blocked(self, *gaps):
        row = self.queued()
        batch = self.claim()
        self.settle(batch["lease"], self.result(row, "blocked", gaps=list(gaps)))
        return row

    def filled_in(self, row, user=None, **ids):
        """The dialog as this user sees it, with QuickBooks ids by name of the Odoo record."""
        action = row.with_user(user or self.billing).action_add_rows()
        fill = self.env["quickbooks.gap.fill"].with_user(user or self.billing).browse(action["res_id"])
        for line in fill.line_ids:
            line.external_id = ids.get(line.name, line.external_id)
        return fill

    def test_billing_adds_what_is_missing_and_the_invoice_waits_to_be_sent(self):
        row = self.blocked(self.gap("quickbooks_items", self.labor), self.gap("quickbooks_items", self.part))
        fill = self.filled_in(row, Labor=" 7 ", Filter="8")
        self.assertEqual(fill.line_ids.mapped("what"), ["QuickBooks Item"] * 2)
        fill.action_fill()
        rows = self.env["quickbooks.item.map"].search([("destination_id", "=", self.destination.id)])
        self.assertEqual({found.product_id: found.external_id for found in rows}, {self.labor: "7", self.part: "8"})
        self.assertEqual(rows.create_uid, self.billing)
        self.assertEqual(row.state, "ready")
        self.assertIn("Labor → 7,", row.message_ids[0].body)

    def test_empty_lines_stay_missing_and_a_dialog_without_any_is_refused(self):
        row = self.blocked(self.gap("quickbooks_items", self.labor), self.gap("quickbooks_classes", self.center))
        with self.assertRaisesRegex(UserError, "at least one row"):
            self.filled_in(row, Labor=" ").action_fill()
        self.filled_in(row, Labor="7").action_fill()
        self.assertFalse(self.env["quickbooks.class.map"].search([("destination_id", "=", self.destination.id)]))

    def test_row_that_is_there_is_the_administrators_to_correct(self):
        mapped = self.env["quickbooks.item.map"].create(
            {"destination_id": self.destination.id, "product_id": self.labor.id, "external_id": "7"}
        )
        row = self.blocked(self.gap("quickbooks_items", self.labor))
        self.assertIn("Odoo id", row.gap_page, "the bridge's reason, as the row is not missing")
        with self.assertRaisesRegex(UserError, "corrected by an administrator"):
            row.with_user(self.billing).action_add_rows()
        fill = self.filled_in(row, self.manager)
        self.assertEqual(fill.line_ids.external_id, "7")
        with self.assertRaisesRegex(UserError, "other than one that cannot be used"):
            fill.action_fill()
        fill.line_ids.external_id = "70"
        fill.action_fill()
        self.assertEqual((mapped.external_id, row.state), ("70", "ready"))

    def test_archived_row_comes_back(self):
        mapped = self.env["quickbooks.class.map"].create(
            {
                "destination_id": self.destination.id,
                "cost_center_id": self.center.id,
                "external_id": "1",
                "active": False,
            }
        )
        row = self.blocked(self.gap("quickbooks_classes", self.center))
        self.assertIn("No QuickBooks Class for HVAC.", row.gap_page)
        self.filled_in(row, self.manager, HVAC="2").action_fill()
        self.assertEqual((mapped.active, mapped.external_id), (True, "2"))

    def test_only_rows_the_invoice_waits_for_can_be_added(self):
        row = self.blocked(self.gap("quickbooks_items", self.labor))
        fill = self.filled_in(row, Labor="7")
        fill.line_ids.write({"odoo_id": str(self.part.id)})
        with self.assertRaisesRegex(UserError, "does not wait for"):
            fill.action_fill()
        fill.line_ids.write({"odoo_id": str(self.labor.id)})
        row._make_ready()
        with self.assertRaisesRegex(UserError, "does not wait for"):
            fill.action_fill()
        with self.assertRaisesRegex(UserError, "no row you could add"):
            row.with_user(self.billing).action_add_rows()

    def test_nobody_else_may(self):
        row = self.blocked(self.gap("quickbooks_items", self.labor))
        for user in (self.accountant, self.technician, self.bridge):
            with self.assertRaises(AccessError):
                row.with_user(user).action_add_rows()
        with self.assertRaises(AccessError):
            self.filled_in(row, Labor="7").with_user(self.accountant).action_fill()
