"""Secrets in files that nobody else on the machine may read."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from workorder_bridge.errors import SettingsInvalid


def readable_by_others(path: Path) -> bool:
    """Whether the mode lets anybody but the owner in. Raises OSError."""
    return bool(path.stat().st_mode & 0o077)


def read_secret(path: Path, setting: str) -> SecretStr:
    """The one line of a file that `setting` names; raises `SettingsInvalid`, which never shows what is in it."""
    try:
        if readable_by_others(path):
            raise SettingsInvalid(
                [f"Other users of this machine can read {path} ({setting})."], hint=f"Run `chmod 600 {path}`."
            )
        return SecretStr(path.read_text().strip())
    except OSError as error:
        raise SettingsInvalid([f"{path} ({setting}) cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError:
        raise SettingsInvalid([f"{path} ({setting}) is not a text file."]) from None
