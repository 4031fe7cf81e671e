"""`workorder quickbooks …`: access to the QuickBooks company, and the tie-out with it."""

from __future__ import annotations

import json
from typing import TextIO

import click
from pydantic import SecretStr

from workorder_bridge.cli.assembly import new_tokens
from workorder_bridge.cli.consent import connect, disconnect, reconnect
from workorder_bridge.cli.reconcile import reconcile
from workorder_bridge.destinations.quickbooks.tokens import TokenStore
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.settings import load_settings

_EXAMPLE = '{"realm": "…", "refresh_token": "…", "access_token": "…"}'


@click.group("quickbooks")
def quickbooks() -> None:
    """Access to the QuickBooks company, and the tie-out with it."""


@quickbooks.command("import-tokens")
@click.option("--from", "source", type=click.File(), default="-", help="A file, or - (the default) for standard input.")
@click.pass_context
def import_tokens(context: click.Context, source: TextIO) -> None:
    """Store the tokens of a company, given as JSON, where no consent page can be opened (see connect).

    Expects an object with realm, refresh_token and (optional) access_token; other keys are ignored, so the line the
    simulator prints will do. Tokens never go on the command line, where other users could see them.
    """
    settings = load_settings(context.obj.config, ["tokens"])
    realm, refresh, access = _read(source)
    store = TokenStore(settings.quickbooks_token_file)
    environment = settings.quickbooks_environment
    store.write(new_tokens(realm, environment, SecretStr(refresh), SecretStr(access)))
    click.echo(f"Stored tokens for company {realm} ({environment}) in {store.file_of(realm, environment)}.")


for _command in (connect, reconnect, disconnect, reconcile):
    quickbooks.add_command(_command)


def _read(source: TextIO) -> tuple[str, str, str]:
    try:
        content = json.loads(source.read())
        return str(content["realm"]), str(content["refresh_token"]), str(content.get("access_token") or "")
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(["The tokens are not JSON."], hint=f"Expected: {_EXAMPLE}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SettingsInvalid(["The tokens lack realm or refresh_token."], hint=f"Expected: {_EXAMPLE}") from error
