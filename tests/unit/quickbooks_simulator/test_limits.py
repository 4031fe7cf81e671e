"""The sliding windows, on a clock that stands still."""

from datetime import UTC, datetime

import pytest
from quickbooks_simulator.clock import AdjustableClock
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.web.limits import Limits, Throttled


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


def test_refused_call_names_its_limit_and_costs_nothing_unless_the_switch_says_so(clock: AdjustableClock) -> None:
    for counts, free_after_a_minute in ((False, True), (True, False)):
        limits = Limits(Settings(requests_per_minute=1, refused_calls_count=counts), clock)
        call(limits)
        clock.advance(30)
        with pytest.raises(Throttled) as refused:
            call(limits)
        assert refused.value.limit == "requests_per_minute"
        clock.advance(30)
        if free_after_a_minute:
            call(limits)
        else:
            with pytest.raises(Throttled):
                call(limits)


def test_most_calls_at_once_are_remembered(clock: AdjustableClock) -> None:
    limits = Limits(Settings(), clock)
    with limits.admit(False), limits.admit(False):
        pass
    call(limits)
    assert limits.most_at_once == 2


@pytest.mark.parametrize(("counts", "third_batch_fits"), [(False, True), (True, False)])
def test_items_of_a_batch_count_or_not(clock: AdjustableClock, counts: bool, third_batch_fits: bool) -> None:
    limits = Limits(Settings(requests_per_minute=60, batch_items_count_as_requests=counts), clock)

    def batch() -> None:
        with limits.admit(True):
            limits.count_items(30)

    batch()
    batch()
    if third_batch_fits:
        batch()
        return
    with pytest.raises(Throttled):
        batch()
