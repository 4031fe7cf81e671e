"""XLSX files, read row by row. Formulas are not computed, macros and links are not looked at."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from workorder_mappings.cells import DayCell, FormulaCell, NumberCell
from workorder_mappings.files.sheet import Row, Sheet, refuse, table_of_name, unknown_table, within_limits
from workorder_mappings.limits import COLUMNS, FILE_BYTES, MEGABYTE, UNPACKED_BYTES

_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    DefusedXmlException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    OSError,
    NotImplementedError,
)


class Workbook:
    """A workbook: a sheet per table, or one sheet in a file named after its table."""

    def __init__(self, path: Path, tables: Sequence[str]) -> None:
        _check_size(path)
        self._path = path
        with self._opened(path.name) as book:
            titles = [sheet.title for sheet in book.worksheets]
        named = {title: table for title in titles if (table := table_of_name(title, tables))}
        whole = table_of_name(path.stem, tables)
        if not named and whole and titles:
            named = {titles[0]: whole}
        if not named:
            raise unknown_table(path, tables)
        self._titles = {f"{path.name} [{title}]": title for title in named}
        self.sheets: Sequence[Sheet] = [Sheet(label, named[title], "XLSX") for label, title in self._titles.items()]

    @contextmanager
    def rows(self, sheet: Sheet) -> Iterator[Iterator[Row]]:
        """See `Source.rows`."""
        with self._opened(sheet.label) as book:
            yield within_limits(sheet.label, self._records(sheet.label, book[self._titles[sheet.label]]))

    def _records(self, label: str, sheet: Any) -> Iterator[Row]:
        number, width = 0, 0
        try:
            for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS + 1), start=1):
                texts = [_text(cell) for cell in cells]
                while len(texts) > width and not texts[-1]:
                    texts.pop()
                if any(texts):
                    width = width or len(texts)
                    yield number, texts + [""] * (width - len(texts))
        except _BROKEN as error:
            raise refuse(label, f"a whole XLSX file; this one breaks off here ({_why(error)})", number + 1) from error

    @contextmanager
    def _opened(self, label: str) -> Iterator[Any]:
        try:
            book = openpyxl.load_workbook(self._path, read_only=True, data_only=False, keep_links=False)
        except _BROKEN as error:
            raise refuse(label, f"an XLSX file ({_why(error)})") from error
        try:
            yield book
        finally:
            book.close()


def _check_size(path: Path) -> None:
    """The sizes a ZIP archive declares bind whoever reads it with Python: what is more is not read."""
    if path.stat().st_size > FILE_BYTES:
        raise refuse(path.name, f"at most {FILE_BYTES // MEGABYTE} MB; split the file")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refuse(path.name, "an XLSX file; this is not one (an old XLS file must be saved as XLSX)") from error
    if unpacked > UNPACKED_BYTES:
        told = f"at most {UNPACKED_BYTES // MEGABYTE} MB once unpacked; this one comes to {unpacked // MEGABYTE:,} MB"
        raise refuse(path.name, told)


def _text(cell: Any) -> str:
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f":
        return FormulaCell(value if isinstance(value, str) else "=…")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return DayCell(value.date().isoformat() if value.time() == time() else value.isoformat(" "))
    if isinstance(value, date | time):
        return DayCell(value.isoformat())
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return str(value)


def _number(value: float, shape: str | None) -> NumberCell:
    """`1E+2` never; a format of zeros alone, such as 00000, shows leading zeros, which then are part of the value."""
    text = format(Decimal(repr(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return NumberCell(text.zfill(len(shape)) if shape and text.isdigit() and set(shape) == {"0"} else text)


def _why(error: Exception) -> str:
    return str(error).strip("'\"") or type(error).__name__
