"""QuickBooks tokens: one locked file per company beside the bridge, mode 0600, never in Odoo, never in a log.

A renewed refresh token is on disk before the access token that came with it is used: losing it would lock us out
(fact sheet §3, P). Workers that share a company's file renew in turn; who comes second finds the work done. Each
company in each environment has its own file and its own lock, so none waits for another.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from workorder_bridge.destinations.quickbooks.private_file import remove, replace
from workorder_bridge.errors import DestinationClosed, NotAuthorised, SettingsInvalid, WrongCompany
from workorder_bridge.secret_file import readable_by_others

CONNECT = "Run `workorder quickbooks connect` for this company, then activate the destination in Odoo again."


class Tokens(BaseModel):
    """Access to one company (`realm`) in one environment. Times are seconds since 1970; 0 when unknown.

    A refresh token ends when nobody used it for 100 days (`refresh_expires_at`), and for good after five years
    (`refresh_hard_expires_at`; fact sheet §3, P).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    realm: str = Field(pattern=r"^[0-9]{1,32}$")  # part of a file name
    environment: str = Field(pattern=r"^[a-z]{1,32}$")
    company: str = ""
    refresh_token: SecretStr
    access_token: SecretStr = SecretStr("")
    access_expires_at: float = 0
    refresh_expires_at: float = 0
    refresh_hard_expires_at: float = 0

    @property
    def title(self) -> str:
        """What people call the company: its name, if we know it, and its number."""
        return f"{self.company} (company {self.realm})" if self.company else f"company {self.realm}"


class TokenStore:
    """The tokens of all companies. Safe to share between workers on one machine.

    `path` gives the files their place and name: `tokens.json` keeps company 77 of the sandbox in
    `tokens-sandbox-77.json`. A file of exactly that name, from when there was one company only, is taken over.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def file_of(self, realm: str, environment: str) -> Path:
        """Where the tokens of a company are, or would be."""
        return self.path.with_name(f"{self.path.stem}-{environment}-{realm}{self.path.suffix}")

    def read(self, realm: str, environment: str) -> Tokens:
        """The tokens; raises `NotAuthorised` when there are none at all, `WrongCompany` when they open another one."""
        if not self.file_of(realm, environment).exists():
            self._take_over()
        return self._load_company(realm, environment)

    def survey(self) -> tuple[list[Tokens], list[DestinationClosed]]:
        """Every company's tokens, by environment and company, and what is wrong with the files that hold none."""
        readable: list[Tokens] = []
        troubles: list[DestinationClosed] = []
        try:
            self._take_over()
        except DestinationClosed as error:
            troubles.append(error)
        for path, realm, environment in self._files():
            try:
                readable.append(_load(path, realm, environment))
            except DestinationClosed as error:
                troubles.append(error)
        return readable, troubles

    def write(self, tokens: Tokens) -> None:
        """Replace this company's file in one step; it is on disk when this returns."""
        self.prepare()
        with self._lock(tokens.realm, tokens.environment):
            self._replace(tokens)

    def fill(self, tokens: Tokens) -> None:
        """Store a company's first tokens; what is there already stays, because it may be a later rotation of these."""
        self.prepare()
        self._take_over()
        with self._lock(tokens.realm, tokens.environment):
            if not self.file_of(tokens.realm, tokens.environment).exists():
                self._replace(tokens)

    def renew(self, stale: Tokens, renewal: Callable[[Tokens], Tokens]) -> Tokens:
        """Fresh tokens: another worker's if it was faster, else what `renewal` brings, stored before it is returned."""
        with self._lock(stale.realm, stale.environment):
            current = self._load_company(stale.realm, stale.environment)
            if current.access_token != stale.access_token and current.access_token.get_secret_value():
                return current
            fresh = renewal(current)
            self._replace(fresh)
            return fresh

    def remove(self, tokens: Tokens, revocation: Callable[[Tokens], None]) -> None:
        """Forget a company once `revocation`, given its latest tokens, returned; nobody renews them meanwhile."""
        with self._lock(tokens.realm, tokens.environment):
            revocation(self._load_company(tokens.realm, tokens.environment))
            remove(self.file_of(tokens.realm, tokens.environment))

    def _load_company(self, realm: str, environment: str) -> Tokens:
        try:
            return _load(self.file_of(realm, environment), realm, environment)
        except FileNotFoundError:
            raise self._absent(realm, environment) from None

    def _absent(self, realm: str, environment: str) -> DestinationClosed:
        """Says what there is instead, because one wrong digit or one wrong environment is the usual cause."""
        others = [(other, where) for _, other, where in self._files()]
        if not others:
            return NotAuthorised("The bridge has no QuickBooks tokens yet.", hint=CONNECT)
        if elsewhere := [where for other, where in others if other == realm]:
            return WrongCompany(
                f"The stored QuickBooks tokens are for {elsewhere[0]}, but the bridge is set to {environment}.",
                hint=CONNECT,
            )
        opened = " and ".join(f"company {other} ({where})" for other, where in others)
        return WrongCompany(
            f"The stored QuickBooks tokens open {opened}; the destination in Odoo is for company {realm} "
            f"({environment}).",
            hint=CONNECT,
        )

    def _files(self) -> list[tuple[Path, str, str]]:
        """Each company's file, with the company and the environment its name tells."""
        name = re.compile(rf"{re.escape(self.path.stem)}-([a-z]+)-([0-9]+){re.escape(self.path.suffix)}")
        try:
            found = [(path, name.fullmatch(path.name)) for path in sorted(self.path.parent.iterdir())]
        except FileNotFoundError:
            return []
        return [(path, match[2], match[1]) for path, match in found if match]

    def _take_over(self) -> None:
        """Move the file of one company that earlier versions kept to its new name; newer tokens there win."""
        if not self.path.exists():
            return
        with FileLock(str(self.path) + ".lock", mode=0o600):
            try:
                tokens = _load(self.path)
            except FileNotFoundError:
                return  # another worker was faster
            with self._lock(tokens.realm, tokens.environment):
                if not self.file_of(tokens.realm, tokens.environment).exists():
                    self._replace(tokens)
            remove(self.path)

    def prepare(self) -> None:
        """Make the folder; raises `SettingsInvalid` when tokens could not be kept there."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._not_writable(error) from error
        if not os.access(self.path.parent, os.W_OK | os.X_OK):
            raise self._not_writable(PermissionError(0, "Permission denied"))

    def _not_writable(self, error: OSError) -> SettingsInvalid:
        return SettingsInvalid(
            [f"The token file {self.path} cannot be written: {error.strerror}."],
            hint="Set WORKORDER_QUICKBOOKS_TOKEN_FILE to a file in a folder this user may write to.",
        )

    def _lock(self, realm: str, environment: str) -> FileLock:
        return FileLock(str(self.file_of(realm, environment)) + ".lock", mode=0o600)

    def _replace(self, tokens: Tokens) -> None:
        secret = {
            "refresh_token": tokens.refresh_token.get_secret_value(),
            "access_token": tokens.access_token.get_secret_value(),
        }
        replace(self.file_of(tokens.realm, tokens.environment), {**tokens.model_dump(mode="json"), **secret})


def _load(path: Path, realm: str = "", environment: str = "") -> Tokens:
    """Raises FileNotFoundError, `NotAuthorised` for a file nobody should trust, `WrongCompany` for a renamed one."""
    try:
        if readable_by_others(path):
            raise NotAuthorised(
                f"Other users of this machine can read the token file {path}.",
                hint=f"Run `chmod 600 {path}`, and activate the destination in Odoo again.",
            )
        tokens = Tokens.model_validate_json(path.read_text())
    except PermissionError:
        raise NotAuthorised(
            f"This user may not read the token file {path}.",
            hint="Run the bridge as the user who owns the file, and activate the destination in Odoo again.",
        ) from None
    except (ValidationError, UnicodeDecodeError):  # neither message may be shown: it quotes the content
        raise NotAuthorised(f"The token file {path} is damaged.", hint=CONNECT) from None
    if realm and (tokens.realm, tokens.environment) != (realm, environment):
        raise WrongCompany(
            f"The token file {path} holds the tokens of {tokens.title} ({tokens.environment}).", hint=CONNECT
        )
    return tokens
