"""Servers we start, and how they are found and ended again: only ever our own.

Each has a record, a copy of its /proc/PID/stat line written by itself before it becomes the server. The start time in
it tells our process from a foreign one that got the same number later.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from workorder_sandbox.errors import StepFailed

_RECORD_THEN_BECOME = 'cat "/proc/$$/stat" > "$1" && shift && exec "$@"'


def spawn(
    command: Sequence[str | Path], *, record: Path, log: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server in a process group of its own, its output going to the end of the log."""
    with log.open("ab") as output:
        return subprocess.Popen(
            ["/bin/sh", "-c", _RECORD_THEN_BECOME, "sh", str(record), *(str(part) for part in command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(env or {})},
        )


def running(record: Path) -> int | None:
    """The number of the recorded process while it lives, else None."""
    try:
        pid, started = _identity(record.read_text())
        alive = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return None
    state = alive.rpartition(")")[2].split()[0]
    return pid if _identity(alive)[1] == started and state not in "ZX" else None


def end(record: Path, *, first: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
    """End the recorded process and its group: politely, then not; forgets the record.

    A record of a process that is gone, or whose number belongs to another now, is forgotten without any signal.
    Raises StepFailed if the process survives even SIGKILL.
    """
    pid = running(record)
    if pid is not None:
        for number, wait in ((first, patience), (signal.SIGKILL, 5.0)):
            _signal_group(pid, number)
            if _gone(record, wait):
                break
        else:
            raise StepFailed(f"Process {pid} does not end; its record is {record}.")
        _signal_group(pid, signal.SIGKILL)  # helpers that the server left behind in its group
    record.unlink(missing_ok=True)


def _identity(stat: str) -> tuple[int, str]:
    """Process number and start time; the name in between may hold spaces and brackets."""
    return int(stat.split(" ", 1)[0]), stat.rpartition(")")[2].split()[19]


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def _gone(record: Path, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while running(record) is not None:
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True
