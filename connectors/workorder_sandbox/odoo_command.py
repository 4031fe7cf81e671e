"""How Odoo is called: one command line for installs, scripts, servers and tests."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workorder_sandbox.layout import Layout
from workorder_sandbox.odoo_home import OdooHome
from workorder_sandbox.ports import LOOPBACK
from workorder_sandbox.stamps import write_whole


@dataclass(frozen=True)
class OdooCommand:
    """Everything a call of Odoo has in common."""

    layout: Layout
    home: OdooHome
    addons: Path
    connection: Mapping[str, str]

    @property
    def configuration(self) -> Path:
        return self.layout.run / "odoo.conf"

    @property
    def python(self) -> Path:
        return self.layout.odoo_python / "bin" / "python"

    def write_configuration(self) -> None:
        """Write Odoo's configuration file: no password in it, and none of the user's own settings."""
        folders = [*self.home.addons, *([self.addons] if any(self.addons.glob("*/__manifest__.py")) else [])]
        lines = [
            "[options]",
            f"addons_path = {','.join(str(folder) for folder in folders)}",
            f"data_dir = {self.layout.data}",
            f"http_interface = {LOOPBACK}",
            "list_db = False",
            "workers = 0",
            "max_cron_threads = 0",
            f"db_sslmode = {self.connection.get('PGSSLMODE', 'prefer')}",
        ]
        write_whole(self.configuration, "\n".join(lines) + "\n")

    def line(self, database: str, arguments: Sequence[str] = (), *, command: str = "") -> list[str]:
        """The command line that works on one database; `command` is one of Odoo's own, such as "shell"."""
        start = [str(self.python), str(self.home.script), *([command] if command else [])]
        only = ["-c", str(self.configuration), "-d", database, "--db-filter", f"^{database}$"]
        return [*start, *only, *arguments]

    def environment(self) -> dict[str, str]:
        """What the command needs in its environment, the connection to the database among it."""
        path = [str(self.home.source), *([os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else [])]
        return {**self.connection, "PYTHONPATH": os.pathsep.join(path), "ODOO_RC": str(self.configuration)}
