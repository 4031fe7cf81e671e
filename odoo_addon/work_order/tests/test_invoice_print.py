from lxml import html
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestInvoicePrint(WorkOrderCase):
    """The printed invoice names work order, PO, line, item code, cost centre and service date."""

    def _printed(self, invoice):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html("account.report_invoice", invoice.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def test_printed_invoice_names_every_reference(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        invoice = self.invoice(ticket)
        invoice.action_post()
        text = self._printed(invoice.sudo())
        for part in (ticket.name, "4500-1", "PO line 10", "Your item M-2", "CC-1", "Service date 11/21/2026"):
            self.assertIn(part, text)

    def test_invoice_over_two_pos_names_the_po_on_each_line(self):
        order = self.sale_order((self.labor, 1), (self.part, 1))
        order.action_confirm()
        order.work_order_ids.task_ids[1].buyer_po = "4500-2"
        invoice = self.invoice(self.complete(order.work_order_ids))
        text = self._printed(invoice.sudo())
        self.assertIn("PO 4500-1", text)
        self.assertIn("PO 4500-2", text)

    def test_ordinary_invoice_prints_no_work_order_block(self):
        invoice = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.buyer.id})
        self.assertNotIn("Work Order", self._printed(invoice))
