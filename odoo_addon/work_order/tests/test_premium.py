from contextlib import contextmanager
from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import WorkOrderCase


class PremiumCase(WorkOrderCase):
    """Labor by the hour on a site in New York, evenings at 135.00, Saturdays at 1.5, Sundays and holidays at 2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.hvac = cls.product("HVAC labor", 90.0, type="service", uom_id=cls.hour.id)
        cls.after_hours = cls.product("HVAC labor after hours", 0.0, policy="none", type="service", uom_id=cls.hour.id)
        cls.buyer.tz = cls.site.tz = "America/New_York"
        cls.env.cr.execute("UPDATE work_order_rate SET active = FALSE")  # the demo's, some of which work is billed by
        cls.env.invalidate_all()
        cls.evening = cls.rate("Evenings", hour_from=18, hour_to=6, method="fixed", price=135.0)
        cls.saturday = cls.rate("Saturdays", day_kind="saturday", multiplier=1.5)
        cls.sunday = cls.rate("Sundays", day_kind="sunday", multiplier=2)
        cls.holiday = cls.rate("Holidays", day_kind="holiday", multiplier=2)

    @classmethod
    def rate(cls, name, **values):
        base = {"name": name, "product_id": cls.hvac.id, "bill_product_id": cls.after_hours.id}
        return cls.env["work.order.rate"].create({**base, **values})

    @contextmanager
    def refused(self, text, error=ValidationError):
        """What happens inside is refused with these words, and leaves nothing behind."""
        with self.assertRaisesRegex(error, text), self.env.cr.savepoint():
            yield

    def ticket(self, hours=8, **values):
        """A ready ticket with one task of time and materials."""
        order = self.sale_order((self.hvac, hours), **values)
        order.action_confirm()
        order.work_order_ids.task_ids.billing_type = "time_material"
        return order.work_order_ids

    def split(self, start, hours, task=None):
        """Hours by rate, from a moment in UTC."""
        stretches = self.env["work.order.rate"]._for(
            task or self.ticket().task_ids, datetime.fromisoformat(start), hours
        )
        return [(stretch.rate.name or "regular", round(stretch.hours, 2)) for stretch in stretches]


@tagged("post_install", "-at_install")
class TestPremium(PremiumCase):
    """What an hour costs by role, day and time, shown before it is spent."""

    def test_b8_time_is_split_over_bands_on_the_sites_clock(self):
        # Wednesday 2026-11-18; New York is five hours behind UTC.
        self.assertEqual(self.split("2026-11-18 21:00:00", 4), [("regular", 2.0), ("Evenings", 2.0)])
        self.assertEqual(self.split("2026-11-19 10:00:00", 2), [("Evenings", 1.0), ("regular", 1.0)])
        self.assertEqual(self.split("2026-11-18 22:40:00", 0.5), [("regular", 0.33), ("Evenings", 0.17)])

    def test_b8_past_midnight_the_next_days_rate_holds(self):
        # Friday 22:00 to Saturday 02:00
        self.assertEqual(self.split("2026-11-21 03:00:00", 4), [("Evenings", 2.0), ("Saturdays", 2.0)])
        # Wednesday 23:00 to Thursday 07:00, without a break at midnight
        self.assertEqual(self.split("2026-11-19 04:00:00", 8), [("Evenings", 7.0), ("regular", 1.0)])

    def test_b8_public_holidays_are_those_of_the_company(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Thanksgiving",
                "calendar_id": self.env.company.resource_calendar_id.id,
                "date_from": "2026-11-26 05:00:00",
                "date_to": "2026-11-27 04:59:59",
            }
        )
        self.assertEqual(self.split("2026-11-26 14:00:00", 10), [("Holidays", 10.0)])
        self.assertEqual(self.split("2026-11-25 14:00:00", 1), [("regular", 1.0)])

    def test_b8_clock_changes_lose_no_minute(self):
        for start in ("2026-11-01 03:00:00", "2026-03-08 04:00:00"):  # the nights daylight saving ends and begins
            with self.subTest(start=start):
                self.assertAlmostEqual(sum(hours for _rate, hours in self.split(start, 12)), 12.0)

    def test_b8_the_most_particular_row_counts(self):
        self.rate("Hospital evenings", partner_id=self.buyer.id, hour_from=18, hour_to=6, method="fixed", price=150)
        emergency = self.env.ref("work_order.type_emergency")
        self.rate("Emergency", type_id=emergency.id, day_kind="any", hour_from=0, hour_to=24, multiplier=3)
        ticket = self.ticket()
        self.assertEqual(self.split("2026-11-19 00:00:00", 1, ticket.task_ids), [("Hospital evenings", 1.0)])
        trade = self.env["work.order.trade"].create({"name": "Refrigeration (test)"})
        self.rate("Specialists", trade_id=trade.id, day_kind="any", hour_from=18, hour_to=6, multiplier=4)
        ticket.task_ids.trade_id = trade
        self.assertEqual(self.split("2026-11-19 00:00:00", 1, ticket.task_ids), [("Hospital evenings", 1.0)])
        self.assertEqual(self.split("2026-11-22 00:00:00", 1, ticket.task_ids), [("Specialists", 1.0)])
        ticket.type_id = emergency
        self.assertEqual(self.split("2026-11-18 15:00:00", 1, ticket.task_ids), [("Emergency", 1.0)])

    def test_b8_validity_dates_hold(self):
        self.evening.write({"date_from": "2026-11-19", "date_to": "2026-11-30"})
        self.assertEqual(self.split("2026-11-18 23:30:00", 1), [("regular", 1.0)])
        self.assertEqual(self.split("2026-11-19 23:30:00", 1), [("Evenings", 1.0)])
        self.assertEqual(self.split("2026-12-01 23:30:00", 1), [("regular", 1.0)])

    def test_b8_price_is_rounded_to_the_cent(self):
        ticket = self.ticket()
        ticket.sale_order_id.order_line.price_unit = 33.33
        self.saturday.multiplier = 1.333
        self.assertEqual(self.saturday._price_for(ticket.task_ids), (44.43, 0.0))

    def test_b8_premium_is_shown_before_it_is_spent(self):
        ticket = self.ticket()
        ticket.write({"scheduled_start": "2026-11-18 21:00:00", "scheduled_end": "2026-11-19 03:00:00"})
        shown = ticket.with_user(self.dispatcher)
        self.assertEqual(shown.premium_text, "Wed 18:00–22:00: HVAC labor after hours 135.00/h instead of 90.00")
        self.assertEqual(shown.premium_amount, 180.0)
        ticket.task_ids.billing_type = "fixed"
        self.assertFalse(shown.premium_times, "a fixed price has no premium")

    def test_b8_technician_sees_that_a_premium_applies_but_no_price(self):
        ticket = self.ticket()
        ticket.write({"scheduled_start": "2026-11-21 14:00:00", "scheduled_end": "2026-11-21 16:00:00"})
        ticket.technician_ids = self.technician
        mine = ticket.with_user(self.technician)
        self.assertEqual(mine.premium_times, "Sat 09:00–11:00")
        for name in ("premium_text", "premium_amount"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                mine.read([name])
        with self.assertRaises(AccessError):
            self.env["work.order.rate"].with_user(self.technician).search([])
        with self.assertRaises(AccessError):
            mine.write({"premium_approved_by": "me"})

    def test_b8_refuses_dispatch_at_a_premium_the_customer_has_not_approved(self):
        self.buyer.after_hours_approval = True
        tickets = self.ticket() | self.ticket()
        tickets.write(
            {
                "scheduled_start": "2026-11-21 14:00:00",
                "scheduled_end": "2026-11-21 16:00:00",
                "technician_ids": [(4, self.technician.id)],
            }
        )
        tickets[0].premium_approved_by = "J. Ortiz, by phone"
        with self.assertRaisesRegex(UserError, "Premium Approved By is missing.*Sat 09:00–11:00"):
            tickets.with_user(self.dispatcher).action_dispatch()
        self.assertEqual(set(tickets.mapped("state")), {"ready"})
        tickets[1].premium_approved_by = "J. Ortiz, by phone"
        tickets.with_user(self.dispatcher).action_dispatch()
        self.assertTrue(all(tickets.mapped("premium_approved_on")))

    def test_b8_refuses_rows_that_overlap(self):
        for values in (
            {"hour_from": 5, "hour_to": 7},
            {"hour_from": 23, "hour_to": 1},
            {"day_kind": "any", "hour_from": 12, "hour_to": 13},
            {"hour_from": 17, "hour_to": 19, "date_from": "2026-01-01"},
        ):
            with self.subTest(values=values), self.refused("overlap"):
                self.rate("Second", **values)
        self.rate("Early", hour_from=6, hour_to=7)
        with self.refused("overlap"):
            self.evening.hour_to = 6.5
        self.evening.active = False
        self.rate("Instead", hour_from=18, hour_to=6)

    @mute_logger("odoo.sql_db")
    def test_b8_refuses_rows_without_price_time_or_product_by_time(self):
        for values, error in (
            ({"method": "fixed", "price": 0}, "no price"),
            ({"multiplier": 0}, "no price"),
            ({"bill_product_id": self.part.id}, "not sold by time"),
        ):
            with self.subTest(values=values), self.refused(error):
                self.rate("Bad", day_kind="any", partner_id=self.buyer.id, **values)

    def test_b8_only_an_administrator_changes_rates(self):
        manager = new_test_user(self.env, "wo_rate_manager", "work_order.group_manager")
        self.saturday.with_user(manager).multiplier = 1.6
        for user in (self.dispatcher, self.billing, self.salesman, self.accountant):
            with self.subTest(user=user.login):
                self.assertTrue(self.saturday.with_user(user).name)
                with self.assertRaises(AccessError):
                    self.saturday.with_user(user).multiplier = 1

    def test_b8_rates_of_another_company_do_not_count(self):
        company = self.env["res.company"].create({"name": "Sister"})
        self.env["work.order.rate"].search([]).active = False
        self.env["work.order.rate"].create(
            {"name": "Theirs", "company_id": company.id, "day_kind": "any", "bill_product_id": self.after_hours.id}
        )
        self.assertEqual(self.split("2026-11-21 14:00:00", 2), [("regular", 2.0)])
