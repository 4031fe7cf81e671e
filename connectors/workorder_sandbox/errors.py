"""What can go wrong while a sandbox is made, each as one sentence that says what is wrong and what to do."""

from __future__ import annotations

import errno


class SandboxError(Exception):
    """The sandbox cannot go on; the message is complete and fit to be printed alone."""


class WrongPython(SandboxError):
    """The machine's Python is too old."""


class NoNetwork(SandboxError):
    """A download did not reach its source."""


class DiskFull(SandboxError):
    """There is no room for what has to be written."""


class MissingProgram(SandboxError):
    """The machine lacks a program that nothing here can replace."""


class PortTaken(SandboxError):
    """Somebody else listens on the port that was asked for."""


class WrongOdoo(SandboxError):
    """`ODOO_HOME` holds no Odoo 19."""


class DatabaseUnreachable(SandboxError):
    """The PostgreSQL server that was named cannot be used."""


class StepFailed(SandboxError):
    """A command failed for a reason this package does not know; the message names its log."""


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def disk_full(doing: str) -> DiskFull:
    """The one wording for a full disk, whoever notices it."""
    return DiskFull(f"The disk is full ({doing}): free some space, or set WORKORDER_SANDBOX to a folder that has 4 GB.")


def explained(error: OSError) -> SandboxError | None:
    """The sentence for an operating system error a person can mend, or None when it is a fault of ours."""
    if error.errno in _NO_ROOM:
        return disk_full("writing " + str(error.filename or "a file"))
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM) and error.filename:
        return SandboxError(
            f"No right to write {error.filename}: give this user the folder, or set WORKORDER_SANDBOX to another one."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST) and error.filename:
        return SandboxError(f"{error.filename} is not a folder: set WORKORDER_SANDBOX to another place.")
    return None
