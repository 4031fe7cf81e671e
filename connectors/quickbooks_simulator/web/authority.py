"""Gives out and takes back OAuth tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from quickbooks_simulator.clock import Clock
from quickbooks_simulator.settings import Settings

CODE_LIFE = timedelta(minutes=10)
DAY = timedelta(hours=24)


class GrantRefused(Exception):
    """A code or token that is wrong, used, expired or revoked: `invalid_grant`."""


@dataclass
class RefreshToken:
    """One refresh token. `grace_until` is set when a newer one took its place; after `ends_at` none is given."""

    realm: str
    issued_at: datetime
    expires_at: datetime
    ends_at: datetime
    grace_until: datetime | None = None


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint answers with."""

    access_token: str
    access_seconds: int
    refresh_token: str
    refresh_seconds: int
    hard_seconds: int


@dataclass(frozen=True)
class _Code:
    realm: str
    redirect_uri: str
    expires_at: datetime


class Authority:
    """The one registered application and all tokens issued to it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.client_id = f"AB{token_urlsafe(24)}"
        self.client_secret = token_urlsafe(30)
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, tuple[str, datetime]] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._announced: tuple[str, Tokens] | None = None

    def issue_code(self, realm: str, redirect_uri: str) -> str:
        code = token_urlsafe(24)
        self._codes[code] = _Code(realm, redirect_uri, self._clock.now() + CODE_LIFE)
        return code

    def exchange_code(self, code: str, redirect_uri: str) -> Tokens:
        """Tokens for a code, which works once. Raises GrantRefused."""
        found = self._codes.pop(code, None)
        if found is None or found.redirect_uri != redirect_uri or found.expires_at <= self._clock.now():
            raise GrantRefused
        return self.issue(found.realm)

    def issue(self, realm: str) -> Tokens:
        """A fresh pair of tokens: 3600 seconds and 100 days unless set otherwise. Source: recorded answers (V)."""
        now = self._clock.now()
        ends_at = now + timedelta(seconds=self._settings.refresh_token_hard_seconds)
        return self._tokens(realm, self._new_refresh(realm, now, ends_at), now)

    def announce(self, realm: str) -> Tokens:
        """The pair a client starts with; `renew_announced` makes it good as new."""
        tokens = self.issue(realm)
        self._announced = (realm, tokens)
        return tokens

    def renew_announced(self) -> None:
        """Make the announced pair valid again, whatever became of it. Other tokens stay as they are."""
        if self._announced is None:
            return
        (realm, tokens), now = self._announced, self._clock.now()
        self._access[tokens.access_token] = (realm, now + timedelta(seconds=tokens.access_seconds))
        expires_at, ends_at = (now + timedelta(seconds=life) for life in (tokens.refresh_seconds, tokens.hard_seconds))
        self._refresh[tokens.refresh_token] = RefreshToken(realm, now, expires_at, ends_at)

    def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token. Raises GrantRefused.

        A new refresh token comes with every refresh (default), once a day, or never. The earlier one then lives on
        for the grace period, 24 hours by default (P). No renewal moves the hard end of the connection (P).
        """
        now = self._clock.now()
        found = self._refresh.get(token)
        if found is None or min(found.expires_at, found.ends_at, found.grace_until or found.ends_at) <= now:
            raise GrantRefused
        rotation = self._settings.refresh_token_rotation
        if rotation == "never" or (rotation == "daily" and now - found.issued_at < DAY):
            found.expires_at = now + timedelta(seconds=self._settings.refresh_token_seconds)
            return self._tokens(found.realm, token, now)
        if found.grace_until is None:
            found.grace_until = now + timedelta(seconds=self._settings.refresh_token_grace_seconds)
        return self._tokens(found.realm, self._new_refresh(found.realm, now, found.ends_at), now)

    def revoke(self, token: str) -> None:
        """Disconnect the realm of this token: all its tokens go. Source: documentation (P). Raises GrantRefused."""
        access, refresh = self._access.get(token), self._refresh.get(token)
        if access is None and refresh is None:
            raise GrantRefused
        realm = access[0] if access else refresh.realm if refresh else ""
        self._access = {key: each for key, each in self._access.items() if each[0] != realm}
        self._refresh = {key: each for key, each in self._refresh.items() if each.realm != realm}

    def realm_of(self, access_token: str) -> str | None:
        """The realm an access token opens, or None when it is unknown or expired."""
        realm, expires_at = self._access.get(access_token, (None, self._clock.now()))
        return realm if expires_at > self._clock.now() else None

    def expire_access_tokens(self) -> int:
        """Make every access token useless at once; returns how many."""
        expired = len(self._access)
        self._access.clear()
        return expired

    def revoke_refresh_tokens(self) -> int:
        """Make every refresh token useless, as when the user disconnects the application; returns how many."""
        revoked = len(self._refresh)
        self._refresh.clear()
        return revoked

    def _new_refresh(self, realm: str, now: datetime, ends_at: datetime) -> str:
        token = f"RT{token_urlsafe(32)}"
        expires_at = now + timedelta(seconds=self._settings.refresh_token_seconds)
        self._refresh[token] = RefreshToken(realm, now, expires_at, ends_at)
        return token

    def _tokens(self, realm: str, refresh_token: str, now: datetime) -> Tokens:
        seconds = self._settings.access_token_seconds
        access_token = f"eyJ{token_urlsafe(48)}"
        self._access[access_token] = (realm, now + timedelta(seconds=seconds))
        refresh = self._refresh[refresh_token]
        left, hard_left = (int((end - now).total_seconds()) for end in (refresh.expires_at, refresh.ends_at))
        return Tokens(access_token, seconds, refresh_token, left, hard_left)
