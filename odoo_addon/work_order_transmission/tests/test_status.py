from odoo.tests import tagged

from ..models.transmission_states import STATES, WORST_FIRST, worst
from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestStatus(TransmissionCase):
    def test_every_state_has_a_rank(self):
        self.assertEqual(sorted(WORST_FIRST), sorted(state for state, _label in STATES))
        self.assertEqual(worst(["paid", "cancelled", "rejected"]), "rejected")
        self.assertFalse(worst([]))

    def test_invoice_and_ticket_show_the_worst_row(self):
        other = self.new_destination("other")
        other.action_activate()
        invoice = self.posted_invoice().sudo()
        ticket = invoice.work_order_ids
        self.assertEqual((invoice.transmission_state, invoice.transmission_count), ("ready", 2))
        invoice.transmission_ids[0].state = "paid"
        invoice.transmission_ids[1].state = "rejected"
        self.assertEqual((invoice.transmission_state, ticket.transmission_state), ("rejected", "rejected"))
        self.assertEqual(ticket.transmission_count, 2)

    def test_search_agrees_with_what_is_shown(self):
        other = self.new_destination("other")
        other.action_activate()
        invoice = self.posted_invoice().sudo()
        invoice.transmission_ids[0].state = "paid"
        invoice.transmission_ids[1].state = "rejected"
        silent = self.draft_invoice().sudo()
        for records in (invoice, invoice.work_order_ids):
            self.assertIn(records, records.search([("transmission_state", "=", "rejected")]))
            self.assertNotIn(records, records.search([("transmission_state", "in", ("paid", "ready"))]))
            self.assertIn(records, records.search([("transmission_state", "!=", False)]))
            self.assertNotIn(records, records.search([("transmission_state", "!=", "rejected")]))
        self.assertIn(silent, silent.search([("transmission_state", "=", False)]))
        self.assertNotIn(invoice, invoice.search([("transmission_state", "=", False)]))

    def test_summary_counts_and_lists_trouble(self):
        rows = self.queued(3)
        lease = self.claim(limit=1)["lease"]
        self.settle(lease, self.result(rows[0], "rejected", message="Number taken.", hint="Renumber."))
        [summary] = self.offered.summary("books")
        self.assertEqual(summary["counts"], {"ready": 2, "rejected": 1})
        self.assertRegex(summary["oldest_ready"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")
        self.assertEqual(
            summary["trouble"],
            [
                {
                    "id": rows[0].id,
                    "invoice": rows[0].name,
                    "work_orders": rows[0].work_order_ids.mapped("name"),
                    "state": "rejected",
                    "message": "Number taken.",
                    "hint": "Renumber.",
                    "gaps": [],
                }
            ],
        )
        self.assertEqual(
            {key: summary[key] for key in ("code", "kind", "realm", "state", "pause_reason")},
            {
                "code": "books",
                "kind": "quickbooks",
                "realm": self.destination.realm,
                "state": "active",
                "pause_reason": "",
            },
        )

    def test_summary_without_code_lists_all(self):
        self.new_destination("other")
        self.assertLessEqual({"books", "other"}, {entry["code"] for entry in self.offered.summary()})
