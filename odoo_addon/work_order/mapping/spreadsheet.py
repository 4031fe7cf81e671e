"""A buyer's PO as a spreadsheet somebody saved: CSV or XLSX, small enough to be read at once."""

import csv
import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

from odoo.tools.translate import LazyTranslate

from .column import Number
from .lookup import Unfit

_lt = LazyTranslate(__name__)
MAX_BYTES = 10_000_000
MAX_UNPACKED = 100_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
#: What buyers call these columns.
CALLED = {
    "po": "number",
    "po_number": "number",
    "purchase_order": "number",
    "po_line": "line",
    "line_number": "line",
    "buyer_item_code": "item_code",
    "item": "item_code",
    "our_item_code": "product",
    "supplier_item_code": "product",
    "qty": "quantity",
    "uom": "buyer_unit",
    "unit_of_measure": "buyer_unit",
    "price": "unit_price",
    "cost_centre": "cost_center",
    "accounting_string": "cost_center",
}


def sheet_of(name, content, columns):
    """Columns, numbered rows, and what the file calls each column; raises :class:`Unfit` if it cannot be read.

    :param columns: the columns a PO may have, by name
    """
    if len(content) > MAX_BYTES:
        raise Unfit(_lt("a file of at most 10 MB"))
    is_book = content[:4] == b"PK\3\4"
    if not is_book and name.lower().endswith((".xlsx", ".xls", ".ods")):
        raise Unfit(_lt("an XLSX or CSV file; save the spreadsheet as one of these"))
    rows = _book_rows(content) if is_book else _text_rows(content, columns)
    if not rows:
        raise Unfit(_lt("a file with a header and rows; this one is empty"))
    (_first, head), *rows = rows
    header = [_column(cell) for cell in head]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise Unfit(_lt("at most 100 columns and 5,000 rows"))
    headings = {name: cell.strip() for name, cell in zip(header, head, strict=False)}
    return header, [[number, *(cells + [""] * len(header))[: len(header)]] for number, cells in rows], headings


def _column(cell):
    name = "_".join(cell.strip().lower().replace("-", " ").replace("_", " ").replace("#", " number ").split())
    return CALLED.get(name, name)


def _text_rows(content, columns):
    text = _decoded(content)
    line = text.partition("\n")[0][:10_000]
    known = {
        mark: sum(_column(cell) in columns for cell in next(csv.reader([line], delimiter=mark), [])) for mark in ",;\t"
    }
    mark = max(known, key=known.get)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        rows = [(number, row) for number, row in enumerate(reader, start=1) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unfit(_lt("a CSV file whose quotes close again (%s)", str(error))) from error
    numbers = {place for place, cell in enumerate(rows[0][1]) if _is_number(columns, cell)} if rows else set()
    return [
        (number, [_unguarded(_pointed(cell) if mark == ";" and at in numbers else cell) for at, cell in enumerate(row)])
        for number, row in rows
    ]


def _is_number(columns, heading):
    return isinstance(columns.get(_column(heading)), Number)


def _decoded(content):
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unfit(_lt("a CSV file in UTF-8, UTF-16 or Windows-1252, or an XLSX file"))


def _pointed(cell):
    """Where the semicolon separates cells, a comma separates decimals; codes are left as the buyer writes them."""
    whole, comma, rest = cell.strip().partition(",")
    return f"{whole}.{rest}" if comma and rest.isdigit() and whole.isdigit() else cell


def _unguarded(cell):
    """Without the apostrophe that keeps a spreadsheet from running a text."""
    if cell.startswith("="):
        raise Unfit(_lt("values; “%s” is a formula, which is never computed", cell[:60]))
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r", "'") else cell


def _book_rows(content):
    import openpyxl  # Odoo's own import loads it when it is needed

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise Unfit(_lt("a file of at most 100 MB once unpacked"))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = []
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
            texts = [_cell_text(cell) for cell in cells]
            if any(texts):
                rows.append((number, texts))
            if len(rows) > MAX_ROWS + 1:
                break
    except Unfit:
        raise
    except Exception as error:  # whatever a broken or hostile workbook makes the library raise
        raise Unfit(_lt("a whole XLSX file (%s)", str(error)[:200])) from error
    return rows


def _cell_text(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Unfit(_lt("values; cell %s holds a formula, which is never computed", cell.coordinate))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        text = format(Decimal(repr(value)), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        zeros = cell.number_format or ""
        return text.zfill(len(zeros)) if text.isdigit() and zeros and set(zeros) == {"0"} else text
    return _unguarded(str(value))
