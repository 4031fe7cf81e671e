"""The one place that asks which day it is."""

from datetime import UTC, date, datetime


class Calendar:
    """The machine's day, or one that was set."""

    def __init__(self) -> None:
        self.fixed: date | None = None

    def today(self) -> date:
        return self.fixed or datetime.now(UTC).date()
