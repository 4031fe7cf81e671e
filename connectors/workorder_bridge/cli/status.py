"""`workorder status`: how the destinations stand."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import click

from workorder_bridge.cli import exits
from workorder_bridge.cli.assembly import odoo_source
from workorder_bridge.cli.reads import warnings_of_reads
from workorder_bridge.cli.screen import show_summaries, show_warnings
from workorder_bridge.destinations.quickbooks.expiry import warnings_of
from workorder_bridge.destinations.quickbooks.tokens import TokenStore
from workorder_bridge.settings import Settings, load_settings
from workorder_bridge.standing import DestinationSummary

END_IS_NEAR = timedelta(days=14)


@click.command("status")
@click.option("--destination", metavar="CODE", help="Only this destination.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@click.pass_context
def status(context: click.Context, destination: str | None, as_json: bool) -> None:
    """Show what is ready, sent, paid and in trouble, with the next step for each trouble.

    \b
    Exit codes: 0 nothing waits for a person; 1 something does, also an API key of Odoo or access to
    QuickBooks that ends soon, or QuickBooks reads that are nearly used up; 2 settings or usage;
    3 Odoo cannot be reached; 4 a destination is paused.
    """
    settings = load_settings(context.obj.config, ["odoo"])
    access = _access_warnings(settings)
    show_warnings((str(each["message"]), str(each["hint"])) for each in access)  # first: they need no Odoo
    source = odoo_source(settings, threading.Event())
    summaries, ends = source.summary(destination), source.access_ends()
    warning = warning_of_end(ends, datetime.now(UTC))
    reads = [each for summary in summaries for each in warnings_of_reads(summary)]
    if as_json:
        document = {
            "destinations": [summary.model_dump() for summary in summaries],
            "odoo_access_ends": ends.isoformat() if ends else None,
            "quickbooks_access": access,
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        show_summaries(summaries)
    if warning:
        click.echo(warning, err=True)
    show_warnings(reads)
    codes = [_code(summary) for summary in summaries]
    context.exit(exits.most_urgent([*codes, exits.PERSON if warning or access or reads else exits.DONE]))


def warning_of_end(ends: datetime | None, now: datetime) -> str:
    """The sentence for an API key that ends within the days in which to make a new one; empty before that."""
    if ends is None or ends - now > END_IS_NEAR:
        return ""
    return (
        f"The bridge's API key ends on {ends:%Y-%m-%d at %H:%M} UTC; Odoo then refuses it without further notice.\n"
        "  Next step: make a new one in Odoo as the bridge's user (My Preferences, Security, Add API Key), "
        "set it in place of the old one, and delete the old one."
    )


def _access_warnings(settings: Settings) -> list[dict[str, object]]:
    """What is wrong with stored access to QuickBooks, or will be within 30 days; each with message and hint."""
    readable, troubles = TokenStore(settings.quickbooks_token_file).survey()
    bad: list[dict[str, object]] = [{"message": found.message, "hint": found.hint} for found in troubles]
    return [*bad, *(found.as_document() for found in warnings_of(readable, time.time()))]


def _code(summary: DestinationSummary) -> int:
    if summary.state == "paused":
        return exits.CLOSED
    return exits.PERSON if summary.trouble else exits.DONE
