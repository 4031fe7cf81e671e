"""The service's limits, as sliding windows."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from quickbooks_simulator.clock import Clock
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings

MINUTE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


class Window:
    """Counts what happened within the last `length`."""

    def __init__(self, length: timedelta) -> None:
        self._length = length
        self._moments: deque[datetime] = deque()

    def count(self, now: datetime) -> int:
        while self._moments and now - self._moments[0] >= self._length:
            self._moments.popleft()
        return len(self._moments)

    def add(self, now: datetime, times: int = 1) -> None:
        self._moments.extend([now] * times)


class Limits:
    """Admits or refuses calls of one realm: 500 a minute, 10 a second, 10 at once, 120 batches a minute (P).

    A refused call does not count against the windows (M).
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._running = 0
        self.clear()

    def clear(self) -> None:
        """Forget the past calls; those still running keep their places."""
        self._minute = Window(MINUTE)
        self._second = Window(SECOND)
        self._batches = Window(MINUTE)

    @contextmanager
    def admit(self, is_batch: bool) -> Iterator[None]:
        """Hold a place for one call; fault 3001 when there is none."""
        if self._settings.limits_enabled:
            self._check(is_batch)
        now = self._clock.now()
        self._minute.add(now)
        self._second.add(now)
        if is_batch:
            self._batches.add(now)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def count_items(self, items: int) -> None:
        """Count the items of a batch against the minute, when the switch says so: documents disagree."""
        settings = self._settings
        if not settings.batch_items_count_as_requests:
            return
        now = self._clock.now()
        # The call itself has been counted already.
        if settings.limits_enabled and self._minute.count(now) - 1 + items > settings.requests_per_minute:
            raise Fault("3001", "message=ThrottleExceeded; the items of the batch pass the limit per minute.")
        self._minute.add(now, items - 1)

    def _check(self, is_batch: bool) -> None:
        now, settings = self._clock.now(), self._settings
        reasons = {
            "requests per minute": self._minute.count(now) >= settings.requests_per_minute,
            "requests per second": self._second.count(now) >= settings.requests_per_second,
            "concurrent requests": self._running >= settings.concurrent_requests,
            "batches per minute": is_batch and self._batches.count(now) >= settings.batches_per_minute,
        }
        for reason, exceeded in reasons.items():
            if exceeded:
                raise Fault("3001", f"message=ThrottleExceeded; too many {reason}.")
