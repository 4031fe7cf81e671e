"""`workorder demo`."""

from __future__ import annotations

import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from workorder_sandbox import OdooServer, Sandbox, SandboxError
from workorder_sandbox.progress import progress_on

from workorder_demo.company import Company, CompanyNotStarted, run_company
from workorder_demo.hospital import Hospital, HospitalNotStarted, run_hospital
from workorder_demo.matching import match_a_purchase_order
from workorder_demo.people import Person
from workorder_demo.story import (
    Cast,
    StoryBroken,
    close_the_gap,
    do_the_work,
    invoice_the_work,
    issue_tickets,
    open_the_hand_off,
    receive_payments,
    send_with_a_lost_reply,
)
from workorder_demo.tieout import TieOut, table_of, tie_out


@click.command()
@click.option("--stay/--no-stay", default=None, help="Stay up for a look around; by default only on a terminal.")
def demo(stay: bool | None) -> None:
    """Run the main job on realistic data: real Odoo, real PostgreSQL, a simulated QuickBooks
    company and a hospital's accounts payable.

    Ends with a table of all work orders and exits 0 only if every row is right.
    """
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    stays = sys.stdout.isatty() if stay is None else stay
    try:
        with _stage(console) as (odoo, company, hospital, scratch):
            right = _play(console, odoo, company, hospital, scratch)
            if stays:
                _wait(console)
    except (SandboxError, CompanyNotStarted, HospitalNotStarted, StoryBroken) as error:
        click.echo(f"The demo stopped: {error}", err=True)
        sys.exit(2)
    sys.exit(0 if right else 1)


@contextmanager
def _stage(console: Console) -> Iterator[tuple[OdooServer, Company, Hospital, Path]]:
    """A fresh demo database served by Odoo, the QuickBooks company and a hospital; all of it ends with the block."""
    box, progress = Sandbox.default(), progress_on(console)
    with ExitStack() as stack:
        box.prepare(progress, features=("print",), templates=("demo",))
        stack.callback(box.release)
        box.start_database()
        database = f"demo_{secrets.token_hex(3)}"  # two demos of one checkout do not meet
        with progress.step("A database of the demo's own"):
            stack.callback(box.drop_database, database)
            box.copy_database(box.ensure_template("demo"), database)
        with progress.step("Odoo, the QuickBooks company and the hospital"):
            odoo = stack.enter_context(box.serve(database))
            company = stack.enter_context(run_company(box.layout.logs / "quickbooks_simulator.log"))
            hospital = stack.enter_context(run_hospital(box.layout.logs / "buyer_simulator.log"))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="workorder-demo-")))
        yield odoo, company, hospital, scratch


def _play(console: Console, odoo: OdooServer, company: Company, hospital: Hospital, scratch: Path) -> bool:
    cast = _cast(console, odoo, company, scratch)
    open_the_hand_off(cast)
    _headline(console, "Work orders")
    tickets = issue_tickets(cast)
    do_the_work(cast, tickets)
    _headline(console, "Invoices")
    invoice_the_work(cast, tickets)
    _headline(console, "A hospital's purchase order")
    tickets.append(match_a_purchase_order(cast, hospital, scratch))
    _headline(console, "QuickBooks")
    send_with_a_lost_reply(cast)
    close_the_gap(cast)
    _headline(console, "Payments")
    paid = receive_payments(cast)
    rows = tie_out(cast.admin, company, tickets)
    console.print()
    console.print(table_of(rows))
    _show_addresses(console, odoo, company, hospital, rows)
    return _judge(console, rows, paid, expected=len(tickets))


def _cast(console: Console, odoo: OdooServer, company: Company, scratch: Path) -> Cast:
    def person(login: str, password: str | None = None) -> Person:
        return Person(odoo.url, odoo.database, login, password or login)

    bridge = {
        "WORKORDER_ODOO_URL": odoo.url,
        "WORKORDER_ODOO_DATABASE": odoo.database,
        "WORKORDER_ODOO_LOGIN": "bridge",
        "WORKORDER_ODOO_PASSWORD": "bridge",
    }
    return Cast(
        admin=person(odoo.login, odoo.password),
        dispatcher=person("dispatcher"),
        technician=person("technician"),
        billing=person("billing"),
        company=company,
        environment=bridge | company.settings(scratch / "tokens.json"),
        say=lambda text: console.print(f"  {text}", soft_wrap=True, markup=False),
    )


def _headline(console: Console, text: str) -> None:
    console.print(f"\n[bold]{text}[/bold]")


def _judge(console: Console, rows: list[TieOut], paid: set[str], expected: int) -> bool:
    faults = [f"{row.ticket}: {fault}" for row in rows for fault in row.faults(paid)]
    if len(rows) != expected:
        faults.append(f"{len(rows)} rows instead of {expected}")
    for fault in faults:
        console.print(f"[red]{fault}[/red]")
    if not faults:
        console.print(f"[green]All {len(rows)} rows agree to the cent.[/green]")
    return not faults


def _show_addresses(
    console: Console, odoo: OdooServer, company: Company, hospital: Hospital, rows: list[TieOut]
) -> None:
    example = next((row.quickbooks_id for row in rows if row.quickbooks_id), "")
    for label, address in (
        (f"Odoo (log in as {odoo.login} / {odoo.password})", f"{odoo.url}/odoo/action-work_order.work_order_action"),
        ("Transmissions in Odoo", f"{odoo.url}/odoo/action-work_order_transmission.action_work_order_transmission"),
        ("QuickBooks company, invoices", f"{company.url}/app/invoices"),
        ("QuickBooks company, first invoice", company.page(example)),
        ("The hospital's accounts payable", hospital.url),
    ):
        console.print(f"  {label}: {address}", soft_wrap=True)
    console.print(f"  Odoo database: {odoo.database}\n")


def _wait(console: Console) -> None:
    """Until Ctrl-C or a termination."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    console.print("Everything stays up for a look around. Ctrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("\nStopping.")
