"""Access to QuickBooks: where it is, and how an expired access token becomes a new one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from intuitlib.client import AuthClient
from intuitlib.exceptions import AuthClientError
from pydantic import SecretStr

from workorder_bridge.destinations.quickbooks.classification import RECONNECT
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.environments import ENVIRONMENTS, PRODUCTION, SANDBOX, SIMULATOR
from workorder_bridge.errors import DestinationError, NotAuthorised, SettingsInvalid, TryLater

_MARGIN_SECONDS = 120.0
_ASK_FOR_HARD_EXPIRY = {"x-include-refresh-token-hard-expires-in": "true"}
"""Makes the token endpoint tell when the connection ends for good. intuit-oauth sends it from 1.2.7 on (§3, V), but
python-quickbooks insists on 1.2.6 (§12.1, V)."""


class AccessEnded(NotAuthorised):
    """The refresh token, or the code of a consent, is no longer good (`invalid_grant`; §3, P)."""


@dataclass(frozen=True)
class Place:
    """Which QuickBooks: `environment` is one of ENVIRONMENTS, `url` the simulator's address (else "")."""

    environment: str
    url: str = ""

    def __post_init__(self) -> None:
        """A misspelt environment would otherwise mean production to the client library (§12.4, V)."""
        if self.environment not in ENVIRONMENTS:
            raise SettingsInvalid([f"There is no QuickBooks environment {self.environment!r}; nothing was sent."])

    @property
    def discovery(self) -> str:
        """What intuit-oauth takes as environment: a name it knows, or the discovery document's address (V)."""
        if self.environment == SIMULATOR:
            return f"{self.url}/.well-known/openid_configuration/"
        return self.environment

    def form_url(self, entity: str, form_id: str) -> str:
        """Where a person sees an Invoice or a CreditMemo (M for Intuit's two)."""
        hosts = {PRODUCTION: "https://app.qbo.intuit.com", SANDBOX: "https://app.sandbox.qbo.intuit.com"}
        return f"{hosts.get(self.environment, self.url)}/app/{entity.lower()}?txnId={form_id}"


class BoundedAuthClient(AuthClient):  # type: ignore[misc]  # intuit-oauth ships no types
    """intuit-oauth's client with a limit on every network call; it has none, not even in its constructor (V)."""

    token_endpoint = ""
    x_refresh_token_expires_in: int | None = None
    x_refresh_token_hard_expires_in: int | None = None

    def __init__(
        self, place: Place, client_id: str, client_secret: SecretStr, timeout: float, redirect_uri: str = ""
    ) -> None:
        self._timeout = timeout
        super().__init__(client_id, client_secret.get_secret_value(), redirect_uri, place.discovery)

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """As requests, but bounded in time, and asking for the end of the connection with every token."""
        kwargs.setdefault("timeout", self._timeout)
        if url == self.token_endpoint:
            kwargs["headers"] = {**(kwargs.get("headers") or {}), **_ASK_FOR_HARD_EXPIRY}
        response: requests.Response = super().request(method, url, **kwargs)
        return response

    def tokens_for(self, earlier: Tokens, now: float) -> Tokens:
        """The tokens the login service just answered with, for the company of the earlier ones.

        What the answer does not tell stays as it was known. Raises ValueError for an answer without tokens.
        """
        refresh_token = self.refresh_token or earlier.refresh_token.get_secret_value()
        if not self.access_token or not refresh_token:
            raise ValueError("an answer without tokens")
        return earlier.model_copy(
            update={
                "refresh_token": SecretStr(refresh_token),
                "access_token": SecretStr(self.access_token),
                "access_expires_at": now + float(self.expires_in or 3600),
                "refresh_expires_at": _end(self.x_refresh_token_expires_in, now, earlier.refresh_expires_at),
                "refresh_hard_expires_at": _end(
                    self.x_refresh_token_hard_expires_in, now, earlier.refresh_hard_expires_at
                ),
            }
        )


def _end(seconds: int | None, now: float, known: float) -> float:
    return now + float(seconds) if seconds else known


@contextmanager
def login_service_trouble() -> Iterator[None]:
    """Turns what the client library raises into `NotAuthorised` or `TryLater`; its own texts may hold secrets."""
    try:
        yield
    except AuthClientError as error:
        raise _refusal(error) from None
    except (requests.RequestException, ValueError, KeyError) as error:
        # A lost answer is no harm: the earlier refresh token stays good for a day after a rotation (§3, P).
        raise TryLater(f"The QuickBooks login service cannot be reached ({type(error).__name__}).") from None


class Entrance(Protocol):
    """How a client gets into a company."""

    @property
    def place(self) -> Place:
        """Which QuickBooks."""
        ...

    @property
    def realm(self) -> str:
        """Which company."""
        ...

    def token(self) -> str:
        """An access token that should be good. Raises `DestinationError`."""
        ...

    def renew(self) -> None:
        """Replace the token QuickBooks no longer takes. Raises `DestinationError`."""
        ...


@dataclass
class Access:
    """Hands out access tokens for one company, renewing them when they are (nearly) expired."""

    place: Place
    realm: str
    client_id: str
    client_secret: SecretStr
    store: TokenStore
    timeout: float = 30.0
    clock: Callable[[], float] = time.time
    _tokens: Tokens | None = None

    def token(self) -> str:
        """A token that should be good. Raises `NotAuthorised`, `WrongCompany` or `TryLater`."""
        if self._tokens is None:
            self._tokens = self.store.read(self.realm, self.place.environment)
        if self._tokens.access_expires_at - _MARGIN_SECONDS < self.clock():
            self.renew()
        return self._tokens.access_token.get_secret_value()

    def renew(self) -> None:
        """Replace the token QuickBooks no longer takes, once for all workers that share the store."""
        stale = self._tokens or self.store.read(self.realm, self.place.environment)
        self._tokens = self.store.renew(stale, self._renewed)

    def _renewed(self, tokens: Tokens) -> Tokens:
        with login_service_trouble():
            client = BoundedAuthClient(self.place, self.client_id, self.client_secret, self.timeout)
            client.refresh(refresh_token=tokens.refresh_token.get_secret_value())
            return client.tokens_for(tokens, self.clock())


def _refusal(error: AuthClientError) -> DestinationError:
    reference = str(error.intuit_tid or "")
    if error.status_code == 429 or error.status_code >= 500:
        return TryLater(f"The QuickBooks login service is busy (HTTP {error.status_code}).", reference=reference)
    if _oauth_error(error.content) == "invalid_grant":
        return AccessEnded("QuickBooks ended our access, or somebody did.", hint=RECONNECT, reference=reference)
    return NotAuthorised(
        f"The QuickBooks login service refused our app (HTTP {error.status_code}).",
        hint="Check WORKORDER_QUICKBOOKS_CLIENT_ID and WORKORDER_QUICKBOOKS_CLIENT_SECRET, "
        "then activate the destination in Odoo again.",
        reference=reference,
    )


def _oauth_error(content: bytes) -> str:
    try:
        answer = json.loads(content)
    except ValueError:
        return ""
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""
