"""`workorder sync --watch --webhooks` in this process: its loop, its bell and its listener around the office's runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr
from workorder_bridge.cli.exits import DONE
from workorder_bridge.cli.watching import Bell, keep_watch
from workorder_bridge.destinations.quickbooks.listener import Listener

from .company import Company
from .office import Office
from .waiting import wait_until
from .workers import SECONDS

HOUR = 3600
GATHER_SECONDS = 0.2
TOKEN = "3b1c9e2a-verifier"


class Watch:
    """The office's bridge on watch. `looks` are the rounds so far: "everything", or the companies looked at early."""

    def __init__(self, office: Office) -> None:
        self.bell, self.looks, self.registered = Bell(), [], 0
        self._office = office

    def everything(self) -> int:
        self.bell.expect([self._office.realm])
        return self._look("everything")

    def ahead_of_time(self, realms: frozenset[str]) -> int:
        return self._look(realms)

    def _look(self, what: Any) -> int:
        report = self._office.run()
        assert report.trouble == []
        self.registered += report.payments_registered
        self.looks.append(what)
        return DONE


def subscribe(company: Company, address: str, form: str) -> None:
    """Somebody enters the address in Intuit's portal."""
    company.control("webhooks", {"url": address, "verifier_token": TOKEN, "format": form})


@contextmanager
def watching(office: Office, form: str) -> Iterator[Watch]:
    """A watch that looks at everything once an hour, has done so once, and is told by the company."""
    watch, stop = Watch(office), threading.Event()
    with Listener("127.0.0.1", 0, SecretStr(TOKEN), watch.bell.ring, watch.bell.refuse) as listener:
        arguments = (watch, watch.bell, stop, HOUR, GATHER_SECONDS)
        thread = threading.Thread(target=keep_watch, args=arguments)
        thread.start()
        try:
            wait_until(lambda: watch.looks == ["everything"], "the first round")
            subscribe(office.company, listener.address, form)
            yield watch
        finally:
            stop.set()
            watch.bell.wake()
            thread.join(SECONDS)
    assert not thread.is_alive()
