"""PostgreSQL refuses to run as root; as root it runs under the machine's "nobody", and no user is created."""

from __future__ import annotations

import os
from pathlib import Path

from workorder_sandbox.commands import find_program
from workorder_sandbox.errors import SandboxError

NOBODY = 65534
# Bit in /proc/PID/status and name, the weaker one first: enough to reach a checkout under a private folder like /root.
_REACHING = ((2, "dac_read_search"), (1, "dac_override"))


def as_other_than_root(reach: Path) -> list[str]:
    """What to put before a command so that it does not run as root; nothing for an ordinary user.

    The command can reach the folder `reach` even below folders closed to everybody else. Raises SandboxError when
    this root (in some container) may not grant that.
    """
    if os.geteuid() != 0:
        return []
    advice = "install the package util-linux."
    prefix = [find_program("setpriv", advice), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if all(folder.stat().st_mode & 0o001 for folder in (reach, *reach.parents)):
        return [*prefix, "--inh-caps=-all"]
    capability = _grantable()
    if capability is None:
        raise SandboxError(f"{reach} is closed to the user nobody, whom PostgreSQL runs as: move the checkout.")
    # PostgreSQL asks access(2) about its own programs, which ignores capabilities of other users without that bit.
    reaching = [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
    return [*prefix, *reaching, "--securebits=+no_setuid_fixup"]


def hand_over(folder: Path) -> None:
    """Give a folder to the user PostgreSQL runs as."""
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)


def _grantable() -> str | None:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            permitted = int(line.split()[1], 16)
            return next((name for bit, name in _REACHING if permitted >> bit & 1), None)
    return None
