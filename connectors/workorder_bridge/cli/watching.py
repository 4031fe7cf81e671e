"""`--watch`: round after round, and between two of them a look wherever QuickBooks says there is news."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

import click

from workorder_bridge.cli import exits
from workorder_bridge.log import record

GATHER_SECONDS = 3.0
"""News come in bursts (an invoice and its payment, a batch): so long the first waits for the others."""

LOOPBACK = "127.0.0.1"


class Rounds(Protocol):
    """What is done again and again; each gives the exit code it would end with."""

    def everything(self) -> int:
        """The whole round."""
        ...

    def ahead_of_time(self, realms: frozenset[str]) -> int:
        """Only the destinations of these companies."""
        ...


class Bell:
    """Between the thread that hears of news and the one that goes and looks.

    A company rung for twice before anybody looks is looked at once. What rings after the looking began makes one more
    look, since it may have happened behind it.
    """

    def __init__(self) -> None:
        self._rung: SimpleQueue[str | None] = SimpleQueue()  # the one queue that a signal's handler may put into
        self._waiting: set[str] = set()
        self._ours: frozenset[str] | None = None
        self._refused = self._refused_told = 0

    def expect(self, realms: Iterable[str]) -> None:
        """From now on only these companies count; before the first time all do."""
        self._ours = frozenset(realms)

    def ring(self, realms: frozenset[str]) -> None:
        """These companies have news. Others than the expected ones are counted in the log and left alone."""
        ours = realms if self._ours is None else realms & self._ours
        for realm in ours - self._waiting:
            self._waiting.add(realm)
            self._rung.put(realm)
        if len(realms) > len(ours):
            record("webhook_for_others", count=len(realms) - len(ours))

    def refuse(self) -> None:
        """Somebody rang who is not QuickBooks, or the verifier token here is not the one there."""
        self._refused += 1

    def refused(self) -> int:
        """How often that was since the last time of asking."""
        before, self._refused_told = self._refused_told, self._refused
        return self._refused_told - before

    def wake(self) -> None:
        """End the waiting without news; safe in a signal's handler."""
        self._rung.put(None)

    def wait(self, seconds: float) -> frozenset[str]:
        """The companies with news, as soon as there are any; none when the seconds are over, or when woken."""
        if seconds <= 0:
            return frozenset()
        try:
            first = self._rung.get(timeout=seconds)
        except Empty:
            return frozenset()
        return self._taken(first) | self.take()

    def take(self) -> frozenset[str]:
        """The companies with news, without waiting."""
        taken: frozenset[str] = frozenset()
        while not self._rung.empty():
            taken |= self._taken(self._rung.get())
        return taken

    def _taken(self, realm: str | None) -> frozenset[str]:
        if realm is None:
            return frozenset()
        self._waiting.discard(realm)
        return frozenset({realm})


def keep_watch(
    rounds: Rounds, bell: Bell, stop: threading.Event, seconds: float, gather: float = GATHER_SECONDS
) -> int:
    """Go on until stopped, or until only other settings help; the exit code.

    Every `seconds` everything, whether news were heard or not, because they may get lost. What rings before a round of
    everything begins is in it.
    """
    code = exits.DONE
    while not stop.is_set():
        bell.take()
        code = rounds.everything()
        due = time.monotonic() + seconds
        while code != exits.USAGE and not stop.is_set() and (realms := bell.wait(due - time.monotonic())):
            stop.wait(gather)
            realms |= bell.take()
            if not stop.is_set() and time.monotonic() < due:
                code = exits.most_urgent([code, rounds.ahead_of_time(realms)])
        if code == exits.USAGE:
            break
    return code


@contextmanager
def stopped_by_signals(also: Callable[[], None]) -> Iterator[threading.Event]:
    """An event that Ctrl-C or a termination sets, and then calls `also`; a second Ctrl-C interrupts at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask_to_stop(number: int, _frame: object) -> None:
        stop.set()
        also()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask_to_stop)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Address:
    """Where to listen."""

    host: str
    port: int


_ADDRESS = re.compile(r"(?:(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]/]+)):)?(?P<port>[0-9]{1,5})")
_HIGHEST_PORT = 65535


def read_address(_context: click.Context, _option: click.Parameter, value: str | None) -> Address | None:
    """What an option `[HOST:]PORT` says (a callback of click); an IPv6 address stands in brackets."""
    if value is None:
        return None
    found = _ADDRESS.fullmatch(value)
    if not found or int(found["port"]) > _HIGHEST_PORT:
        raise click.BadParameter(f"{value!r} is not a port, or HOST:PORT, such as 8418 or {LOOPBACK}:8418.")
    return Address(found["six"] or found["host"] or LOOPBACK, int(found["port"]))
