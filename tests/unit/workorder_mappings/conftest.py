"""Files to read, and a short way to read them."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from workorder_mappings.exchange import exchange
from workorder_mappings.files.opening import open_source
from workorder_mappings.problems import Problem
from workorder_mappings.reading import TypedRow, read_header, read_rows
from workorder_mappings.tables import columns_of_tables

HEADER = "buyer,product,item_code,contains,valid_from"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write bytes, or text in an encoding, to a file."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """An XLSX file with these rows; a cell may be (value, number format)."""

    def write(name: str, rows: list[list[Any]], title: str = "Sheet1") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = title
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                value, shape = cell if isinstance(cell, tuple) else (cell, None)
                place = sheet.cell(number, column, value)
                if shape:
                    place.number_format = shape
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """A small ZIP archive that unpacks to more than a workbook may."""
    path = tmp_path / "item_codes.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sheet1.xml", "w") as member:
        for _ in range(510):
            member.write(b" " * 1_000_000)
    return path


def problems_of(*paths: Path) -> list[Problem]:
    """Everything wrong with the files as such."""
    with exchange(None) as run:
        run.read(paths)
    return list(run.findings.problems)


def read_as(path: Path) -> str:
    """How the file is told to have been read."""
    with exchange(None) as run:
        run.read([path])
    assert not run.findings.problems, list(run.findings.problems)
    return run.findings.read[0][0].read_as


def rows_of(path: Path) -> list[TypedRow]:
    """The typed rows of a file without problems."""
    source = open_source(path, columns_of_tables())
    problems: list[Problem] = []
    with source.rows(source.sheets[0]) as rows:
        header = read_header(source.sheets[0], rows, problems.append)
        assert header, problems
        read = list(read_rows(source.sheets[0], header, rows, problems.append))
    assert not problems, problems
    return read


@pytest.fixture
def problems() -> Callable[..., list[Problem]]:
    return problems_of


@pytest.fixture
def told() -> Callable[[Path], str]:
    return read_as


@pytest.fixture
def rows() -> Callable[[Path], list[TypedRow]]:
    return rows_of
