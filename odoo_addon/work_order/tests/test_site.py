from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestSite(WorkOrderCase):
    """A2: what a ticket says of customer, site, schedule and scope."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guard = cls.env["res.partner"].create({"name": "Night guard", "phone": "+1 614 555 0100"})
        cls.site.write(
            {
                "building": "Annex, level 2",
                "access_notes": "Gate 3, ring twice",
                "site_contact_id": cls.guard.id,
                "after_hours_contact_id": cls.guard.id,
                "site_cost_center_id": cls.center.id,
            }
        )
        cls.buyer.legal_name = "Test Hospital Corp."

    def _ticket(self, **values):
        return self.env["work.order"].with_user(self.dispatcher).create({"title": "Look", **values})

    def test_a2_ticket_shows_the_facts_of_customer_and_site(self):
        ticket = self._ticket(partner_id=self.buyer.id, site_id=self.site.id)
        self.assertEqual(
            (ticket.legal_name, ticket.building, ticket.access_notes, ticket.after_hours_phone),
            ("Test Hospital Corp.", "Annex, level 2", "Gate 3, ring twice", "+1 614 555 0100"),
        )
        self.buyer.legal_name = False
        self.assertEqual(ticket.legal_name, "Test Hospital")

    def test_a2_ticket_says_all_that_was_agreed_and_keeps_it(self):
        """What is not a fact of customer or site stands on the ticket itself."""
        facts = {
            "priority": "2",
            "scheduled_start": "2026-12-01 08:00:00",
            "scheduled_end": "2026-12-01 12:00:00",
            "required_completion": "2026-12-02 16:00:00",
            "target_billing_date": "2026-12-04",
            "scope": "<p>Renew the filters</p>",
            "exclusions": "No duct cleaning",
            "safety_notes": "Lock out the fan",
            "instructions": "<p>Call the guard</p>",
        }
        ticket = self._ticket(partner_id=self.buyer.id, site_id=self.site.id, **facts)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual({name: str(ticket[name]) for name in facts}, facts)
        self.assertEqual((ticket.site_contact_id, ticket.after_hours_contact_id), (self.guard, self.guard))
        self.assertEqual(ticket.site_contact_phone, "+1 614 555 0100")

    def test_a2_site_gives_its_cost_center_unless_the_ticket_has_one(self):
        own = self.env["buyer.cost.center"].create({"code": "OWN", "name": "Own", "partner_id": self.buyer.id})
        first, second, third = (
            self.env["work.order"]
            .with_user(self.dispatcher)
            .create(
                [
                    {"title": "a", "partner_id": self.buyer.id, "site_id": self.site.id},
                    {"title": "b", "partner_id": self.buyer.id, "site_id": self.site.id, "cost_center_id": own.id},
                    {"title": "c", "partner_id": self.buyer.id},
                ]
            )
        )
        self.assertEqual(
            (first.cost_center_id, second.cost_center_id, third.cost_center_id.id), (self.center, own, False)
        )
        third.site_id = self.site
        self.assertEqual(third.cost_center_id, self.center)
        (first | second).site_id = self.buyer
        self.assertEqual((first.cost_center_id.id, second.cost_center_id), (False, own))

    def test_a2_ticket_issued_from_an_order_takes_the_cost_center_of_its_site(self):
        order = self.sale_order((self.labor, 1, {"work_site_id": self.site.id}), cost_center_id=False)
        order.action_confirm()
        self.assertEqual(order.work_order_ids.cost_center_id, self.center)
        self.assertEqual(order.work_order_ids.task_ids.cost_center_id, self.center)

    def test_a2_cost_center_of_another_company_is_not_taken(self):
        self.center.company_id = self.env["res.company"].create({"name": "Sister"})
        self.assertFalse(self._ticket(partner_id=self.buyer.id, site_id=self.site.id).cost_center_id)

    def test_a2_many_tickets_at_sites_cost_no_query_each(self):
        known, plain = (
            self.env["res.partner"].create(
                [{"name": f"Site {n}", "parent_id": self.buyer.id, "site_cost_center_id": center} for n in range(20)]
            )
            for center in (self.center.id, False)
        )

        def statements(sites):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["work.order"].create(
                [{"title": "x", "partner_id": self.buyer.id, "site_id": site.id} for site in sites]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        statements(plain)
        self.assertLessEqual(statements(known), statements(plain) + 3)

    def test_a2_refuses_an_end_before_the_start(self):
        with self.assertRaisesRegex(ValidationError, "before Scheduled Start"):
            self._ticket(scheduled_start="2026-11-20 10:00:00", scheduled_end="2026-11-20 09:00:00")
        ticket = self._ticket(scheduled_start="2026-11-20 10:00:00", scheduled_end="2026-11-20 12:00:00")
        self.assertFalse(ticket.is_planned_late)
        ticket.required_completion = "2026-11-20 11:00:00"
        self.assertTrue(ticket.is_planned_late)

    def test_a2_refuses_a_cost_center_of_another_buyer_on_a_site(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        with self.assertRaisesRegex(ValidationError, "another buyer"):
            other.site_cost_center_id = self.center

    def test_a2_refuses_to_change_the_scope_of_finished_work(self):
        ticket = self.complete(self.standard_order().work_order_ids)
        for name in ("scope", "exclusions", "safety_notes", "instructions", "symptom"):
            with self.subTest(field=name), self.assertRaisesRegex(UserError, "Reopen"):
                ticket[name] = "Something else"
        with self.assertRaisesRegex(UserError, "Reopen"):
            ticket.required_completion = "2026-11-30 11:00:00"

    def test_a2_every_level_of_priority_is_there_and_the_old_ones_stay(self):
        levels = dict(self.env["work.order"]._fields["priority"].selection)
        self.assertEqual(len(levels), 4)
        self.assertEqual((levels["0"], levels["1"]), ("Normal", "Urgent"))
