"""The port to where mapping tables live, and what passes through it (Odoo's end: `work.order.mapping.upload`).

Rows go to a staging area chunk by chunk, are examined chunk by chunk, and are applied as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["added", "changed", "removed"]


class Answer(BaseModel):
    """Strict, immutable; keys added later are ignored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Fault(Answer):
    """What is wrong with a staged row, as far as only the database can tell."""

    file: str
    row: int
    column: str
    value: str
    expected: str


class Change(Answer):
    """What one row does to the table; `fields`: column → what it is and what it becomes."""

    table: str
    kind: Kind
    file: str
    row: int
    key: str
    fields: dict[str, list[Any]] = Field(default_factory=dict)


class Counts(Answer):
    """What became, or would become, of a table."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            removed=self.removed + other.removed,
            unchanged=self.unchanged + other.unchanged,
        )


class Page(Answer):
    """The examination of one chunk, and where to go on; `next` is None after the last."""

    faults: list[Fault]
    notes: list[str]
    changes: list[Change]
    counts: dict[str, Counts]
    next: int | None


class Applied(Answer):
    """The end of an upload: with faults nothing was applied, without everything was."""

    faults: list[Fault]
    notes: list[str]
    counts: dict[str, Counts]


class Upload(Answer):
    """A staging area of this user, for one company."""

    id: int
    company: str


class ExportPage(Answer):
    """Some rows of a table in the order of its columns, and where to go on."""

    rows: list[list[Any]]
    next: int | None


class CoverageRow(Answer):
    """A row somebody has to add to a table, and what waits for it."""

    table: str
    needed_by: str
    row: str
    message: str


@dataclass(frozen=True)
class Chunk:
    """Rows of one sheet; each begins with its row number. Records of several rows are never split."""

    table: str
    file: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


class MappingStore(Protocol):
    """Where the tables live. Every method raises `SourceError` if it is refused or cannot be done."""

    def tables(self) -> dict[str, list[str]]:
        """The tables there are, with their columns."""
        ...

    def open(self, company: str | None = None) -> Upload:
        """A new, empty staging area; for the user's own company if none is named."""
        ...

    def stage(self, upload: Upload, sequence: int, chunk: Chunk) -> None:
        """Put rows there; a sequence that is there already is left as it is."""
        ...

    def examine(self, upload: Upload, after: int, *, prune: bool, details: bool) -> Page:
        """Look at the chunk after this one: everything that is wrong, and what would change."""
        ...

    def apply(self, upload: Upload, *, prune: bool) -> Applied:
        """Apply everything in one transaction, or nothing. Repeating it gives the same answer and changes nothing."""
        ...

    def applied_rows(self, upload: Upload) -> int:
        """How far an `apply` that is under way has got."""
        ...

    def discard(self, upload: Upload) -> None:
        """Forget the staged rows."""
        ...

    def export(self, table: str, after: int, limit: int, company: str | None = None) -> ExportPage:
        """The rows of a table after this point, in a fixed order."""
        ...

    def coverage(self) -> list[CoverageRow]:
        """What open work needs and no table has."""
        ...
