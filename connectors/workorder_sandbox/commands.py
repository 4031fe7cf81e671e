"""Runs other programs and turns their failures into one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from workorder_sandbox.errors import MissingProgram, NoNetwork, SandboxError, StepFailed, disk_full

_NO_ROOM = ("No space left on device", "Disk quota exceeded", "enough free space", "File too large", "os error 28")
_NO_NETWORK = (
    "Temporary failure resolving",
    "Temporary failure in name resolution",
    "Could not resolve",
    "Could not connect",
    "Cannot initiate the connection",
    "Unable to connect",
    "Connection refused",
    "Connection timed out",
    "Network is unreachable",
    "error sending request",
    "dns error",
    "Max retries exceeded",
    "NewConnectionError",
    "Failed to establish a new connection",
    "does not have a Release file",
    "(from versions: none)",  # all that a quiet pip says
)


def find_program(name: str, advice: str) -> str:
    """The full path of a program; raises MissingProgram with the advice."""
    found = shutil.which(name)
    if found is None:
        raise MissingProgram(f"The program {name} is missing: {advice}")
    return found


def classify(output: str, doing: str, log: Path) -> SandboxError:
    """The error that the end of a failed command's output speaks of."""
    output = "\n".join(output.splitlines()[-40:])
    if any(text in output for text in _NO_ROOM):
        return disk_full(doing)
    if any(text in output for text in _NO_NETWORK):
        return NoNetwork(
            f"No network ({doing}): check the connection and any proxy or package index settings, then run the same "
            f"command again; it goes on where it stopped. Details: {log}"
        )
    return StepFailed(f"{doing[:1].upper()}{doing[1:]} failed: {last_words(output)} The whole log: {log}")


def last_words(output: str) -> str:
    """The last line that says something, for a message."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "e:", "fatal", "critical"))] or lines
    return telling[-1].rstrip(".") + "." if telling else "It said nothing."


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    text: str = "",
) -> str:
    """Run a set-up command without a terminal and give its output, which also goes to the end of the log.

    `env` is added to this process's own; `text` is its standard input. Raises NoNetwork, DiskFull, MissingProgram or
    StepFailed. Descriptors marked inheritable (the lock) go along.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            close_fds=False,
            umask=0o022,  # what is installed can be read and run, whatever the user's own habit
            cwd=folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
            check=False,
        )
    except FileNotFoundError as error:
        raise MissingProgram(f"The program {command[0]} is missing, needed for {doing}.") from error
    with log.open("a") as file:
        file.write(f"$ {' '.join(str(part) for part in command)}\n{done.stdout}\n")
    if done.returncode != 0:
        raise classify(done.stdout, doing, log)
    return done.stdout
