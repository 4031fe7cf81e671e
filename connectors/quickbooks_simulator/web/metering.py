"""The metered reads of the application's price plan."""

from datetime import datetime

from quickbooks_simulator.clock import COMPANY_ZONE, Clock
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.web.limits import Throttled

QUOTA = "metered_reads_per_month"


class Metering:
    """Counts reads, queries and change captures; creates and updates are free (P).

    The free tier holds 500,000 reads a month and is then blocked (P); how the block is answered, whether queries
    inside a batch are metered and that months are calendar months is unknown (M), hence the switches.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        self._month = ""
        self._used = 0

    @property
    def used(self) -> int:
        """Metered reads in the month that runs."""
        return self._used if _month_of(self._clock.now()) == self._month else 0

    def count(self, reads: int = 1) -> None:
        """Use up so many reads. Raises Throttled, or fault 120, when the month has not that many left."""
        used, quota = self.used, self._settings.metered_reads_per_month
        if quota is not None and reads and used + reads > quota:
            raise self._refusal()
        self._month, self._used = _month_of(self._clock.now()), used + reads

    def _refusal(self) -> Fault:
        detail = "the application has used up its metered reads of this month."
        if self._settings.metered_reads_refusal == "throttled":
            return Throttled(QUOTA, detail)
        return Fault("120", f"message=AuthorizationFailed; {detail}")


def is_metered(method: str, parts: list[str]) -> bool:
    """Whether a call is metered as a whole: every GET, and a query however it is sent (P)."""
    return method == "GET" or parts == ["query"]


def _month_of(moment: datetime) -> str:
    return moment.astimezone(COMPANY_ZONE).strftime("%Y-%m")
