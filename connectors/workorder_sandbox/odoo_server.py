"""Odoo served on loopback: threaded, one database, every request a line in a log file."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workorder_sandbox.commands import classify
from workorder_sandbox.errors import StepFailed
from workorder_sandbox.odoo_command import OdooCommand
from workorder_sandbox.ports import LOOPBACK, free_port, require_free
from workorder_sandbox.processes import end, spawn

_TRIES = 5
_PATIENCE = 120.0


@dataclass(frozen=True)
class OdooServer:
    """A running Odoo and how to log in to it."""

    url: str
    database: str
    login: str
    password: str
    log_path: Path
    record: Path

    def stop(self) -> None:
        """End this server; one that is gone already is fine."""
        end(self.record)


def start_odoo(
    odoo: OdooCommand, database: str, *, port: int | None = None, announce: Callable[[str], None]
) -> OdooServer:
    """Serve a database, on a free port unless one is named, and return once it answers.

    `announce` is told the address before Odoo starts. Raises PortTaken for a named port, StepFailed (naming the log)
    when Odoo ends or never answers.
    """
    if port is not None:
        require_free(port)
    for _ in range(_TRIES):
        chosen = port or free_port()
        log = odoo.layout.logs / f"odoo-{database}-{chosen}.log"
        log.unlink(missing_ok=True)
        record = odoo.layout.run / f"odoo-{database}-{chosen}.stat"
        server = OdooServer(f"http://{LOOPBACK}:{chosen}", database, "admin", "admin", log, record)
        announce(server.url)
        arguments = ["--http-port", str(chosen), "--log-handler", "werkzeug:INFO"]
        process = spawn(odoo.line(database, arguments), record=record, log=log, env=odoo.environment())
        try:
            if _answers(server, process):
                return server
        except BaseException:
            server.stop()
            raise
        server.stop()
        said = log.read_text(errors="replace")
        if "Address already in use" not in said or port is not None:
            raise classify(said, f"starting Odoo on {database}", log)
    raise StepFailed(f"Odoo found no free port in {_TRIES} tries.")


def _answers(server: OdooServer, process: subprocess.Popen[bytes]) -> bool:
    """True once our process answers; False when it ended. Raises StepFailed when it takes too long."""
    limit = time.monotonic() + _PATIENCE
    while process.poll() is None:
        if time.monotonic() > limit:
            raise StepFailed(f"Odoo does not answer after {_PATIENCE:.0f} s; its log is {server.log_path}.")
        try:
            with urllib.request.urlopen(f"{server.url}/web/health", timeout=10):  # noqa: S310 - our own http address
                return process.poll() is None
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False
