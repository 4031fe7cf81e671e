"""XLSX: dates, numbers that were codes, formulas, and archives made to harm."""

import zipfile
from datetime import date

import openpyxl
import pytest
from workorder_mappings.files.writing import csv_writer, xlsx_writer

HEADER = ["buyer", "product", "item_code", "contains", "valid_from"]


def test_e5_excel_dates_and_numbers_come_in_as_what_they_mean(workbook, rows):
    path = workbook("item_codes.xlsx", [HEADER, ["Acme", "P-1", "00042", 12.5, date(2026, 1, 31)]])
    assert rows(path)[0].values == ["Acme", "P-1", "00042", "12.5", "2026-01-31"]


def test_e5_a_whole_number_in_a_code_column_is_read_digit_by_digit(workbook, rows):
    path = workbook("item_codes.xlsx", [HEADER, [4711, (10, "00000"), 123456789012345, 1e3, None]])
    assert rows(path)[0].values[:4] == ["4711", "00010", "123456789012345", "1000"]


@pytest.mark.parametrize("value", [1.5, -3, 1.2345678901234567e18, date(2026, 3, 1)])
def test_e5_a_number_that_cannot_have_been_a_code_is_refused(workbook, problems, value):
    found = problems(workbook("item_codes.xlsx", [HEADER, ["Acme", "P", value, 1, None]]))
    assert [(each.row, each.column) for each in found] == [(2, "item_code")]
    assert "format the column as Text" in found[0].expected


def test_e5_a_formula_is_refused_and_never_computed(workbook, problems):
    found = problems(workbook("item_codes.xlsx", [HEADER, ["Acme", "P", "=1+1", "=2*6", None]]))
    assert [each.column for each in found] == ["item_code", "contains"]
    assert all("never computed" in each.expected for each in found)


def test_e5_a_sheet_per_table_and_other_sheets_left_alone(tmp_path, problems, told):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Anything"])
    for title, rows in (("units", [["buyer_unit", "unit"], ["EA", "Units"]]), ("Item codes", [HEADER, ["A", "P"]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "everything.xlsx"
    book.save(path)
    assert [(each.file, each.row) for each in problems(path)] == [("everything.xlsx [Item codes]", 2)]


def test_e5_a_zip_bomb_is_refused_before_it_is_unpacked(bomb, problems):
    assert bomb.stat().st_size < 1_000_000
    assert "500 MB once unpacked" in problems(bomb)[0].sentence


def test_e5_entities_in_a_workbook_are_refused(workbook, tmp_path, problems):
    source = workbook("good.xlsx", [HEADER, ["Acme", "P", "1", 1, None]])
    path = tmp_path / "item_codes.xlsx"
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename.startswith("xl/worksheets/sheet"):
                content = evil + content.split(b"?>", 1)[-1]
            new.writestr(member, content)
    found = problems(path)
    assert len(found) == 1
    assert "XLSX file" in found[0].expected


@pytest.mark.parametrize("content", [b"", b"PK\3\4rubbish", b"buyer,product,item_code\n"])
def test_e5_what_is_no_workbook_is_refused_in_a_sentence(write, problems, content):
    assert "XLSX file" in problems(write("item_codes.xlsx", content))[0].sentence


@pytest.mark.parametrize("writer", [csv_writer, xlsx_writer])
def test_e5_what_is_written_is_read_as_it_was(tmp_path, rows, writer):
    path = tmp_path / f"item_codes.{writer.__name__[:-7]}"
    values = ["Hôpital", "=1+1", "00042", "12.50", "2026-01-31"]
    with writer(path, HEADER, [True, True, True, False, False]) as write:
        write([values, ["-Acme", "@x", "'q", None, None]])
    assert [row.values for row in rows(path)] == [values, ["-Acme", "@x", "'q", None, None]]


def test_e5_no_cell_of_an_exported_workbook_is_a_formula(tmp_path):
    path = tmp_path / "item_codes.xlsx"
    with xlsx_writer(path, HEADER, [True] * 5) as write:
        write([["=1+1", "+1", "-1", "@x", "0010"]])
    sheet = openpyxl.load_workbook(path).active
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 5
    assert [cell.value for cell in sheet[2]] == ["'=1+1", "'+1", "'-1", "'@x", "0010"]
