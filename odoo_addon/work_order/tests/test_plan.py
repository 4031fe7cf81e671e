from datetime import date, timedelta
from itertools import islice

from freezegun import freeze_time
from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models.plan_calendar import Rhythm, months_of_season
from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestPlanCalendar(BaseCase):
    """A9: due dates by the calendar."""

    def dates(self, start, count=5, after=None, until=None, **facts):
        facts = {"every": 1, "unit": "months", "day_rule": "date", "weekend": "keep", "season": (), "end": None} | facts
        found = islice(Rhythm(start=date.fromisoformat(start), **facts).dates(after, until), count)
        return [str(day) for day in found]

    def test_a9_days_weeks_and_years(self):
        self.assertEqual(self.dates("2026-01-30", 3, unit="days", every=3), ["2026-01-30", "2026-02-02", "2026-02-05"])
        self.assertEqual(self.dates("2026-01-01", 3, unit="weeks", every=2), ["2026-01-01", "2026-01-15", "2026-01-29"])
        self.assertEqual(self.dates("2024-02-29", 3, unit="years"), ["2024-02-29", "2025-02-28", "2026-02-28"])
        self.assertEqual(self.dates("2024-02-29", 5, unit="years")[4], "2028-02-29")

    def test_a9_end_of_month_does_not_drift(self):
        self.assertEqual(
            self.dates("2026-01-31"), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
        )
        self.assertEqual(self.dates("2026-02-10", 3, day_rule="last"), ["2026-02-28", "2026-03-31", "2026-04-30"])

    def test_a9_same_weekday_of_the_month(self):
        self.assertEqual(
            self.dates("2026-01-13", 4, day_rule="weekday"), ["2026-01-13", "2026-02-10", "2026-03-10", "2026-04-14"]
        )
        self.assertEqual(self.dates("2026-01-30", 3, day_rule="weekday"), ["2026-01-30", "2026-02-27", "2026-03-27"])

    def test_a9_weekends(self):
        # 2026-08-01 is a Saturday, 2026-11-01 a Sunday.
        quarterly = {"every": 3, "count": 3, "start": "2026-05-01"}
        self.assertEqual(self.dates(**quarterly, weekend="before"), ["2026-05-01", "2026-07-31", "2026-10-30"])
        self.assertEqual(self.dates(**quarterly, weekend="after"), ["2026-05-01", "2026-08-03", "2026-11-02"])
        self.assertEqual(self.dates(**quarterly, weekend="skip"), ["2026-05-01", "2027-02-01", "2027-11-01"])
        self.assertNotIn("2026-08-01", self.dates(**quarterly, weekend="skip"))
        daily = self.dates("2026-07-31", 4, unit="days", weekend="after")
        self.assertEqual(daily, ["2026-07-31", "2026-08-03", "2026-08-04", "2026-08-05"])

    def test_a9_season_over_the_new_year(self):
        winter = months_of_season(11, 3)
        self.assertEqual(winter, {11, 12, 1, 2, 3})
        self.assertEqual(
            self.dates("2026-09-15", 6, season=winter),
            ["2026-11-15", "2026-12-15", "2027-01-15", "2027-02-15", "2027-03-15", "2027-11-15"],
        )

    def test_a9_after_until_and_end_are_kept_however_far_away(self):
        far = {"unit": "days", "every": 1, "after": date(2036, 1, 1)}
        self.assertEqual(self.dates("2020-01-01", 1, **far), ["2036-01-02"])
        for unit in ("days", "weeks", "months", "years"):
            every_date = self.dates("2020-01-31", 4000, unit=unit, until=date(2029, 12, 31))
            middle = len(every_date) // 2
            self.assertEqual(
                self.dates(
                    "2020-01-31",
                    4000,
                    unit=unit,
                    after=date.fromisoformat(every_date[middle]),
                    until=date(2029, 12, 31),
                ),
                every_date[middle + 1 :],
            )
        self.assertEqual(self.dates("2026-01-31", end=date(2026, 3, 30)), ["2026-01-31", "2026-02-28"])

    def test_a9_refuses_to_look_for_ever(self):
        self.assertEqual(self.dates("2026-01-03", unit="weeks", weekend="skip"), [])
        self.assertEqual(self.dates("2026-01-03", unit="years", season={7}), [])


class PlanCase(WorkOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["work.order.template"].create(
            {
                "name": "HVAC service",
                "type_id": cls.env.ref("work_order.type_preventive").id,
                "task_ids": [Command.create({"name": "Replace filters"}), Command.create({"name": "Check belts"})],
            }
        )
        cls.asset = cls.env["work.order.asset"].create(
            {"name": "Air handler 4", "partner_id": cls.buyer.id, "site_id": cls.site.id}
        )
        cls.meter = cls.env["work.order.meter"].create({"asset_id": cls.asset.id, "name": "Hours", "unit": "h"})

    def plan(self, start=True, **values):
        plan = (
            self.env["work.order.plan"]
            .with_user(self.dispatcher)
            .create(
                {
                    "name": "Service",
                    "template_id": self.template.id,
                    "partner_id": self.buyer.id,
                    "site_id": self.site.id,
                    "unit": "months",
                    "start_date": "2026-02-10",
                    "lead_days": 7,
                    **values,
                }
            )
        )
        if start:
            plan.action_start()
        return plan

    def meter_plan(self, **values):
        facts = {"asset_id": self.asset.id, "by_calendar": False, "by_meter": True, "meter_id": self.meter.id}
        return self.plan(**{**facts, "meter_step": 500, **values})

    def read_meter(self, value):
        self.env["work.order.reading"].create({"meter_id": self.meter.id, "value": value})

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("work_order.cron_create_work_orders").method_direct_trigger()
        self.env.invalidate_all()

    def on(self, day):
        return freeze_time(f"{day} 10:00:00")

    def due(self, plan):
        return sorted(map(str, plan.work_order_ids.mapped("plan_due_date")))


@tagged("post_install", "-at_install")
class TestPlan(PlanCase):
    """A9: plans create work orders from a template, ahead of time, and never twice for one due date."""

    def test_a9_work_order_is_created_ahead_of_its_due_date_from_the_template(self):
        with self.on("2026-02-01"):
            plan = self.plan(user_id=self.dispatcher.id, technician_ids=[Command.set(self.technician.ids)])
            self.run_cron()
            self.assertFalse(plan.work_order_ids)
        with self.on("2026-02-03"):
            self.run_cron()
        ticket = plan.work_order_ids
        self.assertEqual(self.due(plan), ["2026-02-10"])
        self.assertEqual(
            (ticket.state, ticket.type_id, ticket.partner_id, ticket.site_id, ticket.user_id, ticket.technician_ids),
            ("ready", self.template.type_id, self.buyer, self.site, self.dispatcher, self.technician),
        )
        self.assertEqual(ticket.task_ids.mapped("name"), ["Replace filters", "Check belts"])
        self.assertEqual(str(ticket.scheduled_start), "2026-02-10 08:00:00")
        self.assertEqual(str(plan.next_due_date), "2026-03-10")
        self.assertIn(ticket.name, plan.message_ids[0].body)

    def test_a9_work_of_a_service_agreement_belongs_to_it_while_it_is_open(self):
        job = self.env["work.order.job"].create(
            {"title": "Maintenance", "kind": "agreement", "partner_id": self.buyer.id, "buyer_po": "4500-77"}
        )
        with self.on("2026-02-05"):
            plan = self.plan(job_id=job.id)
            self.run_cron()
            self.assertEqual((plan.work_order_ids.job_id, plan.work_order_ids.buyer_po), (job, "4500-77"))
            plan.work_order_ids.action_cancel()
        job.action_close()
        with self.on("2026-03-05"):
            self.run_cron()
            self.assertEqual(len(plan.work_order_ids), 1)
            self.assertIn("is not open", plan.trouble)
        job.action_reopen()
        with self.on("2026-03-06"):
            self.run_cron()
            self.assertEqual((len(plan.work_order_ids), plan.trouble), (2, False))

    def test_a9_plans_run_together_and_preview_what_comes(self):
        with self.on("2026-02-05"):
            plans = (
                self.plan() | self.plan(unit="weeks", weekend="after", lead_days=0) | self.plan(start_date="2027-01-01")
            )
            self.run_cron()
            self.assertEqual([len(plan.work_order_ids) for plan in plans], [1, 0, 0])
            self.assertEqual(plans[1].preview.splitlines()[:3], ["Tue 2026-02-10", "Tue 2026-02-17", "Tue 2026-02-24"])
            self.assertEqual(plans[1].preview.count("\n"), 5)

    def test_a9_refuses_a_second_work_order_for_one_due_date(self):
        with self.on("2026-02-05"):
            plan = self.plan()
            self.run_cron()
            self.run_cron()
            with self.assertRaisesRegex(UserError, "Nothing is due"):
                plan.action_create_now()
            self.assertEqual(self.due(plan), ["2026-02-10"])
            plan.action_stop()
            plan.start_date = "2025-02-10"
            plan.action_start()
            self.run_cron()
            self.assertEqual(self.due(plan), ["2026-02-10"])

    def test_a9_refuses_it_even_if_the_plan_has_forgotten_how_far_it_got(self):
        with self.on("2026-02-05"):
            plan = self.plan()
            self.run_cron()
            plan.sudo().write({"last_due_date": False})
            self.run_cron()
            self.assertEqual(self.due(plan), ["2026-02-10"])
            self.assertEqual(str(plan.last_due_date), "2026-02-10")

    @mute_logger("odoo.sql_db")
    def test_a9_refuses_it_in_the_database_whoever_creates_it(self):
        with self.on("2026-02-05"):
            plan = self.plan()
            self.run_cron()
            facts = {"title": "Again", "plan_id": plan.id, "plan_due_key": plan.work_order_ids.plan_due_key}
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env["work.order"].create(facts)
                self.env.flush_all()

    def test_a9_refuses_to_have_plan_and_due_date_typed(self):
        with self.on("2026-02-05"):
            plan = self.plan()
            self.run_cron()
            orders = self.env["work.order"].with_user(self.dispatcher)
            facts = {"plan_id": plan.id, "plan_due_key": "2026-03-10"}
            with self.assertRaises(AccessError):
                orders.create({"title": "Typed", **facts})
            with self.assertRaises(AccessError):
                plan.work_order_ids.with_user(self.dispatcher).write({"plan_due_key": False})
            with self.assertRaises(AccessError):
                plan.with_user(self.dispatcher).write({"last_due_date": False})
            context = {f"default_{name}": value for name, value in facts.items()}
            self.assertFalse(orders.with_context(**context).create({"title": "By context"}).plan_id)
            copied = plan.work_order_ids.copy()
            self.assertFalse(copied.plan_id or copied.plan_due_key)
            self.assertEqual((plan.copy().state, plan.copy().last_due_date), ("draft", False))

    def test_a9_cancelled_or_deleted_work_does_not_come_again(self):
        with self.on("2026-02-05"):
            cancelled, deleted = self.plan(), self.plan()
            self.run_cron()
            cancelled.work_order_ids.action_cancel()
            deleted.work_order_ids.action_draft()
            deleted.work_order_ids.unlink()
            self.run_cron()
            self.assertEqual((cancelled.work_order_ids.state, deleted.work_order_ids.ids), ("cancelled", []))
        with self.on("2026-03-05"):
            self.run_cron()
            self.assertEqual((self.due(cancelled), self.due(deleted)), (["2026-02-10", "2026-03-10"], ["2026-03-10"]))

    def test_a9_missed_due_dates_follow_the_policy_and_are_told(self):
        with self.on("2026-02-01"):
            plans = {missed: self.plan(missed=missed) for missed in ("latest", "all", "none")}
        with self.on("2026-05-05"):
            self.run_cron()
            self.run_cron()
        self.assertEqual(self.due(plans["latest"]), ["2026-04-10", "2026-05-10"])
        self.assertEqual(self.due(plans["all"]), ["2026-02-10", "2026-03-10", "2026-04-10", "2026-05-10"])
        self.assertEqual(self.due(plans["none"]), ["2026-05-10"])
        told = {missed: " ".join(plan.message_ids.mapped("body")) for missed, plan in plans.items()}
        self.assertIn("Passed without a work order", told["latest"])
        self.assertIn("02/10/2026, 03/10/2026", told["latest"])
        self.assertNotIn("Passed without", told["all"])
        self.assertIn("04/10/2026", told["none"])
        oldest = plans["latest"].work_order_ids.sorted("plan_due_date")[0]
        self.assertIn("Passed without", " ".join(oldest.message_ids.mapped("body")))

    def test_a9_what_was_due_before_the_plan_was_started_is_not_missed(self):
        with self.on("2026-05-05"):
            plan = self.plan()
            self.run_cron()
        self.assertEqual(self.due(plan), ["2026-05-10"])

    def test_a9_plan_that_cannot_says_why_once_and_does_not_stop_the_others(self):
        with self.on("2026-02-05"):
            bad, good = self.plan(asset_id=self.asset.id), self.plan()
            other = self.env["res.partner"].create({"name": "New owner", "is_company": True})
            self.env.cr.execute("UPDATE work_order_asset SET partner_id = %s WHERE id = %s", (other.id, self.asset.id))
            self.env.invalidate_all()
            self.run_cron()
            self.run_cron()
            self.assertEqual((len(bad.work_order_ids), len(good.work_order_ids)), (0, 1))
            self.assertIn("belongs to", bad.trouble)
            self.assertEqual(
                sum("No work order could be created" in body for body in bad.message_ids.mapped("body")), 1
            )

    def test_a9_refuses_to_start_with_every_reason_at_once(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        plan = self.plan(
            start=False, template_id=False, site_id=stranger.id, every=0, end_date="2025-01-01", season_from="3"
        )
        with self.assertRaises(ValidationError) as refusal:
            plan.action_start()
        for sentence in (
            "Template is missing",
            "belongs to another customer",
            "Every must be one or more",
            "Until lies before First Due",
            "Season: both",
        ):
            self.assertIn(sentence, str(refusal.exception))
        for values, sentence in (
            ({"by_calendar": False}, "choose at least one"),
            ({"unit": "weeks", "start_date": "2026-02-07", "weekend": "skip"}, "never falls due"),
            ({"partner_id": False, "site_id": False}, "Customer is missing"),
            ({"lead_days": -1}, "Lead Days"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                self.plan(**values)

    def test_a9_refuses_to_break_a_running_plan(self):
        plan = self.plan()
        for values in ({"template_id": False}, {"every": 0}, {"end_date": "2020-01-01"}):
            with self.subTest(values), self.assertRaises(ValidationError), self.env.cr.savepoint():
                plan.write(values)
        with self.assertRaises(UserError):
            self.env["work.order.plan"].create({"name": "Running at once", "state": "running"})

    def test_a9_access_to_plans(self):
        plan = self.plan()
        with self.assertRaises(AccessError):
            plan.with_user(self.technician).read(["name"])
        with self.assertRaises(AccessError):
            plan.with_user(self.dispatcher).unlink()
        self.assertTrue(plan.with_user(self.accountant).read(["name"]))
        with self.assertRaises(AccessError):
            plan.with_user(self.billing).action_stop()
        company = self.env["res.company"].create({"name": "Sister of plans"})
        outsider = new_test_user(
            self.env,
            "wo_plan_outsider",
            "work_order.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self.env["work.order.plan"].with_user(outsider).search([("id", "=", plan.id)]))
        with self.on("2026-02-05"):
            self.run_cron()
        manager = new_test_user(self.env, "wo_plan_manager", "work_order.group_project_manager")
        if plan.work_order_ids:
            with self.assertRaisesRegex(UserError, "archive"):
                plan.with_user(manager).unlink()

    def test_a9_dispatcher_creates_what_is_due_by_hand(self):
        with self.on("2026-02-05"):
            plan = self.plan()
            action = plan.with_user(self.dispatcher).action_create_now()
            self.assertEqual(action["res_id"], plan.work_order_ids.id)
            with self.assertRaisesRegex(UserError, "Start these plans first"):
                self.plan(start=False).with_user(self.dispatcher).action_create_now()
            with self.assertRaises(AccessError):
                self.plan().with_user(self.billing).action_create_now()


@tagged("post_install", "-at_install")
class TestPlanByMeter(PlanCase):
    """A9: by meter reading, or by whichever comes first."""

    def test_a9_meter_makes_it_due_each_step_and_never_twice_for_one(self):
        self.read_meter(1200)
        plan = self.meter_plan()
        self.assertEqual((plan.meter_start, plan.next_due_total), (1200, 1700))
        self.read_meter(1699)
        self.run_cron()
        self.assertFalse(plan.work_order_ids)
        self.read_meter(1702)
        self.run_cron()
        self.run_cron()
        self.assertEqual(plan.work_order_ids.mapped("plan_due_key"), [f"meter {self.meter.id}: 1700.00"])
        self.assertEqual(plan.work_order_ids.asset_id, self.asset)
        self.assertEqual(plan.next_due_total, 2200)
        plan.sudo().write({"last_due_total": 0})
        self.run_cron()
        self.assertEqual(len(plan.work_order_ids), 1)

    def test_a9_meter_that_jumped_makes_one_due_and_tells_the_others(self):
        plan, each = self.meter_plan(), self.meter_plan(missed="all")
        self.read_meter(1650)
        self.run_cron()
        self.assertEqual(plan.work_order_ids.mapped("plan_due_key"), [f"meter {self.meter.id}: 1500.00"])
        self.assertIn("500, 1000", " ".join(plan.message_ids.mapped("body")))
        self.assertEqual(len(each.work_order_ids), 3)

    def test_a9_meter_may_be_due_ahead(self):
        plan = self.meter_plan(meter_lead=50)
        self.read_meter(451)
        self.run_cron()
        self.run_cron()
        self.assertEqual(len(plan.work_order_ids), 1)

    def test_a9_whichever_comes_first_and_then_both_count_anew(self):
        with self.on("2026-02-01"):
            plan = self.meter_plan(by_calendar=True, every=3, start_date="2026-03-01", lead_days=0)
        with self.on("2026-02-10"):
            self.read_meter(510)
            self.run_cron()
            self.assertEqual(self.due(plan), ["2026-02-10"])
            self.assertEqual((str(plan.next_due_date), plan.next_due_total), ("2026-05-10", 1000))
        with self.on("2026-05-10"):
            self.read_meter(900)
            self.run_cron()
            self.run_cron()
            self.assertEqual(self.due(plan), ["2026-02-10", "2026-05-10"])
            self.assertEqual((str(plan.next_due_date), plan.next_due_total), ("2026-08-10", 1400))

    def test_a9_whichever_comes_first_after_downtime_is_one_work_order(self):
        with self.on("2026-02-01"):
            plan = self.meter_plan(by_calendar=True, start_date="2026-03-01", lead_days=0)
        with self.on("2026-07-15"):
            self.read_meter(5000)
            self.run_cron()
            self.run_cron()
            self.assertEqual(self.due(plan), ["2026-03-01"])
            self.assertEqual(str(plan.next_due_date), "2026-08-15")

    def test_a9_refuses_a_meter_of_another_asset_and_a_step_of_nothing(self):
        other = self.asset.copy({"name": "Other", "serial_number": False})
        for values, sentence in (
            ({"asset_id": other.id}, "belongs to another asset"),
            ({"asset_id": False}, "belongs to another asset"),
            ({"meter_step": 0}, "more than zero"),
            ({"meter_step": -5}, "more than zero"),
            ({"meter_lead": 500}, "less than Due Every"),
            ({"meter_id": False}, "Meter is missing"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                self.meter_plan(**values)


@tagged("post_install", "-at_install")
class TestPlanRace(BaseCase):
    """A9: two runs at once on two real connections; what it makes it removes itself."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.partner_id = env["res.partner"].create({"name": "Plan race"}).id
            self.template_id = env["work.order.template"].create({"name": "Plan race"}).id
            plan = env["work.order.plan"].create(
                {
                    "name": "Plan race",
                    "template_id": self.template_id,
                    "partner_id": self.partner_id,
                    "start_date": fields.Date.today() + timedelta(days=2),
                }
            )
            plan.action_start()
            self.plan_id = plan.id

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            plan = env["work.order.plan"].browse(self.plan_id)
            plan.work_order_ids.filtered(lambda order: order.state == "ready").action_draft()
            plan.work_order_ids.unlink()
            plan.unlink()
            env["work.order.template"].browse(self.template_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def run_plan(self, cr):
        plan = api.Environment(cr, SUPERUSER_ID, {})["work.order.plan"].browse(self.plan_id)
        plan._create_due_or_say_why()
        plan.env.flush_all()

    def count(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT COUNT(*) FROM work_order WHERE plan_id = %s", [self.plan_id])
            return cr.fetchone()[0]

    @mute_logger("odoo.sql_db")
    def test_a9_refuses_a_second_work_order_under_two_runs_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")  # its view of the data begins before the first one ends
            self.run_plan(first)
            self.run_plan(second)  # would wait for ever if it did not skip
            first.commit()
            self.run_plan(second)
            second.commit()
        self.assertEqual(self.count(), 1)
