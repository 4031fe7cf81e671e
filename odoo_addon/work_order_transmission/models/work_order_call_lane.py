import json
import uuid

from odoo import api, fields, models
from odoo.tools import SQL

from .call_windows import (
    CALLS_AT_ONCE,
    LANES,
    dealt,
    free_at,
    requests_of_grant,
    share_of_lane,
    still_counting,
)

#: How long to wait before asking again when every lane is lent, in seconds.
LOOK_AGAIN = 1.0
FREE = {"grant": None, "lease": None, "open_until": 0}


class WorkOrderCallLane(models.Model):
    """A tenth of what a QuickBooks company lets us call: one call at a time, one a second, 50 requests and 12 batches
    a minute.

    Who holds a lane may use its share, nobody else. A lane that is given back remembers for a minute when its calls
    were over and is lent again as soon as another batch fits, so no limit of the company is passed, by however many
    workers. One that is never given back is free when its time ran out, and counts as used to the full.

    Lanes are taken with SKIP LOCKED, as rows are: no worker's claim waits for another's.
    """

    _name = "work.order.call.lane"
    _description = "Share of a QuickBooks Company's Call Limits"
    _order = "realm, number"

    realm = fields.Char(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    grant = fields.Char("Lent As", readonly=True, index=True)
    lease = fields.Char("Batch", readonly=True, help="The batch it was lent for.")
    batch_cost = fields.Integer(readonly=True, help="How many requests a batch counts for.")
    open_until = fields.Float(digits=False, readonly=True, help="Seconds since 1970, by the database's clock.")
    ready_at = fields.Float(digits=False, readonly=True, help="Seconds since 1970, by the database's clock.")
    used = fields.Json(readonly=True, help="Of the last minute: when calls were over, how many, batches among them.")

    _number_unique = models.Constraint("UNIQUE(realm, number)", "A lane is there once.")

    @api.model
    def _ensure(self, realm):
        """The company's lanes, all free."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO work_order_call_lane (realm, number, open_until, ready_at, used)
                SELECT %s, number, 0, 0, '[]' FROM generate_series(0, %s) number
                ON CONFLICT (realm, number) DO NOTHING RETURNING id
                """,
                realm,
                LANES - 1,
            )
        )

    @api.model
    def _now(self):
        [(now,)] = self.env.execute_query(SQL("SELECT extract(epoch FROM clock_timestamp())::float8"))
        return now

    @api.model
    def _take(self, realm, items_count, batch_cost, batch=True):
        """Lock lanes that can be lent, without lending them yet.

        More than one while most are free, so that a single worker need not spread its calls over seconds.

        :return: the lanes as dicts and after how many seconds they can be used; no lanes when all are lent
        """
        share = share_of_lane(items_count)
        now = self._now()
        lanes = []
        for lane in self._lock(realm, share, now):
            if lane["grant"] and lane["open_until"] > now:
                continue
            used = still_counting(self._used_to_the_full(lane), now)
            ready = free_at(used, share, requests_of_grant(batch_cost), 1 if batch else 0)
            if lanes and ready > now:
                continue
            lanes.append(dict(lane, used=used, after=max(0.0, ready - now)))
        return lanes, lanes[0]["after"] if lanes else LOOK_AGAIN

    @api.model
    def _lock(self, realm, share, now):
        [(there, ready)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE ready_at <= %s AND ("grant" IS NULL OR open_until <= %s))
                FROM work_order_call_lane WHERE realm = %s AND number < %s
                """,
                now,
                now,
                realm,
                share.lanes,
            )
        )
        if not there:
            self._ensure(realm)
            ready = share.lanes
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, "grant", batch_cost, open_until, used FROM work_order_call_lane
                WHERE realm = %s AND number < %s
                ORDER BY ("grant" IS NOT NULL AND open_until > %s), ready_at, number
                LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                realm,
                share.lanes,
                now,
                max(1, ready // 4),
            )
        )

    @api.model
    def _used_to_the_full(self, lane):
        """What a lane was used for, believing the worst of a holder who never came back."""
        if not lane["grant"]:
            return lane["used"]
        return [*lane["used"], [lane["open_until"], requests_of_grant(lane["batch_cost"]), 1]]

    @api.model
    def _lend(self, lanes, items_count, batch_cost, after, seconds, lease=None):
        """Lend lanes that are locked, from then on for so many seconds; see docs/design.md for the answer's shape."""
        share = share_of_lane(items_count)
        grant = str(uuid.uuid4())
        lasts = after + seconds
        until = self._now() + lasts
        given = [until, requests_of_grant(batch_cost), 1]
        self._store(
            [
                dict(
                    lane, grant=grant, lease=lease, batch_cost=batch_cost, open_until=until, full=[*lane["used"], given]
                )
                for lane in lanes
            ],
            share,
        )
        return {
            "grant": grant,
            "after": after,
            "lasts": lasts,
            "requests": CALLS_AT_ONCE * len(lanes),
            "batches": len(lanes),
            "per_second": share.per_second * len(lanes),
        }

    @api.model
    def _give_back(self, realm, items_count, report):
        """Close a grant with what was made of it.

        :return: whether it was lent still; told a second time, or too late, it is not
        """
        lanes = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, batch_cost, used FROM work_order_call_lane WHERE realm = %s AND "grant" = %s
                ORDER BY number FOR UPDATE
                """,
                realm,
                report["grant"],
            )
        )
        share, now = share_of_lane(items_count), self._now()
        requests, batches = dealt(report["requests"], len(lanes) or 1), dealt(report["batches"], len(lanes) or 1)
        closed = []
        for lane, calls, of_them in zip(lanes, requests, batches, strict=False):
            used = [*lane["used"], [now, calls + of_them * (lane["batch_cost"] - 1), of_them]]
            closed.append(
                {**FREE, "id": lane["id"], "batch_cost": lane["batch_cost"], "used": still_counting(used, now)}
            )
        self._store(closed, share)
        return bool(lanes)

    @api.model
    def _free_abandoned(self, realm, items_count):
        """Take back what was lent for batches whose lease ran out: whoever held it is dead, or should be."""
        self._free(
            realm,
            items_count,
            SQL(
                """
                lease IN (SELECT request_id FROM work_order_transmission
                          WHERE state = 'sending' AND request_id IS NOT NULL
                          GROUP BY request_id HAVING max(lease_until) <= clock_timestamp() AT TIME ZONE 'UTC')
                """
            ),
        )

    @api.model
    def _free_lease(self, realm, items_count, lease):
        """Take back what was lent for a batch that is settled by somebody who does not tell what was made of it."""
        self._free(realm, items_count, SQL("lease = %s", lease))

    @api.model
    def _free(self, realm, items_count, which):
        share, now = share_of_lane(items_count), self._now()
        lanes = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, "grant", batch_cost, %s::float8 AS open_until, used FROM work_order_call_lane
                WHERE realm = %s AND "grant" IS NOT NULL AND %s FOR UPDATE SKIP LOCKED
                """,
                now,
                realm,
                which,
            )
        )
        freed = []
        for lane in lanes:
            used = self._used_to_the_full(lane)
            freed.append({**FREE, "id": lane["id"], "batch_cost": lane["batch_cost"], "used": used})
        self._store(freed, share)

    @api.model
    def _store(self, lanes, share):
        """Write lanes, one statement however many; `full` is their use once they are given back used to the full."""
        if not lanes:
            return
        rows = [
            {
                **{name: lane[name] for name in ("id", "grant", "lease", "batch_cost", "open_until", "used")},
                "ready_at": free_at(lane.get("full", lane["used"]), share, requests_of_grant(lane["batch_cost"]), 1),
            }
            for lane in lanes
        ]
        self.env.execute_query(
            SQL(
                """
                UPDATE work_order_call_lane lane
                SET "grant" = new."grant", lease = new.lease, batch_cost = new.batch_cost,
                    open_until = new.open_until, ready_at = new.ready_at, used = new.used
                FROM jsonb_to_recordset(%s::jsonb) AS new(
                    id int, "grant" text, lease text, batch_cost int, open_until float8, ready_at float8, used jsonb)
                WHERE lane.id = new.id RETURNING lane.id
                """,
                json.dumps(rows),
            )
        )
        self.invalidate_model(flush=False)
