"""When access to a company ends, told early enough that nobody is surprised."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from workorder_bridge.destinations.quickbooks.tokens import Tokens

WARNING_DAYS = 30
_DAY = 86_400.0
_RECONNECT = "Run `workorder quickbooks reconnect --realm {realm}`."
_USE_OR_RECONNECT = (
    "`workorder sync` renews it by itself when the destination is active in Odoo and an invoice or payment is due; "
    "otherwise run `workorder quickbooks reconnect --realm {realm}`."
)


@dataclass(frozen=True)
class AccessWarning:
    """Access to a company that ends soon or has ended; `days_left` is negative then, `ends_on` an ISO date (UTC)."""

    realm: str
    environment: str
    company: str
    ends_on: str
    days_left: int
    message: str
    hint: str

    def as_document(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)


def warnings_of(stored: Iterable[Tokens], now: float) -> list[AccessWarning]:
    """One warning per company whose access ends within 30 days of `now` (seconds since 1970), the nearer end first.

    An end nobody told us (0) is not guessed.
    """
    return [warning for tokens in stored for warning in _nearest(tokens, now)]


def _nearest(tokens: Tokens, now: float) -> Iterator[AccessWarning]:
    ends = [
        (tokens.refresh_hard_expires_at, "because Intuit limits every connection to five years", _RECONNECT),
        (tokens.refresh_expires_at, "if nothing uses it before: Intuit ends what is idle for 100 days",
         _USE_OR_RECONNECT),
    ]  # fmt: skip
    due = [(end, why, step) for end, why, step in ends if end and end - now <= WARNING_DAYS * _DAY]
    if not due:
        return
    end, why, step = min(due)
    day, days = datetime.fromtimestamp(end, UTC).date().isoformat(), math.floor((end - now) / _DAY)
    if end <= now:
        sentence, step = f"QuickBooks access to {tokens.title}, {tokens.environment}, ended on {day}.", _RECONNECT
    else:
        sentence = f"QuickBooks access to {tokens.title}, {tokens.environment}, ends on {day}, {why}."
    hint = step.format(realm=tokens.realm)
    yield AccessWarning(tokens.realm, tokens.environment, tokens.company, day, days, sentence, hint)
