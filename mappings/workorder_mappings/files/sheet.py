"""What every kind of file offers: sheets with a header and rows that are read one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workorder_mappings.limits import CELL_CHARACTERS, COLUMNS, ROWS
from workorder_mappings.problems import FileRefused, Problem

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """One table in a file: `label` names it in messages, `read_as` says how (encoding and delimiter, or XLSX)."""

    label: str
    table: str
    read_as: str


class Source(Protocol):
    """A file that was looked at. Raises `FileRefused` where it cannot be read."""

    sheets: Sequence[Sheet]

    def rows(self, sheet: Sheet) -> AbstractContextManager[Iterator[Row]]:
        """Every row from the header on with its number as a spreadsheet shows it; blank rows are left out."""
        ...


def refuse(label: str, expected: str, row: int = 0, value: str = "", column: str = "") -> FileRefused:
    """To raise: what keeps the rest of this file from being read."""
    return FileRefused(Problem(label, row, column, value, expected))


def within_limits(label: str, rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows; raises `FileRefused` at the first that is beyond what a mapping table can be."""
    for number, cells in rows:
        if len(cells) > COLUMNS:
            raise refuse(label, f"at most {COLUMNS} columns; this row has {len(cells)}", number)
        if number > ROWS:
            raise refuse(label, f"at most {ROWS:,} rows; split the file", number)
        for cell in cells:
            if len(cell) > CELL_CHARACTERS:
                raise refuse(label, f"at most {CELL_CHARACTERS:,} characters in a cell", number, cell)
            if "\0" in cell:
                raise refuse(label, "text; there is a NUL character in this row", number)
        yield number, cells


def table_of_name(name: str, tables: Sequence[str]) -> str | None:
    """The table a file or sheet is for: `item_codes`, `item_codes-mercy`, `Item Codes 2026`."""
    words = name.strip().lower().replace(" ", "_")
    fits = [
        table for table in tables if words == table or (words.startswith(table) and not words[len(table)].isalpha())
    ]
    return max(fits, key=len, default=None)


def unknown_table(path: Path, tables: Sequence[str]) -> FileRefused:
    """To raise when a name says no table."""
    return refuse(path.name, f"a file named after its table, such as {tables[0]}.csv; tables: {', '.join(tables)}")
