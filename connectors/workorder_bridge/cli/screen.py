"""What people see: progress and tables on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from workorder_bridge.dispatch import Report
from workorder_bridge.errors import GAP_COLUMNS, BridgeError, row_to_add
from workorder_bridge.ports import Outcome
from workorder_bridge.standing import DestinationSummary

Observer = Callable[[Sequence[Outcome], int], None]
_MEANINGS = {
    "received": "booked, agrees to the cent",
    "disputed": "booked, but differs",
    "rejected": "refused, not booked",
    "blocked": "a mapping row is missing",
    "unknown": "nobody can tell; look it up",
    "retry": "goes out again by itself",
    "release": "not sent, waits",
}


def show_error(error: BridgeError) -> None:
    """The message, the next step and the reference, on standard error."""
    for line in _told(error):
        click.echo(line, err=True)


def _told(error: BridgeError) -> Iterator[str]:
    yield error.message
    if error.hint:
        yield f"  Next step: {error.hint}"
    if error.reference:
        yield f"  Reference for support: {error.reference}"


@contextmanager
def progress(code: str, *, quiet: bool, alone: bool = True) -> Iterator[Observer]:
    """Something that is told about every settled batch and shows it: a bar on a terminal when nobody else needs one, a
    line otherwise.
    """
    if quiet:
        yield lambda _outcomes, _remaining: None
    elif alone and sys.stderr.isatty():
        yield from _bar(code)
    else:
        yield lambda outcomes, remaining: click.echo(
            f"{code}: {len(outcomes)} invoices settled, {remaining} still ready", err=True
        )


def _bar(code: str) -> Iterator[Observer]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(code, total=None)

        def observe(outcomes: Sequence[Outcome], remaining: int) -> None:
            done = int(bar.tasks[task].completed) + len(outcomes)
            bar.update(task, completed=done, total=done + remaining)

        yield observe


def show_reports(reports: Iterable[Report]) -> None:
    """The summary at the end of a run: counts, then everything that needs a person, with its next step."""
    console = console_for_output()
    for report in reports:
        _show_counts(console, report)
        for outcome in report.outcomes:
            if outcome.state != "received":
                click.echo(f"{outcome.number or f'row {outcome.row.id}'} {outcome.state}: {outcome.message}")
                _show_next("" if outcome.gaps else outcome.hint, outcome.reference)
        _show_rows_to_add(gap for outcome in report.outcomes for gap in outcome.gaps)
        for conflict in report.conflicts:
            click.echo(f"Row {conflict.id} conflict: {conflict.message}")
        for refused in report.payments_refused:
            click.echo(f"Payment {refused.external_id} was not registered in Odoo: {refused.message}")
        if report.drift:
            click.echo(f"{report.drift} changes made at {report.destination} wait in Odoo, under Changes to Review.")
        for notice in report.notices:
            click.echo(notice)
        if report.pause:
            click.echo(f"{report.destination} is paused: {report.pause}")
        for error in report.trouble:
            show_error(error)


def printable(text: str) -> str:
    """Nothing that somebody typed elsewhere can move the cursor or colour the screen."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def console_for_output() -> Console:
    """Wide enough elsewhere than on a terminal that a log keeps every word on its line."""
    return Console() if sys.stdout.isatty() else Console(width=160, color_system=None)


def _show_counts(console: Console, report: Report) -> None:
    click.echo(f"{report.destination}: invoices {report.rows}, batches {report.batches}")
    table = Table()
    for heading in ("state", "invoices", "meaning"):
        table.add_column(heading)
    for state, count in report.counts.items():
        table.add_row(state, str(count), _MEANINGS[state])
    table.add_row("payments", str(report.payments_registered), "registered in Odoo")
    table.add_row("changes", str(report.drift), "made there by a person, new in Odoo under Changes to Review")
    if report.files_attached:
        table.add_row("files", str(report.files_attached), "attached to their invoices")
    table.add_row("ready", str(report.remaining), "not claimed in this run")
    console.print(table)


def _show_next(hint: str, reference: str) -> None:
    if hint:
        click.echo(f"  Next step: {hint}")
    if reference:
        click.echo(f"  Reference for support: {reference}")


def _show_rows_to_add(gaps: Iterable[Mapping[str, Any]]) -> None:
    """Every missing mapping row once, by table, ready to be copied."""
    rows = dict.fromkeys((str(gap["table"]), row_to_add(str(gap["odoo_id"]), str(gap["odoo_name"]))) for gap in gaps)
    for table in sorted({table for table, _ in rows}):
        click.echo(f"Add to {table} ({','.join(GAP_COLUMNS)}; fill in the last two), and they go out by themselves:")
        for row in sorted(row for owner, row in rows if owner == table):
            click.echo(f"  {row}")


def show_warnings(warnings: Iterable[tuple[str, str]]) -> None:
    """Each sentence with its next step, on standard error."""
    for message, hint in warnings:
        click.echo(message, err=True)
        click.echo(f"  Next step: {hint}", err=True)


def show_summaries(summaries: Iterable[DestinationSummary]) -> None:
    """How the destinations stand, and what waits for a person."""
    console = console_for_output()
    for summary in summaries:
        click.echo(f"{summary.name} ({summary.code}, {summary.kind}): {summary.state}")
        table = Table()
        table.add_column("state")
        table.add_column("invoices")
        for state, count in summary.counts.items():
            table.add_row(state, str(count))
        console.print(table)
        if summary.pause_reason:
            click.echo(f"Paused: {summary.pause_reason}")
        for trouble in summary.trouble:
            orders = ", ".join(trouble.work_orders)
            click.echo(f"{trouble.invoice} ({orders or 'no work order'}) {trouble.state}: {trouble.message}")
            _show_next("" if trouble.gaps else trouble.hint, "")
        _show_rows_to_add(gap for trouble in summary.trouble for gap in trouble.gaps)
