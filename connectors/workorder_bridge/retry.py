"""Bounded, jittered repetition of calls that said "not now"."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from workorder_bridge.errors import BridgeError, SourceUnreachable, TryLater

T = TypeVar("T")


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Retry:
    """How often and how long to try again.

    At most `attempts` calls, waiting `base` · 2ⁿ seconds (at most `cap`), jittered so that workers do not march in
    step, or what the other side asked for; never more than `budget` seconds of waiting in all. `sleep`, `jitter`
    (0..1) and `stopping` are injected, so tests wait for nothing and Ctrl-C ends the waiting.
    """

    attempts: int = 5
    base: float = 1.0
    cap: float = 30.0
    budget: float = 150.0
    sleep: Callable[[float], object] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)
    stopping: Callable[[], bool] = _never

    def call(self, operation: Callable[[], T]) -> T:
        """Run `operation`; repeats on `TryLater` and `SourceUnreachable` and raises the last of them when bounds are
        met.
        """
        waited, maybe_sent = 0.0, False
        for attempt in range(1, self.attempts + 1):
            try:
                return operation()
            except (TryLater, SourceUnreachable) as error:
                # Once one try may have arrived, the whole call may have, however definite the later answers are.
                maybe_sent = error.maybe_sent = maybe_sent or error.maybe_sent
                pause = self._pause(error, attempt)
                if attempt == self.attempts or waited + pause > self.budget or self.stopping():
                    raise
                self.sleep(pause)
                waited += pause
            except BridgeError as error:
                error.maybe_sent = error.maybe_sent or maybe_sent
                raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _pause(self, error: BridgeError, attempt: int) -> float:
        asked = error.retry_after if isinstance(error, TryLater) else None
        wait = asked if asked is not None else min(self.cap, self.base * 2 ** (attempt - 1))
        return float(wait) * (1 + 0.25 * self.jitter())
