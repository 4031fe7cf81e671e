"""Puts the parts together from the settings. Nothing connects before it is used."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

from workorder_bridge.calls import CallPurse
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.consent import App
from workorder_bridge.destinations.quickbooks.destination import QuickBooksDestination
from workorder_bridge.destinations.quickbooks.ledger import QuickBooksLedger
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.throttle import Throttle
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.ledgers import DOCUMENT_KINDS, Ledger
from workorder_bridge.odoo import OdooCaller
from workorder_bridge.ports import Destination
from workorder_bridge.retry import Retry
from workorder_bridge.settings import Settings
from workorder_bridge.sources.odoo_json2 import Json2Session
from workorder_bridge.sources.odoo_rpc import RpcSession
from workorder_bridge.sources.odoo_source import OdooSource

NEW_TOKEN_SECONDS = 3600


def odoo_source(settings: Settings, stop: threading.Event, purse: CallPurse | None = None) -> OdooSource:
    """The ticket source."""
    return OdooSource(odoo_session(settings, stop), purse)


@dataclass(frozen=True)
class Worker:
    """What one worker needs for one destination, all of it its own: neither sessions nor clients can be shared."""

    source: OdooSource
    destination: Destination


def worker_of(kind: str, settings: Settings, caller: OdooCaller, stop: threading.Event) -> Worker:
    """A worker for a destination of this kind; raises `SettingsInvalid` for a kind this bridge does not have.

    Its purse joins the two: calls the source was granted are what the destination may make.
    """
    purse = CallPurse()
    throttle = Throttle(purse, stop.wait, stop.is_set)
    destination = destination_of(kind, settings, destination_retry(settings, stop), throttle)
    return Worker(OdooSource(caller, purse), destination)


def odoo_session(settings: Settings, stop: threading.Event) -> OdooCaller:
    """What carries calls to Odoo: JSON-2 for an API key, odoorpc for login and password.

    A few quick repetitions: a lost answer to `settle` is worth saving, an Odoo that is down is not.
    """
    retry = Retry(attempts=3, base=0.5, cap=5, budget=15, sleep=stop.wait, stopping=stop.is_set)
    url, database, timeout = settings.odoo_url, settings.odoo_database, settings.odoo_timeout
    if settings.odoo_api_key.get_secret_value():
        return Json2Session(url, database, settings.odoo_api_key, timeout=timeout, retry=retry)
    return RpcSession(url, database, settings.odoo_login, settings.odoo_password, timeout=timeout, retry=retry)


def destination_retry(settings: Settings, stop: threading.Event) -> Retry:
    """How long one run waits for a destination that says "not now"; Ctrl-C ends the waiting."""
    return Retry(attempts=settings.retry_attempts, budget=settings.retry_budget, sleep=stop.wait, stopping=stop.is_set)


def destination_of(kind: str, settings: Settings, retry: Retry, throttle: Throttle) -> Destination:
    """The adapter for a destination of this kind; raises `SettingsInvalid` for a kind this bridge does not have."""
    if kind not in _KINDS:
        raise SettingsInvalid(
            [f"This bridge has no destination of kind {kind}."],
            hint="Name another one with --destination, or pause this one in Odoo.",
        )
    return _KINDS[kind](settings, retry, throttle)


def place_of(settings: Settings) -> Place:
    """Which QuickBooks; raises `SettingsInvalid` for one there is not."""
    return Place(settings.quickbooks_environment, settings.quickbooks_url.rstrip("/"))


def app_of(settings: Settings) -> App:
    """Our app at Intuit."""
    return App(place_of(settings), settings.quickbooks_client_id, settings.quickbooks_client_secret)


def token_store(settings: Settings) -> TokenStore:
    """The store; while it is empty, tokens from the settings fill it. What it holds wins afterwards."""
    store = TokenStore(settings.quickbooks_token_file)
    if settings.quickbooks_realm and settings.quickbooks_refresh_token.get_secret_value():
        store.fill(
            new_tokens(
                settings.quickbooks_realm,
                settings.quickbooks_environment,
                settings.quickbooks_refresh_token,
                settings.quickbooks_access_token,
            )
        )
    return store


def new_tokens(realm: str, environment: str, refresh_token: SecretStr, access_token: SecretStr) -> Tokens:
    """Tokens as a consent just gave them. Should the access token be older than that, a 401 renews it.

    Raises `SettingsInvalid` for a company number that is none.
    """
    if not (realm.isascii() and realm.isdigit() and len(realm) <= 32):
        raise SettingsInvalid([f"A QuickBooks company number (realm) has digits only, unlike {realm!r}."])
    good_until = time.time() + NEW_TOKEN_SECONDS if access_token.get_secret_value() else 0
    return Tokens(
        realm=realm,
        environment=environment,
        refresh_token=refresh_token,
        access_token=access_token,
        access_expires_at=good_until,
    )


def quickbooks_ledgers(settings: Settings, realm: str, retry: Retry, throttle: Throttle) -> list[Ledger]:
    """The books of one QuickBooks company to read, by kind; raises `DestinationError` when nothing lets us in."""
    client = _opener(settings, throttle)(realm)
    return [QuickBooksLedger(client, retry, kind) for kind in DOCUMENT_KINDS]


def _quickbooks(settings: Settings, retry: Retry, throttle: Throttle) -> Destination:
    tokens = TokenStore(settings.quickbooks_token_file)

    def lists_file(realm: str) -> ListsFile:
        environment = settings.quickbooks_environment
        return ListsFile.beside(tokens.file_of(realm, environment), realm, environment)

    return QuickBooksDestination(_opener(settings, throttle), retry, lists_file=lists_file)


def _opener(settings: Settings, throttle: Throttle) -> Callable[[str], CompanyClient]:
    place = place_of(settings)
    store = token_store(settings)

    def open_client(realm: str) -> CompanyClient:
        access = Access(place, realm, settings.quickbooks_client_id, settings.quickbooks_client_secret, store)
        access.token()  # refuses a wrong company before anything is sent there
        return CompanyClient.open(access, settings.quickbooks_timeout, throttle)

    return open_client


_KINDS: dict[str, Callable[[Settings, Retry, Throttle], Destination]] = {"quickbooks": _quickbooks}
