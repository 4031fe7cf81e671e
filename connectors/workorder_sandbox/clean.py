"""`make clean`: stops what runs and deletes the sandbox folder."""

from __future__ import annotations

import sys

from workorder_sandbox.errors import SandboxError
from workorder_sandbox.sandbox import Sandbox


def main() -> int:
    """Remove the sandbox of this checkout, databases on a named server included."""
    try:
        Sandbox.default().remove()
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
