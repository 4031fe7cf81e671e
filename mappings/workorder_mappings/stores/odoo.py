"""The store in Odoo, over whatever carries a call there. Repeating a call whose answer was lost changes nothing."""

from __future__ import annotations

import json
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError
from workorder_bridge.errors import SourceError

from workorder_mappings.ports import Answer, Applied, Chunk, CoverageRow, ExportPage, Page, Upload

MODEL = "work.order.mapping.upload"
A = TypeVar("A", bound=Answer)


class Caller(Protocol):
    """A session with Odoo. Raises `SourceError`."""

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> Any:
        """Call a method of a model and return its answer."""
        ...


class OdooStore:
    """The `MappingStore` port over RPC."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def tables(self) -> dict[str, list[str]]:
        """See `MappingStore.tables`."""
        found = self._call("mapping_tables")
        return {str(name): [str(column) for column in columns] for name, columns in found.items()}

    def open(self, company: str | None = None) -> Upload:
        """See `MappingStore.open`."""
        return _read(Upload, self._call("open_upload", company or False))

    def stage(self, upload: Upload, sequence: int, chunk: Chunk) -> None:
        """See `MappingStore.stage`. The rows travel and are kept as one text."""
        content = json.dumps([list(chunk.columns), chunk.rows], ensure_ascii=False, separators=(",", ":"))
        self._call("stage", upload.id, sequence, chunk.table, chunk.file, len(chunk.rows), content)

    def examine(self, upload: Upload, after: int, *, prune: bool, details: bool) -> Page:
        """See `MappingStore.examine`."""
        return _read(Page, self._call("examine", upload.id, after, prune=prune, details=details))

    def apply(self, upload: Upload, *, prune: bool) -> Applied:
        """See `MappingStore.apply`."""
        return _read(Applied, self._call("apply", upload.id, prune=prune))

    def applied_rows(self, upload: Upload) -> int:
        """See `MappingStore.applied_rows`."""
        return int(self._call("applied_rows", upload.id))

    def discard(self, upload: Upload) -> None:
        """See `MappingStore.discard`."""
        self._call("discard", upload.id)

    def export(self, table: str, after: int, limit: int, company: str | None = None) -> ExportPage:
        """See `MappingStore.export`."""
        return _read(ExportPage, self._call("export_page", table, after, limit, company or False))

    def coverage(self) -> list[CoverageRow]:
        """See `MappingStore.coverage`."""
        return [_read(CoverageRow, row) for row in self._caller.call("work.order.mapping.coverage", "report")]

    def _call(self, method: str, *args: object, **kwargs: object) -> Any:
        return self._caller.call(MODEL, method, *args, **kwargs)


def _read(shape: type[A], content: object) -> A:
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(
            f"Odoo answered in a shape this program does not know ({where or 'answer'}: {first['msg']}).",
            hint="Update the Odoo addon and the bridge to the same release.",
        ) from error
