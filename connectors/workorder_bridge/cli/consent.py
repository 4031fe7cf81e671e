"""`workorder quickbooks connect | reconnect | disconnect`: letting the bridge into a company, and out of it again."""

from __future__ import annotations

import functools
import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import click

from workorder_bridge.cli.assembly import app_of, destination_retry
from workorder_bridge.cli.companies import Expected, expected_company, names_of, stored_company
from workorder_bridge.destinations.quickbooks.callback import Callback
from workorder_bridge.destinations.quickbooks.consent import Consent, end_access
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.redirect import DEFAULT_PORT, way_back
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.errors import BridgeError, NotAuthorised
from workorder_bridge.retry import Retry
from workorder_bridge.settings import Settings, load_settings

STOPPED = 130
"""The exit code of a command ended by Ctrl-C, as shells know it."""

_Judge = Callable[[Tokens], None]
_Keep = Callable[[Tokens], None]
_EXITS = (
    "Exit codes: 0 connected; 1 the question was answered with no; 2 settings or usage, also a port in use; 3 no "
    "answer came, or the login service is busy; 4 declined, another company, or an answer to something else; 130 "
    "Ctrl-C. Only 0 stores anything."
)


@dataclass(frozen=True)
class Way:
    """What the options say about getting the answer back; `wait` in seconds."""

    redirect_uri: str
    port: int | None
    paste: bool
    browser: bool
    wait: int


def _way_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of both ways to connect, handed on as `way`."""

    @click.option("--redirect-uri", default="", help="As at Intuit [WORKORDER_QUICKBOOKS_REDIRECT_URI].")
    @click.option(
        "--port",
        type=click.IntRange(1, 65535),
        help=f"Where to listen on this machine [{DEFAULT_PORT}: http://localhost:{DEFAULT_PORT}/callback].",
    )
    @click.option("--paste", is_flag=True, help="Do not listen: paste the address the browser ended at.")
    @click.option("--no-browser", is_flag=True, help="Only print the address of the consent page.")
    @click.option("--wait", type=click.IntRange(min=1), default=600, show_default=True, help="Seconds for the answer.")
    @functools.wraps(command)
    def with_way(
        *arguments: Any, redirect_uri: str, port: int | None, paste: bool, no_browser: bool, wait: int, **others: Any
    ) -> None:
        command(*arguments, way=Way(redirect_uri, port, paste, not no_browser, wait), **others)

    return with_way


@click.command("connect", epilog=_EXITS)
@click.option("--realm", default="", metavar="NUMBER", help="The company that is meant, if Odoo cannot tell.")
@click.option("--destination", default="", metavar="CODE", help="The destination in Odoo the company is for.")
@click.option("--yes", is_flag=True, help="Do not ask before adding a company beside others.")
@_way_options
@click.pass_context
def connect(context: click.Context, realm: str, destination: str, yes: bool, way: Way) -> None:
    """Let the bridge into a QuickBooks company.

    Opens Intuit's consent page (and prints its address), takes the answer on a port of this machine, checks that the
    company is the one Odoo's destination is for, and stores the tokens.

    The redirect address must stand, letter for letter, among the redirect URIs of your Intuit app. Development keys
    take http://localhost; production keys take https addresses only, so there use --redirect-uri https://… --paste.
    """
    settings = load_settings(context.obj.config, ["quickbooks"])
    expected = expected_company(context.obj.config, settings, realm, destination)
    store = TokenStore(settings.quickbooks_token_file)

    def judge(tokens: Tokens) -> None:
        expected.refuse_others(tokens)
        others = [kept for kept in store.survey()[0] if kept.environment == tokens.environment]
        if yes or expected.realms or not others or tokens.realm in {kept.realm for kept in others}:
            return
        if not _sure(f"The bridge has access to {names_of(others)}. Add {tokens.title} beside it?"):
            raise BridgeError(f"{tokens.title} was not added; nothing was stored.")

    tokens = _connect(context, settings, way, store, judge)
    if not expected.realms:
        click.echo(f"Enter {tokens.realm} as the QuickBooks Company ID of its destination in Odoo.")


@click.command("reconnect", epilog=_EXITS)
@click.option("--realm", default="", metavar="NUMBER", help="Which company, when the bridge has access to several.")
@_way_options
@click.pass_context
def reconnect(context: click.Context, realm: str, way: Way) -> None:
    """Renew the access to a company, after it was revoked or ran out.

    The same as connect, for a company the bridge knows; another company is refused and nothing is replaced.
    """
    settings = load_settings(context.obj.config, ["quickbooks"])
    store = TokenStore(settings.quickbooks_token_file)
    earlier = stored_company(store, settings.quickbooks_environment, realm)
    expected = Expected(frozenset({earlier.realm}), "the access to renew")
    _connect(context, settings, way, store, expected.refuse_others)
    click.echo("Activate the destination in Odoo again if it was paused; nothing was lost meanwhile.")


@click.command("disconnect")
@click.option("--realm", default="", metavar="NUMBER", help="Which company, when the bridge has access to several.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def disconnect(context: click.Context, realm: str, yes: bool) -> None:
    """End the bridge's access to a company, at QuickBooks and here.

    \b
    Exit codes: 0 ended; 1 not confirmed; 2 settings or usage; 3 the login service cannot be reached, nothing
    changed; 4 there is no such access, or the app was refused.
    """
    settings = load_settings(context.obj.config, ["quickbooks"])
    store = TokenStore(settings.quickbooks_token_file)
    tokens = stored_company(store, settings.quickbooks_environment, realm)
    if not yes and not _sure(f"End the bridge's access to {tokens.title} ({tokens.environment})?"):
        click.echo("Nothing was changed.", err=True)
        context.exit(1)
    app, ended = app_of(settings), []
    store.remove(tokens, lambda latest: ended.append(end_access(app, latest)))
    ListsFile.beside(store.file_of(tokens.realm, tokens.environment), tokens.realm, tokens.environment).forget()
    before = "" if ended[0] else " QuickBooks had ended it before."
    click.echo(f"The access to {tokens.title} is ended and its tokens are deleted.{before} Its invoices wait in Odoo.")
    if settings.quickbooks_realm == tokens.realm and settings.quickbooks_refresh_token.get_secret_value():
        click.echo("Take WORKORDER_QUICKBOOKS_REFRESH_TOKEN and _ACCESS_TOKEN out of the settings, too.")


def _sure(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        return False


def _connect(context: click.Context, settings: Settings, way: Way, store: TokenStore, judge: _Judge) -> Tokens:
    """The whole way from the consent page to stored tokens; `judge` raises when they must not be stored."""
    redirect_uri = way.redirect_uri or settings.quickbooks_redirect_uri
    back = way_back(settings.quickbooks_environment, redirect_uri, way.port, way.paste)
    store.prepare()
    consent = Consent(app_of(settings), back.redirect_uri)
    retry = destination_retry(settings, threading.Event())

    def keep(tokens: Tokens) -> None:
        judge(tokens)
        store.write(tokens)

    with _told_when_stopped(context):
        if back.port is None:
            tokens = _pasted(consent, way, retry, keep)
        else:
            with Callback(back.port, back.path) as callback:
                tokens = _heard(consent, callback, way, retry, keep)
    kept = store.file_of(tokens.realm, tokens.environment)
    click.echo(f"Connected to {tokens.title}, {tokens.environment}. Its tokens are in {kept}.")
    for sentence in _ends(tokens):
        click.echo(sentence)
    return tokens


def _heard(consent: Consent, callback: Callback, way: Way, retry: Retry, keep: _Keep) -> Tokens:
    """With a listener; the browser is told how it ended, and "Connected" only when the tokens are stored."""
    _show(consent.url(), way)
    click.echo(f"Waiting for the answer at {consent.redirect_uri} (Ctrl-C ends it) …")
    try:
        tokens = consent.tokens_for(consent.answer_in(callback.wait(way.wait)), retry)
        keep(tokens)
    except BridgeError as error:
        callback.tell("Not connected", f"{error.message} {error.hint}")
        raise
    callback.tell("Connected", f"Workorder Bridge now has access to {tokens.title}.")
    return tokens


def _pasted(consent: Consent, way: Way, retry: Retry, keep: _Keep) -> Tokens:
    _show(consent.url(), way)
    click.echo(f"Afterwards the browser ends at an address that begins with {consent.redirect_uri}, whatever it shows.")
    address = click.prompt("Paste that address", err=True).strip()
    if not address.startswith(f"{consent.redirect_uri}?"):
        raise NotAuthorised(
            f"That is not an address that begins with {consent.redirect_uri}?; nothing was stored.",
            hint="Run the command again, and copy the whole address from the browser's address bar.",
        )
    tokens = consent.tokens_for(consent.answer_in(urlsplit(address).query), retry)
    keep(tokens)
    return tokens


def _show(url: str, way: Way) -> None:
    click.echo("Let the bridge into your QuickBooks company on this page:")
    click.echo(f"  {url}")
    if way.browser and _has_screen():
        webbrowser.open(url)


def _has_screen() -> bool:
    """Without one, a browser in the terminal would take the terminal away."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _told_when_stopped(context: click.Context) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped; nothing was stored.", err=True)
        context.exit(STOPPED)


def _ends(tokens: Tokens) -> Iterator[str]:
    if tokens.refresh_hard_expires_at:
        yield f"Intuit ends this connection for good on {_day(tokens.refresh_hard_expires_at)}."
    if tokens.refresh_expires_at:
        yield f"Unused, it would end on {_day(tokens.refresh_expires_at)}; `workorder status` warns in time."


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
