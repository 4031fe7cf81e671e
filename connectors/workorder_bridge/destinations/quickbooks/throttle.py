"""Keeps a worker inside QuickBooks' limits (fact sheet §2, P): 500 requests a minute, 10 a second, 10 at once, 120
batches a minute per company.

What all workers of a company share is granted by Odoo and lies in the purse; inside it this one paces itself. A call
is counted from its end on, and the next begins only when its window is over: whenever within a call QuickBooks counts
it, on whatever clock, no window there ever holds more than the limit.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workorder_bridge.calls import CallGrant, CallPurse
from workorder_bridge.errors import ReadBudgetSpent, SourceError, TryLater
from workorder_bridge.log import record

REQUESTS_PER_MINUTE, REQUESTS_PER_SECOND, BATCHES_PER_MINUTE = 500, 10, 120
LONGEST_WAIT = 120.0
"""So many seconds a call waits for its turn; then the batch is left to the next run."""

FINISHING_SECONDS = 10.0
"""A worker that is to stop still waits so long for its turn, to end the batch under way."""

_SECOND, _MINUTE = 1.001, 60.06
"""Windows with a thousandth to spare: no two clocks run equally fast."""

_AGAIN = "Nothing is lost: the same invoices go out again by themselves."


class Window:
    """At most `most` calls within any `length` seconds."""

    def __init__(self, most: int, length: float) -> None:
        self._most = most
        self._length = length
        self._ends: deque[float] = deque()

    def opens(self) -> float:
        """The moment from which one more call fits."""
        return self._ends[0] + self._length if len(self._ends) >= self._most else float("-inf")

    def ended(self, now: float) -> None:
        """Count a call that is over."""
        self._ends.append(now)
        if len(self._ends) > self._most:
            self._ends.popleft()


class Throttle:
    """Admits the calls of one worker, one at a time, by the purse's clock.

    `sleep` may return early when the worker is to stop; a short rest is then waited out by `finish`, which may not.
    """

    def __init__(
        self,
        purse: CallPurse,
        sleep: Callable[[float], object] = time.sleep,
        stopping: Callable[[], bool] = lambda: False,
        finish: Callable[[float], object] = time.sleep,
    ) -> None:
        self._purse = purse
        self._sleep = sleep
        self._stopping = stopping
        self._finish = finish
        self._second = Window(REQUESTS_PER_SECOND, _SECOND)
        self._minute = Window(REQUESTS_PER_MINUTE, _MINUTE)
        self._batches = Window(BATCHES_PER_MINUTE, _MINUTE)
        self._share: tuple[CallGrant | None, Window] = (None, self._second)
        self._held_up_until = float("-inf")
        self._can_wait = False

    @contextmanager
    def call(self, *, batch: bool, read: bool) -> Iterator[None]:
        """Hold one call's place. Raises `TryLater` when its turn is too far away or Odoo cannot be asked for leave,
        `ReadBudgetSpent` for a read that can wait when this month's budget is used up.
        """
        self._obtain(batch)
        self._check_reads(read)
        self._wait_until(self._turn(batch))
        self._purse.pay(batch=batch, read=read)
        try:
            yield
        finally:
            now = self._purse.clock()
            for window in self._windows(batch):
                window.ended(now)

    @contextmanager
    def reads_that_can_wait(self) -> Iterator[None]:
        """Reads in here are refused once the month's budget is used up; all others, and all writes, go on."""
        before, self._can_wait = self._can_wait, True
        try:
            yield
        finally:
            self._can_wait = before

    def told_to_wait(self, seconds: float) -> None:
        """QuickBooks refused a call for its limits: hold up this worker and, through Odoo at once, all others."""
        self._held_up_until = max(self._held_up_until, self._purse.clock() + seconds)
        self._purse.told_to_wait(seconds)
        record("throttled", seconds=seconds)
        try:
            self._purse.exchange(batch=False)
        except SourceError as error:
            # Odoo learns it with the next call that gets through; this worker waits all the same.
            record("trouble", message=error.message)

    def _obtain(self, batch: bool) -> None:
        """See to a grant that covers the call, where grants are given."""
        waited = 0.0
        while self._purse.ask is not None and not self._purse.can_pay(batch=batch):
            try:
                wait = self._purse.exchange(batch=batch)
            except SourceError as error:
                raise TryLater(error.message, hint=error.hint) from error
            if wait and waited + wait > LONGEST_WAIT:
                raise _too_far(wait)
            self._pause(wait)
            waited += wait

    def _check_reads(self, read: bool) -> None:
        left = self._purse.reads_left()
        if read and self._can_wait and left is not None and left <= 0:
            raise ReadBudgetSpent(
                "This month's budget of QuickBooks reads is used up, so what can wait is not read. "
                "Invoices go on being sent.",
                hint="Raise Reads per Month on the destination in Odoo if the plan of your Intuit app allows more; "
                "else reading goes on by itself next month.",
            )

    def _turn(self, batch: bool) -> float:
        """The moment the call may begin."""
        opened = [window.opens() for window in self._windows(batch)]
        return max(self._held_up_until, *opened, *([self._purse.begins] if self._purse.held else []))

    def _windows(self, batch: bool) -> list[Window]:
        """The windows a call counts in."""
        windows = [self._second, self._minute, *([self._batches] if batch else [])]
        return windows + ([self._share_of_grant()] if self._purse.held else [])

    def _share_of_grant(self) -> Window:
        """The part of a second's calls that is ours, counted anew for each grant: Odoo sees to those before."""
        grant, window = self._share
        if self._purse.held is not None and grant != self._purse.held:
            window = Window(self._purse.held.per_second, _SECOND)
            self._share = (self._purse.held, window)
        return window

    def _wait_until(self, moment: float) -> None:
        wait = moment - self._purse.clock()
        if wait > LONGEST_WAIT:
            raise _too_far(wait)
        while wait > 0:  # a sleep may end early
            self._pause(wait)
            wait = moment - self._purse.clock()

    def _pause(self, seconds: float) -> None:
        """Raises `TryLater` when the worker is to stop and this would take long."""
        if seconds <= 0:
            return
        if not self._stopping():
            self._sleep(seconds)
        elif seconds <= FINISHING_SECONDS:
            self._finish(seconds)
        else:
            raise TryLater("The bridge was stopped while it waited for its turn at QuickBooks.", hint=_AGAIN)


def _too_far(wait: float) -> TryLater:
    text = f"The limits of the QuickBooks company leave no room for another call for {wait:.0f} seconds."
    return TryLater(text, retry_after=wait, hint=_AGAIN)
