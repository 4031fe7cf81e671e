from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestAsset(WorkOrderCase):
    """A2: assets with serial numbers, their meters and readings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Other Hospital", "is_company": True})
        cls.asset = cls.env["work.order.asset"].create(
            {"name": "Air handler", "serial_number": " SN-1 ", "partner_id": cls.site.id, "site_id": cls.site.id}
        )
        cls.meter = cls.env["work.order.meter"].create(
            {"asset_id": cls.asset.id, "name": "Running hours", "unit": "h", "daily_maximum": 24}
        )

    def _read(self, value, day, **values):
        return self.env["work.order.reading"].create(
            {"meter_id": self.meter.id, "value": value, "read_on": f"2026-11-{day:02} 08:00:00", **values}
        )

    def test_a2_asset_brings_customer_and_site_to_the_ticket(self):
        ticket = self.env["work.order"].create({"title": "Noise", "asset_id": self.asset.id})
        self.assertEqual((ticket.partner_id, ticket.site_id), (self.buyer, self.site))
        self.assertEqual((ticket.asset_serial_number, self.asset.work_order_count), ("SN-1", 1))

    def test_a2_refuses_an_asset_of_another_customer(self):
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self.env["work.order"].create({"title": "x", "partner_id": self.other.id, "asset_id": self.asset.id})
        ticket = self.env["work.order"].create({"title": "Noise", "asset_id": self.asset.id})
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self.asset.write({"partner_id": self.other.id, "site_id": False})
        self.env.invalidate_all(flush=False)
        with self.assertRaisesRegex(ValidationError, "not an address"):
            self.asset.site_id = self.other
        self.env.invalidate_all(flush=False)
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            ticket.partner_id = self.other

    def test_a2_refuses_a_serial_number_twice_for_one_customer(self):
        assets = self.env["work.order.asset"]
        assets.create({"name": "Twin", "serial_number": "SN-1", "partner_id": self.other.id})
        assets.create([{"name": "No plate", "partner_id": self.buyer.id} for _number in range(2)])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            assets.create({"name": "Twin", "serial_number": "sn-1", "partner_id": self.buyer.id})

    def test_c3_meter_keeps_its_last_value_over_a_replacement(self):
        self._read(100, 1)
        self._read(150, 10)
        self.assertEqual((self.meter.last_value, self.meter.running_total), (150, 150))
        self._read(5, 11, is_reset=True, note="Controller replaced")
        self._read(25, 12)
        self.assertEqual((self.meter.last_value, self.meter.running_total), (25, 170))
        self.assertEqual(str(self.meter.last_read_on), "2026-11-12 08:00:00")

    def test_c3_refuses_readings_a_meter_cannot_have_shown(self):
        self._read(100, 1)
        self._read(150, 10)
        for value, day, more, sentence in (
            (149, 11, {}, "below the reading before"),
            (500, 11, {}, "too much"),
            (160, 5, {}, "below the reading before"),
            (1, 11, {"is_reset": True}, "Note is missing"),
            (151, 30, {}, "future"),
        ):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, sentence):
                self._read(value, day, **more)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._read(-1, 1, is_reset=True, note="x")

    def test_c3_technician_reads_meters_on_own_open_tickets_only(self):
        ticket = self.env["work.order"].create(
            {"title": "Noise", "asset_id": self.asset.id, "task_ids": [Command.create({"name": "Look"})]}
        )
        ticket.type_id = self.env.ref("work_order.type_internal")
        values = {"meter_id": self.meter.id, "value": 10, "user_id": self.dispatcher.id}
        with self.assertRaises(AccessError):
            self.env["work.order.reading"].with_user(self.technician).create({**values, "work_order_id": ticket.id})
        ticket.action_ready()
        self.dispatch(ticket)
        mine = ticket.with_user(self.technician)
        mine.write({"reading_ids": [Command.create(values)]})
        self.assertEqual((mine.reading_ids.user_id, self.meter.last_value), (self.technician, 10))
        mine.reading_ids.value = 11
        with self.assertRaises(AccessError):
            self.env["work.order.reading"].with_user(self.technician).create({**values, "value": 12})
        with self.assertRaises(AccessError):
            self.meter.with_user(self.technician).daily_maximum = 0
        ticket.action_cancel()
        with self.assertRaisesRegex(UserError, "Reopen"):
            ticket.reading_ids.value = 12

    def test_c3_refuses_a_reading_of_a_meter_of_another_asset(self):
        ticket = self.env["work.order"].create({"title": "Noise", "partner_id": self.buyer.id})
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            self._read(1, 1, work_order_id=ticket.id)
