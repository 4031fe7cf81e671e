from lxml import html
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

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

    def test_d2_header_names_site_and_service_period(self):
        order = self.sale_order((self.labor, 1), (self.part, 1), partner_shipping_id=self.site.id)
        order.action_confirm()
        ticket = order.work_order_ids
        self.dispatch(ticket).with_user(self.technician).action_start()
        for task, day in zip(ticket.task_ids, ("2026-11-18", "2026-11-21"), strict=True):
            task.with_user(self.technician).write({"state": "done", "service_date": day})
        ticket.with_user(self.technician).write({"signed_by": "Pat Doyle"})
        ticket.with_user(self.technician).action_complete()
        invoice = self.invoice(ticket)
        self.assertEqual((str(invoice.service_start), str(invoice.service_end)), ("2026-11-18", "2026-11-21"))
        text = self._printed(invoice.sudo())
        for part in ("Site Annex", "Service Period 11/18/2026 – 11/21/2026"):
            self.assertIn(part, text)
        self.assertNotIn("Authority of each line", text)
        self.env.company.print_invoice_authority = True
        self.assertIn("completed", self._printed(invoice.sudo()).partition("Authority of each line")[2])

    def test_d4_lines_of_several_sites_name_theirs(self):
        order = self.sale_order((self.labor, 1), (self.labor, 1, {"work_site_id": self.site.id}))
        order.partner_shipping_id = self.buyer
        order.action_confirm()
        self.complete(order.work_order_ids)
        text = self._printed(order._create_invoices())
        for ticket in order.work_order_ids:
            self.assertIn(f"Work order {ticket.name} · Site {ticket.site_id.name}", text)

    def test_d3_early_discount_is_printed_with_its_day_and_the_full_due_date(self):
        line = Command.create({"value": "percent", "value_amount": 100.0, "nb_days": 30})
        terms = self.env["account.payment.term"].create(
            {
                "name": "2/10 net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [line],
            }
        )
        order = self.sale_order((self.labor, 2), payment_term_id=terms.id)
        order.action_confirm()
        invoice = self.invoice(self.complete(order.work_order_ids))
        invoice.invoice_date = "2026-11-22"
        invoice.action_post()
        text = self._printed(invoice.sudo()).replace("\xa0", " ")
        self.assertIn("$ 176.40 if paid by 12/02/2026", text)
        self.assertIn("Otherwise $ 180.00, due by 12/22/2026", text)
        self.assertNotIn("due if paid before", text, "Odoo's own sentence would say it twice")

    def test_d6_credit_note_prints_original_number_and_reason(self):
        invoice = self.invoice(self.complete(self.standard_order().work_order_ids))
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id, "reason": "Wrong PO"})
        wizard.refund_moves()
        text = self._printed(wizard.new_move_ids)
        self.assertIn(f"Original Invoice {invoice.name} of", text)
        self.assertIn("Reason Wrong PO", text)
        self.assertIn("PO line 10", text)

    def test_ordinary_invoice_prints_no_work_order_block(self):
        invoice = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.buyer.id})
        self.assertNotIn("Work Order", self._printed(invoice))


@tagged("post_install", "-at_install")
class TestInvoicePortal(WorkOrderCase, HttpCase):
    def test_d3_portal_shows_discount_day_and_full_due_date(self):
        line = Command.create({"value": "percent", "value_amount": 100.0, "nb_days": 30})
        early = {"early_discount": True, "discount_percentage": 2, "discount_days": 10, "line_ids": [line]}
        terms = self.env["account.payment.term"].create({"name": "2/10 net 30", **early})
        order = self.sale_order((self.labor, 2), payment_term_id=terms.id)
        order.action_confirm()
        invoice = self.invoice(self.complete(order.work_order_ids))
        invoice.action_post()
        page = self.url_open(invoice.sudo().get_portal_url()).text
        self.assertIn(
            invoice.early_discount_text.split(":")[0].replace("\xa0", "&nbsp;"), page.replace("\xa0", "&nbsp;")
        )
