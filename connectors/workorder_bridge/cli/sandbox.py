"""`workorder sandbox up|down|status`: Odoo with our addons on this machine, for trying out and development."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workorder_sandbox import Sandbox

_DATABASE = "main"


@click.group()
def sandbox() -> None:
    """A private Odoo 19 and PostgreSQL, in the checkout's .sandbox folder."""


@sandbox.command()
@click.option("--template", type=click.Choice(["demo", "plain"]), default="demo", help="With or without demo data.")
@click.option("--port", type=click.IntRange(1, 65535), help="Odoo's port; a free one if left out.")
@click.option("--fresh", is_flag=True, help="Throw the database away and start from the template again.")
def up(template: str, port: int | None, fresh: bool) -> None:
    """Prepare what is missing, start Odoo with our addons and leave it running."""
    with _opened() as box:
        from workorder_sandbox.progress import progress_on

        box.prepare(progress_on(), features=("print",), templates=(template,))
        box.keep_running()
        database = box.databases.full_name(_DATABASE)
        served = box.running_servers()
        if fresh:
            box.stop_odoo(database)
            box.drop_database(database)
        if not box.databases.exists(database):
            box.copy_database(box.ensure_template(template), database)
        if database in served and not fresh:
            click.echo(f"Odoo already runs at http://127.0.0.1:{served[database]} (database {database}).")
            return
        server = box.start_odoo(database, port=port)
        click.echo(f"Odoo runs at {server.url} (database {server.database}).")
        click.echo(f"Log in as {server.login} with password {server.password}. Stop it: workorder sandbox down")


@sandbox.command()
def down() -> None:
    """Stop everything of this sandbox; databases and downloads stay."""
    with _opened() as box:
        box.stop()
        click.echo("Stopped.")


@sandbox.command()
def status() -> None:
    """Say what runs; the exit code is 0 if the database does, else 1."""
    with _opened() as box:
        if not box.is_database_running:
            click.echo("Not running. Start it: workorder sandbox up")
            sys.exit(1)
        click.echo(f"PostgreSQL runs; {len(box.databases.names())} databases of ours.")
        for database, port in box.running_servers().items():
            click.echo(f"Odoo runs at http://127.0.0.1:{port} (database {database}).")


@contextmanager
def _opened() -> Iterator[Sandbox]:
    """The checkout's sandbox; what goes wrong with it is one sentence and exit code 2."""
    from workorder_sandbox import Sandbox, SandboxError
    from workorder_sandbox.errors import explained

    try:
        yield Sandbox.default()
    except SandboxError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        sentence = explained(error)
        if sentence is None:
            raise
        click.echo(str(sentence), err=True)
        sys.exit(2)
