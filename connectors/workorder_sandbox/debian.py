"""Debian packages fetched and unpacked in a folder of ours: nothing is installed, no root is needed.

An apt state of its own (sources, lists, cache) leaves the machine's alone and never depends on its lists being fresh.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workorder_sandbox.commands import find_program, run
from workorder_sandbox.errors import MissingProgram, SandboxError

UNSTABLE = "sid"
# Releases that carry Font Awesome 4; on any other machine the newest of them is used.
STABLE = ("trixie", "bookworm")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_NEEDS_DEBIAN = "this set-up fetches Odoo as a Debian package; use a Debian machine, or set ODOO_HOME to an Odoo 19."


def machine_release() -> str:
    """The stable release whose packages fit this machine."""
    try:
        codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        codename = ""
    return codename if codename in STABLE else STABLE[0]


class AptState:
    """A private apt state for two suites of Debian: unstable and a stable one."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log

    def update(self, suites: Sequence[str]) -> None:
        """Fetch the package lists from the first configured mirror that has the suites.

        Raises MissingProgram without apt, SandboxError without a Debian mirror, NoNetwork.
        """
        find_program("apt-get", _NEEDS_DEBIAN)
        mirrors = self._mirrors()
        for place, mirror in enumerate(mirrors, start=1):
            self._write_settings(mirror, suites)
            try:
                self._apt("update", "--error-on=any", doing="fetching Debian's package lists")
                return
            except SandboxError:
                if place == len(mirrors):
                    raise

    def download(self, names: Sequence[str], into: Path) -> list[Path]:
        """Download packages (`name` or `name/suite`) into a folder and give their files."""
        into.mkdir(parents=True, exist_ok=True)
        for stale in into.parent.glob("part-*"):
            shutil.rmtree(stale)
        with tempfile.TemporaryDirectory(prefix="part-", dir=into.parent) as draft:
            self._apt("download", *names, doing="downloading Debian packages", folder=Path(draft))
            fetched = sorted(Path(draft).glob("*.deb"))
            for file in fetched:
                shutil.move(file, into / file.name)
        return [into / file.name for file in fetched]

    def _apt(self, *arguments: str, doing: str, folder: Path | None = None) -> None:
        run(["apt-get", "-c", self.folder / "apt.conf", "-q", *arguments], doing=doing, log=self.log, folder=folder)

    def _mirrors(self) -> list[str]:
        """The Debian mirrors this machine is configured with, those known to be Debian's own first."""
        listing = run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"],
            doing="reading the machine's apt sources",
            log=self.log,
        )
        rows = [line.split(" ") for line in listing.splitlines() if line.strip()]
        known = [row[0] for row in rows if "Debian" in row[1:]]
        unread = [row[0] for row in rows if not any(row[1:])]  # a machine whose lists were never fetched
        mirrors = [uri for uri in dict.fromkeys(known + unread) if "security" not in uri]
        if not mirrors:
            raise SandboxError(f"No Debian mirror among this machine's apt sources: {_NEEDS_DEBIAN}")
        return mirrors

    def _write_settings(self, mirror: str, suites: Sequence[str]) -> None:
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        signed = f"[signed-by={_KEYRING}] " if _KEYRING.exists() else ""
        lines = [f"deb {signed}{mirror} {suite} main\n" for suite in suites]
        (self.folder / "sources.list").write_text("".join(lines))
        settings = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::lists": self.folder / "lists",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "APT::Default-Release": "",
            "APT::Sandbox::User": "",  # apt's own user could not write here
            "Acquire::Check-Valid-Until": "false",  # unstable's lists expire in a week; a mirror may lag behind that
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "30",
        }
        hooks = [f"#clear APT::Update::{name};\n" for name in ("Pre-Invoke", "Post-Invoke", "Post-Invoke-Success")]
        text = "".join(hooks) + "".join(f'{key} "{value}";\n' for key, value in settings.items())
        (self.folder / "apt.conf").write_text(text)


def unpack(packages: Sequence[Path], into: Path, log: Path) -> None:
    """Unpack packages into a folder that appears only when all of them are there.

    Raises MissingProgram without dpkg-deb, DiskFull.
    """
    if shutil.which("dpkg-deb") is None:
        raise MissingProgram(f"The program dpkg-deb is missing: {_NEEDS_DEBIAN}")
    for stale in into.parent.glob(f"{into.name}.part-*"):
        shutil.rmtree(stale)
    draft = Path(tempfile.mkdtemp(prefix=f"{into.name}.part-", dir=into.parent))
    draft.chmod(0o755)
    for package in packages:
        run(["dpkg-deb", "-x", package, draft], doing=f"unpacking {package.name}", log=log)
    if into.exists():
        shutil.rmtree(into)
    draft.rename(into)
