from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """One job, in a real browser, in the hands of everybody who touches it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = new_test_user(
            cls.env, "tour_dispatcher", "work_order.group_dispatcher,sales_team.group_sale_salesman_all_leads"
        )
        cls.technician = new_test_user(
            cls.env, "tour_technician", "work_order.group_technician", name="Tour Technician"
        )
        cls.manager = new_test_user(cls.env, "tour_manager", "work_order.group_project_manager")
        cls.billing = new_test_user(cls.env, "tour_billing", "work_order.group_billing")
        cls.buyer = cls.env["res.partner"].create({"name": "Tour Hospital", "is_company": True})
        cls.labor, cls.filter = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "list_price": price,
                    "work_order_policy": "order",
                    "work_order_type_id": cls.env.ref("work_order.type_installation").id,
                    "taxes_id": False,
                }
                for name, price in (("Tour Labor", 90.0), ("Tour Filter", 21.4))
            ]
        )

    def ticket_page(self, ticket):
        return f"/odoo/action-work_order.work_order_action/{ticket.id}"

    def test_quote_to_invoice_with_a_refused_dispatch_and_a_change_order(self):
        self.start_tour(
            "/odoo/action-sale.action_quotations_with_onboarding",
            "work_order_quote_to_dispatch",
            login="tour_dispatcher",
        )
        ticket = self.env["work.order"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual(
            (ticket.state, ticket.buyer_po, ticket.technician_ids), ("dispatched", "4500-TOUR", self.technician)
        )
        self.start_tour(self.ticket_page(ticket), "work_order_technician_works", login="tour_technician")
        self.assertEqual((ticket.state, ticket.task_ids.state), ("in_progress", "done"))
        self.start_tour(self.ticket_page(ticket), "work_order_dispatcher_asks_for_a_change", login="tour_dispatcher")
        self.assertEqual(ticket.task_ids.product_id, self.labor, "nothing exists before it is approved")
        self.start_tour(
            "/odoo/action-work_order.work_order_change_action_pending",
            "work_order_manager_approves_the_change",
            login="tour_manager",
        )
        self.assertEqual(ticket.task_ids.product_id, self.labor | self.filter)
        self.assertGreater(ticket.version, 1)
        self.start_tour(self.ticket_page(ticket), "work_order_technician_completes", login="tour_technician")
        self.start_tour(self.ticket_page(ticket), "work_order_billing_invoices", login="tour_billing")
        invoice = ticket.invoice_ids
        self.assertEqual((invoice.state, ticket.state), ("posted", "closed"))
        self.assertEqual(sorted(invoice.invoice_line_ids.mapped("price_unit")), [21.4, 90.0])
        self.assertEqual(set(invoice.invoice_line_ids.mapped("buyer_po")), {"4500-TOUR"})

    def test_mapping_coverage_to_a_filled_work_order(self):
        """E6, E2: what is missing is listed, its row is added, and the work order has the code."""
        self.env["buyer.profile"].create({"partner_id": self.buyer.id, "item_code_required": True})
        order = self.env["sale.order"].create(
            {"partner_id": self.buyer.id, "order_line": [Command.create({"product_id": self.labor.id})]}
        )
        order.action_confirm()
        self.start_tour(
            "/odoo/action-work_order.work_order_mapping_coverage_action",
            "work_order_mapping_coverage_adds_a_row",
            login="tour_billing",
        )
        code = self.env["buyer.item.code"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual((code.code, code.product_tmpl_id), ("TL-90", self.labor.product_tmpl_id))
        self.assertEqual(order.work_order_ids.task_ids.buyer_item_code, "TL-90")

    def test_e7_e8_what_the_buyer_would_reject_is_mended_before_dispatch_and_the_invoice_matches(self):
        self.env["buyer.profile"].create(
            {
                "partner_id": self.buyer.id,
                "po_required": True,
                "register_complete": True,
                "channel": "email",
                "channel_address": "ap@tour.example",
                "invoice_format": "pdf",
            }
        )
        line = {"number": "10", "quantity": 1, "unit_price": 90, "product_uom_id": self.labor.uom_id.id}
        self.env["buyer.purchase.order"].create(
            {"number": "4500-TOUR", "partner_id": self.buyer.id, "line_ids": [Command.create(line)]}
        )
        sold = {"product_id": self.labor.id, "buyer_po_line": "10"}
        order = self.env["sale.order"].create({"partner_id": self.buyer.id, "order_line": [Command.create(sold)]})
        order.buyer_po = order.name
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.write({"technician_ids": [Command.link(self.technician.id)], "scheduled_start": "2026-11-20 08:00:00"})
        self.start_tour(
            self.ticket_page(ticket), "work_order_preflight_refuses_dispatch_until_mended", login="tour_dispatcher"
        )
        self.assertEqual((ticket.state, ticket.task_ids.buyer_po), ("dispatched", "4500-TOUR"))
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.action_done()
        mine.signed_by = "Pat Doyle"
        mine.action_complete()
        ticket.with_user(self.billing).action_create_invoices()
        invoice = ticket.invoice_ids
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}",
            "work_order_preflight_of_an_invoice",
            login="tour_billing",
        )
        self.assertEqual(invoice.preflight_ids.verdict, "PASS")

    def test_import_of_a_buyer_po(self):
        """E3: a spreadsheet with a mistake is told so, the corrected one becomes a PO of the register."""
        action = "/odoo/action-work_order.buyer_purchase_order_action"
        self.start_tour(action, "work_order_import_of_a_buyer_po", login="tour_manager")
        po = self.env["buyer.purchase.order"].search([("number", "=", "4500-SHEET")])
        self.assertEqual((po.partner_id, po.line_ids.quantity, po.line_ids.buyer_item_code), (self.buyer, 12, "0042"))
