"""Bridges in processes of their own, which share the source that the test holds."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from workorder_bridge.errors import SourceError
from workorder_bridge.sources.memory import MemorySource

SOURCES = Path(__file__).resolve().parents[4] / "connectors"
PROGRAM = Path(__file__).with_name("worker.py")
SECONDS = 60


class Counter:
    """Lets one worker at a time ask the source, as a database's row locks would."""

    def __init__(self, source: MemorySource) -> None:
        self._source = source
        self._lock = threading.Lock()

    def answer(self, method: str, arguments: Any, named: Any) -> Any:
        with self._lock:
            try:
                return getattr(self._source, method)(*arguments, **named)
            except SourceError as error:
                return error


class Worker:
    """One bridge; it has started when this returns, and waits for `begin`."""

    def __init__(self, counter: Counter, job: dict[str, Any]) -> None:
        self._counter = counter
        self._pipe, theirs = Pipe()
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
        )
        theirs.close()
        self._pipe.send(job)
        assert self._pipe.recv() == "ready"
        self.report: dict[str, Any] = {}
        self._serving = threading.Thread(target=self._serve, args=(self._pipe,), daemon=True)

    def begin(self) -> None:
        self._pipe.send("begin")
        self._serving.start()

    def _serve(self, pipe: Connection) -> None:
        """Until the worker reports, or dies."""
        while True:
            try:
                asked = pipe.recv()
            except (EOFError, ConnectionResetError):
                return
            if isinstance(asked, dict):
                self.report = asked
                return
            pipe.send(self._counter.answer(*asked))

    def finish(self) -> dict[str, Any]:
        """Waits for the end of its run."""
        assert self.process.wait(SECONDS) == 0
        self._serving.join(SECONDS)
        assert self.report
        return self.report

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(SECONDS)
        self._serving.join(SECONDS)
