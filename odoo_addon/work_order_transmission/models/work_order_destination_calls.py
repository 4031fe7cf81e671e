from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .call_windows import MOST_ITEMS

#: Grants last so long, in seconds, or as long as the lease they come with.
GRANT_SECONDS = 120
REPORT_KEYS = {"grant", "requests", "batches", "reads", "throttled"}
LONGEST_THROTTLE = 86400


class WorkOrderDestination(models.Model):
    """Leave to call QuickBooks, shared by all workers of a company on whatever machine; see docs/design.md."""

    _inherit = "work.order.destination"

    batch_items_count = fields.Boolean(
        "Count Each Invoice of a Batch",
        help="Whether QuickBooks counts every invoice of a batch against its 500 requests a minute. Its documents "
        "disagree; switch it on if QuickBooks slows us down although little is sent.",
    )
    throttled_until = fields.Datetime(readonly=True, copy=False, help="QuickBooks asked all workers to wait till then.")
    read_budget = fields.Integer(
        "Reads per Month",
        default=500000,
        help="How many metered reads this company may take of the month's allowance of your Intuit app (500,000 in the "
        "free tier, for all companies of the app together). 0: no limit. When they are used up, payments are not read "
        "any more; invoices go on being sent.",
    )
    reads_month = fields.Char(readonly=True, copy=False)
    reads_counted = fields.Integer(readonly=True, copy=False)
    reads_used = fields.Integer("Reads This Month", compute="_compute_reads")
    reads_warning = fields.Boolean(compute="_compute_reads")
    throttled_now = fields.Boolean(compute="_compute_throttled_now")

    @api.depends("throttled_until")
    def _compute_throttled_now(self):
        for destination in self:
            until = destination.throttled_until
            destination.throttled_now = bool(until and until > fields.Datetime.now())

    @api.depends("reads_month", "reads_counted", "read_budget")
    def _compute_reads(self):
        month = this_month()
        for destination in self:
            used = destination.reads_counted if destination.reads_month == month else 0
            budget = destination.read_budget
            destination.reads_used = used
            destination.reads_warning = bool(budget) and used * 100 >= budget * 80

    @api.model
    def take_calls(self, code, batch=False, calls=None):
        """Leave for calls beyond what comes with a claim; ``calls`` tells what was made of earlier leave.

        Also while the destination is paused, since a tie-out reads it then too; rows come with a claim only.

        :raises UserError: if the reports are malformed
        """
        self._refuse_reports(call_errors(calls))
        destination = self._open_for_bridge(code)
        destination._count_calls(calls)
        grant, wait = destination._grant_calls(GRANT_SECONDS, batch=batch)
        return {"calls": grant, "wait": wait}

    @api.model
    def give_back_calls(self, code, calls):
        """Tell what was made of earlier leave, and ask for none. Works in any state of the destination."""
        self._refuse_reports(call_errors(calls))
        self._open_for_bridge(code)._count_calls(calls)
        return True

    def _refuse_reports(self, errors):
        if errors:
            raise UserError(self.env._("Nothing was stored, the input is malformed:") + "\n- " + "\n- ".join(errors))

    def _grant_calls(self, seconds, batch=True):
        """
        :return: the grant, or none and the seconds to wait before asking again
        """
        lanes, after = self._take_lanes(seconds, batch=batch)
        if not lanes:
            return None, after
        return self._lend_lanes(lanes, after, seconds), 0

    def _take_lanes(self, seconds, items=MOST_ITEMS, batch=True):
        """Lanes locked for lending and after how many seconds they can be used; none when that would use up half of the
        seconds in which the calls are to be made.
        """
        self.ensure_one()
        wanted = (self.realm, self.batch_items_count, self._batch_cost(items), batch)
        lanes, after = self._lanes()._take(*wanted)
        if not lanes:
            self._lanes()._free_abandoned(self.realm, self.batch_items_count)
            lanes, after = self._lanes()._take(*wanted)
        after = max(after, self._throttled_for())
        return ([], after) if after > seconds / 2 else (lanes, after)

    def _lend_lanes(self, lanes, after, seconds, items=MOST_ITEMS, lease=None):
        """Never for less than a while, however short the lease: it is taken back together with the lease anyway."""
        lasts = max(seconds, GRANT_SECONDS)
        grant = self._lanes()._lend(lanes, self.batch_items_count, self._batch_cost(items), after, lasts, lease)
        left = max(0, self.read_budget - self.reads_used) if self.read_budget else None
        return dict(grant, reads_left=left)

    def _lanes(self):
        return self.env["work.order.call.lane"].sudo()

    def _batch_cost(self, items):
        return min(items, MOST_ITEMS) if self.batch_items_count else 1

    def _throttled_for(self):
        """Seconds for which QuickBooks asked to be left alone, of any destination in the same company there."""
        [(seconds,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(
                    max(extract(epoch FROM throttled_until - clock_timestamp() AT TIME ZONE 'UTC')), 0)::float8
                FROM work_order_destination WHERE realm = %s
                """,
                self.realm,
            )
        )
        return max(0.0, seconds)

    def _count_calls(self, calls, lease=None):
        """Close grants with what was made of them. A report that comes twice counts once; what was lent for the lease
        is closed without a report too.
        """
        self.ensure_one()
        if lease and not calls:
            self._lanes()._free_lease(self.realm, self.batch_items_count, lease)
        self.flush_recordset()
        reads, throttled = 0, 0
        for report in calls or []:
            throttled = max(throttled, report.get("throttled") or 0)
            if self._lanes()._give_back(self.realm, self.batch_items_count, report):
                reads += report["reads"]
        if reads:
            self._count_reads(reads)
        if throttled:
            self._hold_up(throttled)
        self.invalidate_recordset(
            ["throttled_until", "throttled_now", "reads_month", "reads_counted", "reads_used", "reads_warning"],
            flush=False,
        )

    def _count_reads(self, reads):
        month = this_month()
        self.env.execute_query(
            SQL(
                """
                UPDATE work_order_destination SET reads_month = %(month)s,
                    reads_counted = %(reads)s + CASE WHEN reads_month = %(month)s THEN reads_counted ELSE 0 END
                WHERE id = %(id)s RETURNING id
                """,
                month=month,
                reads=reads,
                id=self.id,
            )
        )

    def _hold_up(self, seconds):
        """All workers of the company wait, whoever was told to."""
        self.env.execute_query(
            SQL(
                """
                UPDATE work_order_destination SET throttled_until = greatest(throttled_until,
                    clock_timestamp() AT TIME ZONE 'UTC' + %s * interval '1 second')
                WHERE realm = %s RETURNING id
                """,
                seconds,
                self.realm,
            )
        )


def this_month():
    """The month reads are counted in. Whether QuickBooks counts by calendar months, and where, is unknown (M)."""
    return fields.Date.today().strftime("%Y-%m")


def call_errors(calls):
    """Every defect of the reports as a sentence."""
    if calls is None:
        return []
    if not isinstance(calls, list) or not all(isinstance(report, dict) for report in calls):
        return ["calls must be a list of objects."]
    errors = []
    for place, report in enumerate(calls, 1):
        errors += [
            f"calls, entry {place}: unknown key “{key}”." for key in sorted(map(str, report.keys() - REPORT_KEYS))
        ]
        if not isinstance(report.get("grant"), str):
            errors.append(f"calls, entry {place}: grant must be text.")
        errors += [
            f"calls, entry {place}: {name} must be a whole number, not negative."
            for name in ("requests", "batches", "reads")
            if not is_count(report.get(name))
        ]
        wait = report.get("throttled")
        if wait is not None and not (
            isinstance(wait, int | float) and not isinstance(wait, bool) and 0 <= wait <= LONGEST_THROTTLE
        ):
            errors.append(f"calls, entry {place}: throttled must be seconds, from 0 to {LONGEST_THROTTLE}, or null.")
    return errors


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
