"""What can happen to a worker in the middle of its work: it counts its exchanges, and at one of them something happens.

The bridge is the real one; its transport, its token store and its way to Odoo are wrapped. A worker that is killed
leaves by an exception nothing in the bridge may catch, and everything it held is gone with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import requests
from requests.adapters import HTTPAdapter
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.errors import SourceUnreachable
from workorder_bridge.news import Cursor, Registration
from workorder_bridge.ports import Batch, NewCustomer, NewItem, Outcome, Settlement
from workorder_bridge.sources.memory import MemorySource

T = TypeVar("T")
Side = Literal["before", "after"]


class Killed(BaseException):
    """The worker's process has ended here."""


def kill(_lost: Callable[[], Exception]) -> None:
    raise Killed


def lose(lost: Callable[[], Exception]) -> None:
    """The exchange fails as such exchanges do; after it took place, that is a lost reply."""
    raise lost()


@dataclass
class Incident:
    """At which exchange of a worker (counted from 1), on which side of it, what happens."""

    at: int
    side: Side
    act: Callable[[Callable[[], Exception]], None]


@dataclass
class Gate:
    """What all exchanges of one worker go through, each counted once."""

    incident: Incident | None = None
    passed: int = 0

    def through(self, exchange: Callable[[], T], lost: Callable[[], Exception], *, only_kill: bool = False) -> T:
        self.passed += 1
        due = self.incident if self.incident is not None and self.incident.at == self.passed else None
        if only_kill and due is not None and due.act is not kill:
            due = None
        if due is not None and due.side == "before":
            due.act(lost)
        answer = exchange()
        if due is not None and due.side == "after":
            due.act(lost)
        return answer


class GatedTransport(HTTPAdapter):
    """The worker's connections to QuickBooks."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        """The whole answer is read within the exchange, so that a lost one is lost whole."""

        def exchange() -> requests.Response:
            response = super(GatedTransport, self).send(request, **options)
            response.content  # noqa: B018 - reads it
            return response

        return self._gate.through(exchange, lambda: requests.ReadTimeout("no answer"))


class GatedStore(TokenStore):
    """The worker's tokens; whoever renews them holds the lock, so nobody else can do anything meanwhile."""

    def __init__(self, path: Path, gate: Gate, issued: set[str]) -> None:
        super().__init__(path)
        self._gate = gate
        self._issued = issued

    def renew(self, stale: Tokens, renewal: Callable[[Tokens], Tokens]) -> Tokens:
        def exchange(tokens: Tokens) -> Tokens:
            fresh = renewal(tokens)
            self._issued |= secrets_of(fresh)
            return fresh

        def gated(tokens: Tokens) -> Tokens:
            return self._gate.through(lambda: exchange(tokens), requests.ReadTimeout, only_kill=True)

        return super().renew(stale, gated)


def secrets_of(tokens: Tokens) -> set[str]:
    return {tokens.access_token.get_secret_value(), tokens.refresh_token.get_secret_value()}


class GatedSource:
    """The worker's way to Odoo. `said` collects what is told to Odoo, for who looks for secrets in it."""

    def __init__(self, source: MemorySource, gate: Gate, said: list[str]) -> None:
        self._source = source
        self._gate = gate
        self._said = said

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        return self._call(lambda: self._source.claim(code, limit, lease_seconds))

    def settle(
        self,
        code: str,
        lease: str,
        outcomes: Sequence[Outcome],
        customers: Sequence[NewCustomer] = (),
        pause: str | None = None,
        items: Sequence[NewItem] = (),
    ) -> Settlement:
        self._said += [f"{outcome.as_settlement()}" for outcome in outcomes] + [f"{customers} {pause} {items}"]
        return self._call(lambda: self._source.settle(code, lease, outcomes, customers, pause, items))

    def changes_since(self, code: str) -> Cursor:
        return self._call(lambda: self._source.changes_since(code))

    def register_payments(self, code: str, *news: Any) -> Registration:
        self._said.append(f"{news}")
        return self._call(lambda: self._source.register_payments(code, *news))

    def summary(self, code: str | None = None) -> Any:
        return self._source.summary(code)

    def access_ends(self) -> Any:
        return self._source.access_ends()

    def _call(self, exchange: Callable[[], T]) -> T:
        return self._gate.through(exchange, lambda: SourceUnreachable("Odoo does not answer."))
