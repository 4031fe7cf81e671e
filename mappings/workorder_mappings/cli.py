"""`workorder mappings …`: the mapping tables as CSV and XLSX files.

Exit codes: 0 done, or nothing to do · 1 the files have errors, nothing was applied · 2 settings or usage · 3 Odoo
cannot be reached.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from workorder_bridge.cli import exits
from workorder_bridge.cli.assembly import odoo_session
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.settings import Settings, load_settings

from workorder_mappings import screen
from workorder_mappings.exchange import Exchange, Findings, exchange, export_tables
from workorder_mappings.ports import Change
from workorder_mappings.stores.odoo import OdooStore

F = TypeVar("F", bound=Callable[..., Any])
EXITS = "Exit codes: 0 done; 1 errors in the files, nothing applied; 2 settings or usage; 3 Odoo cannot be reached."
FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
COMPANY = click.option("--company", metavar="NAME", help="The Odoo company; your own if left out.")
PRUNE = click.option(
    "--prune", is_flag=True, help="Also remove (archive) rows of the buyers in the files that the files do not have."
)


@click.group("mappings", epilog=EXITS)
def mappings() -> None:
    """Mapping tables as files: check, diff, apply, export, coverage.

    A file is named after its table, such as item_codes.csv; `workorder mappings tables` lists tables and columns.
    """


@mappings.command()
@JSON
def tables(as_json: bool) -> None:
    """Show every table, its columns and what they mean."""
    if as_json:
        click.echo(json.dumps(screen.tables_document(), indent=2, ensure_ascii=False))
    else:
        screen.show_tables()


@mappings.command()
@FILES
@COMPANY
@PRUNE
@click.option("--offline", is_flag=True, help="Without Odoo: whether cells are what their columns hold, no more.")
@JSON
@click.pass_context
def check(
    context: click.Context, files: Sequence[Path], company: str | None, prune: bool, offline: bool, as_json: bool
) -> None:
    """List every error of the files: file, row, column, value, expectation. Changes nothing."""
    store = None if offline else _store(_settings(context))
    with screen.progress(quiet=as_json) as progress, exchange(store, company, progress) as run:
        run.read(files)
        if store:
            run.examine(prune=prune)
    _finish(context, run.findings, as_json, "checked")


@mappings.command()
@FILES
@COMPANY
@PRUNE
@JSON
@click.pass_context
def diff(context: click.Context, files: Sequence[Path], company: str | None, prune: bool, as_json: bool) -> None:
    """Show what applying the files would add, change (field by field) and, with --prune, remove."""
    changes: list[Change] = []
    show = changes.append if as_json else screen.show_change
    store = _store(_settings(context))
    with screen.progress(quiet=as_json) as progress, exchange(store, company, progress, show) as run:
        run.read(files)
        run.examine(prune=prune)
    _finish(context, run.findings, as_json, "compared", changes=changes)


@mappings.command("apply")
@FILES
@COMPANY
@PRUNE
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
@click.pass_context
def apply_files(
    context: click.Context, files: Sequence[Path], company: str | None, prune: bool, yes: bool, as_json: bool
) -> None:
    """Apply all files at once, in one transaction; with a single error in any of them, nothing."""
    if as_json and not yes:
        raise click.UsageError("--json cannot ask; add --yes.")
    settings = _settings(context)
    with screen.progress(quiet=as_json) as progress, exchange(_store(settings), company, progress) as run:
        run.read(files)
        run.examine(prune=prune)
        if run.findings.problems or not run.findings.changes:
            _leave(context, run, as_json)
        elif yes or _agreed(run.findings, progress):
            _apply(run, settings, prune)
        else:
            click.echo("Nothing was applied.", err=True)
            return
    _finish(context, run.findings, as_json, "applied")


@mappings.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@COMPANY
@JSON
@click.pass_context
def export(context: click.Context, folder: Path, kind: str, company: str | None, as_json: bool) -> None:
    """Write every table to a file in FOLDER. Applying what was written changes nothing."""
    store = _store(_settings(context))
    with screen.progress(quiet=as_json) as progress:
        try:
            written = export_tables(store, folder, kind=kind, company=company, progress=progress)
        except OSError as error:
            raise SettingsInvalid([f"{error.filename or folder} cannot be written: {error.strerror}."]) from error
    if as_json:
        click.echo(json.dumps({"files": {str(path): rows for path, rows in written.items()}, "exit_code": 0}, indent=2))
    for path, rows in () if as_json else written.items():
        click.echo(f"{path}: {rows} rows")


@mappings.command()
@JSON
@click.pass_context
def coverage(context: click.Context, as_json: bool) -> None:
    """Show which rows open work needs and no table has; each is ready to be added."""
    rows = _store(_settings(context)).coverage()
    code = exits.PERSON if rows else exits.DONE
    if as_json:
        document = {"missing": [row.model_dump() for row in rows], "exit_code": code}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        screen.show_coverage(rows)
    context.exit(code)


def _settings(context: click.Context) -> Settings:
    return load_settings(context.obj.config, ["odoo"])


def _store(settings: Settings) -> OdooStore:
    return OdooStore(odoo_session(settings, threading.Event()))


def _agreed(findings: Findings, progress: screen.Bar) -> bool:
    with progress.aside():
        screen.show_counts(findings)
        return click.confirm("Apply this?", err=True)


def _apply(run: Exchange, settings: Settings, prune: bool) -> None:
    applied = run.apply(prune=prune, watch=_store(settings))
    run.findings.notes = list(applied.notes)
    run.findings.counts = dict(applied.counts)
    run.findings.fault(applied.faults)


def _leave(context: click.Context, run: Exchange, as_json: bool) -> None:
    """With errors, or nothing to do: say so and end here."""
    _finish(context, run.findings, as_json, "applied" if not run.findings.problems else "refused")


def _finish(
    context: click.Context, findings: Findings, as_json: bool, what: str, changes: Sequence[Change] = ()
) -> None:
    code = exits.PERSON if findings.problems else exits.DONE
    if as_json:
        document = screen.document(findings, changes, code)
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        screen.show_findings(findings, what)
    sys.stdout.flush()
    context.exit(code)
