"""Leave to call a destination, granted by Odoo, and what was made of it.

All workers of a company, on whatever machine, share its limits through Odoo. Only durations travel, never times of
day, and each side counts them in the order that is safe: a grant ends earlier for the worker, which counts from
before it asked, than for Odoo.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict


class CallGrant(BaseModel):
    """So many calls, one at a time: not before `after` seconds from now, not after `lasts` seconds from asking.

    `reads_left` is what is left of this month's budget for reads that can wait; None when there is no budget.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    grant: str
    after: float
    lasts: float
    requests: int
    batches: int
    per_second: int
    reads_left: int | None = None


class CallAnswer(BaseModel):
    """Odoo's answer to a request for calls: a grant, or after how many seconds to ask again."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    calls: CallGrant | None
    wait: float = 0


@dataclass
class CallReport:
    """What was made of a grant. `batches` are among `requests`; `throttled` is how long we were told to wait."""

    grant: str
    requests: int = 0
    batches: int = 0
    reads: int = 0
    throttled: float | None = None

    def as_message(self) -> dict[str, Any]:
        """The shape Odoo expects in `calls`."""
        return {
            "grant": self.grant,
            "requests": self.requests,
            "batches": self.batches,
            "reads": self.reads,
            "throttled": self.throttled,
        }


@dataclass
class _Held:
    """The grant in hand; moments are the purse's own clock."""

    grant: CallGrant
    begins: float
    ends: float
    report: CallReport

    def pays(self, now: float, *, batch: bool) -> bool:
        """Whether one more call may begin, now or when the grant begins."""
        spent = self.report
        return (
            max(now, self.begins) < self.ends
            and spent.throttled is None
            and spent.requests < self.grant.requests
            and (not batch or spent.batches < self.grant.batches)
        )


@dataclass
class CallPurse:
    """One worker's purse: the source fills it and takes the reports, the destination pays each call from it.

    `ask` gets a grant beyond those that come with claims, at the price of a call to Odoo; None where nobody grants
    any (then the destination keeps to the limits by itself, as the only worker). One worker, one purse.
    """

    clock: Callable[[], float] = time.monotonic
    ask: Callable[[Sequence[CallReport], bool], CallAnswer] | None = None
    _held: _Held | None = None
    _reports: list[CallReport] = field(default_factory=list)

    @property
    def held(self) -> CallGrant | None:
        """The grant calls are paid from."""
        return self._held.grant if self._held else None

    @property
    def begins(self) -> float:
        """When the grant in hand may first be used, by this purse's clock."""
        return self._held.begins if self._held else self.clock()

    def receive(self, grant: CallGrant | None, asked_at: float) -> None:
        """Put a grant in; the one before is closed and will be reported."""
        if grant is None:
            return
        self._retire()
        self._held = _Held(grant, self.clock() + grant.after, asked_at + grant.lasts, CallReport(grant.grant))

    def can_pay(self, *, batch: bool) -> bool:
        """Whether the grant in hand covers one more call."""
        return self._held is not None and self._held.pays(self.clock(), batch=batch)

    def pay(self, *, batch: bool, read: bool) -> None:
        """Take one call out of the grant in hand, if there is one."""
        if self._held is None:
            return
        report = self._held.report
        report.requests += 1
        report.batches += batch
        report.reads += read

    def told_to_wait(self, seconds: float) -> None:
        """The destination refused a call for its limits; the grant in hand is void."""
        if self._held is not None:
            self._held.report.throttled = max(self._held.report.throttled or 0.0, seconds)

    def reads_left(self) -> int | None:
        """What is left of the budget for reads that can wait, as far as this worker knows."""
        if self._held is None or self._held.grant.reads_left is None:
            return None
        return self._held.grant.reads_left - self._held.report.reads

    def exchange(self, *, batch: bool) -> float:
        """Report what was used and ask for more. Returns 0 with a grant in hand, else the seconds to wait.

        Raises `SourceError`; then the reports go with the next call to Odoo.
        """
        if self.ask is None:
            return 0.0
        asked_at, reports = self.clock(), self.reports()
        try:
            answer = self.ask(reports, batch)
        except Exception:
            self._reports = [*reports, *self._reports]
            raise
        self.receive(answer.calls, asked_at)
        return 0.0 if answer.calls else max(answer.wait, 0.1)

    def reports(self) -> list[CallReport]:
        """Everything to tell Odoo, once: the grant in hand is closed by it."""
        self._retire()
        reports, self._reports = self._reports, []
        return reports

    def _retire(self) -> None:
        if self._held is not None:
            self._reports.append(self._held.report)
            self._held = None
