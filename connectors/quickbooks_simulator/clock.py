"""The one place that asks what time it is."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

COMPANY_ZONE = timezone(timedelta(hours=-8))
"""Times are written with the offset -08:00, as the recorded answers of winter months (V); there is no summer time."""


class Clock(Protocol):
    """Tells the present moment, always with a time zone."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class AdjustableClock:
    """A clock that can be put forward, so that a token's hour or a limit's minute passes at once."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._offset = timedelta()

    def now(self) -> datetime:
        return self._base.now() + self._offset

    def advance(self, seconds: float) -> None:
        """Put the clock forward by so many seconds."""
        self._offset += timedelta(seconds=seconds)

    def restore(self) -> None:
        """Put the clock back to the time of its base."""
        self._offset = timedelta()


def write_time(moment: datetime) -> str:
    """The moment as records carry it: whole seconds, company zone. Source: recorded answers (V)."""
    return moment.astimezone(COMPANY_ZONE).isoformat(timespec="seconds")


def write_answer_time(moment: datetime) -> str:
    """The moment as the envelope carries it: milliseconds, company zone. Source: recorded answers (V)."""
    return moment.astimezone(COMPANY_ZONE).isoformat(timespec="milliseconds")


def read_time(text: str) -> datetime:
    """Parse a time or a date; without an offset it is read in the company zone (M). Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=COMPANY_ZONE)
