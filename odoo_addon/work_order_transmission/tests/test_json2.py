import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, get_db_name, mute_logger, tagged

from .common import TransmissionCase


@tagged("-at_install", "post_install")
class TestJson2(TransmissionCase, HttpCase):
    """The hand-off over Odoo's own JSON-2 API, with a key of the bridge's user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ends = fields.Datetime.now() + timedelta(days=80)
        cls.key = cls.new_key(cls.bridge, cls.ends)

    @classmethod
    def new_key(cls, user, ends):
        return cls.env["res.users.apikeys"].with_user(user)._generate(None, "bridge", ends)

    def call(self, method, key=None, **arguments):
        headers = {
            "Authorization": f"bearer {key or self.key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": get_db_name(),
        }
        address = f"/json/2/work.order.destination/{method}"
        return self.url_open(address, data=json.dumps(arguments), headers=headers)

    def test_a_row_is_claimed_and_settled_by_named_arguments(self):
        row = self.queued()
        claimed = self.call("claim", code="books", limit=1, lease_seconds=60).json()
        self.assertEqual([each["id"] for each in claimed["rows"]], row.ids)
        result = {"id": row.id, "key": row.key, "state": "rejected", "message": "no"}
        arguments = {"code": "books", "lease": claimed["lease"], "results": [result], "customers": [], "pause": None}
        self.assertEqual(self.call("settle", **arguments).json()["settled"], row.ids)
        self.assertEqual(self.call("settle", **arguments).json()["unchanged"], row.ids, "a lost answer: repeated")

    def test_payments_cursor_and_summary_are_reached_by_named_arguments(self):
        moment = "2026-11-22T10:00:00+00:00"
        answer = self.call("register_payments", code="books", payments=[], cursor=moment).json()
        self.assertEqual(answer, {"registered": [], "unchanged": [], "refused": [], "drift": 0})
        self.assertEqual(self.call("changes_since", code="books").json()["cursor"], moment)
        self.assertEqual([each["code"] for each in self.call("summary", code="books").json()], ["books"])

    def test_end_of_the_key_that_was_used_is_told(self):
        later = self.new_key(self.bridge, self.ends + timedelta(days=10))
        for key, ends in ((self.key, self.ends), (later, self.ends + timedelta(days=10))):
            self.assertEqual(self.call("access", key).json(), {"ends": ends.isoformat() + "+00:00"})

    def test_key_without_an_end_has_none(self):
        forever = self.env["res.users.apikeys"].with_user(self.bridge).sudo()._generate(None, "bridge", None)
        self.assertEqual(self.call("access", forever).json(), {"ends": None})

    def test_without_a_key_nothing_is_told(self):
        self.assertEqual(self.offered.access(), {"ends": None})

    @mute_logger("odoo.http")
    def test_key_of_somebody_else_opens_nothing(self):
        key = self.new_key(self.manager, fields.Datetime.now() + timedelta(days=1))
        for method, arguments in (("claim", {"code": "books"}), ("access", {})):
            answer = self.call(method, key, **arguments)
            self.assertEqual((answer.status_code, answer.json()["name"]), (403, "odoo.exceptions.AccessError"))

    def test_bridges_key_may_last_a_year_and_no_longer(self):
        self.new_key(self.bridge, fields.Datetime.now() + timedelta(days=364))
        with self.assertRaises(ValidationError):
            self.new_key(self.bridge, fields.Datetime.now() + timedelta(days=380))

    def test_others_may_not_ask_for_access(self):
        with self.assertRaises(AccessError):
            self.env["work.order.destination"].with_user(self.billing).access()
