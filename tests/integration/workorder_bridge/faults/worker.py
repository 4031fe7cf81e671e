"""A bridge in a process of its own: run as a program, it asks the test for invoices over a pipe.

Everything between the pipe and the company is the product: the run, the QuickBooks adapter, the token file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr
from workorder_bridge.calls import CallPurse
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.destination import QuickBooksDestination
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.throttle import Throttle
from workorder_bridge.destinations.quickbooks.tokens import TokenStore
from workorder_bridge.dispatch import Report, Run
from workorder_bridge.errors import SourceError
from workorder_bridge.retry import Retry


class Patience(Protocol):
    """The time the bridge waits by."""

    def clock(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Hurried:
    """A minute of waiting is over in about a second."""

    pace = 50

    def clock(self) -> float:
        return time.monotonic() * self.pace

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.pace)


def open_destination(
    ready: dict[str, str], store: TokenStore, timeout: float, patience: Patience
) -> QuickBooksDestination:
    """The QuickBooks adapter as the command line puts it together, for the company that said `ready`."""
    place = Place("simulator", ready["url"])
    throttle = Throttle(CallPurse(clock=patience.clock), patience.sleep)

    def open_client(realm: str) -> CompanyClient:
        access = Access(place, realm, ready["client_id"], SecretStr(ready["client_secret"]), store)
        access.token()
        return CompanyClient.open(access, timeout, throttle)

    def lists_file(realm: str) -> ListsFile:
        return ListsFile.beside(store.file_of(realm, place.environment), realm, place.environment)

    retry = Retry(sleep=patience.sleep, jitter=lambda: 0.0)
    return QuickBooksDestination(open_client, retry, lists_file=lists_file)


class RemoteSource:
    """The source at the other end of the pipe; every method of its port is passed on."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._pipe.send((method, arguments, named))
            answer = self._pipe.recv()
            if isinstance(answer, SourceError):
                raise answer
            return answer

        return call


def told(report: Report) -> dict[str, Any]:
    """What the test wants to know of a run."""
    return {"counts": report.counts, "pause": report.pause, "trouble": [error.message for error in report.trouble]}


def main() -> None:
    """One run, begun when the test says so."""
    pipe = Connection(int(sys.argv[1]))
    job = pipe.recv()
    destination = open_destination(job["ready"], TokenStore(Path(job["tokens"])), job["timeout"], Hurried())
    pipe.send("ready")
    pipe.recv()
    run = Run(RemoteSource(pipe), destination, "qbo", batch_size=job["batch_size"])
    pipe.send(told(run.perform()))


if __name__ == "__main__":
    main()
