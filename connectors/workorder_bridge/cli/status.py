"""`workorder status`: how the destinations stand."""

from __future__ import annotations

import json
import threading

import click

from workorder_bridge.cli import exits
from workorder_bridge.cli.assembly import odoo_source
from workorder_bridge.cli.screen import show_summaries
from workorder_bridge.ports import DestinationSummary
from workorder_bridge.settings import load_settings


@click.command("status")
@click.option("--destination", metavar="CODE", help="Only this destination.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@click.pass_context
def status(context: click.Context, destination: str | None, as_json: bool) -> None:
    """Show what is ready, sent, paid and in trouble, with the next step for each trouble.

    \b
    Exit codes: 0 nothing waits for a person; 1 something does; 2 settings or usage;
    3 Odoo cannot be reached; 4 a destination is paused.
    """
    settings = load_settings(context.obj.config, ["odoo"])
    summaries = odoo_source(settings, threading.Event()).summary(destination)
    if as_json:
        document = {"destinations": [summary.model_dump() for summary in summaries]}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        show_summaries(summaries)
    context.exit(exits.most_urgent(_code(summary) for summary in summaries))


def _code(summary: DestinationSummary) -> int:
    if summary.state == "paused":
        return exits.CLOSED
    return exits.PERSON if summary.trouble else exits.DONE
