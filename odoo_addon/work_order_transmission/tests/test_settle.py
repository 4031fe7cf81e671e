from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.settlement_errors import settlement_errors
from .common import TransmissionCase

GAP = {
    "table": "items",
    "odoo_id": 12,
    "odoo_name": "Refrigerant",
    "needed_by": "WO00003",
    "message": "Add a QuickBooks item for Refrigerant.",
}


@tagged("post_install", "-at_install")
class TestSettle(TransmissionCase):
    def test_received_is_stored_with_what_is_known_there(self):
        row = self.queued()
        batch = self.claim()
        answer = self.settle(
            batch["lease"], self.received(row, external_tax="4.82", external_url="https://books.example/1")
        )
        self.assertEqual(answer, {"settled": row.ids, "unchanged": [], "conflicts": []})
        self.assertEqual(
            (row.state, row.external_id, row.external_number, row.external_version, row.external_tax),
            ("received", "101", row.name, "0", 4.82),
        )
        self.assertEqual(row.external_total, row.amount_total)
        self.assertTrue(row.settled_at)

    def test_address_that_is_no_web_page_is_refused(self):
        row = self.queued()
        batch = self.claim()
        with self.assertRaisesRegex(UserError, "external_url"):
            self.settle(batch["lease"], self.received(row, external_url="javascript:alert(1)"))
        self.assertEqual(row.state, "sending")

    def test_the_same_answer_again_changes_nothing(self):
        rows = self.queued(6)
        batch = self.claim()
        results = [
            self.received(rows[0]),
            self.result(rows[1], "disputed", external_id="102", message="Total differs."),
            self.result(rows[2], "rejected", message="Duplicate number.", hint="Renumber.", reference="tid-1"),
            self.result(rows[3], "blocked", gaps=[GAP]),
            self.result(rows[4], "unknown", message="No answer."),
            self.result(rows[5], "release", message="Sign-in expired."),
        ]
        first = self.settle(batch["lease"], *results)
        self.assertEqual(first["settled"], rows.ids)
        stored = rows.read()
        second = self.settle(batch["lease"], *results)
        self.assertEqual(second, {"settled": [], "unchanged": rows.ids, "conflicts": []})
        self.env.flush_all()
        self.assertEqual(rows.read(), stored)
        self.assertEqual(rows.mapped("state"), ["received", "disputed", "rejected", "blocked", "unknown", "ready"])

    def test_another_external_id_is_a_conflict_never_overwritten(self):
        row = self.arrived("101")
        answer = self.settle(row.request_id, self.received(row, "102"))
        self.assertEqual(answer["conflicts"][0]["id"], row.id)
        self.assertIn("ID 101", answer["conflicts"][0]["message"])
        self.assertEqual(row.external_id, "101")
        self.assertIn("contradicts", row.message_ids[0].body)

    def test_external_id_of_another_invoice_is_a_conflict(self):
        self.arrived("101")
        row = self.queued()
        batch = self.claim()
        answer = self.settle(batch["lease"], self.received(row, "101"))
        self.assertIn("already belongs to", answer["conflicts"][0]["message"])
        self.assertEqual(row.state, "sending")

    def test_one_external_id_twice_in_one_call_is_a_conflict(self):
        rows = self.queued(2)
        batch = self.claim()
        answer = self.settle(batch["lease"], self.received(rows[0], "7"), self.received(rows[1], "7"))
        self.assertEqual((answer["settled"], answer["conflicts"][0]["id"]), (rows[0].ids, rows[1].id))

    def test_unknown_id_or_key_is_a_conflict_and_the_rest_is_stored(self):
        rows = self.queued(2)
        batch = self.claim()
        wrong_key = dict(self.received(rows[0]), key="0" * 32)
        missing = dict(self.received(rows[0]), id=2**31 - 1)
        answer = self.settle(batch["lease"], wrong_key, missing, self.received(rows[1]))
        self.assertEqual(answer["settled"], rows[1].ids)
        self.assertEqual([conflict["id"] for conflict in answer["conflicts"]], [rows[0].id, 2**31 - 1])
        self.assertEqual(rows[0].state, "sending")

    def test_row_of_another_destination_is_not_found(self):
        row = self.queued()
        self.claim()
        other = self.new_destination("other")
        other.action_activate()
        answer = self.settle(row.request_id, self.received(row), code="other")
        self.assertEqual(answer["conflicts"][0]["id"], row.id)

    def test_what_is_there_cannot_become_rejected(self):
        row = self.arrived()
        for state in ("rejected", "blocked", "unknown", "retry", "release"):
            answer = self.settle(row.request_id, self.result(row, state))
            self.assertEqual(answer["conflicts"][0]["id"], row.id)
        self.assertEqual(row.state, "received")

    def test_late_answer_of_an_earlier_lease_is_a_conflict(self):
        row = self.queued()
        first = self.claim()
        self.settle(first["lease"], self.result(row, "release"))
        second = self.claim()
        answer = self.settle(first["lease"], self.result(row, "rejected", message="late"))
        self.assertEqual(answer["conflicts"][0]["id"], row.id)
        self.assertEqual((row.state, row.request_id), ("sending", second["lease"]))

    def test_late_news_that_it_is_there_is_believed_whatever_the_lease(self):
        row = self.queued()
        first = self.claim()
        self.settle(first["lease"], self.result(row, "release"))
        self.assertEqual(self.settle(first["lease"], self.received(row))["settled"], row.ids)
        self.assertEqual(row.state, "received")

    def test_withdrawn_row_that_turns_up_there_is_a_conflict(self):
        invoice = self.posted_invoice()
        row = self.row_of(invoice)
        invoice.button_draft()
        answer = self.settle(None, self.received(row))
        self.assertIn("withdrawn in Odoo", answer["conflicts"][0]["message"])

    def test_release_frees_the_row_for_a_first_attempt(self):
        row = self.queued()
        self.settle(self.claim()["lease"], self.result(row, "release"))
        self.assertEqual((row.state, row.attempt, row.request_id), ("ready", 0, False))
        self.assertEqual(self.claim()["attempt"], 1)

    def test_retry_waits_and_keeps_the_keys(self):
        row = self.queued()
        first = self.claim()
        retry = self.result(row, "retry", message="Busy.", retry_after=60)
        self.assertEqual(self.settle(first["lease"], retry)["settled"], row.ids)
        until = row.lease_until
        self.assertEqual(self.settle(first["lease"], retry)["unchanged"], row.ids)
        self.assertEqual(row.lease_until, until)
        self.assertIsNone(self.claim()["lease"])
        self.expire(row)
        again = self.claim()
        self.assertEqual(again["rows"], [dict(first["rows"][0], earlier_keys=[row.key])])
        self.assertEqual((again["lease"], again["attempt"]), (first["lease"], 2))

    def test_received_with_another_total_is_a_difference(self):
        row = self.queued()
        batch = self.claim()
        self.settle(batch["lease"], dict(self.received(row), external_total="0.01"))
        self.assertEqual(row.state, "disputed")
        self.assertIn("0.01", row.message)

    def test_customers_become_mapping_rows_of_the_company_once(self):
        contact = self.env["res.partner"].create({"name": "AP", "parent_id": self.buyer.id})
        found = [{"partner_id": contact.id, "external_id": "58", "external_name": "Test Hospital"}]
        for _turn in range(2):
            self.settle(None, customers=found)
        table = self.env["quickbooks.customer.map"].search([("destination_id", "=", self.destination.id)])
        self.assertEqual((table.partner_id, table.external_id), (self.buyer, "58"))

    def test_f3_customer_merged_there_takes_its_rows_along_unless_somebody_edited_them(self):
        other = self.env["res.partner"].create({"name": "Branch", "is_company": True})
        table = self.env["quickbooks.customer.map"]
        for partner, external_id in ((self.buyer, "58"), (other, "60")):
            table.create({"destination_id": self.destination.id, "partner_id": partner.id, "external_id": external_id})
        told = {"partner_id": self.buyer.id, "external_id": "59", "external_name": "Hospital Group", "replaces": "58"}
        for _turn in range(2):
            self.settle(None, customers=[told, {**told, "partner_id": other.id}])
        rows = table.search([("destination_id", "=", self.destination.id)])
        self.assertEqual(
            {row.partner_id: (row.external_id, row.external_name) for row in rows},
            {self.buyer: ("59", "Hospital Group"), other: ("60", False)},
        )

    def test_f3_row_that_met_the_merge_goes_out_again_under_the_new_mapping(self):
        table = self.env["quickbooks.customer.map"]
        table.create({"destination_id": self.destination.id, "partner_id": self.buyer.id, "external_id": "58"})
        row = self.queued()
        lease = self.claim()["lease"]
        told = {"partner_id": self.buyer.id, "external_id": "59", "external_name": "Hospital Group", "replaces": "58"}
        self.settle(lease, self.result(row, "blocked", message="It was made inactive."), customers=[told])
        self.assertEqual(row.state, "ready")
        self.assertEqual(self.claim()["tables"]["customers"][str(self.buyer.id)]["id"], "59")

    def test_f3_items_made_there_become_mapping_rows_once(self):
        table = self.env["quickbooks.item.map"]
        table.create({"destination_id": self.destination.id, "product_id": self.part.id, "external_id": "7"})
        made = [
            {"product_id": self.labor.id, "external_id": "3", "external_name": "Labor"},
            {"product_id": self.part.id, "external_id": "4", "external_name": "Filter"},
            {"product_id": 2**30, "external_id": "5", "external_name": "Deleted meanwhile"},
        ]
        for _turn in range(2):
            self.settle(None, items=made)
        rows = table.search([("destination_id", "=", self.destination.id)])
        self.assertEqual({row.product_id: row.external_id for row in rows}, {self.labor: "3", self.part: "7"})

    def test_f3_item_made_for_a_batch_does_not_wake_what_blocked_in_it(self):
        row = self.queued()
        lease = self.claim()["lease"]
        made = [{"product_id": self.labor.id, "external_id": "3", "external_name": "Labor"}]
        self.settle(lease, self.result(row, "blocked", message="No term."), items=made)
        self.assertEqual(row.state, "blocked")

    def test_pause_stops_the_destination_with_the_reason(self):
        self.settle(None, pause="Sign in to QuickBooks again.")
        self.assertEqual(
            (self.destination.state, self.destination.pause_reason), ("paused", "Sign in to QuickBooks again.")
        )

    def test_answers_are_stored_while_paused(self):
        row = self.queued()
        batch = self.claim()
        self.destination.action_pause()
        self.assertEqual(self.settle(batch["lease"], self.received(row))["settled"], row.ids)

    def test_malformed_answer_is_refused_whole_with_every_error(self):
        row = self.queued()
        batch = self.claim()
        bad = {"id": "x", "key": "short", "state": "lost", "external_total": "a lot", "colour": "red", "gaps": "no"}
        with self.assertRaises(UserError) as caught:
            self.settle(batch["lease"], self.received(row), bad, dict(self.received(row), external_id=None), pause=" ")
        text = str(caught.exception)
        for part in (
            "entry 2: unknown key “colour”",
            "entry 2: id must",
            "entry 2: key must",
            "entry 2: state “lost”",
            "entry 2: external_total must",
            "entry 2: gaps must",
            "entry 3: external_id is missing",
            "appears twice",
            "pause must",
        ):
            self.assertIn(part, text)
        self.assertEqual(row.state, "sending")

    def test_settlement_errors_survive_any_shape(self):
        for results in (None, {}, "x", [None], [[]], [{"id": []}], [{"id": 2**40, "key": 5, "gaps": [{}]}]):
            self.assertTrue(settlement_errors(results, None, None))
        for customers in ("x", [None], [{"partner_id": True, "external_id": " "}]):
            self.assertTrue(settlement_errors([], customers, None))
        for items in ("x", [None], [{"product_id": 1}], [{"product_id": 0, "external_id": "1"}]):
            self.assertTrue(settlement_errors([], None, None, items))
        self.assertEqual(settlement_errors([], [], "Stop."), [])

    def test_trouble_is_noted_on_the_invoice_and_asks_the_responsible(self):
        row = self.queued()
        batch = self.claim()
        self.settle(batch["lease"], self.result(row, "blocked", gaps=[GAP]))
        self.assertIn("Add a QuickBooks item for Refrigerant.", row.invoice_id.message_ids[0].body)
        self.assertEqual(row.message, GAP["message"])
        activity = row.invoice_id.activity_ids
        self.assertEqual(activity.user_id, self.billing)
        self.destination.responsible_id = False
        row._make_ready()
        self.assertFalse(row.invoice_id.activity_ids)

    def test_statements_do_not_grow_with_the_answer(self):
        rows = self.queued(9)
        batch = self.claim()
        results = [self.received(row, str(row.id)) for row in rows]
        self.settle(batch["lease"], results[0])
        two = self.count_statements(batch["lease"], results[1:3])
        six = self.count_statements(batch["lease"], results[3:])
        self.assertLessEqual(six, two + 1)

    def count_statements(self, lease, results):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.settle(lease, *results)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
