"""`workorder sync`: send what is ready, bring payments back."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from workorder_bridge.cli import exits
from workorder_bridge.cli.assembly import destination_of, destination_retry, odoo_source
from workorder_bridge.cli.screen import progress, show_error, show_reports
from workorder_bridge.dispatch import Report, Run
from workorder_bridge.errors import BridgeError, DestinationClosed, SettingsInvalid, SourceError
from workorder_bridge.ports import DestinationSummary, TicketSource
from workorder_bridge.settings import Settings, load_settings


@click.command("sync")
@click.option("--destination", metavar="CODE", help="Only this destination; otherwise every one that is active.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many invoices per destination.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@click.option("--watch", type=click.IntRange(min=1), metavar="SECONDS", help="Go on until Ctrl-C, pausing in between.")
@click.pass_context
def sync(context: click.Context, destination: str | None, limit: int | None, as_json: bool, watch: int | None) -> None:
    """Send ready invoices and bring payments back.

    Ctrl-C stops after the batch that is under way. Being killed is harmless: the same invoices go out again under the
    same keys and are asked about first.

    \b
    Exit codes: 0 all done; 1 something needs a person; 2 settings or usage;
    3 temporary trouble, try later; 4 not authorised, or the destination is paused.
    """
    if watch and as_json:
        raise click.UsageError("--watch and --json exclude each other: one run, one document.")
    with _stopped_by_signals() as stop:
        code = exits.DONE
        while not stop.is_set():
            code = _one_round(context.obj.config, destination, limit, as_json, stop)
            if not watch or code == exits.USAGE:
                break
            stop.wait(watch)
    context.exit(code)


def _one_round(config: Any, destination: str | None, limit: int | None, as_json: bool, stop: threading.Event) -> int:
    reports: list[Report] = []
    try:
        settings = load_settings(config, ["odoo", "quickbooks"])
        source = odoo_source(settings, stop)
        for summary in _wanted(source.summary(destination), destination):
            reports.append(_run(source, summary, settings, limit, as_json, stop))
    except BridgeError as error:
        return _told(reports, error, as_json)
    return _told(reports, None, as_json)


def _wanted(summaries: list[DestinationSummary], code: str | None) -> list[DestinationSummary]:
    """The one that was named, or every one that is not a draft."""
    if code is not None and not summaries:
        raise SourceError(f"There is no destination {code} in Odoo.", hint="`workorder status` lists them.")
    wanted = [summary for summary in summaries if code or summary.state != "draft"]
    if not wanted:
        raise SourceError("No destination is active in Odoo.", hint="Set one up and activate it in Odoo.")
    return wanted


def _run(
    source: TicketSource,
    summary: DestinationSummary,
    settings: Settings,
    limit: int | None,
    quiet: bool,
    stop: threading.Event,
) -> Report:
    report = Report(summary.code, remaining=summary.counts.get("ready", 0))
    if summary.state != "active":
        report.trouble.append(_not_active(summary))
        return report
    try:
        destination = destination_of(summary.kind, settings, destination_retry(settings, stop))
    except (SettingsInvalid, DestinationClosed) as error:
        report.trouble.append(error)
        return report
    with progress(summary.code, quiet=quiet) as observe:
        return Run(
            source=source,
            destination=destination,
            code=summary.code,
            lease_seconds=settings.lease_seconds,
            batch_size=settings.batch_size,
            limit=limit,
            observe=observe,
            stopping=stop.is_set,
        ).perform()


def _not_active(summary: DestinationSummary) -> DestinationClosed:
    reason = f": {summary.pause_reason}" if summary.pause_reason else "."
    return DestinationClosed(
        f"Destination {summary.code} is {summary.state}{reason}",
        hint="When the cause is gone, activate it in Odoo; nothing was lost meanwhile.",
    )


def _told(reports: list[Report], error: BridgeError | None, as_json: bool) -> int:
    ends = [exits.exit_code_of(reports)] + ([exits.exit_code_of_error(error)] if error else [])
    code = exits.most_urgent(ends)
    if as_json:
        click.echo(json.dumps(as_document(reports, error, code), indent=2, ensure_ascii=False))
        return code
    show_reports(reports)
    if error:
        show_error(error)
    return code


def as_document(reports: list[Report], error: BridgeError | None, code: int) -> dict[str, Any]:
    """The `--json` document."""
    document: dict[str, Any] = {"exit_code": code, "destinations": [_report(report) for report in reports]}
    if error:
        document["error"] = _trouble(error)
    return document


def _report(report: Report) -> dict[str, Any]:
    return {
        "code": report.destination,
        "batches": report.batches,
        "counts": report.counts,
        "rows": [{"invoice": outcome.number, **outcome.as_settlement()} for outcome in report.outcomes],
        "conflicts": [conflict.model_dump() for conflict in report.conflicts],
        "payments": {
            "registered": report.payments_registered,
            "refused": [refused.model_dump() for refused in report.payments_refused],
        },
        "drift": report.drift,
        "files_attached": report.files_attached,
        "notices": report.notices,
        "pause": report.pause,
        "trouble": [_trouble(error) for error in report.trouble],
        "remaining": report.remaining,
    }


def _trouble(error: BridgeError) -> dict[str, str]:
    return {"message": error.message, "hint": error.hint, "reference": error.reference}


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C or a termination sets; a second Ctrl-C interrupts at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask_to_stop(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask_to_stop)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
