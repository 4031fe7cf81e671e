"""Typed rows in chunks for the staging area. A record of several rows stays in one chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workorder_mappings.files.sheet import Sheet, refuse
from workorder_mappings.limits import LINES_PER_PO, ROWS_PER_CHUNK
from workorder_mappings.ports import Chunk
from workorder_mappings.reading import Header, TypedRow


def in_chunks(sheet: Sheet, header: Header, rows: Iterator[TypedRow]) -> Iterator[Chunk]:
    """The rows of a sheet, never more of them in memory than one chunk and one record."""
    taken: list[TypedRow] = []
    together = 0  # how many of the last rows belong to one record
    for row in rows:
        together = together + 1 if taken and row.group and taken[-1].group == row.group else 1
        if together > LINES_PER_PO:
            raise refuse(sheet.label, f"at most {LINES_PER_PO:,} rows for one record", row.number)
        if len(taken) >= ROWS_PER_CHUNK and together == 1:
            yield _chunk(sheet, header, taken)
            taken = []
        taken.append(row)
    if taken:
        yield _chunk(sheet, header, taken)


def _chunk(sheet: Sheet, header: Header, rows: Sequence[TypedRow]) -> Chunk:
    return Chunk(sheet.table, sheet.label, header.columns, [[row.number, *row.values] for row in rows])
