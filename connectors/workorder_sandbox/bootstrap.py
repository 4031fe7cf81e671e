"""First step on a bare machine: makes the bridge's environment, then runs a command in it and says how long it took.

    PYTHONPATH=connectors python3 -m workorder_sandbox.bootstrap [--label TEXT] PROGRAM [ARGUMENT ...]

Standard library only: this runs on the machine's own Python, before anything was installed.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workorder_sandbox.layout import Layout

OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    """Prepare, run, report; the exit code is the command's own, or 2 when the set-up failed."""
    if sys.version_info < OLDEST:
        print(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, {sys.executable} is {sys.version.split()[0]}: "
            "name a newer one, as in `make test PYTHON=python3.11`.",
            file=sys.stderr,
        )
        return 2
    label = arguments.pop(0).partition("=")[2] if arguments and arguments[0].startswith("--label=") else ""
    began = time.monotonic()
    code = _prepare_and_run(arguments)
    if label:
        print(f"{label} took {spoken(time.monotonic() - began)}.", flush=True)
    return code


def spoken(seconds: float) -> str:
    """A duration as a person says it: "48 s", "2 min 5 s"."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def _prepare_and_run(arguments: list[str]) -> int:
    from workorder_sandbox.errors import SandboxError, explained
    from workorder_sandbox.layout import Layout

    try:
        layout = Layout.default()
        prepare_bridge(layout)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        sentence = explained(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if not arguments:
        return 0
    program = layout.bridge / "bin" / arguments[0]
    if not program.exists():
        print(f"There is no program {arguments[0]} in the bridge's environment.", file=sys.stderr)
        return 2
    return run_and_wait([str(program), *arguments[1:]])


def prepare_bridge(layout: Layout) -> None:
    """Make the bridge's environment inside the sandbox folder. Raises SandboxError."""
    from workorder_sandbox.lock import exclusive
    from workorder_sandbox.python_environment import make_environment

    layout.make()
    waiting = "Another set-up of this checkout is running; waiting for it."
    with exclusive(layout.lock, lambda: print(waiting, flush=True)):
        make_environment(
            layout.bridge,
            layout.checkout / "requirements.lock",
            layout,
            doing="making the bridge's Python environment",
            project=layout.checkout,
        )


def run_and_wait(command: list[str]) -> int:
    """Run the command in the foreground; Ctrl-C and a termination are its to answer."""
    child = subprocess.Popen(command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _frame: child.send_signal(number))
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
