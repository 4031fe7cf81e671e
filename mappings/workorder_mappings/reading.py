"""From a sheet to typed rows, one after another; what is wrong is noted and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from workorder_mappings.files.sheet import Row, Sheet
from workorder_mappings.problems import Problem
from workorder_mappings.tables import TABLES
from workorder_mappings.tables.row import MappingRow

Note = Callable[[Problem], None]


@dataclass(frozen=True)
class TypedRow:
    """A row whose every cell is what its column holds; `values` in the order of the sheet's columns, fit for JSON."""

    number: int
    values: list[Any]
    group: tuple[Any, ...]


@dataclass(frozen=True)
class Header:
    """The columns a sheet has, in its own order."""

    columns: list[str]


def read_header(sheet: Sheet, rows: Iterator[Row], note: Note) -> Header | None:
    """The first row; None, with every reason noted, if the sheet cannot be read by it."""
    row = TABLES[sheet.table]
    number, cells = next(rows, (1, ()))
    columns = [_column(cell) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    problems = list(_header_problems(sheet, row, number, columns))
    for problem in problems:
        note(problem)
    return None if problems else Header(columns)


def _column(cell: str) -> str:
    return "_".join(cell.strip().lower().replace("-", " ").replace("_", " ").split())


def _header_problems(sheet: Sheet, row: type[MappingRow], number: int, columns: Sequence[str]) -> Iterator[Problem]:
    known = list(row.model_fields)
    for column in dict.fromkeys(columns):
        if column not in known:
            yield Problem(sheet.label, number, column, column, f"a column of {row.table}: {', '.join(known)}")
        elif columns.count(column) > 1:
            yield Problem(sheet.label, number, column, column, "every column once")
    for column in row.required():
        if column not in columns:
            yield Problem(sheet.label, number, column, "", f"a column {column}")


def read_rows(sheet: Sheet, header: Header, rows: Iterator[Row], note: Note) -> Iterator[TypedRow]:
    """Every row that is right; for every other one, each of its cells that is not is noted."""
    model, columns = TABLES[sheet.table], header.columns
    width, group = len(columns), TABLES[sheet.table].group
    # Where the semicolon separates cells, a comma separates decimals: 12,50 is 12.50.
    decimals = model.number_columns() & set(columns) if "semicolon" in sheet.read_as else set()
    for number, cells in rows:
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            note(Problem(sheet.label, number, "", "", f"{width} cells as in the header; this row has {len(cells)}"))
            continue
        given = dict(zip(columns, cells, strict=False))
        for column in decimals:
            given[column] = _point(given[column])
        try:
            row = model.model_validate(given)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                column = str(fault["loc"][0]) if fault["loc"] else ""
                note(Problem(sheet.label, number, column, str(given.get(column, "")), str(fault["msg"])))
            continue
        values = row.model_dump(mode="json")
        yield TypedRow(number, [values[column] for column in columns], tuple(values[name] for name in group))


def _point(cell: str) -> str:
    whole, comma, rest = cell.partition(",")
    if comma and rest.isdigit() and whole.lstrip("-").isdigit():
        return f"{whole}.{rest}"
    return cell
