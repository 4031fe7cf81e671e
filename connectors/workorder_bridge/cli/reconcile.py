"""`workorder quickbooks reconcile`: the tie-out ticket → invoice → QuickBooks for a period."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from workorder_bridge.calls import CallPurse
from workorder_bridge.cli.assembly import destination_retry, odoo_source, quickbooks_ledgers
from workorder_bridge.cli.reconcile_file import CsvFile, JsonDocument
from workorder_bridge.cli.reconcile_screen import Screen, reading
from workorder_bridge.cli.screen import show_error
from workorder_bridge.destinations.quickbooks.throttle import Throttle
from workorder_bridge.errors import BridgeError, SettingsInvalid, SourceError
from workorder_bridge.ledgers import Period
from workorder_bridge.ports import TicketSource
from workorder_bridge.reconcile.duplicates import duplicates
from workorder_bridge.reconcile.line import Line, Tally
from workorder_bridge.reconcile.run import Observer, Reconciliation
from workorder_bridge.settings import load_settings
from workorder_bridge.standing import DestinationSummary

ALL_AGREE, DIFFERENCES, TROUBLE = 0, 1, 2
SCANNED = timedelta(days=31)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("reconcile")
@click.option("--from", "first", type=_DAY, metavar="YYYY-MM-DD", help="The first invoice date.")
@click.option("--to", "last", type=_DAY, metavar="YYYY-MM-DD", help="The last invoice date.")
@click.option("--destination", metavar="CODE", help="Which one, if Odoo has several.")
@click.option("--csv", "csv_path", type=click.Path(dir_okay=False, path_type=Path), help="Write every line to a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document with every line on standard output.")
@click.option("--all", "show_all", is_flag=True, help="Show also what agrees.")
@click.option("--strangers", is_flag=True, help="List also the company's other invoices, which are only counted else.")
@click.option("--duplicates-only", is_flag=True, help="Only look for invoices that are in QuickBooks twice.")
@click.pass_context
def reconcile(
    context: click.Context,
    first: datetime | None,
    last: datetime | None,
    destination: str | None,
    csv_path: Path | None,
    as_json: bool,
    show_all: bool,
    strangers: bool,
    duplicates_only: bool,
) -> None:
    """Compare Odoo's posted invoices and credit notes of a period with QuickBooks, to the cent and in both directions.

    Nothing is changed on either side. With --duplicates-only the period may be left out: then it is the last 31 days.

    \b
    Exit codes: 0 all agree; 1 differences, or duplicates; 2 trouble: settings, usage, Odoo or
    QuickBooks cannot be asked.
    """
    period = _period(first, last, duplicates_only)
    tally, told = Tally(period), JsonDocument(period) if as_json else Screen(period, show_all=show_all)
    code = TROUBLE
    try:
        with ExitStack() as open_files:
            file = open_files.enter_context(CsvFile(csv_path)) if csv_path else None
            observe = open_files.enter_context(reading())
            for line in _lines(context.obj.config, period, destination, duplicates_only, observe):
                tally.add(line)
                if line.state == "stranger" and not strangers:
                    continue
                told.add(line)
                if file:
                    file.add(line)
        code = ALL_AGREE if tally.clean else DIFFERENCES
    except BridgeError as error:
        told.fail(error, tally, TROUBLE)
        show_error(error)
    else:
        told.close(tally, code)
    context.exit(code)


def _period(first: datetime | None, last: datetime | None, duplicates_only: bool) -> Period:
    if duplicates_only and first is None and last is None:
        today = datetime.now(UTC).date()
        # A day more: somewhere it is tomorrow already, and dates are the company's.
        return Period(today - SCANNED, today + timedelta(days=1))
    if first is None or last is None:
        raise click.UsageError("Name the period: --from 2026-11-01 --to 2026-11-30.")
    if last < first:
        raise click.UsageError(f"The period ends ({_day(last)}) before it begins ({_day(first)}).")
    return Period(_day(first), _day(last))


def _day(moment: datetime) -> date:
    return moment.date()


def _lines(
    config: Path | None, period: Period, code: str | None, duplicates_only: bool, observe: Observer
) -> Iterator[Line]:
    settings = load_settings(config, ["odoo", "quickbooks"])
    stop = threading.Event()
    purse = CallPurse()
    source = odoo_source(settings, stop, purse)
    chosen = _chosen(source, code)
    purse.ask = partial(source.take_calls, chosen.code)
    throttle = Throttle(purse, stop.wait, stop.is_set)
    for ledger in quickbooks_ledgers(settings, chosen.realm, destination_retry(settings, stop), throttle):
        if duplicates_only:
            yield from duplicates(ledger, period, observe)
        else:
            yield from Reconciliation(source, ledger, chosen.code, period, observe).lines()
    source.give_back_calls(chosen.code)


def _chosen(source: TicketSource, code: str | None) -> DestinationSummary:
    """The destination named, or the only one of QuickBooks that was ever active; paused ones can be asked too."""
    summaries = [each for each in source.summary(code) if each.kind == "quickbooks"]
    if code and not summaries:
        raise SourceError(
            f"There is no QuickBooks destination {code} in Odoo.", hint="`workorder status` lists those there are."
        )
    used = [each for each in summaries if code or each.state != "draft"]
    if not used:
        raise SourceError("No QuickBooks destination is active in Odoo.", hint="Set one up and activate it in Odoo.")
    if len(used) > 1:
        names = ", ".join(each.code for each in used)
        raise SettingsInvalid([f"Odoo has several destinations: {names}."], hint="Name one with --destination CODE.")
    return used[0]
