"""The store in Odoo, over whatever carries a call there. Repeating a call whose answer was lost changes nothing."""

from __future__ import annotations

import json
from typing import Any

from workorder_bridge.odoo import OdooCaller, read_answer

from workorder_mappings.ports import Applied, Chunk, CoverageRow, ExportPage, Page, Upload

MODEL = "work.order.mapping.upload"


class OdooStore:
    """The `MappingStore` port over Odoo."""

    def __init__(self, caller: OdooCaller) -> None:
        self._caller = caller

    def tables(self) -> dict[str, list[str]]:
        """See `MappingStore.tables`."""
        found = self._call("mapping_tables")
        return {str(name): [str(column) for column in columns] for name, columns in found.items()}

    def open(self, company: str | None = None) -> Upload:
        """See `MappingStore.open`."""
        return read_answer(Upload, self._call("open_upload", company_name=company or False))

    def stage(self, upload: Upload, sequence: int, chunk: Chunk) -> None:
        """See `MappingStore.stage`. The rows travel and are kept as one text."""
        content = json.dumps([list(chunk.columns), chunk.rows], ensure_ascii=False, separators=(",", ":"))
        self._call(
            "stage",
            upload_id=upload.id,
            sequence=sequence,
            table=chunk.table,
            source=chunk.file,
            count=len(chunk.rows),
            content=content,
        )

    def examine(self, upload: Upload, after: int, *, prune: bool, details: bool) -> Page:
        """See `MappingStore.examine`."""
        return read_answer(Page, self._call("examine", upload_id=upload.id, after=after, prune=prune, details=details))

    def apply(self, upload: Upload, *, prune: bool) -> Applied:
        """See `MappingStore.apply`."""
        return read_answer(Applied, self._call("apply", upload_id=upload.id, prune=prune))

    def applied_rows(self, upload: Upload) -> int:
        """See `MappingStore.applied_rows`."""
        return int(self._call("applied_rows", upload_id=upload.id))

    def discard(self, upload: Upload) -> None:
        """See `MappingStore.discard`."""
        self._call("discard", upload_id=upload.id)

    def export(self, table: str, after: int, limit: int, company: str | None = None) -> ExportPage:
        """See `MappingStore.export`."""
        return read_answer(
            ExportPage, self._call("export_page", table=table, after=after, limit=limit, company_name=company or False)
        )

    def coverage(self) -> list[CoverageRow]:
        """See `MappingStore.coverage`."""
        return [read_answer(CoverageRow, row) for row in self._caller.call("work.order.mapping.coverage", "report")]

    def _call(self, method: str, **arguments: object) -> Any:
        return self._caller.call(MODEL, method, **arguments)
