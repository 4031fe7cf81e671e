"""A form on paper: what it says, line by line, and a small PDF of it."""

from decimal import Decimal

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

LINES_PER_PAGE = 60
_TITLES = {"CreditMemo": "Credit memo", "SalesReceipt": "Sales receipt", "RefundReceipt": "Refund receipt"}
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"


def print_form(company: Company, kind: Kind, record_id: str) -> bytes:
    """The form as PDF. Kinds that are not printed are fault 500, a missing record 610. Source: client's classes (V)."""
    if not kind.printable:
        raise Fault("500", f"Operation pdf is not supported for {kind.name}.")
    return build_pdf(describe(company, kind, company.read(kind, record_id)))


def describe(company: Company, kind: Kind, form: Record) -> list[str]:
    """The form as lines of text."""
    information = company.store.find("CompanyInfo", "1") or {}
    number = form.get("DocNumber") or form["Id"]
    head = [information.get("CompanyName", ""), "", f"{_TITLES.get(kind.name, kind.name)} {number}", form["TxnDate"]]
    due = [f"Due {form['DueDate']}"] if "DueDate" in form else []
    address = form.get("BillAddr", {})
    buyer = [form.get("CustomerRef", {}).get("name", ""), address.get("Line1", ""), address.get("City", "")]
    lines = [_columns(_wording(line), line.get("Amount")) for line in form.get("Line", [])]
    tax = form.get("TxnTaxDetail", {}).get("TotalTax")
    sums = [_columns("Sales tax", tax)] if tax else []
    memo = form.get("CustomerMemo", {}).get("value", "")
    return [*head, *due, "", *(each for each in buyer if each), "", *lines, *sums, _columns("Total", form["TotalAmt"]),
            "", memo]  # fmt: skip


def build_pdf(lines: list[str]) -> bytes:
    """The lines as pages of plain text. Characters beyond Windows-1252 become question marks."""
    pages = [lines[start : start + LINES_PER_PAGE] for start in range(0, len(lines), LINES_PER_PAGE)] or [[]]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT,
    ]
    for number, page in enumerate(pages):
        content = _content(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start = len(file)
    file += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    file += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    file += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(file)


def _content(lines: list[str]) -> bytes:
    shown = b"\n".join(b"(" + _escaped(line) + b") Tj T*" for line in lines)
    return b"BT /F1 10 Tf 12 TL 50 750 Td\n" + shown + b"\nET"


def _escaped(line: str) -> bytes:
    raw = line.replace("\n", " ").replace("\r", " ").encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _wording(line: Record) -> str:
    detail = line.get("SalesItemLineDetail", {})
    kind = line.get("DetailType", "")
    words = line.get("Description") or detail.get("ItemRef", {}).get("name", "")
    return words or {"SubTotalLineDetail": "Subtotal", "DiscountLineDetail": "Discount"}.get(kind, "")


def _columns(words: str, amount: Decimal | None) -> str:
    figure = "" if amount is None else f"{amount:,.2f}"
    return f"{words[:60]:<62}{figure:>14}"
