"""Which QuickBooks company a command is about."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workorder_bridge.cli.assembly import odoo_source
from workorder_bridge.destinations.quickbooks.tokens import CONNECT, Tokens, TokenStore
from workorder_bridge.errors import NotAuthorised, SettingsInvalid, SourceError, SourceUnreachable, WrongCompany
from workorder_bridge.settings import Settings, load_settings


@dataclass(frozen=True)
class Expected:
    """The companies that would be right, and who says so; none at all means that nobody knows."""

    realms: frozenset[str] = frozenset()
    said_by: str = ""

    def refuse_others(self, tokens: Tokens) -> None:
        """Raises `WrongCompany` for tokens of another company."""
        if self.realms and tokens.realm not in self.realms:
            raise WrongCompany(
                f"You connected {tokens.title}, but {self.said_by} is for company {' or '.join(sorted(self.realms))}; "
                "nothing was stored.",
                hint="Run the command again and choose the other company on Intuit's page, or correct the QuickBooks "
                "Company ID of the destination in Odoo.",
            )


def expected_company(config: Path | None, settings: Settings, realm: str, destination: str) -> Expected:
    """From --realm, else Odoo's destinations if Odoo is set, else the settings. Raises `BridgeError`."""
    if realm:
        return Expected(frozenset({realm}), "--realm")
    if settings.odoo_url or destination:
        return _expected_by_odoo(load_settings(config, ["odoo"]), destination)
    if settings.quickbooks_realm:
        return Expected(frozenset({settings.quickbooks_realm}), "WORKORDER_QUICKBOOKS_REALM")
    return Expected()


def _expected_by_odoo(settings: Settings, destination: str) -> Expected:
    """A destination without a company yet leaves it open which one is meant."""
    try:
        summaries = odoo_source(settings, threading.Event()).summary(destination or None)
    except SourceUnreachable as error:
        error.hint = f"{error.hint} Or name the company yourself with --realm NUMBER.".strip()
        raise
    if destination and not summaries:
        raise SourceError(f"There is no destination {destination} in Odoo.", hint="`workorder status` lists them.")
    realms = [summary.realm for summary in summaries if summary.kind == "quickbooks"]
    if not all(realms):
        return Expected()
    return Expected(frozenset(realms), "the destination in Odoo")


def stored_company(store: TokenStore, environment: str, realm: str) -> Tokens:
    """The company named, or the only one there is. Raises `NotAuthorised`, `WrongCompany` or `SettingsInvalid`."""
    readable, troubles = store.survey()
    here = [tokens for tokens in readable if tokens.environment == environment]
    found = [tokens for tokens in here if realm in ("", tokens.realm)]
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsInvalid(
            [f"The bridge has access to {names_of(found)}."], hint="Name the company with --realm NUMBER."
        )
    if realm and here:
        raise WrongCompany(f"The bridge has access to {names_of(here)}, not to company {realm}.", hint=CONNECT)
    if troubles:
        raise troubles[0]
    raise NotAuthorised(f"The bridge has no access to any company of QuickBooks {environment}.", hint=CONNECT)


def names_of(companies: Sequence[Tokens]) -> str:
    """The companies, as people call them."""
    return " and ".join(tokens.title for tokens in companies)
