"""The sliding windows, on a clock that stands still."""

from datetime import UTC, datetime

import pytest
from quickbooks_simulator.clock import AdjustableClock
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.web.limits import Limits


class StandingClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> AdjustableClock:
    return AdjustableClock(StandingClock())


def call(limits: Limits, times: int = 1, batch: bool = False) -> None:
    for _ in range(times):
        with limits.admit(batch):
            pass


def test_eleventh_call_within_a_second_is_refused_and_admitted_in_the_next(clock: AdjustableClock) -> None:
    limits = Limits(Settings(), clock)
    call(limits, 10)
    with pytest.raises(Fault, match="requests per second"):
        call(limits)
    clock.advance(1)
    call(limits)


def test_five_hundred_calls_fit_a_minute(clock: AdjustableClock) -> None:
    limits = Limits(Settings(requests_per_second=1000), clock)
    call(limits, 500)
    with pytest.raises(Fault, match="requests per minute"):
        call(limits)


def test_window_slides_call_by_call(clock: AdjustableClock) -> None:
    limits = Limits(Settings(requests_per_minute=2), clock)
    call(limits)
    clock.advance(40)
    call(limits)
    clock.advance(20)
    call(limits)
    with pytest.raises(Fault):
        call(limits)


def test_hundred_and_twenty_batches_fit_a_minute(clock: AdjustableClock) -> None:
    limits = Limits(Settings(requests_per_second=1000), clock)
    call(limits, 120, batch=True)
    with pytest.raises(Fault, match="batches per minute"):
        call(limits, batch=True)
    call(limits)


def test_eleventh_call_at_once_is_refused_until_one_ends(clock: AdjustableClock) -> None:
    limits = Limits(Settings(requests_per_second=1000, concurrent_requests=1), clock)
    with limits.admit(False), pytest.raises(Fault, match="concurrent"), limits.admit(False):
        pass
    call(limits)


def test_switched_off_limits_refuse_nothing(clock: AdjustableClock) -> None:
    call(Limits(Settings(limits_enabled=False), clock), 1000, batch=True)
