"""The bridge as a process, with both its ends behind gates."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .gate import SECONDS, Gate


@dataclass
class Bridge:
    """Starts `workorder` processes that reach Odoo and QuickBooks through the gates."""

    to_odoo: Gate
    to_quickbooks: Gate
    environment: dict[str, str]

    def use_key(self, key: str, path: Path) -> None:
        """From now on an API key, in a file of its own, in place of login and password."""
        path.write_text(f"{key}\n")
        path.chmod(0o600)
        for name in ("WORKORDER_ODOO_LOGIN", "WORKORDER_ODOO_PASSWORD"):
            self.environment.pop(name, None)
        self.environment["WORKORDER_ODOO_API_KEY_FILE"] = str(path)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "workorder_bridge", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def sync(self) -> dict[str, Any]:
        """One whole run; its JSON document."""
        out, said = self.start("sync", "--json").communicate(timeout=SECONDS)
        assert "Traceback" not in said, said
        return dict(json.loads(out))
