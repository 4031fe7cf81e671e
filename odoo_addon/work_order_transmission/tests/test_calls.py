from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.call_windows import MINUTE, SECOND, dealt, free_at, share_of_lane
from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestCalls(TransmissionCase):
    """Leave to call QuickBooks. Who waits how long is read off the answers; nobody waits here."""

    def lanes(self):
        return self.env["work.order.call.lane"].search([("realm", "=", self.destination.realm)])

    def report(self, grant, **used):
        return {"grant": grant["grant"], "requests": 0, "batches": 0, "reads": 0, **used}

    def take(self, batch=True, calls=None):
        return self.offered.take_calls("books", batch=batch, calls=calls)

    def setUp(self):
        super().setUp()
        self.now = 1_000_000.0
        self.startPatcher(patch.object(self.env.registry["work.order.call.lane"], "_now", lambda _self: self.now))

    def pass_time(self, seconds):
        self.now += seconds
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE work_order_destination SET throttled_until = throttled_until - %s * interval '1 second'", [seconds]
        )
        self.env.invalidate_all()

    def test_claim_comes_with_leave_to_send_and_settle_gives_it_back(self):
        row = self.queued()
        batch = self.claim()
        self.assertEqual(batch["calls"]["after"], 0)
        self.assertGreaterEqual(batch["calls"]["batches"], 1)
        self.assertEqual(set(self.lanes().mapped("grant")), {False, batch["calls"]["grant"]})
        self.settle(batch["lease"], self.received(row), calls=[self.report(batch["calls"], requests=1, batches=1)])
        self.assertEqual(set(self.lanes().mapped("grant")), {False})
        self.assertEqual(sum(entry[2] for lane in self.lanes() for entry in lane.used), 1)

    def test_empty_claim_lends_nothing(self):
        self.assertIsNone(self.claim()["calls"])
        self.assertEqual(set(self.lanes().mapped("grant")), {False})

    def test_ten_workers_at_most_hold_leave_and_the_eleventh_claim_leaves_its_rows(self):
        self.queued(30)
        held = [self.claim(limit=1) for _turn in range(11)]
        held = [batch for batch in held if batch["calls"]]
        self.assertLessEqual(len(held), 10)
        self.assertEqual(sum(batch["calls"]["per_second"] for batch in held), 10)
        refused = self.claim(limit=1)
        self.assertEqual((refused["lease"], refused["rows"], refused["calls"]), (None, [], None))
        self.assertGreater(refused["wait"], 0)
        self.assertEqual(refused["remaining"], 30 - len(held))

    def test_nobody_waits_for_leave_when_nothing_is_ready(self):
        while self.take()["calls"]:
            pass
        self.assertEqual(self.claim()["wait"], 0)

    def batches_of_a_minute(self):
        """How many batches fit into 59 seconds, taken as fast as leave is given."""
        sent, elapsed = 0, 0.0
        while True:
            grant = self.take()["calls"]
            elapsed += grant["after"] + 0.1
            if elapsed > 59:
                return sent
            self.take_back(grant, requests=grant["batches"], batches=grant["batches"])
            sent += grant["batches"]
            self.pass_time(grant["after"] + 0.1)

    def test_a_minute_holds_120_batches_and_no_more(self):
        self.assertEqual(self.batches_of_a_minute(), 120)

    def take_back(self, grant, **used):
        self.offered.give_back_calls("books", [self.report(grant, **used)])

    def test_lane_is_free_again_when_a_minute_has_passed(self):
        self.batches_of_a_minute()
        self.pass_time(MINUTE)
        self.env["work.order.call.lane"].search([]).grant = False
        self.assertEqual(self.take()["calls"]["after"], 0)

    def test_leave_that_is_never_given_back_ends_by_itself_and_counts_in_full(self):
        while self.take()["calls"]:
            pass
        self.pass_time(121)
        again = self.take()["calls"]
        self.assertTrue(again)
        lent = self.lanes().filtered(lambda lane: lane.grant == again["grant"])
        self.assertEqual([entry[2] for entry in lent[0].used], [1])

    def test_leave_of_a_worker_whose_lease_ran_out_is_taken_back_when_it_is_needed(self):
        rows = self.queued(10)
        while self.claim(limit=1)["calls"]:
            pass
        self.expire(rows.filtered(lambda row: row.state == "sending")[:1])
        self.pass_time(2)
        again = self.claim()
        self.assertEqual(again["attempt"], 2)
        self.assertTrue(again["calls"])

    def test_settlement_without_a_report_gives_leave_back_as_used_to_the_full(self):
        row = self.queued()
        batch = self.claim()
        self.settle(batch["lease"], self.received(row))
        self.assertEqual(set(self.lanes().mapped("grant")), {False})
        self.assertEqual(sum(entry[2] for lane in self.lanes() for entry in lane.used), batch["calls"]["batches"])

    def test_told_twice_counts_once(self):
        grant = self.take()["calls"]
        for _turn in range(2):
            self.take_back(grant, requests=2, reads=2)
        self.assertEqual(self.destination.reads_used, 2)

    def test_worker_told_429_holds_up_all_workers_of_the_company(self):
        self.queued(2)
        grant = self.take()["calls"]
        after = self.take(calls=[self.report(grant, requests=1, batches=1, throttled=60)])["calls"]["after"]
        self.assertAlmostEqual(after, 60, delta=5)
        other = self.claim(limit=1)
        self.assertAlmostEqual(other["calls"]["after"], 60, delta=5)
        self.destination.invalidate_recordset()
        self.assertTrue(self.destination.throttled_now)
        self.pass_time(61)
        self.assertEqual(self.take()["calls"]["after"], 0)

    def test_long_wait_hands_out_no_rows_whose_lease_would_run_out_meanwhile(self):
        self.queued()
        self.take_back(self.take()["calls"], throttled=3600)
        batch = self.claim()
        self.assertIsNone(batch["lease"])
        self.assertGreater(batch["wait"], 3000)

    def test_other_company_goes_on(self):
        self.new_destination("other", realm="9341450000000010").action_activate()
        self.take_back(self.take()["calls"], throttled=60)
        self.queued()
        self.assertEqual(self.claim("other")["calls"]["after"], 0)
        self.assertGreater(self.claim("books")["calls"]["after"], 50)

    def test_two_destinations_in_one_company_share_its_limits(self):
        self.new_destination("twin").action_activate()
        while self.take()["calls"]:
            pass
        self.assertIsNone(self.offered.take_calls("twin")["calls"])

    def test_items_of_a_batch_count_where_the_company_counts_them(self):
        self.destination.batch_items_count = True
        self.assertEqual(self.batches_of_a_minute(), 16)  # 480 of 500 requests

    def test_reads_are_counted_by_the_month_and_warned_about_at_80_percent(self):
        self.destination.read_budget = 10
        self.take_back(self.take()["calls"], requests=5, reads=7)
        self.assertFalse(self.destination.reads_warning)
        self.take_back(self.take()["calls"], requests=1, reads=1)
        self.assertTrue(self.destination.reads_warning)
        self.assertEqual(self.take()["calls"]["reads_left"], 2)
        [summary] = self.offered.summary("books")
        self.assertEqual((summary["reads_used"], summary["read_budget"]), (8, 10))
        self.destination.reads_month = "2020-01"
        self.assertEqual(self.destination.reads_used, 0)

    def test_without_a_budget_reads_are_counted_only(self):
        self.destination.read_budget = 0
        self.assertIsNone(self.take()["calls"]["reads_left"])

    def test_payments_bring_leave_to_read_them(self):
        self.assertIsNone(self.offered.changes_since("books")["calls"])
        self.arrived()
        grant = self.offered.changes_since("books")["calls"]
        self.offered.register_payments("books", [], None, calls=[self.report(grant, requests=1, reads=1)])
        self.assertEqual(self.destination.reads_used, 1)
        self.assertFalse(self.lanes().filtered(lambda lane: lane.grant == grant["grant"]))

    def test_malformed_reports_are_refused_whole(self):
        with self.assertRaisesRegex(UserError, r"(?s)grant must be text.*requests must be.*throttled must be"):
            self.take(calls=[{"grant": 1, "requests": -1, "batches": 0, "reads": 0, "throttled": True}])
        with self.assertRaisesRegex(UserError, "unknown key"):
            self.settle("x", calls=[{"grant": "g", "requests": 0, "batches": 0, "reads": 0, "more": 1}])

    def test_only_the_bridge_takes_calls(self):
        with self.assertRaises(AccessError):
            self.env["work.order.destination"].with_user(self.billing).take_calls("books")

    def test_use_is_dealt_evenly(self):
        self.assertEqual(dealt(7, 3), [3, 2, 2])
        share = share_of_lane(items_count=False)
        self.assertEqual(free_at([], share, 5, 1), 0)
        self.assertEqual(free_at([[10, 50, 0]], share, 5, 1), 10 + MINUTE)
        self.assertEqual(free_at([[10, 12, 12], [20, 1, 0]], share, 5, 1), 10 + MINUTE)
        self.assertEqual(free_at([[10, 1, 1]], share, 5, 1), 10 + SECOND)
