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


class Throttled(Fault):
    """A call refused by a limit: fault 3001. `limit` names the setting that refused it."""

    def __init__(self, limit: str, detail: str) -> None:
        super().__init__("3001", f"message=ThrottleExceeded; {detail}")
        self.limit = limit


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

    Whether a refused call counts against the windows is unknown: it does not, unless the switch
    refused_calls_count says so.
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
        self.most_at_once = 0

    @contextmanager
    def admit(self, is_batch: bool) -> Iterator[None]:
        """Hold a place for one call. Raises Throttled when there is none."""
        if self._settings.limits_enabled:
            self._check(is_batch)
        self._count(is_batch)
        self._running += 1
        self.most_at_once = max(self.most_at_once, self._running)
        try:
            yield
        finally:
            self._running -= 1

    def count_items(self, items: int) -> None:
        """Count the items of a batch against the minute, when the switch says so: documents disagree.

        Raises Throttled when they do not fit; then none of them is carried out.
        """
        settings = self._settings
        if not settings.batch_items_count_as_requests:
            return
        now = self._clock.now()
        # The call itself has been counted already.
        if settings.limits_enabled and self._minute.count(now) - 1 + items > settings.requests_per_minute:
            raise Throttled("requests_per_minute", "the items of the batch pass the limit per minute.")
        self._minute.add(now, items - 1)

    def _count(self, is_batch: bool) -> None:
        now = self._clock.now()
        self._minute.add(now)
        self._second.add(now)
        if is_batch:
            self._batches.add(now)

    def _check(self, is_batch: bool) -> None:
        now, settings = self._clock.now(), self._settings
        full = {
            "requests_per_minute": self._minute.count(now) >= settings.requests_per_minute,
            "requests_per_second": self._second.count(now) >= settings.requests_per_second,
            "concurrent_requests": self._running >= settings.concurrent_requests,
            "batches_per_minute": is_batch and self._batches.count(now) >= settings.batches_per_minute,
        }
        for limit, exceeded in full.items():
            if exceeded:
                if settings.refused_calls_count:
                    self._count(is_batch)
                raise Throttled(limit, f"too many {limit.replace('_', ' ')}.")
