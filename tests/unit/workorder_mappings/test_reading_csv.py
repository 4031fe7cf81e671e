"""CSV as people have it: encodings, delimiters, quotes; and what is refused, with where and what was expected."""

from itertools import pairwise

import pytest
from workorder_mappings.cells import LIVE, as_meant, harmless
from workorder_mappings.chunks import in_chunks
from workorder_mappings.files.opening import open_source
from workorder_mappings.reading import read_header, read_rows
from workorder_mappings.tables import columns_of_tables

HEADER = "buyer,product,item_code,contains,valid_from"
ROW = "Hôpital Général,P-1,00042,12.5,2026-01-31"


@pytest.mark.parametrize(
    ("encoding", "told_as"),
    [
        ("utf-8", "UTF-8, comma"),
        ("utf-8-sig", "UTF-8 with BOM, comma"),
        ("utf-16", "UTF-16, comma"),
        ("utf-16-le", "UTF-16, comma"),
        ("utf-16-be", "UTF-16, comma"),
        ("cp1252", "Windows-1252, comma"),
    ],
)
def test_e5_an_encoding_is_found_out_and_told(write, rows, told, encoding, told_as):
    path = write("item_codes.csv", f"{HEADER}\r\n{ROW}\r\n", encoding)
    assert rows(path)[0].values == ["Hôpital Général", "P-1", "00042", "12.5", "2026-01-31"]
    assert told(path) == told_as


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_e5_a_delimiter_is_found_out_and_told(write, rows, told, delimiter, name):
    path = write("item_codes.csv", f"{HEADER}\n{ROW}\n".replace(",", delimiter))
    assert rows(path)[0].values[2:4] == ["00042", "12.5"]
    assert told(path) == f"UTF-8, {name}"


def test_e5_a_decimal_comma_is_read_where_the_semicolon_separates_and_codes_stay(write, rows):
    path = write("item_codes.csv", "buyer;product;item_code;contains\nAcme;12,5;10,5;12,5\n")
    assert rows(path)[0].values == ["Acme", "12,5", "10,5", "12.5"]


def test_e5_quoted_newlines_and_quotes_stay_in_their_cell_and_rows_are_counted_as_a_spreadsheet_does(write, rows):
    path = write("item_codes.csv", 'buyer,product,item_code,description\n"A ""big""\nbuyer",P,1,x\n\nAcme,P,2,y\n')
    assert [(row.number, row.values[0]) for row in rows(path)] == [(2, 'A "big"\nbuyer'), (4, "Acme")]


def test_e5_leading_zeros_survive(write, rows):
    assert rows(write("item_codes.csv", f"{HEADER}\n007,0010,0042,,\n"))[0].values[:3] == ["007", "0010", "0042"]


def test_e5_three_broken_rows_are_all_told_with_row_column_value_and_expectation(write, problems):
    lines = [HEADER, "Acme,P-1,A,1,", "Acme,P-2,,1,", "Acme,P-3,C,twelve,", "Acme,P-4,D,1,31.01.2026", "Acme,P-5,E,,"]
    found = problems(write("item_codes.csv", "\n".join(lines)))
    assert [(each.file, each.row, each.column, each.value) for each in found] == [
        ("item_codes.csv", 3, "item_code", ""),
        ("item_codes.csv", 4, "contains", "twelve"),
        ("item_codes.csv", 5, "valid_from", "31.01.2026"),
    ]
    assert [each.expected.split(",")[0] for each in found] == [
        "a value; this column cannot be empty",
        "a number such as 1250.00",
        "a day such as 2026-11-25",
    ]


def test_e5_every_wrong_cell_of_a_row_is_told(write, problems):
    found = problems(write("item_codes.csv", f"{HEADER}\n,P,,0,tomorrow\n"))
    assert {each.column for each in found} == {"buyer", "item_code", "contains", "valid_from"}


def test_e5_a_header_is_checked_whole(write, problems):
    found = problems(write("item_codes.csv", "Buyer,Colour,product,product\nAcme,red,P,P\n"))
    assert {(each.row, each.column) for each in found} == {(1, "colour"), (1, "product"), (1, "item_code")}


def test_e5_column_names_may_be_written_as_people_write_them(write, rows):
    assert rows(write("Item codes 2026.csv", "Buyer,PRODUCT,Item Code\nAcme,P,1\n"))[0].values == ["Acme", "P", "1"]


def test_e5_a_row_with_too_few_or_too_many_cells_is_refused(write, problems):
    found = problems(write("item_codes.csv", f"{HEADER}\nAcme,P,1\nAcme,P,1,1,,more\nAcme,P,1,1,,\n"))
    assert [each.row for each in found] == [2, 3]
    assert "5 cells as in the header; this row has 3" in found[0].expected


def test_e5_formulas_are_refused_in_a_sentence(write, problems):
    found = problems(write("item_codes.csv", f'{HEADER}\nAcme,P,"=HYPERLINK(""http://x"")",1,\n'))
    assert (found[0].row, found[0].column) == (2, "item_code")
    assert "never computed" in found[0].expected


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@home", "\tx", "\rx", "'quoted", "'=1"])
def test_e5_a_text_that_a_spreadsheet_might_run_is_written_harmless_and_read_as_it_was(text):
    assert not harmless(text).startswith(LIVE)
    assert as_meant(harmless(text)) == text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"buyer,product,item_code\nAcme,P\0,1\n", "NUL"),
        (b"\x89PNG\0\0\0\0" * 50, "NUL"),
        (b"buyer,product,item_code\nAcme,P,\x81\n", "Windows-1252"),
        (b"\xef\xbb\xbfbuyer,product,item_code\nAcme,P,\xe9\n", "UTF-8 with BOM"),
        (b'buyer,product,item_code\nAcme,"P,1\n', "quote"),
        (b'buyer,product,item_code\nAcme,"P"x,1\n', "quotes that open and close"),
        (b"buyer,product,item_code\nAcme,P," + b"9" * 20_000 + b"\n", "10,000 characters"),
        (b"a," * 500 + b"\n", "100 columns"),
        (b"a" * 3_000_000, "characters"),
        (b"", "a column buyer"),
    ],
)
def test_e5_a_hostile_file_is_refused_in_a_sentence(write, problems, content, expected):
    found = problems(write("item_codes.csv", content))
    assert expected in found[0].sentence
    assert len(found[0].sentence) < 300


def test_e5_a_file_that_names_no_table_is_refused_and_the_others_are_still_read(write, problems):
    found = problems(
        write("stuff.csv", "a,b\n"), write("item_codes.csv", f"{HEADER}\nAcme,P,,1,\n"), write("x.ods", "")
    )
    assert {each.file for each in found} == {"stuff.csv", "item_codes.csv", "x.ods"}


def test_e5_a_po_never_falls_apart_between_chunks(write):
    lines = [f"Acme,PO-{po},{line}" for po in range(60) for line in range(70)]
    source = open_source(write("purchase_orders.csv", "\n".join(["buyer,number,line", *lines])), columns_of_tables())
    (sheet,) = source.sheets
    with source.rows(sheet) as rows:
        header = read_header(sheet, rows, pytest.fail)
        chunks = list(in_chunks(sheet, header, read_rows(sheet, header, rows, pytest.fail)))
    assert [len(chunk.rows) for chunk in chunks] == [2030, 2030, 140]
    assert all(one.rows[-1][2] != two.rows[0][2] for one, two in pairwise(chunks))


def test_e5_a_record_of_endless_rows_is_refused(write, problems):
    lines = ["buyer,number,line", *(f"Acme,PO-1,{line}" for line in range(5_002))]
    assert "5,000 rows for one record" in problems(write("purchase_orders.csv", "\n".join(lines)))[0].sentence
