"""`workorder preflight`: would the buyer's accounts payable match this document?"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from workorder_preflight import FAIL, PASS, PASS_WITH_WARNINGS, UNKNOWN, CaseInvalid, Report, check, parse_case, to_json

from workorder_bridge.cli import exits
from workorder_bridge.cli.assembly import odoo_session
from workorder_bridge.cli.screen import console_for_output, printable
from workorder_bridge.settings import load_settings

_JSON_LINES = (".jsonl", ".ndjson")
_MEANINGS = {
    PASS: "will match",
    PASS_WITH_WARNINGS: "will match; look at the warnings",
    FAIL: "the buyer will reject it",
    UNKNOWN: "nobody can tell; fill in what is missing",
}
_SEVERITIES = {"block": "refused", "warn": "warning", "unknown": "unknown"}
_BAD = "BAD INPUT"


@dataclass(frozen=True)
class Judged:
    """What became of one case: a report, or why it could not be read."""

    source: str
    number: str = ""
    report: Report | None = None
    problems: CaseInvalid | None = None

    @property
    def verdict(self) -> str:
        """The report's verdict, or that there is none."""
        return self.report.verdict if self.report else _BAD


@click.command("preflight")
@click.argument("cases", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from-odoo",
    "numbers",
    multiple=True,
    metavar="NUMBER",
    help="An invoice or work order, as it stands in Odoo now.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per case and line, and nothing else.")
@click.pass_context
def preflight(context: click.Context, cases: tuple[Path, ...], numbers: tuple[str, ...], as_json: bool) -> None:
    """Judge documents as the buyer's accounts payable would, and give every reason.

    CASES are JSON files with one case each (document, buyer profile, PO register, history; docs/preflight.md), or
    files that end in .jsonl with one case a line. With --from-odoo the settings say which Odoo is asked.

    \b
    Exit codes: 0 everything passes, perhaps with warnings; 1 something fails or is unknown;
    2 a file is not a case (the others are judged nevertheless).
    """
    if not cases and not numbers:
        raise click.UsageError("Name files with cases, or invoices and work orders with --from-odoo.")
    console = console_for_output()
    counts: Counter[str] = Counter()
    handed_over = _from_odoo(context, numbers) if numbers else []
    alone = len(handed_over) + len(cases) == 1 and not any(each.suffix.lower() in _JSON_LINES for each in cases)
    with _progress(cases) as advance:
        for judged in chain(handed_over, _judge_all(cases, advance)):
            counts[judged.verdict] += 1
            if as_json:
                click.echo(json.dumps(_plain(judged), ensure_ascii=False))
            else:
                _show(console, judged, alone=alone)
    if not as_json and counts.total() > 1:
        _show_counts(console, counts)
    context.exit(exits.most_urgent(_code(verdict) for verdict in counts))


def _from_odoo(context: click.Context, numbers: Sequence[str]) -> list[Judged]:
    """Cases that Odoo collects now, judged here by the same rules."""
    session = odoo_session(load_settings(context.obj.config, ["odoo"]), threading.Event())
    answer = session.call("work.order.preflight", "cases_of", numbers=list(numbers))
    if answer["missing"]:
        listed = ", ".join(answer["missing"])
        raise click.UsageError(f"Odoo has nothing to judge under {listed} (or this login may not see it).")
    return [_judge(each["name"], json.dumps(each["case"]).encode()) for each in answer["cases"]]


def _judge_all(cases: Iterable[Path], advance: Callable[[int], None]) -> Iterator[Judged]:
    """One after the other, so that a long file needs no more memory than its longest case."""
    for path in cases:
        try:
            if path.suffix.lower() not in _JSON_LINES:
                content = path.read_bytes()
                yield _judge(str(path), content)
                advance(len(content))
                continue
            with path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield _judge(f"{path}:{number}", line)
                    advance(len(line))
        except OSError as error:
            raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _judge(source: str, content: bytes) -> Judged:
    try:
        case = parse_case(content)
    except CaseInvalid as error:
        return Judged(source, problems=error)
    return Judged(source, case.document.number, check(case))


def _code(verdict: str) -> int:
    if verdict == _BAD:
        return exits.USAGE
    return exits.DONE if verdict in (PASS, PASS_WITH_WARNINGS) else exits.PERSON


def _plain(judged: Judged) -> dict[str, object]:
    head: dict[str, object] = {"source": judged.source, "number": judged.number}
    if judged.problems:
        return {**head, "problems": [vars(problem) for problem in judged.problems.problems]}
    return {**head, **to_json(judged.report)} if judged.report else head


def _show(console: Console, judged: Judged, *, alone: bool) -> None:
    """The verdict with its reasons; of many cases those that simply pass are only counted."""
    if judged.problems:
        click.echo(f"{judged.source} is not a case:", err=True)
        for problem in judged.problems.problems:
            click.echo(f"  {printable(str(problem))}", err=True)
    elif judged.report and (judged.report.findings or alone):
        name = f"{judged.number} ({judged.source})" if judged.number else judged.source
        click.echo(printable(f"{name}: {judged.verdict} - {_MEANINGS[judged.verdict]}"))
        if judged.report.findings:
            console.print(_table(judged.report))


def _table(report: Report) -> Table:
    table = Table()
    for heading in ("rule", "", "line", "code", "what to put right (and its field)"):
        table.add_column(heading, no_wrap=not heading.startswith("what"))
    for finding in report.findings:
        line = "" if finding.line is None else str(finding.line)
        sentence = f"{finding.message} ({finding.field})" if finding.field else finding.message
        cells = (finding.code, _SEVERITIES[finding.severity], line, finding.reason, sentence)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _show_counts(console: Console, counts: Counter[str]) -> None:
    table = Table()
    for heading in ("verdict", "cases", "meaning"):
        table.add_column(heading)
    for verdict, meaning in {**_MEANINGS, _BAD: "could not be read"}.items():
        if counts[verdict]:
            table.add_row(verdict, str(counts[verdict]), meaning)
    console.print(table)


@contextmanager
def _progress(cases: Iterable[Path]) -> Iterator[Callable[[int], None]]:
    """Something that is told how many bytes were judged; a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _bytes: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("preflight", total=sum(path.stat().st_size for path in cases))
        yield lambda count: bar.advance(task, count)
