"""CSV files: encoding and delimiter are found out, and told."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from workorder_mappings.files.sheet import Row, Sheet, refuse, table_of_name, unknown_table, within_limits
from workorder_mappings.limits import CELL_CHARACTERS, FILE_BYTES, LINE_CHARACTERS, MEGABYTE

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAMPLE = 4096


class TextFile:
    """One CSV file holding one table."""

    def __init__(self, path: Path, tables: Sequence[str], columns_of: dict[str, Sequence[str]]) -> None:
        table = table_of_name(path.stem, tables)
        if table is None:
            raise unknown_table(path, tables)
        if path.stat().st_size > FILE_BYTES:
            raise refuse(path.name, f"at most {FILE_BYTES // MEGABYTE} MB; split the file")
        self._path = path
        self._encoding, told = _encoding_of(path)
        self._delimiter = self._find_delimiter(set(columns_of[table]))
        self.sheets: Sequence[Sheet] = [Sheet(path.name, table, f"{told}, {DELIMITERS[self._delimiter]}")]

    @contextmanager
    def rows(self, sheet: Sheet) -> Iterator[Iterator[Row]]:
        """See `Source.rows`."""
        with self._open() as file:
            yield within_limits(sheet.label, self._records(sheet.label, file))

    def _records(self, label: str, file: TextIO) -> Iterator[Row]:
        csv.field_size_limit(CELL_CHARACTERS + 1)
        reader = csv.reader(_lines(label, file), delimiter=self._delimiter, strict=True)
        number = 0
        try:
            for cells in reader:
                number += 1
                if any(cells):
                    yield number, cells
        except csv.Error as error:
            raise refuse(label, _expectation(error), number + 1) from error

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def _find_delimiter(self, columns: set[str]) -> str:
        """The one that makes known column names of the first line."""
        with self._open() as file:
            line = file.readline(CELL_CHARACTERS)  # far beyond any header

        def known(delimiter: str) -> int:
            cells = next(csv.reader([line], delimiter=delimiter), [])
            return sum(cell.strip().lower().replace(" ", "_") in columns for cell in cells)

        return max(DELIMITERS, key=lambda delimiter: (known(delimiter), line.count(delimiter)))


def _lines(label: str, file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(LINE_CHARACTERS):
        number += 1
        if len(line) == LINE_CHARACTERS:
            raise refuse(label, f"lines of at most {LINE_CHARACTERS // MEGABYTE} million characters", number)
        yield line


def _expectation(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text:
        return f"at most {CELL_CHARACTERS:,} characters in a cell (is a closing quote missing?)"
    if "NUL" in text:
        return "text; there is a NUL character in this row"
    return f"quotes that open and close around a whole cell ({text})"


def _encoding_of(path: Path) -> tuple[str, str]:
    """The codec, and what to call it. Raises `FileRefused` for what is no text."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for mark, codec, told in _MARKS:
        if start.startswith(mark):
            _check_whole(path, codec, told)
            return codec, told
    if b"\0" in start:
        codec = _bare_utf_16(path, start)
        _check_whole(path, codec, "UTF-16")
        return codec, "UTF-16"
    if _fault(path, "utf-8") is None:
        return "utf-8", "UTF-8"
    _check_whole(path, "cp1252", "UTF-8 or Windows-1252")
    return "cp1252", "Windows-1252"


def _bare_utf_16(path: Path, start: bytes) -> str:
    """Without a mark, mostly Latin text has its zeros at every other place; any other NUL is no text."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 4 or min(even, odd) > len(start) // 50:
        raise refuse(path.name, "a text file; this one has NUL characters in it")
    return "utf-16-be" if even > odd else "utf-16-le"


def _check_whole(path: Path, codec: str, told: str) -> None:
    fault = _fault(path, codec)
    if fault is not None:
        raise refuse(path.name, f"text in {told}; the bytes at position {fault:,} are not")


def _fault(path: Path, codec: str) -> int | None:
    """About where the file is not in this encoding; None if it is all through. Reads block by block."""
    decoder, read = codecs.getincrementaldecoder(codec)(), 0
    with path.open("rb") as file:
        while True:
            block = file.read(MEGABYTE)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return read + error.start
            if not block:
                return None
            read += len(block)
