"""Template databases, each made from another: US base, our addons, those with demo data, those with Odoo's neighbours.

A template is built under another name and renamed when it is complete, so a name that exists can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workorder_sandbox.commands import run
from workorder_sandbox.database import Databases
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.odoo_command import OdooCommand
from workorder_sandbox.progress import Progress
from workorder_sandbox.stamps import digest

BASE_MODULES = ("sale_management", "purchase", "account", "l10n_us")
OUR_MODULES = ("work_order", "work_order_transmission")
# Odoo's Timesheets and Inventory, and the addons of ours that join work orders with them.
NEIGHBOURS = ("hr_timesheet", "sale_stock")
GLUE_MODULES = ("work_order_timesheet", "work_order_stock")
# What each template is made from.
_MADE_FROM = {"base_us": "", "plain": "base_us", "demo": "plain", "glued": "plain"}
KINDS = tuple(_MADE_FROM)
_QUIET = ["--stop-after-init", "--no-http", "--log-level", "warn"]
# Neither changes what an installed database holds.
_LEFT_OUT = {"tests", "__pycache__", "description"}
# For `odoo shell`, whose `env` it uses: loads the demo files of the named modules and of no others.
_LOAD_DEMO = """
import os
from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

for name in os.environ["WORKORDER_DEMO_MODULES"].split(","):
    for file in Manifest.for_addon(name)["demo"]:
        convert_file(env, name, file, {}, mode="init", noupdate=True)
    env["ir.module.module"].search([("name", "=", name)]).demo = True
env.cr.commit()
"""


@dataclass(frozen=True)
class Templates:
    """The template chain of one sandbox."""

    databases: Databases
    odoo: OdooCommand
    modules: Sequence[str] = OUR_MODULES
    glue: Sequence[str] = GLUE_MODULES

    def name(self, kind: str) -> str:
        """The short name the template has, or will have, for the addons as they are now."""
        if kind not in KINDS:
            raise SandboxError(f"There is no template {kind!r}: choose one of {', '.join(KINDS)}.")
        home = self.odoo.home
        base = re.sub(r"\W", "_", home.version) + "_" + digest([*BASE_MODULES, str(home.source)])[:6]
        if kind == "base_us":
            return f"base_us_{base}"
        modules = [*self.modules, *self.glue] if kind == "glued" else self.modules
        return f"{kind}_{self._addons_digest(base, modules)}"

    def ensure(self, kind: str, progress: Progress) -> str:
        """Give the template's real name; build it, and what it is made from, unless it is there."""
        name = self.name(kind)
        if not self.databases.exists(name):
            self._build(kind, name, progress)
            self._drop_older(kind, name)
        return self.databases.full_name(name)

    def _build(self, kind: str, name: str, progress: Progress) -> None:
        source = self.ensure(_MADE_FROM[kind], progress) if _MADE_FROM[kind] else None
        draft = f"draft_{kind}"
        self.databases.drop(draft)
        with progress.step(_DOING[kind]):
            if source is None:
                full = self.databases.create(draft)
                self._install(full, BASE_MODULES)
            else:
                full = self.databases.copy(source, draft)
                self._fill(kind, full)
            self.databases.rename(draft, name)

    def _fill(self, kind: str, database: str) -> None:
        if kind == "demo":
            self._load_demo(database)
        else:
            self._install(database, self.modules if kind == "plain" else [*NEIGHBOURS, *self.glue])

    def _install(self, database: str, modules: Sequence[str]) -> None:
        self._call(database, ["-i", ",".join(modules), *_QUIET], doing=f"installing {', '.join(modules)}")

    def _load_demo(self, database: str) -> None:
        self._call(
            database,
            ["--no-http", "--log-level", "warn"],
            command="shell",
            doing="loading the addons' demo data",
            text=_LOAD_DEMO,
        )

    def _call(self, database: str, arguments: list[str], *, doing: str, command: str = "", text: str = "") -> None:
        run(
            self.odoo.line(database, arguments, command=command),
            doing=doing,
            log=self.odoo.layout.logs / "templates.log",
            env={**self.odoo.environment(), "WORKORDER_DEMO_MODULES": ",".join(self.modules)},
            text=text,
        )

    def _drop_older(self, kind: str, name: str) -> None:
        for other in self.databases.names():
            if other.startswith(self.databases.full_name(f"{kind}_")) and other != self.databases.full_name(name):
                self.databases.drop(other)

    def _addons_digest(self, base: str, modules: Sequence[str]) -> str:
        folder = self.odoo.addons
        missing = [module for module in modules if not (folder / module / "__manifest__.py").is_file()]
        if missing:
            raise SandboxError(f"{folder} lacks the addons {', '.join(missing)}: is this a whole checkout?")
        files = [path for module in modules for path in sorted((folder / module).rglob("*")) if path.is_file()]
        kept = [path for path in files if not _LEFT_OUT.intersection(path.relative_to(folder).parts)]
        return digest([base, *(part for path in kept for part in (str(path.relative_to(folder)), path.read_bytes()))])


_DOING = {
    "base_us": "Odoo database with sales, purchases and US accounting",
    "plain": "our addons",
    "demo": "our addons' demo data",
    "glued": "our addons with Timesheets and Inventory",
}
