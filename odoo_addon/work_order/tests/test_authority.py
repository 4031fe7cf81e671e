from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestAuthority(WorkOrderCase):
    """B2: work is tied to a signed quote, a service agreement or a buyer PO; what belongs to them comes with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env["work.order.type"].create({"name": "Test authorised", "authority_required": True})
        cls.contact = cls.env["res.partner"].create({"name": "Sam Site", "parent_id": cls.buyer.id})
        cls.payables = cls.env["res.partner"].create({"name": "Pay Ables", "parent_id": cls.buyer.id})
        cls.agreement = cls.env["work.order.job"].create(
            {
                "title": "Full service 2026",
                "kind": "agreement",
                "partner_id": cls.buyer.id,
                "date_start": "2026-01-01",
                "date_end": "2026-11-30",
                "contact_id": cls.contact.id,
                "billing_contact_id": cls.payables.id,
                "site_rules": "<p>Badge at the gate</p>",
                "billing_instructions": "One invoice a month",
            }
        )

    def ready(self, day="2026-11-20", **values):
        ticket = self.env["work.order"].create(
            {
                "title": "Call",
                "type_id": self.type.id,
                "partner_id": self.buyer.id,
                "scheduled_start": f"{day} 12:00:00",
                "technician_ids": self.technician.ids,
                "task_ids": [(0, 0, {"name": "Look", "product_id": self.labor.id})],
                **values,
            }
        )
        ticket.with_user(self.dispatcher).action_ready()
        return ticket.with_user(self.dispatcher)

    def test_b2_each_authority_lets_the_work_go_out(self):
        order = self.sale_order((self.labor, 1), buyer_po=False)
        order.order_line.product_id.work_order_type_id = self.type
        order.action_confirm()
        by_quote = order.work_order_ids
        by_quote.write({"scheduled_start": "2026-11-20 12:00:00", "technician_ids": self.technician.ids})
        tickets = {
            "quote": by_quote.with_user(self.dispatcher),
            "agreement": self.ready(job_id=self.agreement.id),
            "po": self.ready(buyer_po="4500-9"),
        }
        for kind, ticket in tickets.items():
            with self.subTest(kind=kind):
                self.assertEqual(ticket.authority, kind)
                ticket.action_dispatch()
                self.assertEqual(ticket.state, "dispatched")
        self.assertIn(self.agreement.name, tickets["agreement"].authority_text)
        self.assertIn(order.name, tickets["quote"].authority_text)

    def test_b2_quote_signed_online_is_authority_before_it_is_confirmed(self):
        quote = self.sale_order((self.labor, 1), buyer_po=False)
        ticket = self.ready(sale_order_id=quote.id)
        self.assertFalse(ticket.authority)
        quote.write({"state": "sent", "signed_by": "Pat Doyle", "signed_on": "2026-11-01 10:00:00"})
        self.assertEqual(ticket.authority, "quote")
        self.assertIn("Pat Doyle", ticket.authority_text)

    def test_b2_what_belongs_to_the_agreement_comes_with_it_in_batch(self):
        own = self.env["res.partner"].create({"name": "Own Contact", "parent_id": self.buyer.id})
        values = {"title": "Call", "partner_id": self.buyer.id}
        tickets = self.env["work.order"].create(
            [
                {**values, "job_id": self.agreement.id},
                {**values, "job_id": self.agreement.id, "contact_id": own.id},
                values,
            ]
        )
        self.assertEqual(tickets.mapped("billing_instructions"), ["One invoice a month", "One invoice a month", False])
        tickets[2].job_id = self.agreement
        self.assertEqual([ticket.contact_id for ticket in tickets], [self.contact, own, self.contact])
        self.assertEqual(tickets.billing_contact_id, self.payables)
        self.assertIn("Badge", tickets[2].site_rules)

    def test_b2_billing_instructions_of_the_buyer_serve_where_the_job_has_none(self):
        self.env["buyer.profile"].create({"partner_id": self.buyer.id, "billing_instructions": "Timesheets attached"})
        values = {"title": "Call", "partner_id": self.buyer.id}
        tickets = self.env["work.order"].create([values, {**values, "job_id": self.agreement.id}])
        self.assertEqual(tickets.mapped("billing_instructions"), ["Timesheets attached", "One invoice a month"])

    def test_b2_po_of_the_job_reaches_tickets_and_their_tasks(self):
        self.agreement.buyer_po = "4500-BLANKET"
        ticket = self.env["work.order"].create(
            {
                "title": "Call",
                "partner_id": self.buyer.id,
                "job_id": self.agreement.id,
                "task_ids": [(0, 0, {"name": "Look"})],
            }
        )
        self.assertEqual((ticket.buyer_po, ticket.task_ids.buyer_po), ("4500-BLANKET", "4500-BLANKET"))

    def test_b2_job_of_the_order_reaches_the_tickets_it_issues(self):
        order = self.sale_order(
            (self.labor, 1), work_order_job_id=self.agreement.id, partner_invoice_id=self.payables.id
        )
        order.action_confirm()
        ticket = order.work_order_ids
        self.assertEqual((ticket.job_id, ticket.contact_id), (self.agreement, self.contact))
        self.assertEqual(ticket.billing_contact_id, self.payables)
        self.assertEqual(ticket.buyer_po, "4500-1", "what the order says is not replaced")

    def test_b2_refuses_dispatch_without_authority_naming_all_three(self):
        ticket = self.ready()
        with self.assertRaises(UserError) as refusal:
            ticket.action_dispatch()
        for text in ("no quote", "no service agreement", "Buyer PO is empty"):
            self.assertIn(text, str(refusal.exception))

    def test_b2_refuses_an_unconfirmed_quote(self):
        quote = self.sale_order((self.labor, 1), buyer_po=False)
        with self.assertRaisesRegex(UserError, f"{quote.name} is neither confirmed nor signed"):
            self.ready(sale_order_id=quote.id).action_dispatch()

    def test_b2_refuses_an_agreement_not_in_force_on_the_scheduled_day(self):
        self.ready(job_id=self.agreement.id, day="2026-11-30").action_dispatch()
        with self.assertRaisesRegex(UserError, "ended on 2026-11-30, before 2026-12-01"):
            self.ready(job_id=self.agreement.id, day="2026-12-01").action_dispatch()
        with self.assertRaisesRegex(UserError, "starts on 2026-01-01"):
            self.ready(job_id=self.agreement.id, day="2025-12-31").action_dispatch()
        ticket = self.ready(job_id=self.agreement.id)
        self.agreement.sudo()._write({"state": "closed"})
        self.agreement.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "is closed"):
            ticket.action_dispatch()

    def test_b2_refuses_a_project_as_an_agreement(self):
        project = self.env["work.order.job"].create({"title": "Project", "partner_id": self.buyer.id})
        self.assertFalse(project._is_in_force(date(2026, 11, 20)))
        with self.assertRaisesRegex(UserError, "no service agreement"):
            self.ready(job_id=project.id).action_dispatch()

    def test_b2_type_without_the_flag_asks_for_nothing(self):
        ticket = self.ready(type_id=self.env.ref("work_order.type_corrective").id)
        ticket.action_dispatch()
        self.assertEqual(ticket.state, "dispatched")
