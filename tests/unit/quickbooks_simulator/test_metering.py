"""The metered reads of the price plan, on a clock that stands still."""

from datetime import UTC, datetime

import pytest
from quickbooks_simulator.clock import AdjustableClock
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.web.limits import Throttled
from quickbooks_simulator.web.metering import Metering, is_metered


class StandingClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> AdjustableClock:
    return AdjustableClock(StandingClock())


def test_without_a_quota_reads_are_counted_only(clock: AdjustableClock) -> None:
    metering = Metering(Settings(), clock)
    metering.count(600_000)
    assert metering.used == 600_000


def test_used_up_quota_blocks_until_the_next_month(clock: AdjustableClock) -> None:
    metering = Metering(Settings(metered_reads_per_month=2), clock)
    metering.count(2)
    with pytest.raises(Throttled) as refused:
        metering.count()
    assert (refused.value.status, refused.value.limit) == (429, "metered_reads_per_month")
    metering.count(0)
    clock.advance(9 * 24 * 3600)
    metering.count()
    assert metering.used == 1


def test_block_can_be_a_refusal_of_access(clock: AdjustableClock) -> None:
    metering = Metering(Settings(metered_reads_per_month=0, metered_reads_refusal="forbidden"), clock)
    with pytest.raises(Fault) as refused:
        metering.count()
    assert (refused.value.status, refused.value.code) == (403, "120")


@pytest.mark.parametrize(
    ("method", "path", "metered"),
    [("GET", "invoice/1", True), ("GET", "cdc", True), ("POST", "query", True), ("POST", "invoice", False)],
)
def test_reads_are_metered_and_writes_are_free(method: str, path: str, metered: bool) -> None:
    assert is_metered(method, path.split("/")) is metered
