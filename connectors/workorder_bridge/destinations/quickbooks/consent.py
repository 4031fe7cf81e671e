"""The consent: a person lets our app into a QuickBooks company (OAuth 2.0, authorisation code).

PKCE is not used: neither Intuit's discovery document nor its own clients know it (§3, V iop). What protects the
answer is `state`, and the client secret without which nobody can use the code.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import parse_qs

from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from pydantic import SecretStr

from workorder_bridge.destinations.quickbooks.access import (
    AccessEnded,
    BoundedAuthClient,
    Place,
    login_service_trouble,
)
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.tokens import Tokens
from workorder_bridge.errors import NotAuthorised
from workorder_bridge.retry import Retry

_AGAIN = "Close older consent pages and run the command again; nothing was stored."


@dataclass(frozen=True)
class App:
    """Our app at Intuit."""

    place: Place
    client_id: str
    client_secret: SecretStr
    timeout: float = 30.0

    def login_service(self, redirect_uri: str = "") -> BoundedAuthClient:
        """Raises `NotAuthorised` or `TryLater`: the addresses of the service are read first."""
        with login_service_trouble():
            return BoundedAuthClient(self.place, self.client_id, self.client_secret, self.timeout, redirect_uri)


@dataclass(frozen=True)
class Answer:
    """What the browser brought back: a code that works once, for a company."""

    code: SecretStr
    realm: str


def _new_state() -> str:
    """Not the client library's, which draws it from a generator that can be guessed (V)."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Consent:
    """One request for consent and what becomes of it."""

    app: App
    redirect_uri: str
    state: str = field(default_factory=_new_state, repr=False)
    clock: Callable[[], float] = time.time

    def url(self) -> str:
        """The address to open in a browser."""
        client = self.app.login_service(self.redirect_uri)
        address: str = client.get_authorization_url([Scopes.ACCOUNTING], state_token=self.state)
        return address

    def answer_in(self, query: str) -> Answer:
        """Read the query the browser came back with; raises `NotAuthorised` for anything but a consent to this."""
        given = {name: values[0] for name, values in parse_qs(query).items() if len(values) == 1}
        if not secrets.compare_digest(given.get("state", "").encode(), self.state.encode()):
            raise NotAuthorised("The answer does not belong to this request: its state is another one.", hint=_AGAIN)
        if "error" in given:
            _refused(given["error"])
        realm, code = given.get("realmId", ""), given.get("code", "")
        if not code or not re.fullmatch(r"[0-9]{1,32}", realm):
            raise NotAuthorised("QuickBooks' answer lacks the code or the company number.", hint=_AGAIN)
        return Answer(SecretStr(code), realm)

    def tokens_for(self, answer: Answer, retry: Retry) -> Tokens:
        """Exchange the code, and read the company once to see that the tokens open it and what it is called.

        Nothing is stored yet. Raises `DestinationError`.
        """
        client = self.app.login_service(self.redirect_uri)
        try:
            with login_service_trouble():
                client.get_bearer_token(answer.code.get_secret_value(), realm_id=answer.realm)
                nothing = Tokens(
                    realm=answer.realm, environment=self.app.place.environment, refresh_token=SecretStr("")
                )
                tokens = client.tokens_for(nothing, self.clock())
        except AccessEnded as error:
            raise NotAuthorised(
                "QuickBooks no longer takes the code of this consent; it works once, and for a few minutes.",
                hint=_AGAIN,
                reference=error.reference,
            ) from None
        return tokens.model_copy(update={"company": _company_name(self.app, tokens, retry)})


def end_access(app: App, tokens: Tokens) -> bool:
    """Take our app out of the company; False when it had been taken out before. Raises `DestinationError`."""
    client = app.login_service()
    with login_service_trouble():
        try:
            client.revoke(token=tokens.refresh_token.get_secret_value())
        except AuthClientError as error:
            if error.status_code != 400:
                raise
            return False
    return True


@dataclass(frozen=True)
class _NewAccess:
    """Tokens that are in no store yet: good as they are, or not at all."""

    place: Place
    realm: str
    tokens: Tokens

    def token(self) -> str:
        return self.tokens.access_token.get_secret_value()

    def renew(self) -> None:
        raise NotAuthorised("QuickBooks does not accept the access it has just given.", hint=_AGAIN)


def _company_name(app: App, tokens: Tokens, retry: Retry) -> str:
    client = CompanyClient.open(_NewAccess(app.place, tokens.realm, tokens), app.timeout)
    info = retry.call(lambda: client.fetch(f"companyinfo/{tokens.realm}")).get("CompanyInfo") or {}
    return str(info.get("CompanyName") or "")


def _refused(error: str) -> NoReturn:
    if error == "access_denied":
        raise NotAuthorised(
            "The consent was declined in QuickBooks; nothing was stored.",
            hint="Run the command again and press Connect, as a user who may manage the company.",
        )
    word = error if re.fullmatch(r"[a-z_]{1,40}", error) else "an error it does not name"
    raise NotAuthorised(f"QuickBooks did not ask for the consent ({word}); nothing was stored.", hint=_AGAIN)
