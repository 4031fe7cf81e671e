from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ..models.work_order_flow import Reason
from .test_dispute import DisputeCase


@tagged("post_install", "-at_install")
class TestReceivablesTours(HttpCase, DisputeCase):
    """Accounts receivable and their customer, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.name = "Bulk Hospital"

    def test_d8_tour_billing_invoices_in_bulk(self):
        orders = self.env["sale.order"].union(*(self.sale_order((self.labor, 1)) for _ in range(3)))
        orders.action_confirm()
        tickets = self.complete(orders.work_order_ids)
        reasons, bad = type(tickets)._reasons_against_billing, tickets[2]

        def refuse(ticket):
            found = reasons(ticket)
            return [*found, Reason("state", "No work without a smile.")] if ticket.id == bad.id else found

        with patch.object(type(tickets), "_reasons_against_billing", refuse):
            self.start_tour(
                "/odoo/action-work_order.work_order_action_to_invoice",
                "work_order_billing_invoices_in_bulk",
                login="wo_billing",
            )
        self.assertEqual(tickets.mapped("state"), ["closed", "closed", "done"])

    def test_d7_tour_customer_disputes_and_billing_reissues(self):
        ticket, move = self.posted()
        contact = self.env["res.partner"].create({"name": "Ann Buyer", "parent_id": self.buyer.id})
        new_test_user(self.env, "wo_customer", "base.group_portal", partner_id=contact.id)
        self.start_tour(f"/my/invoices/{move.id}", "work_order_customer_disputes", login="wo_customer")
        self.assertEqual((ticket.dispute_ids.reason, ticket.is_disputed), ("PRI", True))
        self.start_tour(
            "/odoo/action-work_order.work_order_dispute_action",
            "work_order_billing_resolves_a_dispute",
            login="wo_billing",
        )
        dispute = ticket.dispute_ids
        self.assertEqual((dispute.state, dispute.corrected_id.state), ("resolved", "posted"))
        self.assertEqual((dispute.corrected_id.reissue_of_id, ticket.is_settled), (move, True))
