"""`make lock`: works out the locked versions anew, with hashes, from what the project says it needs."""

from __future__ import annotations

import sys
from pathlib import Path

from workorder_sandbox.commands import run
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.layout import PACKAGE, Layout
from workorder_sandbox.python_environment import uv_environment, uv_program

_OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade", "--quiet"]
# Nothing of this machine goes into the file: no index, no path.
_PLAIN = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]


def relock(layout: Layout) -> None:
    """Write the three lock files. Raises SandboxError; a file that could not be made stays as it was."""
    extras = [word for extra in ("simulator", "sandbox", "dev") for word in ("--extra", extra)]
    _compile(layout, PACKAGE / "bootstrap.in", PACKAGE / "bootstrap.lock", [])
    _compile(layout, PACKAGE / "odoo.in", PACKAGE / "odoo.lock", [])
    _compile(layout, layout.checkout / "pyproject.toml", layout.checkout / "requirements.lock", extras)


def _compile(layout: Layout, source: Path, lock: Path, extras: list[str]) -> None:
    run(
        [uv_program(layout), "pip", "compile", *_OPTIONS, *_PLAIN, source, *extras, "-o", lock],
        doing=f"locking {source.name}",
        log=layout.logs / "python.log",
        env=uv_environment(layout),
    )


def main() -> int:
    """Relock this checkout."""
    try:
        relock(Layout.default())
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
