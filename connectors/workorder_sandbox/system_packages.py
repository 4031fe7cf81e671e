"""The two things only the machine itself can have: a browser for tours and wkhtmltopdf for printing.

Installed where we may (root with apt); otherwise the command that would is told, and tests that need them are left out
by name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workorder_sandbox.commands import run
from workorder_sandbox.errors import SandboxError
from workorder_sandbox.progress import Progress


@dataclass(frozen=True)
class Feature:
    """Something a machine can do once one of the programs is there."""

    title: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]


FEATURES = {
    # A browser without any font shows boxes; wkhtmltopdf brings its own.
    "browser": Feature("browser", ("chromium", "chromium-browser", "google-chrome"), ("chromium", "fonts-dejavu-core")),
    "print": Feature("PDF printing", ("wkhtmltopdf",), ("wkhtmltopdf",)),
}


class SystemPackages:
    """Looks for the features on this machine and adds them where this user may."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def missing(self, feature: str) -> str | None:
        """None when the machine has the feature, else a sentence with the command that adds it."""
        wanted = FEATURES[feature]
        if any(shutil.which(program) for program in wanted.programs):
            return None
        return f"No {wanted.title} on this machine: as root, `apt-get install {' '.join(wanted.packages)}` adds it."

    def install(self, features: Sequence[str], progress: Progress) -> None:
        """Install what is missing; what cannot be installed is said, and is no failure: the rest works without."""
        lacking = [feature for feature in features if self.missing(feature)]
        if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
            with progress.step("system packages: " + ", ".join(FEATURES[feature].title for feature in lacking)):
                try:
                    self._apt("update")
                    for feature in lacking:
                        self._add(feature, progress)
                except SandboxError as error:
                    progress.note(str(error))
        for feature in lacking:
            sentence = self.missing(feature)
            if sentence:
                progress.note(sentence)

    def _add(self, feature: str, progress: Progress) -> None:
        try:
            self._apt("install", "--yes", "--no-install-recommends", *FEATURES[feature].packages)
        except SandboxError as error:  # Debian 13 has no wkhtmltopdf, for one; the other feature may still come
            progress.note(str(error))

    def _apt(self, *arguments: str) -> None:
        run(
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments],
            doing="installing system packages",
            log=self._log,
            env={"DEBIAN_FRONTEND": "noninteractive"},
        )
