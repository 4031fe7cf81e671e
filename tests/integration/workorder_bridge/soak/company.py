"""The simulated company behind a real port of loopback, served by a thread of the test: the same application."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import uvicorn
from quickbooks_simulator.launch import LOOPBACK, open_port
from quickbooks_simulator.settings import Settings, change_settings
from quickbooks_simulator.web.application import build_application
from quickbooks_simulator.web.authority import Tokens
from quickbooks_simulator.web.connections import protocol_for
from quickbooks_simulator.web.simulator import Simulator

SECONDS = 30
STARTED = datetime(2026, 11, 22, 20, tzinfo=UTC)
T = TypeVar("T")
Record = dict[str, Any]


class StandingClock:
    """A time that moves only when it is put forward, so that a seed means the same on a slow machine."""

    def now(self) -> datetime:
        return STARTED


class Company:
    """Everything a person or a test does to the company; the bridge knows its address only.

    The server's own thread carries everything out, one thing after the other, as it does with calls.
    """

    def __init__(self, simulator: Simulator, loop: asyncio.AbstractEventLoop) -> None:
        self.simulator = simulator
        self._loop = loop

    @property
    def url(self) -> str:
        return self.simulator.url

    @property
    def realm(self) -> str:
        return self.simulator.company.realm

    @property
    def client(self) -> tuple[str, str]:
        """Client id and secret of the registered application."""
        return self.simulator.authority.client_id, self.simulator.authority.client_secret

    def now(self) -> datetime:
        return self.simulator.clock.now()

    def do(self, action: Callable[[], T]) -> T:
        """What the action answers; raises what it raises."""

        async def carry_out() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(carry_out(), self._loop).result(SECONDS)

    def start_over(self, **switches: Any) -> None:
        """A company without invoices, behaving as the switches say."""

        def reset() -> None:
            self.simulator.reset("demo")
            change_settings(self.simulator.settings, switches)

        self.do(reset)

    def advance(self, seconds: float) -> None:
        self.do(lambda: self.simulator.clock.advance(seconds))

    def issue_tokens(self) -> Tokens:
        return self.do(lambda: self.simulator.authority.issue(self.realm))

    def disturb(self, *entries: Record) -> None:
        """Add to the fault script."""
        self.do(lambda: self.simulator.script.add(list(entries)))

    def calm(self) -> None:
        self.do(self.simulator.script.clear)

    def all(self, kind: str) -> list[Record]:
        """The records of a kind in the order they were made."""
        return self.do(lambda: list(self.simulator.company.store.all(kind)))


@contextmanager
def serving() -> Iterator[Company]:
    """A company that answers until the block ends."""
    loop_found: list[asyncio.AbstractEventLoop] = []
    with open_port(0) as listener:
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        simulator = Simulator(url, "demo", Settings(limits_enabled=False), StandingClock())
        config = uvicorn.Config(
            build_application(simulator),
            http=protocol_for(simulator.connections),
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)

        async def serve() -> None:
            loop_found.append(asyncio.get_running_loop())
            await server.serve(sockets=[listener])

        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="simulated company")
        thread.start()
        try:
            while not server.started:
                thread.join(0.01)
                assert thread.is_alive()
            yield Company(simulator, loop_found[0])
        finally:
            server.should_exit = True
            thread.join(SECONDS)
