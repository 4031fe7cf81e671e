"""QuickBooks tokens: one locked file beside the bridge, mode 0600, never in Odoo, never in a log.

A renewed refresh token is on disk before the access token that came with it is used: losing it would lock us out
(fact sheet §3, P). Workers that share the file renew in turn; who comes second finds the work done.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from workorder_bridge.errors import NotAuthorised, SettingsInvalid, WrongCompany
from workorder_bridge.secret_file import readable_by_others

_IMPORT = "Run `workorder quickbooks import-tokens` with the tokens of the company, then re-activate the destination."


class Tokens(BaseModel):
    """Access to one company (`realm`) in one environment. Times are seconds since 1970; 0 when unknown."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    realm: str
    environment: str
    refresh_token: SecretStr
    access_token: SecretStr = SecretStr("")
    access_expires_at: float = 0


class TokenStore:
    """The file with the tokens. Safe to share between workers on one machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_path = path.with_name(path.name + ".lock")

    def read(self, realm: str, environment: str) -> Tokens:
        """The tokens; raises `NotAuthorised` when there are none and `WrongCompany` when they open something else."""
        tokens = self._load()
        if tokens.environment != environment:
            raise WrongCompany(
                f"The stored QuickBooks tokens are for {tokens.environment}, but the bridge is set to {environment}.",
                hint=_IMPORT,
            )
        if tokens.realm != realm:
            raise WrongCompany(
                f"The stored QuickBooks tokens open company {tokens.realm}; the destination in Odoo is for {realm}.",
                hint=_IMPORT,
            )
        return tokens

    def write(self, tokens: Tokens) -> None:
        """Replace the file in one step; it is on disk when this returns."""
        self._make_folder()
        with self._lock():
            self._replace(tokens)

    def fill(self, tokens: Tokens) -> None:
        """Store the first tokens; whatever is there already stays, because it may be a later rotation of these."""
        self._make_folder()
        with self._lock():
            if not self.path.exists():
                self._replace(tokens)

    def renew(self, stale: Tokens, renewal: Callable[[Tokens], Tokens]) -> Tokens:
        """Fresh tokens: another worker's if it was faster, else what `renewal` brings, stored before it is returned."""
        with self._lock():
            current = self.read(stale.realm, stale.environment)
            if current.access_token != stale.access_token and current.access_token.get_secret_value():
                return current
            fresh = renewal(current)
            self._replace(fresh)
            return fresh

    def _make_folder(self) -> None:
        """Raises `SettingsInvalid` when tokens could not be kept there."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SettingsInvalid(
                [f"The token file {self.path} cannot be written: {error.strerror}."],
                hint="Set WORKORDER_QUICKBOOKS_TOKEN_FILE to a file in a folder this user may write to.",
            ) from error

    def _lock(self) -> FileLock:
        return FileLock(str(self._lock_path), mode=0o600)

    def _load(self) -> Tokens:
        try:
            self._refuse_readable_by_others()
            return Tokens.model_validate_json(self.path.read_text())
        except FileNotFoundError as error:
            raise NotAuthorised("The bridge has no QuickBooks tokens yet.", hint=_IMPORT) from error
        except (ValidationError, UnicodeDecodeError) as error:
            raise NotAuthorised(f"The token file {self.path} is damaged.", hint=_IMPORT) from error

    def _refuse_readable_by_others(self) -> None:
        if readable_by_others(self.path):
            raise NotAuthorised(
                f"Other users of this machine can read the token file {self.path}.",
                hint=f"Run `chmod 600 {self.path}`, and re-activate the destination.",
            )

    def _replace(self, tokens: Tokens) -> None:
        temporary = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(json.dumps(_revealed(tokens)))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(self.path.parent)


def _revealed(tokens: Tokens) -> dict[str, Any]:
    secret = {
        "refresh_token": tokens.refresh_token.get_secret_value(),
        "access_token": tokens.access_token.get_secret_value(),
    }
    return {**tokens.model_dump(mode="json"), **secret}


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
