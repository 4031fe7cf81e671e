"""Access to QuickBooks: where it is, and how an expired access token becomes a new one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import requests
from intuitlib.client import AuthClient
from intuitlib.exceptions import AuthClientError
from pydantic import SecretStr

from workorder_bridge.destinations.quickbooks.faults import RECONNECT
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.environments import PRODUCTION, SANDBOX, SIMULATOR
from workorder_bridge.errors import DestinationError, NotAuthorised, TryLater

_MARGIN_SECONDS = 120.0


@dataclass(frozen=True)
class Place:
    """Which QuickBooks: `environment` is one of ENVIRONMENTS, `url` the simulator's address (else "")."""

    environment: str
    url: str = ""

    @property
    def discovery(self) -> str:
        """What intuit-oauth takes as environment: a name it knows, or the discovery document's address (V)."""
        if self.environment == SIMULATOR:
            return f"{self.url}/.well-known/openid_configuration/"
        return self.environment

    def invoice_url(self, invoice_id: str) -> str:
        """Where a person sees the invoice (M for Intuit's two)."""
        hosts = {PRODUCTION: "https://app.qbo.intuit.com", SANDBOX: "https://app.sandbox.qbo.intuit.com"}
        return f"{hosts.get(self.environment, self.url)}/app/invoice?txnId={invoice_id}"


class BoundedAuthClient(AuthClient):  # type: ignore[misc]  # intuit-oauth ships no types
    """intuit-oauth's client with a limit on every network call; it has none, not even in its constructor (V)."""

    def __init__(self, place: Place, client_id: str, client_secret: SecretStr, timeout: float) -> None:
        self._timeout = timeout
        super().__init__(client_id, client_secret.get_secret_value(), "", place.discovery)

    def request(self, method: str, url: str, **kwargs: object) -> requests.Response:
        """As requests, but bounded in time."""
        kwargs.setdefault("timeout", self._timeout)
        response: requests.Response = super().request(method, url, **kwargs)
        return response


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
        try:
            client = BoundedAuthClient(self.place, self.client_id, self.client_secret, self.timeout)
            client.refresh(refresh_token=tokens.refresh_token.get_secret_value())
        except AuthClientError as error:
            raise _refusal(error) from error
        except (requests.RequestException, ValueError) as error:
            # A lost answer is no harm: the earlier refresh token stays good for a day after a rotation (§3, P).
            raise TryLater(f"The QuickBooks login service cannot be reached ({type(error).__name__}).") from error
        return Tokens(
            realm=tokens.realm,
            environment=tokens.environment,
            refresh_token=SecretStr(client.refresh_token),
            access_token=SecretStr(client.access_token),
            access_expires_at=self.clock() + float(client.expires_in or 3600),
        )


def _refusal(error: AuthClientError) -> DestinationError:
    reference = str(error.intuit_tid or "")
    if error.status_code == 429 or error.status_code >= 500:
        return TryLater(f"The QuickBooks login service is busy (HTTP {error.status_code}).", reference=reference)
    if _oauth_error(error.content) == "invalid_grant":
        return NotAuthorised("QuickBooks ended our access, or somebody did.", hint=RECONNECT, reference=reference)
    return NotAuthorised(
        f"The QuickBooks login service refused our app (HTTP {error.status_code}).",
        hint="Check WORKORDER_QUICKBOOKS_CLIENT_ID and WORKORDER_QUICKBOOKS_CLIENT_SECRET, "
        "then re-activate the destination.",
        reference=reference,
    )


def _oauth_error(content: bytes) -> str:
    try:
        answer = json.loads(content)
    except ValueError:
        return ""
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""
