"""Tables out to CSV or XLSX: what is written can be applied again and changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from workorder_mappings.cells import harmless

Values = Sequence[Any]
Write = Callable[[Iterable[Values]], None]


def cell_text(value: Any, is_text: bool) -> str:
    """How a value stands in a file; texts harmless, numbers plain."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return harmless(str(value)) if is_text else str(value)


@contextmanager
def csv_writer(path: Path, columns: Sequence[str], is_text: Sequence[bool]) -> Iterator[Write]:
    """Call it with rows as often as there are some. UTF-8 with BOM, which spreadsheets take for what it is."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)

        def write(rows: Iterable[Values]) -> None:
            for row in rows:
                writer.writerow([cell_text(value, text) for value, text in zip(row, is_text, strict=True)])

        yield write


@contextmanager
def xlsx_writer(path: Path, columns: Sequence[str], is_text: Sequence[bool]) -> Iterator[Write]:
    """The same for XLSX. Every cell is a text cell, so that zeros before a code and long numbers stay as they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem[:31])
    sheet.append(list(columns))

    def write(rows: Iterable[Values]) -> None:
        for row in rows:
            texts = [cell_text(value, text) for value, text in zip(row, is_text, strict=True)]
            sheet.append([_cell(sheet, text) for text in texts])

    yield write
    book.save(path)


def _cell(sheet: Any, text: str) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.number_format = "s", "@"
    return cell


WRITERS = {"csv": csv_writer, "xlsx": xlsx_writer}
