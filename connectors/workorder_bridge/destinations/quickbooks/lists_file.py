"""The lists of a company on disk, beside its tokens: replaced in one step, read by its owner only.

Nothing here has to be kept: a file that is missing, damaged, of another company or of another version of this program
is as good as none, and QuickBooks is read anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from workorder_bridge.destinations.quickbooks.lists import SCHEMA, Lists
from workorder_bridge.destinations.quickbooks.private_file import remove, replace


@dataclass(frozen=True)
class ListsFile:
    """Where the lists of one company in one environment are kept."""

    path: Path
    realm: str
    environment: str

    @classmethod
    def beside(cls, tokens: Path, realm: str, environment: str) -> ListsFile:
        """Beside that company's tokens."""
        return cls(tokens.with_name(f"{tokens.stem}.lists.json"), realm, environment)

    def load(self) -> Lists | None:
        """What is kept, or None when it cannot be used."""
        try:
            kept = Lists.model_validate_json(self.path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        ours = (kept.version, kept.realm, kept.environment) == (SCHEMA, self.realm, self.environment)
        return kept if ours and _has_offset(kept) else None

    def save(self, lists: Lists) -> None:
        """On disk when this returns; whoever reads meanwhile sees the old content or the new one."""
        replace(self.path, lists.model_dump(mode="json", exclude_defaults=True) | {"version": SCHEMA})

    def forget(self) -> None:
        """Delete it, for a company we have no business with any more."""
        remove(self.path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """One worker at a time reads QuickBooks for a company; who waited finds the work done."""
        with FileLock(f"{self.path}.lock", mode=0o600):
            yield


def _has_offset(lists: Lists) -> bool:
    try:
        return lists.moment.tzinfo is not None
    except ValueError:
        return False
