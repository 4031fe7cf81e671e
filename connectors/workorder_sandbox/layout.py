"""Where everything lives inside the sandbox folder. The one home of these paths."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from workorder_sandbox.errors import SandboxError

PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Layout:
    """A checkout and the folder that holds all that is made for it."""

    checkout: Path
    root: Path

    @classmethod
    def default(cls) -> Layout:
        """The layout of the checkout this package lies in; `WORKORDER_SANDBOX` moves the folder.

        Raises SandboxError when the package was installed somewhere without a checkout around it.
        """
        checkout = PACKAGE.parents[1]
        if not (checkout / "odoo_addon").is_dir():
            raise SandboxError(
                f"{checkout} is not a checkout of this project: install it with `pip install -e` or use its Makefile."
            )
        named = os.environ.get("WORKORDER_SANDBOX")
        return cls(checkout, Path(named).expanduser().resolve() if named else checkout / ".sandbox")

    @property
    def addons(self) -> Path:
        return self.checkout / "odoo_addon"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def stamps(self) -> Path:
        return self.root / "stamps"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def downloads(self) -> Path:
        return self.root / "downloads"

    @property
    def bridge(self) -> Path:
        """The bridge's virtual environment."""
        return self.root / "bridge"

    @property
    def odoo_python(self) -> Path:
        """Odoo's virtual environment."""
        return self.root / "odoo-python"

    @property
    def odoo(self) -> Path:
        """Odoo as unpacked from Debian's package."""
        return self.root / "odoo"

    @property
    def data(self) -> Path:
        """Odoo's data folder; holds the file stores."""
        return self.root / "data"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    def make(self) -> None:
        """Create the folder and those inside that everybody expects; others may pass through it, not look into it."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)  # PostgreSQL, when started by root, runs as another user below it
        for folder in (self.stamps, self.logs, self.run, self.downloads, self.data):
            folder.mkdir(mode=0o700, exist_ok=True)
