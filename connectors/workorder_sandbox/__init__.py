"""Odoo 19 and PostgreSQL on a bare Debian machine, in one folder, for the demo, the tests and the benchmarks.

`Sandbox` is loaded on first use: the start-up (`workorder_sandbox.bootstrap`) runs on the machine's own Python,
before anything this package needs from PyPI is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workorder_sandbox.errors import SandboxError

if TYPE_CHECKING:
    from workorder_sandbox.odoo_server import OdooServer
    from workorder_sandbox.sandbox import Sandbox

__all__ = ["OdooServer", "Sandbox", "SandboxError"]


def __getattr__(name: str) -> object:
    """Give `Sandbox` and `OdooServer` when somebody asks; raises AttributeError for any other name."""
    if name == "Sandbox":
        from workorder_sandbox.sandbox import Sandbox

        return Sandbox
    if name == "OdooServer":
        from workorder_sandbox.odoo_server import OdooServer

        return OdooServer
    raise AttributeError(name)
