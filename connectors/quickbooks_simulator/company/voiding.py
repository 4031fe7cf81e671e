"""What is left of a voided transaction."""

from quickbooks_simulator.company.applying import release_applied, release_payments
from quickbooks_simulator.company.checks import check_books_open, read_date
from quickbooks_simulator.company.deposited import check_not_deposited
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.group_lines import GROUP
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.sources import release_sources
from quickbooks_simulator.company.store import Record


def void_invoice(draft: Draft, invoice: Record) -> Record:
    """The invoice stays with zero amounts and a note; its payments become unapplied. Source: recorded answer (V)."""
    check_books_open(draft, read_date(invoice["TxnDate"], "TxnDate"))
    release_payments(draft.changes, invoice)
    release_sources(draft.changes, invoice)
    return _emptied(invoice)


def void_sales_receipt(draft: Draft, receipt: Record) -> Record:
    """The receipt stays with zero amounts and a note, unless it was deposited. Source: client's tests (V)."""
    check_books_open(draft, read_date(receipt["TxnDate"], "TxnDate"))
    check_not_deposited(receipt)
    return _emptied(receipt)


def void_payment(draft: Draft, payment: Record) -> Record:
    """The payment stays with a zero amount; its invoices are open again. Source: types (V)."""
    check_books_open(draft, read_date(payment["TxnDate"], "TxnDate"))
    check_not_deposited(payment)
    release_applied(draft.changes, payment)
    voided = {**payment, "TotalAmt": ZERO, "UnappliedAmt": ZERO, "Line": [], "PrivateNote": voided_note(payment)}
    return {**voided, "HomeTotalAmt": ZERO} if "HomeTotalAmt" in payment else voided


def _emptied(form: Record) -> Record:
    voided = {
        **form,
        "TotalAmt": ZERO,
        "Balance": ZERO,
        "Line": [_without_amounts(line) for line in form["Line"]],
        "TxnTaxDetail": {"TotalTax": ZERO},
        "LinkedTxn": [],
        "PrivateNote": voided_note(form),
    }
    return {**voided, **{name: ZERO for name in ("HomeTotalAmt", "HomeBalance") if name in form}}


def voided_note(record: Record) -> str:
    """The private note, beginning with "Voided" (V)."""
    note = record.get("PrivateNote", "")
    if note.startswith("Voided"):
        return str(note)
    return f"Voided - {note}"[:4000] if note else "Voided"


def _without_amounts(line: Record) -> Record:
    emptied = dict(line)
    if "Amount" in line:
        emptied["Amount"] = ZERO
    if "SalesItemLineDetail" in line:
        priced = ("UnitPrice", "TaxInclusiveAmt")
        detail = {name: value for name, value in line["SalesItemLineDetail"].items() if name not in priced}
        emptied["SalesItemLineDetail"] = {**detail, "Qty": 0} if "Qty" in detail else detail
    if GROUP in line:
        emptied[GROUP] = {**line[GROUP], "Line": [_without_amounts(part) for part in line[GROUP]["Line"]]}
    return emptied
