import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

ROWS = 6


@tagged("post_install", "-at_install")
class TestConcurrentClaim(BaseCase):
    """Two workers on two real connections, on committed rows; what it makes it removes itself."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            destination = env["work.order.destination"].create({"name": "Race", "code": "race-test", "realm": "1"})
            destination.action_activate()
            self.destination_id = destination.id
            moves = env["account.move"].create([{"move_type": "entry", "ref": "race-test"} for _turn in range(ROWS)])
            env.flush_all()
            # Posted without lines: the claim looks at nothing else, and nothing else is left to clean up.
            cr.execute("UPDATE account_move SET state = 'posted', name = 'RACE/' || id WHERE id = ANY(%s)", [moves.ids])
            env.invalidate_all()
            document = {"kind": "invoice", "original": None, "work_orders": [], "lines": [], "buyer": {"id": 1}}
            document |= {"terms": None, "cost_center": None}
            env["work.order.transmission"]._queue(
                dict.fromkeys(moves.ids, document), [(move, destination, 1) for move in moves]
            )

    def remove(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM work_order_transmission WHERE destination_id = %s", [self.destination_id])
            cr.execute("DELETE FROM work_order_call_lane WHERE realm = '1'")
            cr.execute("DELETE FROM work_order_destination WHERE id = %s", [self.destination_id])
            cr.execute("DELETE FROM account_move WHERE ref = 'race-test' AND move_type = 'entry'")

    def claim(self, cr, limit):
        batch = api.Environment(cr, SUPERUSER_ID, {})["work.order.destination"].claim("race-test", limit=limit)
        return [row["id"] for row in batch["rows"]], batch["lease"]

    def test_second_worker_skips_what_the_first_holds(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            mine, my_lease = self.claim(first, 4)
            theirs, their_lease = self.claim(second, 4)  # would wait for ever if it did not skip
            self.assertEqual((len(mine), len(theirs)), (4, 2))
            self.assertFalse(set(mine) & set(theirs))
            self.assertNotEqual(my_lease, their_lease)

    def test_second_worker_never_gets_half_of_an_expired_batch(self):
        with self.registry.cursor() as cr:
            self.claim(cr, 4)
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE work_order_transmission SET lease_until = now() AT TIME ZONE 'UTC' - interval '1 hour' "
                "WHERE destination_id = %s AND state = 'sending'",
                [self.destination_id],
            )
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.assertEqual(len(self.claim(first, 30)[0]), 4)
            self.assertEqual(len(self.claim(second, 30)[0]), 2)

    @mute_logger("odoo.sql_db")  # a worker that lost a race starts again, as every call to Odoo does
    def test_many_workers_share_the_rows_without_loss(self):
        taken, lock = [], threading.Lock()

        def work():
            while True:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    ids = retrying(lambda cr=cr: self.claim(cr, 1)[0], env)
                if not ids:
                    return
                with lock:
                    taken.extend(ids)

        # The thread that runs the tests holds the registry's lock; the workers' threads would wait for it for ever.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        workers = [threading.Thread(target=work) for _turn in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        self.assertEqual(len(taken), ROWS)
        self.assertEqual(len(set(taken)), ROWS)
