"""Due dates of preventive work by the calendar. Pure dates: no records, no clock."""

from collections import namedtuple
from datetime import timedelta

from dateutil.relativedelta import relativedelta

FRIDAY = 4
#: How far ahead a due date is looked for; a rhythm with none in this time has none.
HORIZON = relativedelta(years=12)


class Rhythm(namedtuple("Rhythm", ["start", "every", "unit", "day_rule", "weekend", "season", "end"])):
    """Every ``every`` ``unit`` (days, weeks, months, years) from ``start`` on.

    ``day_rule``: of months and years: ``date`` the day of ``start`` (the last day of shorter months), ``last`` the last
    day of the month, ``weekday`` the same weekday of the month as ``start`` (the last one, if it is the fifth).
    ``weekend``: ``keep``, ``before`` (Friday), ``after`` (Monday) or ``skip`` dates on a Saturday or Sunday.
    ``season``: numbers of the months in which it runs, empty for the whole year. ``end``: the last day
    on which it may fall due, or None.
    """

    def dates(self, after=None, until=None):
        """Yield due dates later than ``after``, up to ``until``, each once and in order."""
        until = until or max(self.start, after or self.start) + HORIZON + self._step(2)
        last = after
        for number in self._numbers_from(after):
            nominal = self._nominal(number)
            if nominal > until + timedelta(days=2):  # two: it may be brought forward from a Sunday
                return
            day = self._placed(nominal)
            if day is None or day > until or (self.end and day > self.end) or (last and day <= last):
                continue
            last = day
            yield day

    def _step(self, number):
        return relativedelta(**{self.unit: number * self.every})

    def _numbers_from(self, after):
        """Numbers of steps, from a little before ``after`` on."""
        length = {"days": 1, "weeks": 7, "months": 31, "years": 366}[self.unit] * self.every
        number = max(0, (after - self.start).days // length - 2) if after else 0
        while True:
            yield number
            number += 1

    def _nominal(self, number):
        """The date of a step before weekends and season; counted from the start, so that nothing drifts."""
        day = self.start + self._step(number)
        if self.unit not in ("months", "years") or self.day_rule == "date":
            return day
        if self.day_rule == "last":
            return day + relativedelta(day=31)
        weeks, weekday = (self.start.day - 1) // 7 + 1, self.start.weekday()
        last_of_month = day + relativedelta(day=31)
        first = day.replace(day=1) + timedelta(days=(weekday - day.replace(day=1).weekday()) % 7)
        if weeks < 5:
            return first + timedelta(weeks=weeks - 1)
        return last_of_month - timedelta(days=(last_of_month.weekday() - weekday) % 7)

    def _placed(self, nominal):
        """Where a nominal date falls due, or None if it does not."""
        if self.season and nominal.month not in self.season:
            return None
        over = nominal.weekday() - FRIDAY
        if over <= 0 or self.weekend == "keep":
            return nominal
        if self.weekend == "skip":
            return None
        return nominal - timedelta(days=over) if self.weekend == "before" else nominal + timedelta(days=3 - over)


def months_of_season(first, last):
    """Numbers of the months from ``first`` to ``last``, over the turn of the year if need be; empty if not both."""
    if not (first and last):
        return frozenset()
    return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))
