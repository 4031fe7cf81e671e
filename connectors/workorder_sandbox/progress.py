"""Says what is being done: plain lines in a log, moving ones on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn


class Progress(Protocol):
    """Where steps are reported; several may be under way at once, from several threads."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Report a step as begun, then as done when the block ends without an exception."""
        ...

    def note(self, text: str) -> None:
        """Say one thing that is no step."""
        ...


class Silence:
    """Reports nothing."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:  # noqa: ARG002
        yield

    def note(self, text: str) -> None:
        """Say nothing."""


class Lines:
    """One line when a step begins, one with its duration when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self.note(f"... {name}")
        yield
        self.note(f"ok  {name} ({time.monotonic() - began:.1f} s)")

    def note(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


class Moving:
    """A spinner and a clock for each step under way; done steps stay as lines."""

    def __init__(self, console: Console) -> None:
        columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
        self._bars = Bars(*columns, console=console, transient=True)
        self._under_way = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        task = self._bars.add_task(name, total=None)
        self._under_way += 1
        self._bars.start()
        try:
            yield
            self.note(f"✓ {name} ({time.monotonic() - began:.1f} s)")
        finally:
            self._bars.remove_task(task)
            self._under_way -= 1
            if not self._under_way:
                self._bars.stop()

    def note(self, text: str) -> None:
        self._bars.console.print(text, markup=False, highlight=False, soft_wrap=True)


def progress_on(console: Console | None = None) -> Progress:
    """The fitting kind for the console, by default standard error, so that a command's own output stays clean."""
    console = console or Console(file=sys.stderr)
    return Moving(console) if console.is_terminal else Lines(console)
