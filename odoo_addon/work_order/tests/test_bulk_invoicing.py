from collections import Counter
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..models.work_order_flow import Reason
from .common import WorkOrderCase

#: The addon's own log.
LOG = "odoo.addons.work_order"


@tagged("post_install", "-at_install")
class TestBulkInvoicing(WorkOrderCase):
    """D8: any number of finished work orders become invoices in one action, and each that does not says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["work.order.invoice.run"].search([("state", "=", "running")]).state = "paused"  # nobody else's turn

    def finished(self, count, **values):
        orders = self.env["sale.order"].union(
            *(self.sale_order((self.labor, 1 + place), **values) for place in range(count))
        )
        orders.action_confirm()
        return self.complete(orders.work_order_ids)

    def run_over(self, tickets, **values):
        run = self.env["work.order.invoice.run"].browse(
            tickets.with_user(self.billing).action_invoice_in_bulk()["res_id"]
        )
        run.with_user(self.billing).write(values)
        run.with_user(self.billing).action_start()
        return run

    def run_cron(self):
        """The scheduler, as often as a slow machine needs until nothing runs any more."""
        runs = self.env["work.order.invoice.run"]
        for _turn in range(20):
            self.run_cron_once()
            if not runs.search_count([("state", "=", "running")]):
                return

    def run_cron_once(self):
        with self.enter_registry_test_mode():
            self.env.ref("work_order.cron_invoice_runs").method_direct_trigger()
        self.env.invalidate_all()

    def chunks(self, run):
        """Run the scheduler and tell how many work orders each of its chunks held."""
        sizes, original = [], type(run)._invoice_chunk

        def chunk(self, lanes):
            sizes.append(original(self, lanes))
            return sizes[-1]

        with patch.object(type(run), "_invoice_chunk", chunk):
            self.run_cron()
        return [size for size in sizes if size]

    def billed(self, tickets):
        """How often each task stands on an invoice."""
        return {len(task.invoice_line_ids) for task in tickets.task_ids}

    def test_d8_all_are_invoiced_and_posted_in_chunks_by_who_started_it(self):
        tickets = self.finished(5)
        run = self.run_over(tickets, chunk_size=2)
        self.assertEqual((run.state, run.user_id, run.waiting_count), ("running", self.billing, 5))
        self.assertEqual(self.chunks(run), [2, 2, 1])
        self.assertEqual((run.state, run.invoiced_count, run.invoice_count, run.progress), ("done", 5, 5, 100.0))
        self.assertEqual(set(tickets.mapped("state")), {"closed"})
        self.assertEqual(set(tickets.invoice_ids.mapped("state")), {"posted"})
        self.assertEqual(set(tickets.invoice_ids.mapped("create_uid")), {self.billing})
        self.assertEqual(self.billed(tickets), {1})
        for line in run.line_ids:
            self.assertEqual(line.move_id, line.work_order_id.invoice_ids)
        self.assertIn("5 work orders invoiced on 5 invoices, 0 refused", "".join(run.message_ids.mapped("body")))

    def test_d8_drafts_with_a_date_where_asked_for(self):
        tickets = self.finished(2)
        run = self.run_over(tickets, post=False, invoice_date="2026-11-30")
        self.run_cron()
        self.assertEqual((run.state, run.invoiced_count), ("done", 2))
        self.assertEqual(set(tickets.invoice_ids.mapped("state")), {"draft"})
        self.assertEqual({str(day) for day in tickets.invoice_ids.mapped("invoice_date")}, {"2026-11-30"})
        self.assertEqual(set(tickets.mapped("state")), {"invoiced"})

    def test_d8_run_from_the_menu_looks_up_what_waits_for_its_invoice(self):
        tickets = self.finished(2)
        other = self.standard_order().work_order_ids
        run = self.env["work.order.invoice.run"].with_user(self.billing).create({})
        run.domain = f"[('state', '=', 'done'), ('id', 'in', {(tickets | other).ids})]"
        run.action_start()
        self.assertEqual(run.sudo().line_ids.work_order_id, tickets)

    def test_d8_refused_ones_say_every_reason_and_stop_nobody(self):
        good, open_one = self.finished(3), self.standard_order().work_order_ids
        billed = self.finished(1)
        self.invoice(billed).action_post()
        run = self.run_over(good | open_one | billed)
        self.run_cron()
        self.assertEqual((run.state, run.invoiced_count, run.refused_count), ("done", 3, 2))
        self.assertEqual(self.billed(good | billed), {1})
        refused = {line.work_order_id: line for line in run.refused_line_ids}
        self.assertEqual(refused.keys(), {open_one, billed})
        self.assertIn("Only finished work is invoiced; it is “Ready”", refused[open_one].reason)
        self.assertIn("it is “Closed”", refused[billed].reason)
        self.assertTrue(refused[open_one].url.endswith(f"/odoo/action-work_order.work_order_action/{open_one.id}"))
        self.assertIn("2 refused", "".join(run.message_ids.mapped("body")))

    def test_d8_an_invoice_that_may_not_be_posted_is_refused_alone_and_leaves_no_draft(self):
        tickets = self.finished(6)
        bad = tickets[2]
        reasons = type(tickets)._reasons_against_posting

        def refuse(ticket):
            found = reasons(ticket)
            if ticket.id == bad.id:
                found += [Reason("state", "One."), Reason("state", "Two.")]
            return found

        tries, make = [], type(self.env["work.order.invoice.run"])._make_invoices

        def count(run, bundles, billed):
            tries.append(len(bundles))
            return make(run, bundles, billed)

        with (
            patch.object(type(tickets), "_reasons_against_posting", refuse),
            patch.object(type(self.env["work.order.invoice.run"]), "_make_invoices", count),
        ):
            run = self.run_over(tickets)
            self.run_cron()
        self.assertEqual((run.invoiced_count, run.refused_line_ids.work_order_id), (5, bad))
        self.assertEqual(run.refused_line_ids.reason, "One.\nTwo.")
        self.assertEqual((bad.state, bad.invoice_count), ("done", 0))
        self.assertEqual(self.billed(tickets - bad), {1})
        self.assertEqual(tries, [6, 5], "the refusal names its invoice, so one more try is enough")

    def test_d8_a_refusal_or_defect_that_names_nobody_is_found_without_a_try_per_work_order(self):
        tickets = self.finished(16)
        bad = tickets[7]
        tries, create = [], type(tickets)._create_invoices

        def fail(orders, **options):
            tries.append(len(orders))
            if bad in orders:
                raise self.error
            return create(orders, **options)

        for self.error, said in ((UserError("- No journal."), "No journal."), (ValueError("x"), "Odoo failed on it")):
            with self.subTest(said), patch.object(type(tickets), "_create_invoices", fail):
                run = self.run_over(tickets, post=False)
                with self.assertLogs(LOG) if isinstance(self.error, ValueError) else patch.object(self, "id", self.id):
                    self.run_cron()
                self.assertEqual((run.invoiced_count, run.refused_line_ids.work_order_id), (15, bad))
                self.assertTrue(run.refused_line_ids.reason.startswith(said))
                self.assertLess(len(tries), 12)
                tickets.invoice_ids.unlink()
                tries.clear()

    def test_d8_when_its_time_is_up_others_have_theirs_and_it_goes_on_at_once(self):
        tickets = self.finished(3)
        run = self.run_over(tickets, chunk_size=1)
        cron = self.env.ref("work_order.cron_invoice_runs")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        left = iter([60.0, 60.0, 0.0, 0.0])
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: next(left)):
            self.env["work.order.invoice.run"]._cron_process()
        self.assertEqual((run.invoiced_count, run.waiting_count), (2, 1))
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_d8_a_defect_pauses_its_run_and_no_other(self):
        tickets = self.finished(2)
        broken, sound = self.run_over(tickets[0]), self.run_over(tickets[1])
        take = type(broken)._take_lines

        def fail(run, lanes):
            if run.id == broken.id:
                raise ValueError("out of tune")
            return take(run, lanes)

        with patch.object(type(broken), "_take_lines", fail), self.assertLogs(LOG):
            self.run_cron()
        self.assertEqual((broken.state, sound.state), ("paused", "done"))
        self.assertIn("the server's log says where", broken.trouble)
        broken.with_user(self.billing).action_resume()
        self.run_cron()
        self.assertEqual((broken.state, broken.trouble, set(tickets.mapped("state"))), ("done", False, {"closed"}))

    def test_d8_two_runs_over_the_same_work_bill_it_once(self):
        tickets = self.finished(4)
        first, second = self.run_over(tickets, chunk_size=3), self.run_over(tickets, chunk_size=3)
        self.run_cron()
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertEqual(first.invoiced_count + second.invoiced_count, 4)
        self.assertEqual(first.refused_count + second.refused_count, 4)
        self.assertEqual(self.billed(tickets), {1})

    def of_customers(self, *counts):
        """Finished work of several customers, so many each."""
        tickets = self.env["work.order"]
        for place, count in enumerate(counts):
            customer = self.env["res.partner"].create({"name": f"Customer {place}", "is_company": True})
            tickets |= self.finished(count, partner_id=customer.id)
        return tickets

    def lanes(self, run):
        """{lane: how many work orders of each customer}."""
        found = {}
        for line in run.line_ids:
            found.setdefault(line.lane, Counter())[line.partner_id.name] += 1
        return found

    def test_d8_customers_are_dealt_out_over_two_lanes_of_about_the_same_length(self):
        run = self.run_over(self.of_customers(4, 1, 2, 2))
        self.assertEqual(
            self.lanes(run),
            {0: {"Customer 0": 4, "Customer 1": 1}, 1: {"Customer 2": 2, "Customer 3": 2}},
        )

    def test_d8_one_job_alone_does_both_lanes_and_the_second_job_begins_with_its_own(self):
        run = self.run_over(self.of_customers(2, 2), chunk_size=2)
        with self.enter_registry_test_mode():
            self.env.ref("work_order.cron_invoice_runs_second").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.invoiced_count), ("done", 4))
        moves = run.line_ids.sorted(lambda line: line.move_id.name).mapped("lane")
        self.assertEqual(moves, [1, 1, 0, 0])

    def test_d8_a_lane_somebody_works_in_is_left_to_them_and_the_run_does_not_end_before(self):
        run = self.run_over(self.of_customers(1, 1))
        enter = type(run)._enter
        with patch.object(type(run), "_enter", lambda each, lane: lane == 0 and enter(each, lane)):
            self.run_cron_once()
        self.assertEqual((run.state, run.line_ids.mapped("state")), ("running", ["invoiced", "waiting"]))
        self.run_cron()
        self.assertEqual((run.state, run.invoiced_count), ("done", 2))

    def test_d8_a_sealed_journal_takes_one_lane(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        )
        journal.restrict_mode_hash_table = True
        run = self.run_over(self.of_customers(1, 1))
        self.assertEqual(set(run.line_ids.mapped("lane")), {0})

    def test_d8_histories_say_what_the_run_did(self):
        tickets = self.finished(2)
        run = self.run_over(tickets)
        self.run_cron()
        for ticket in tickets:
            text = "".join(ticket.message_ids.mapped("body"))
            self.assertIn(run.name, text)
            self.assertIn(ticket.invoice_ids.name, text)
            self.assertIn("Closed", text)
            made = ticket.invoice_ids.message_ids.filtered(lambda message: run.name in message.body)
            self.assertEqual(len(made), 1)
            self.assertIn(ticket.display_name, made.body)
            self.assertEqual(made.author_id, self.billing.partner_id)

    def test_d8_pause_resume_cancel(self):
        tickets = self.finished(5)
        run = self.run_over(tickets, chunk_size=2)
        mine = run.with_user(self.billing)
        mine.action_process_chunk()
        mine.action_pause()
        self.assertEqual(self.chunks(run), [])
        self.assertEqual((run.invoiced_count, run.waiting_count, run.progress), (2, 3, 40.0))
        with self.assertRaisesRegex(UserError, "only a run that is “Running” can"):
            mine.action_process_chunk()
        mine.action_resume()
        mine.action_process_chunk()
        mine.action_cancel()
        self.assertEqual((run.state, run.invoiced_count), ("cancelled", 4))
        self.assertEqual(run.line_ids.filtered(lambda line: line.state == "left").work_order_id, tickets[-1])
        self.assertEqual(self.chunks(run), [])
        self.assertEqual(tickets[-1].state, "done")
        with self.assertRaisesRegex(UserError, "only a run that is “Paused” can"):
            mine.action_resume()

    def test_d8_what_is_already_done_is_not_done_again_after_a_failure(self):
        tickets = self.finished(4)
        run = self.run_over(tickets, chunk_size=2)
        run.with_user(self.billing).action_process_chunk()
        self.env["work.order.invoice.run"].flush_model()
        with patch.object(type(run), "_make_invoices", side_effect=MemoryError), self.assertLogs(LOG):
            self.run_cron()
        self.assertEqual(self.billed(tickets[:2]), {1})
        self.assertEqual(run.refused_line_ids.work_order_id, tickets[2:])

    def test_d8_work_that_shares_an_invoice_is_not_split_over_chunks(self):
        tickets = self.finished(5)
        bundles = [tickets[:1], tickets[1:4], tickets[4:]]
        with patch.object(type(tickets), "_invoice_bundles", lambda _self: bundles):
            run = self.run_over(tickets, chunk_size=2)
        self.assertEqual(self.chunks(run), [4, 1])

    def test_d8_refuses_whoever_is_not_in_billing(self):
        tickets = self.finished(1)
        for user in (self.dispatcher, self.technician, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                tickets.with_user(user).action_invoice_in_bulk()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["work.order.invoice.run"].with_user(user).create({})
        run = self.run_over(tickets)
        for user in (self.dispatcher, self.technician, self.accountant):
            for step in ("action_pause", "action_cancel", "action_process_chunk"):
                with self.subTest(f"{user.login} {step}"), self.assertRaises(AccessError):
                    getattr(run.with_user(user), step)()
        self.assertEqual(run.with_user(self.accountant).line_ids.work_order_id, tickets)

    def test_d8_refuses_what_follows_from_its_steps(self):
        tickets = self.finished(1)
        runs = self.env["work.order.invoice.run"].with_user(self.billing)
        root = self.env.ref("base.user_root")
        line = Command.create({"work_order_id": tickets.id})
        for values in ({"user_id": root.id}, {"state": "running"}, {"line_ids": [line]}, {"trouble": "x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                runs.create(values)
            with self.subTest(values), self.assertRaises(AccessError):
                runs.create({}).write(values)
        hidden = runs.with_context(default_user_id=root.id, default_state="running").create({})
        self.assertEqual((hidden.user_id, hidden.state), (self.billing, "draft"))
        with self.assertRaises(AccessError):
            self.env["work.order.invoice.run.line"].with_user(self.billing).create(
                {"run_id": hidden.id, "work_order_id": tickets.id}
            )
        run = self.run_over(tickets)
        with self.assertRaisesRegex(UserError, "has begun"):
            run.with_user(self.billing).post = False
        with self.assertRaisesRegex(UserError, "stays"):
            run.with_user(self.billing).unlink()

    def test_d8_refuses_a_run_over_nothing_a_bad_filter_and_a_bad_chunk(self):
        run = self.env["work.order.invoice.run"].with_user(self.billing).create({"domain": "[('id', '=', 0)]"})
        with self.assertRaisesRegex(UserError, "nothing to invoice"):
            run.action_start()
        for text in ("[('no_such_field', '=', 1)]", "nonsense(", "__import__('os')"):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, "not a valid filter"):
                run.domain = text
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            run.chunk_size = 0
            run.flush_recordset()

    def test_d8_stops_when_its_user_may_not_invoice_any_more(self):
        tickets = self.finished(2)
        run = self.run_over(tickets)
        self.billing.sudo().group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.run_cron()
        self.assertEqual((run.state, run.waiting_count), ("paused", 2))
        self.assertIn("may not invoice for this company any more", run.trouble)
        self.assertEqual(set(tickets.mapped("state")), {"done"})

    def test_d8_companies_are_kept_apart(self):
        tickets = self.finished(1)
        company = self.env["res.company"].create({"name": "Other Company"})
        other = new_test_user(
            self.env,
            "wo_billing_other",
            "work_order.group_billing",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            tickets.with_user(other).action_invoice_in_bulk()
        run = self.env["work.order.invoice.run"].with_user(other).create({"domain": "[]"})
        with self.assertRaisesRegex(UserError, "nothing to invoice"):
            run.action_start()
        mine = self.run_over(tickets)
        with self.assertRaises(AccessError):
            mine.with_user(other).action_pause()
