"""Who uses the running database: the last one to go stops it, unless somebody asked to keep it.

Each user holds a shared lock on one file, which the system takes away when a process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Users:
    """One process's part in the count."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "in-use"
        self._keep = folder / "keep-running"
        self._descriptor: int | None = None

    def enter(self) -> None:
        """Count this process in, once."""
        if self._descriptor is None:
            self._descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Count this process out; True when nobody is left and nobody asked to keep the database running."""
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return not self._keep.exists()
        finally:
            os.close(self._descriptor)
            self._descriptor = None

    def keep(self) -> None:
        """Ask to keep it running."""
        self._keep.touch()

    def forget(self) -> None:
        """Take back what `keep` asked for."""
        self._keep.unlink(missing_ok=True)
