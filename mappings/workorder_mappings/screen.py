"""What people see: progress, changes, problems; and the same as a document for scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from workorder_mappings.exchange import Findings
from workorder_mappings.ports import Change, CoverageRow
from workorder_mappings.problems import shown
from workorder_mappings.tables import TABLES

_SIGNS = {"added": "+", "changed": "~", "removed": "-"}


class Bar:
    """Is told how far it has got, and shows it where there is a terminal."""

    def __init__(self, bar: Progress | None = None) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=None) if bar else None

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """So many rows of so many."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=what, completed=done, total=total)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Out of the way while a person is asked: a bar that is drawn again would write over the question."""
        if self._bar:
            self._bar.stop()
        yield
        if self._bar:
            self._bar.start()


@contextmanager
def progress(*, quiet: bool) -> Iterator[Bar]:
    """A bar on a terminal, one that shows nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield Bar()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar)


def show_change(change: Change) -> None:
    """One line per row, one more per field."""
    where = f"  ({change.file}, row {change.row})" if change.row else ""
    click.echo(f"{_SIGNS[change.kind]} {change.table}: {change.key}{where}")
    for column, (old, new) in change.fields.items() if change.kind == "changed" else ():
        click.echo(f"    {column}: {_value(old)} → {_value(new)}")


def _value(value: Any) -> str:
    if value is None or value == "":
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(value).strip("'") if isinstance(value, str) else str(value)


def show_counts(findings: Findings) -> None:
    """What would become, or became, of each table."""
    for table, each in findings.counts.items():
        told = [f"{each.added} added", f"{each.changed} changed"]
        told += [f"{each.removed} removed"] if each.removed else []
        click.echo(f"{table}: {', '.join(told)}, {each.unchanged} unchanged")


def show_findings(findings: Findings, what: str) -> None:
    """How files were read, every problem, and the counts."""
    for sheet, rows in findings.read:
        click.echo(f"{sheet.label}: {rows} rows of {sheet.table}, read as {sheet.read_as}")
    for note in findings.notes:
        click.echo(f"Note: {note}")
    for problem in findings.problems:
        click.echo(problem.sentence, err=True)
    hidden = findings.problems.count - len(findings.problems.listed)
    if hidden:
        click.echo(f"... and {hidden:,} more errors.", err=True)
    if findings.problems:
        count = findings.problems.count
        click.echo(f"{count:,} error{'s' if count > 1 else ''}. Nothing was applied.", err=True)
        return
    show_counts(findings)
    if what == "applied":
        click.echo("Applied." if findings.changes else "Nothing to change.")


def show_coverage(rows: Sequence[CoverageRow]) -> None:
    """Every missing row, by table."""
    for row in rows:
        click.echo(f"{row.table}: {row.row}\n    {row.message}")
    click.echo(f"{len(rows)} rows are missing." if rows else "Everything open work needs is in the tables.")


def document(findings: Findings, changes: Sequence[Change], code: int) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "files": [
            {"file": sheet.label, "table": sheet.table, "read_as": sheet.read_as, "rows": rows}
            for sheet, rows in findings.read
        ],
        "problems": [problem.as_message() for problem in findings.problems],
        "problem_count": findings.problems.count,
        "notes": findings.notes,
        "counts": {table: counts.model_dump() for table, counts in findings.counts.items()},
        "changes": [change.model_dump() for change in changes],
        "exit_code": code,
    }


def tables_document() -> dict[str, Any]:
    """Table → what it is, its key, its columns."""
    return {
        name: {
            "about": (row.__doc__ or "").strip(),
            "key": list(row.key),
            "columns": {column: field.description for column, field in row.model_fields.items()},
        }
        for name, row in TABLES.items()
    }


def show_tables() -> None:
    """The same for people; a star marks the columns that tell rows apart."""
    for name, row in TABLES.items():
        click.echo(f"\n{name}: {(row.__doc__ or '').strip()}")
        for column, field in row.model_fields.items():
            click.echo(f"  {'*' if column in row.key else ' '} {column:28} {field.description}")
