from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from .test_dispute import DisputeCase


@tagged("post_install", "-at_install")
class TestDisputePortal(HttpCase, DisputeCase):
    """D7: a customer's click on the page of their own invoice or work opens a dispute, and on nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ann Buyer", "parent_id": cls.buyer.id})
        cls.customer = new_test_user(cls.env, "wo_customer", "base.group_portal", partner_id=cls.contact.id)
        rival = cls.env["res.partner"].create({"name": "Rival", "is_company": True})
        cls.rival = new_test_user(cls.env, "wo_rival", "base.group_portal", partner_id=rival.id)

    def send(self, url, **values):
        form = {"reason": "PRI", "text": "Too expensive", **values, "csrf_token": http.Request.csrf_token(self)}
        return self.url_open(url, data=form)

    def test_d7_own_invoice_and_own_work(self):
        ticket, move = self.posted()
        self.authenticate("wo_customer", "wo_customer")
        page = self.url_open(f"/my/invoices/{move.id}")
        self.assertIn('id="dispute_form"', page.text)
        answer = self.send(f"/my/invoices/{move.id}/dispute")
        dispute = ticket.dispute_ids
        self.assertEqual((dispute.move_id, dispute.reason, dispute.text), (move, "PRI", "Too expensive"))
        self.assertEqual((dispute.raised_by, dispute.raised_by_id), ("customer", self.contact))
        self.assertIn(dispute.name, answer.text)
        self.assertIn("We are looking into it", answer.text)
        self.assertIn(dispute.name, self.url_open(f"/my/work-orders/{ticket.id}").text)
        other = self.complete(self.standard_order().work_order_ids)
        self.send(f"/my/work-orders/{other.id}/dispute", reason="QUA", text="Still leaking")
        self.assertEqual((other.dispute_ids.reason, other.dispute_ids.move_id.id), ("QUA", False))

    def test_d7_a_second_click_adds_to_the_open_dispute(self):
        ticket, move = self.posted()
        self.authenticate("wo_customer", "wo_customer")
        for text in ("Too expensive", "And late"):
            self.send(f"/my/invoices/{move.id}/dispute", text=text)
        self.assertEqual(len(ticket.dispute_ids), 1)
        self.assertIn("And late", "".join(ticket.dispute_ids.message_ids.mapped("body")))

    def test_d7_refuses_what_is_incomplete_and_says_everything(self):
        _ticket, move = self.posted()
        self.authenticate("wo_customer", "wo_customer")
        answer = self.send(f"/my/invoices/{move.id}/dispute", reason="XXX", text="  ")
        self.assertIn("Reason is missing", answer.text)
        self.assertIn("What is wrong is missing", answer.text)
        answer = self.send(f"/my/invoices/{move.id}/dispute", text="x" * 4001)
        self.assertIn("at most 4000 characters", answer.text)
        self.assertFalse(move.dispute_ids)

    def test_d7_refuses_other_peoples_records(self):
        ticket, move = self.posted()
        self.authenticate("wo_rival", "wo_rival")
        for url in (f"/my/invoices/{move.id}", f"/my/work-orders/{ticket.id}"):
            answer = self.send(f"{url}/dispute")
            self.assertNotIn(ticket.name, answer.text)
            self.assertNotIn("dispute_form", self.url_open(url).text)
        self.authenticate(None, None)
        for url in (f"/my/invoices/{move.id}", f"/my/work-orders/{ticket.id}"):
            self.send(f"{url}/dispute")
        self.assertFalse(self.env["work.order.dispute"].search([("work_order_ids", "in", ticket.ids)]))

    def test_d7_refuses_a_link_that_was_passed_on(self):
        ticket, move = self.posted()
        self.dispute(move)
        token = move._portal_ensure_token()
        self.authenticate("wo_rival", "wo_rival")
        page = self.url_open(f"/my/invoices/{move.id}?access_token={token}")
        self.assertIn(move.name, page.text)
        self.assertNotIn("dispute_form", page.text)
        self.assertNotIn(ticket.dispute_ids.name, page.text)
        self.send(f"/my/invoices/{move.id}/dispute?access_token={token}", access_token=token)
        self.assertEqual(len(ticket.dispute_ids), 1)

    def test_d7_refuses_work_that_is_not_finished_and_drafts(self):
        open_one = self.standard_order().work_order_ids
        draft = self.invoice(self.complete(self.standard_order().work_order_ids))
        self.authenticate("wo_customer", "wo_customer")
        self.assertNotIn("dispute_form", self.url_open(f"/my/work-orders/{open_one.id}").text)
        self.send(f"/my/work-orders/{open_one.id}/dispute")
        self.send(f"/my/invoices/{draft.id}/dispute")
        self.assertFalse(open_one.dispute_ids | draft.sudo().dispute_ids)
