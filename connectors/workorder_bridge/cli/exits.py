"""Exit codes and when each applies. When several do, the one that needs somebody most wins: 2, 4, 1, 3, 0."""

from __future__ import annotations

from collections.abc import Iterable

from workorder_bridge.dispatch import Report
from workorder_bridge.errors import (
    BridgeError,
    DestinationClosed,
    SettingsInvalid,
    SourceError,
    SourceUnreachable,
    TryLater,
)

DONE, PERSON, USAGE, LATER, CLOSED = 0, 1, 2, 3, 4
_URGENCY = (USAGE, CLOSED, PERSON, LATER, DONE)
_BY_STATE = {
    "received": DONE,
    "disputed": PERSON,
    "rejected": PERSON,
    "blocked": PERSON,
    "unknown": PERSON,
    "retry": LATER,
    "release": LATER,
}


def exit_code_of(reports: Iterable[Report]) -> int:
    """One code for a whole run."""
    return most_urgent(code for report in reports for code in _codes(report))


def most_urgent(codes: Iterable[int]) -> int:
    """Of several codes, the one to exit with."""
    return min(codes, key=_URGENCY.index, default=DONE)


def exit_code_of_error(error: BridgeError) -> int:
    """The code of trouble that ended a command."""
    if isinstance(error, DestinationClosed):
        return CLOSED
    if isinstance(error, SourceUnreachable | TryLater):
        return LATER
    if isinstance(error, SettingsInvalid | SourceError):
        return USAGE
    return PERSON


def _codes(report: Report) -> Iterable[int]:
    yield DONE
    yield from (_BY_STATE[state] for state in report.counts)
    yield from (exit_code_of_error(error) for error in report.trouble)
    if report.pause:
        yield CLOSED
    if report.conflicts or report.payments_refused or report.drift or report.notices:
        yield PERSON
