"""The `workorder` command.

Exit codes, for cron: 0 everything is done · 1 something needs a person (rejected, blocked, disputed or unknown
invoices, refused payments, changes to review) · 2 settings or usage · 3 temporary trouble, try later · 4 not
authorised, or the destination is paused.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from workorder_bridge import __version__
from workorder_bridge.cli.exits import exit_code_of_error
from workorder_bridge.cli.screen import show_error
from workorder_bridge.errors import BridgeError
from workorder_bridge.log import write_log_to

COMMANDS = {
    "sync": "workorder_bridge.cli.sync:sync",
    "status": "workorder_bridge.cli.status:status",
    "preflight": "workorder_bridge.cli.preflight:preflight",
    "quickbooks": "workorder_bridge.cli.quickbooks:quickbooks",
    "mappings": "workorder_mappings.cli:mappings",
    "sandbox": "workorder_bridge.cli.sandbox:sandbox",
    "demo": "workorder_demo.cli:demo",
}
EPILOG = (
    "Exit codes: 0 all done; 1 something needs a person (rejected, blocked, disputed or unknown invoices, refused "
    "payments, changes to review); 2 settings or usage; 3 temporary trouble, try later; 4 not authorised, or the "
    "destination is paused."
)


@dataclass(frozen=True)
class Options:
    """What was said before the command's name."""

    config: Path | None


class LazyGroup(click.Group):
    """Imports a command's module when the command is used, so that `sync` needs neither sandbox nor demo installed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the signature is click's
        """All of them, installed or not."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, or one that says what is missing."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        try:
            command: click.Command = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            return _absent(cmd_name, error.name or module)
        return command


def _absent(command: str, module: str) -> click.Command:
    @click.command(command, help=f"(needs {module}, which is not installed)", add_help_option=False)
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def absent(rest: tuple[str, ...]) -> None:  # noqa: ARG001
        click.echo(f"`workorder {command}` needs the package {module}, which is not installed here.", err=True)
        raise SystemExit(2)

    absent.ignore_unknown_options = True
    return absent


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="workorder")
@click.option("--config", type=click.Path(path_type=Path), help="A TOML file with settings, such as workorder.toml.")
@click.option("--verbose", is_flag=True, help="Write a structured log line for every event to standard error.")
@click.pass_context
def workorder(context: click.Context, config: Path | None, verbose: bool) -> None:
    """From a closed ticket in Odoo to a paid invoice in QuickBooks."""
    context.obj = Options(config)
    if verbose:
        write_log_to(sys.stderr)


def main() -> None:
    """Run the command; named trouble is told in sentences and becomes an exit code, never a traceback."""
    try:
        workorder()
    except BridgeError as error:
        show_error(error)
        sys.exit(exit_code_of_error(error))
