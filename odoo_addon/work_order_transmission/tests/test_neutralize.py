from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestNeutralize(TransmissionCase):
    def test_neutralized_copy_hands_out_nothing(self):
        self.queued()
        self.env.flush_all()
        with file_open("work_order_transmission/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual((self.destination.state, self.destination.activated_database), ("paused", False))
        with self.assertRaisesRegex(UserError, "nothing is sent from a copy"):
            self.claim()
        with self.assertRaisesRegex(UserError, "not activated in this database"):
            self.destination.action_resume()
