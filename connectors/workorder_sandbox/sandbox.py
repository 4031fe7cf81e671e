"""The sandbox: what demo, tests and benchmarks use. One object, one folder."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from workorder_sandbox.database import Databases, named_server
from workorder_sandbox.errors import SandboxError, disk_full
from workorder_sandbox.layout import PACKAGE, Layout
from workorder_sandbox.lock import exclusive
from workorder_sandbox.odoo_command import OdooCommand
from workorder_sandbox.odoo_home import fetch_odoo, is_fetched, odoo_home
from workorder_sandbox.odoo_server import OdooServer, start_odoo
from workorder_sandbox.ports import free_port
from workorder_sandbox.postgres import PostgresServer
from workorder_sandbox.processes import end, running
from workorder_sandbox.progress import Progress, Silence
from workorder_sandbox.python_environment import is_made, made_from, make_environment
from workorder_sandbox.stamps import write_whole
from workorder_sandbox.system_packages import SystemPackages
from workorder_sandbox.templates import OUR_MODULES, Templates
from workorder_sandbox.users import Users

_ROOM = 4 * 1024**3


class Sandbox:
    """Odoo 19 with our addons and PostgreSQL, in one folder.

    Databases are named shortly ("trial_1"); their real names carry the sandbox's prefix, and every method takes either.
    All methods raise SandboxError with a message fit to be shown alone.
    """

    def __init__(self, layout: Layout, *, addons: Path | None = None, modules: Sequence[str] = OUR_MODULES) -> None:
        """A sandbox over a folder; `addons` and `modules` replace this project's own."""
        self.layout = layout
        self._addons = addons or layout.addons
        self._modules = tuple(modules)
        self._server = PostgresServer(layout)
        self._users = Users(layout.run)
        self._system = SystemPackages(layout.logs / "system.log")
        self._lock_depth = 0

    @classmethod
    def default(cls) -> Sandbox:
        """The sandbox of the checkout this package lies in (`WORKORDER_SANDBOX` names another folder)."""
        return cls(Layout.default())

    # --- setting up -------------------------------------------------------------------------------------------------

    def prepare(
        self, progress: Progress | None = None, *, features: Sequence[str] = (), templates: Sequence[str] = ()
    ) -> None:
        """Do every install step that is not done yet; independent ones run side by side.

        `features` ("print", "browser") are added to the machine where this user may. `templates` ("plain", "demo",
        "glued") are built too, which starts the database.
        """
        progress = progress or Silence()
        self.layout.make()
        with self._exclusive(progress), ThreadPoolExecutor() as pool:
            self._require_room()
            system = pool.submit(self._system.install, features, progress)
            odoo = pool.submit(self._prepare_odoo, progress)
            self._prepare_database_server(progress)
            if templates:
                self.start_database()
            odoo.result()
            for kind in templates:
                self.ensure_template(kind, progress)
            system.result()

    def missing(self, feature: str) -> str | None:
        """None when this machine can do "print" or "browser", else a sentence with the command that adds it."""
        return self._system.missing(feature)

    def ensure_template(self, kind: str, progress: Progress | None = None) -> str:
        """Give the real name of template "base_us", "plain", "demo" or "glued", built if our addons have changed."""
        progress = progress or Silence()
        with self._exclusive(progress):
            return Templates(self.databases, self._odoo, self._modules).ensure(kind, progress)

    # --- the database -----------------------------------------------------------------------------------------------

    def start_database(self) -> bool:
        """Start PostgreSQL or join the running one; True when this call started it."""
        if self._named_url:
            return False
        with self._exclusive(Silence()):
            self._users.enter()
            return self._server.start()

    @property
    def database_url(self) -> str:
        """The address of the PostgreSQL server, with the password."""
        return self.databases.url()

    def url_of(self, name: str) -> str:
        """The address of one database, with the password."""
        return self.databases.url(self.databases.full_name(name))

    def copy_database(self, template: str, name: str) -> str:
        """Copy a database and its file store; gives the real name. The copy has a database id of its own."""
        return self.databases.copy(template, name)

    def drop_database(self, name: str) -> None:
        """Drop one of this sandbox's databases, whoever is connected; one that is not there is fine."""
        self.databases.drop(name)

    def query(self, database: str, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one SQL statement (`%s` for parameters), committed; gives its rows."""
        return self.databases.query(database, sql, parameters)

    @property
    def databases(self) -> Databases:
        """The databases of this sandbox; the server must be running."""
        connection = self._named_server if self._named_url else self._server.connection()
        return Databases(connection, self._prefix, self.layout.data / "filestore")

    # --- Odoo -------------------------------------------------------------------------------------------------------

    @contextmanager
    def serve(self, database: str, *, port: int | None = None) -> Iterator[OdooServer]:
        """Serve a database with Odoo while the block runs."""
        server = self.start_odoo(database, port=port)
        try:
            yield server
        finally:
            server.stop()

    def start_odoo(self, database: str, *, port: int | None = None) -> OdooServer:
        """Serve a database until `stop` of the result or of this sandbox."""
        existing = self._existing(database)

        def announce(url: str) -> None:
            """Odoo prints PDFs from pages it fetches from itself: it has to know where it is."""
            self.query(existing, "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", (url,))

        return start_odoo(self._odoo, existing, port=port, announce=announce)

    def run_odoo(
        self, database: str, arguments: Sequence[str], *, command: str = "", text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run Odoo once on a database and give what it said; the exit code is the caller's to judge.

        `command` is one of Odoo's own ("shell"), `text` its standard input.
        """
        odoo = self._odoo
        once = [] if command else ["--stop-after-init", "--http-port", str(free_port())]
        return subprocess.run(
            odoo.line(self._existing(database), [*once, *arguments], command=command),
            env={**os.environ, **odoo.environment()},
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    @property
    def odoo_command(self) -> OdooCommand:
        """How Odoo is called here, for programs that start it themselves (pytest-odoo)."""
        return self._odoo

    # --- stopping ---------------------------------------------------------------------------------------------------

    def keep_running(self) -> None:
        """Leave the database running when its last user goes, until `stop`."""
        self._users.keep()

    def release(self) -> None:
        """Stop the database if nobody else uses it and nobody asked to keep it running."""
        if self._users.leave():
            self.stop()

    def stop(self) -> None:
        """End every server of this sandbox, whoever started it. Nothing of ours is left running."""
        for record in self.servers():
            end(record)
        self._users.forget()
        if not self._named_url:
            self._server.stop()

    def stop_odoo(self, database: str) -> None:
        """End the Odoo servers of one database."""
        for record in self.layout.run.glob(f"odoo-{self.databases.full_name(database)}-*.stat"):
            end(record)

    def servers(self) -> list[Path]:
        """The records of the Odoo servers that were started and not stopped."""
        return sorted(self.layout.run.glob("odoo-*.stat"))

    def running_servers(self) -> dict[str, int]:
        """The port of each running Odoo, by real database name."""
        alive = [record.stem.removeprefix("odoo-").rpartition("-") for record in self.servers() if running(record)]
        return {database: int(port) for database, _, port in alive}

    @property
    def is_database_running(self) -> bool:
        """Whether PostgreSQL answers for this sandbox; a server named by URL is taken to."""
        return bool(self._named_url) or self._server.is_running

    def remove(self) -> None:
        """Stop everything, drop our databases on a server the user named, delete the folder."""
        if self._named_url:
            for name in self.databases.names():
                self.databases.drop(name)
        self.stop()
        shutil.rmtree(self.layout.root)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _prepare_odoo(self, progress: Progress) -> None:
        if not os.environ.get("ODOO_HOME") and not is_fetched(self.layout):
            with progress.step("Odoo 19"):
                fetch_odoo(self.layout)
        odoo_home(self.layout)

    def _prepare_database_server(self, progress: Progress) -> None:
        folder, lock = self.layout.odoo_python, PACKAGE / "odoo.lock"
        if not is_made(folder, made_from(lock), self.layout):
            with progress.step("PostgreSQL and Odoo's Python environment"):
                make_environment(folder, lock, self.layout, doing="making Odoo's Python environment")
        if self._named_url:
            _ = self._named_server  # fail now rather than after the downloads
        else:
            self._server.make_cluster()

    def _existing(self, database: str) -> str:
        """The real name of a database that is there: Odoo would quietly make one that is not."""
        if not self.databases.exists(database):
            raise SandboxError(f"There is no database {database!r} in this sandbox.")
        return self.databases.full_name(database)

    def _require_room(self) -> None:
        is_new = not (self.layout.stamps / "odoo").exists() and not os.environ.get("ODOO_HOME")
        if is_new and shutil.disk_usage(self.layout.root).free < _ROOM:
            raise disk_full(f"{self.layout.root} has less than 4 GB left")

    @property
    def _odoo(self) -> OdooCommand:
        command = OdooCommand(self.layout, odoo_home(self.layout), self._addons, self.databases.environment())
        command.write_configuration()
        return command

    @property
    def _named_url(self) -> str:
        return os.environ.get("WORKORDER_DATABASE_URL", "")

    @cached_property
    def _named_server(self) -> dict[str, str]:
        return named_server(self._named_url)

    @cached_property
    def _prefix(self) -> str:
        """`wo_` and six characters of this sandbox, drawn once: two of them may share a server."""
        file = self.layout.root / "prefix"
        if not file.exists():
            write_whole(file, f"wo_{secrets.token_hex(3)}_")
        return file.read_text()

    @contextmanager
    def _exclusive(self, progress: Progress) -> Iterator[None]:
        """Hold the checkout's lock; calls within calls share it."""
        self._lock_depth += 1
        try:
            if self._lock_depth > 1:
                yield
                return
            waiting = "Another set-up of this checkout is running; waiting for it."
            with exclusive(self.layout.lock, lambda: progress.note(waiting)):
                yield
        finally:
            self._lock_depth -= 1
