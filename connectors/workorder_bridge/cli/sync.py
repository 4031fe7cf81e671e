"""`workorder sync`: send what is ready, bring payments back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from workorder_bridge.cli import exits
from workorder_bridge.cli.assembly import odoo_session, worker_of
from workorder_bridge.cli.reads import warnings_of_reads
from workorder_bridge.cli.screen import Observer, progress, show_error, show_reports, show_warnings
from workorder_bridge.cli.watching import Address, Bell, keep_watch, read_address, stopped_by_signals
from workorder_bridge.dispatch import Report, Run
from workorder_bridge.errors import BridgeError, DestinationClosed, SettingsInvalid, SourceError
from workorder_bridge.odoo import OdooCaller
from workorder_bridge.settings import Settings, load_settings
from workorder_bridge.sources.odoo_source import OdooSource
from workorder_bridge.standing import DestinationSummary

Screen = AbstractContextManager[Observer]


@click.command("sync")
@click.option("--destination", metavar="CODE", help="Only this destination; otherwise every one that is active.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many invoices per destination.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@click.option("--watch", type=click.IntRange(min=1), metavar="SECONDS", help="Go on until Ctrl-C, pausing in between.")
@click.option(
    "--webhooks",
    metavar="[HOST:]PORT",
    callback=read_address,
    help="With --watch: take QuickBooks' webhooks here, and look at once where there is news [HOST: 127.0.0.1].",
)
@click.pass_context
def sync(
    context: click.Context,
    destination: str | None,
    limit: int | None,
    as_json: bool,
    watch: int | None,
    webhooks: Address | None,
) -> None:
    """Send ready invoices and bring payments back, of all destinations at the same time.

    Ctrl-C stops after the batch that is under way. Being killed is harmless: the same invoices go out again under the
    same keys and are asked about first. Webhooks only say when to look: one that is lost costs time and nothing else.

    \b
    Exit codes: 0 all done; 1 something needs a person; 2 settings or usage;
    3 temporary trouble, try later; 4 not authorised, or the destination is paused.
    """
    if watch and as_json:
        raise click.UsageError("--watch and --json exclude each other: one run, one document.")
    if webhooks and not watch:
        raise click.UsageError("--webhooks needs --watch: it says how often to look when no webhook comes.")
    bell = Bell()
    with _listening(context.obj.config, webhooks, bell), stopped_by_signals(bell.wake) as stop:
        rounds = _Rounds(context.obj.config, destination, limit, as_json, stop, bell)
        code = keep_watch(rounds, bell, stop, watch) if watch else rounds.everything()
    context.exit(code)


@contextmanager
def _listening(config: Path | None, address: Address | None, bell: Bell) -> Iterator[None]:
    """With an address, webhooks ring the bell. Raises `SettingsInvalid` listing all that is missing."""
    if address is None:
        yield
        return
    # Only here, because nobody else needs a web server.
    from workorder_bridge.destinations.quickbooks.listener import Listener

    token = load_settings(config, ["odoo", "quickbooks", "webhooks"]).quickbooks_webhook_verifier_token
    with Listener(address.host, address.port, token, bell.ring, bell.refuse) as listener:
        click.echo(f"Webhooks of QuickBooks are taken at {listener.address}.", err=True)
        yield


@dataclass(frozen=True)
class _Rounds:
    """What `sync` does, once or again and again."""

    config: Path | None
    destination: str | None
    limit: int | None
    as_json: bool
    stop: threading.Event
    bell: Bell

    def everything(self) -> int:
        """All destinations that are wanted; the exit code."""
        show_warnings(_warnings_of_refusals(self.bell.refused()))
        return self._round(lambda wanted: wanted)

    def ahead_of_time(self, realms: frozenset[str]) -> int:
        """Those of companies with news; the exit code."""

        def with_news(wanted: list[DestinationSummary]) -> list[DestinationSummary]:
            chosen = [summary for summary in wanted if summary.state == "active" and summary.realm in realms]
            for summary in chosen:
                click.echo(f"{summary.code}: QuickBooks says there is news.", err=True)
            return chosen

        return self._round(with_news)

    def _round(self, choose: Callable[[list[DestinationSummary]], list[DestinationSummary]]) -> int:
        reports: list[Report] = []
        try:
            settings = load_settings(self.config, ["odoo", "quickbooks"])
            caller = odoo_session(settings, self.stop)
            wanted = _wanted(OdooSource(caller).summary(self.destination), self.destination)
            self.bell.expect(summary.realm for summary in wanted if summary.state == "active")
            chosen = choose(wanted)
            show_warnings(warning for summary in chosen for warning in warnings_of_reads(summary))
            reports = [
                Report(summary.code, remaining=summary.counts.get("ready", 0), every_row=self.as_json)
                for summary in chosen
            ]

            def run(place: int) -> None:
                # A session with Odoo serves one thread, so only the first worker goes on with the one that is there.
                own = caller if place == 0 else odoo_session(settings, self.stop)
                show = progress(chosen[place].code, quiet=self.as_json, alone=len(chosen) == 1)
                _run(own, chosen[place], reports[place], settings, self.limit, show, self.stop)

            side_by_side(run, len(chosen))
        except BridgeError as error:
            return _told(reports, error, self.as_json)
        return _told(reports, None, self.as_json)


def _warnings_of_refusals(count: int) -> Iterator[tuple[str, str]]:
    if count:
        yield (
            f"{count} post{'s were' if count > 1 else ' was'} refused at the address for webhooks: not signed with the "
            "verifier token.",
            "If QuickBooks sent them, copy the verifier token from the Webhooks page of your Intuit app to "
            "WORKORDER_QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN and start again; payments come with every round all the same.",
        )


def _wanted(summaries: list[DestinationSummary], code: str | None) -> list[DestinationSummary]:
    """The one that was named, or every one that is not a draft."""
    if code is not None and not summaries:
        raise SourceError(f"There is no destination {code} in Odoo.", hint="`workorder status` lists them.")
    wanted = [summary for summary in summaries if code or summary.state != "draft"]
    if not wanted:
        raise SourceError("No destination is active in Odoo.", hint="Set one up and activate it in Odoo.")
    return wanted


def _run(
    caller: OdooCaller,
    summary: DestinationSummary,
    report: Report,
    settings: Settings,
    limit: int | None,
    show: Screen,
    stop: threading.Event,
) -> None:
    """What one destination's worker does, told in its report."""
    if summary.state != "active":
        report.trouble.append(_not_active(summary))
        return
    try:
        worker = worker_of(summary.kind, settings, caller, stop)
    except (SettingsInvalid, DestinationClosed) as error:
        report.trouble.append(error)
        return
    with show as observe:
        Run(
            source=worker.source,
            destination=worker.destination,
            code=summary.code,
            lease_seconds=settings.lease_seconds,
            batch_size=settings.batch_size,
            limit=limit,
            observe=observe,
            stopping=stop.is_set,
            pause=stop.wait,
        ).perform(report)
    try:
        worker.source.give_back_calls(summary.code)
    except SourceError as error:
        report.trouble.append(error)


def side_by_side(work: Callable[[int], None], count: int) -> None:
    """Do `work(0)` … `work(count - 1)` at the same time, so that none waits for another.

    A second Ctrl-C ends the waiting here, and with the program the threads. What one of them raises is raised when
    all have ended.
    """
    if count == 1:
        work(0)
        return
    raised: list[BaseException] = []

    def one(place: int) -> None:
        try:
            work(place)
        except BaseException as error:  # noqa: BLE001  # raised again below, where somebody hears it
            raised.append(error)

    threads = [threading.Thread(target=one, args=(place,), daemon=True) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


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
