"""Gets Odoo 19: Debian's package unpacked into the sandbox, or the checkout or installation the user already has."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from workorder_sandbox.debian import UNSTABLE, AptState, machine_release, unpack
from workorder_sandbox.errors import WrongOdoo
from workorder_sandbox.layout import Layout
from workorder_sandbox.stamps import digest, is_done, write_whole

SERIES = "19.0"
# Odoo's static files are links into the packages that Debian took them from.
_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
_FONT_AWESOME_4 = "fonts-font-awesome"  # of a stable release: unstable's is version 7, whose icons have other names
_SITE = Path("usr/lib/python3/dist-packages")
# Debian leaves out this minified script; without it every browser tour ends on an error in the console.
_STRIPPED = _SITE / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooHome:
    """An Odoo 19: how to start it, where its addons are, which version it says it is."""

    script: Path
    source: Path
    addons: tuple[Path, ...]
    version: str


def is_fetched(layout: Layout) -> bool:
    """Whether the sandbox holds the whole of Odoo."""
    return is_done(layout.stamps / "odoo", _ingredients()) and layout.odoo.is_dir()


def fetch_odoo(layout: Layout) -> None:
    """Download and unpack Odoo into the sandbox. Raises SandboxError, and then nothing counts as fetched."""
    stable = machine_release()
    apt = AptState(layout.downloads / "apt", layout.logs / "apt.log")
    apt.update([UNSTABLE, stable])
    packages = apt.download([*_PACKAGES, f"{_FONT_AWESOME_4}/{stable}"], layout.downloads / "packages")
    unpack(packages, layout.odoo, apt.log)
    placeholder = layout.odoo / _STRIPPED
    placeholder.parent.mkdir(parents=True, exist_ok=True)
    placeholder.touch()
    write_whole(layout.stamps / "odoo", _ingredients())
    for package in packages:
        package.unlink()


def _ingredients() -> str:
    return digest([*_PACKAGES, _FONT_AWESOME_4])


def odoo_home(layout: Layout) -> OdooHome:
    """The Odoo to use: `ODOO_HOME` if set, else the sandbox's. Raises WrongOdoo when it is no Odoo 19."""
    named = os.environ.get("ODOO_HOME")
    if named:
        return _inspect(Path(named).expanduser().resolve(), "ODOO_HOME")
    return _inspect(layout.odoo, "the sandbox")


def _inspect(home: Path, named_by: str) -> OdooHome:
    source = next((base for base in (home, home / _SITE) if (base / "odoo" / "release.py").is_file()), None)
    script = next(
        (path for path in (home / "odoo-bin", home / "usr/bin/odoo", home / "setup/odoo") if path.is_file()), None
    )
    if source is None or script is None:
        raise WrongOdoo(
            f"There is no Odoo in {home} ({named_by}): set ODOO_HOME to a checkout of Odoo {SERIES} (the folder with "
            "odoo-bin), or unset it."
        )
    version = _version(source / "odoo" / "release.py")
    if not version.startswith(SERIES):
        raise WrongOdoo(f"{home} is Odoo {version}, these addons need {SERIES}: change ODOO_HOME, or unset it.")
    folders = (source / "addons", source / "odoo" / "addons")
    return OdooHome(
        script,
        source,
        tuple(folder for folder in folders if (folder / "base").is_dir() or _has_addons(folder)),
        version,
    )


def _has_addons(folder: Path) -> bool:
    return any(folder.glob("*/__manifest__.py"))


def _version(release: Path) -> str:
    """Major and minor number, read without running the file."""
    found = re.search(r"^version_info\s*=\s*\(\s*['\"]?([\w~.-]+)['\"]?\s*,\s*(\d+)", release.read_text(), re.MULTILINE)
    return f"{found.group(1)}.{found.group(2)}" if found else "of an unknown version"
