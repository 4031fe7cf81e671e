"""From a path to what can be read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workorder_mappings.files.sheet import Source, refuse
from workorder_mappings.files.text import TextFile
from workorder_mappings.files.workbook import Workbook

_TEXT = (".csv", ".tsv", ".txt")
_WORKBOOK = (".xlsx", ".xlsm")


def open_source(path: Path, columns_of: Mapping[str, Sequence[str]]) -> Source:
    """Look at a file. `columns_of`: table → its columns. Raises `FileRefused`."""
    tables, kind = list(columns_of), path.suffix.lower()
    try:
        if kind in _TEXT:
            return TextFile(path, tables, dict(columns_of))
        if kind in _WORKBOOK:
            return Workbook(path, tables)
    except OSError as error:
        raise refuse(path.name, f"a file that can be read ({error.strerror or error})") from error
    raise refuse(path.name, "a CSV or XLSX file")
