"""What the pages show of the books."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record


@dataclass(frozen=True)
class Status:
    """An invoice's standing: a word, a tone for its colour, and more detail."""

    word: str
    tone: str
    detail: str = ""


def status_of(invoice: Record, today: date) -> Status:
    """Voided, paid, overdue, partially paid or open, as an accountant would call it."""
    if invoice.get("PrivateNote", "").startswith("Voided") and invoice["TotalAmt"] == 0:
        return Status("Voided", "quiet")
    if invoice["Balance"] == 0:
        return Status("Paid", "good")
    days = (date.fromisoformat(invoice["DueDate"]) - today).days
    if days < 0:
        return Status("Overdue", "bad", f"by {-days} day{'s' if days != -1 else ''}")
    detail = "due today" if days == 0 else f"due in {days} day{'s' if days != 1 else ''}"
    return Status("Partially paid" if invoice["Balance"] < invoice["TotalAmt"] else "Open", "plain", detail)


def custom_fields(invoice: Record) -> list[tuple[str, str]]:
    """Name and value of the custom fields that are filled in."""
    return [(each["Name"], each["StringValue"]) for each in invoice["CustomField"] if each.get("StringValue")]


def home_balance(invoice: Record) -> Decimal:
    """The open balance in the company's own currency."""
    balance: Decimal = invoice["HomeBalance"] if "HomeBalance" in invoice else invoice["Balance"]
    return balance


def invoice_row(invoice: Record, today: date) -> dict[str, Any]:
    return {"invoice": invoice, "status": status_of(invoice, today), "fields": dict(custom_fields(invoice))}


def invoice_lines(invoice: Record) -> list[Record]:
    """The lines a reader sees: items and texts."""
    return [line for line in invoice["Line"] if line["DetailType"] in ("SalesItemLineDetail", "DescriptionOnly")]


def sums(invoice: Record) -> list[tuple[str, Decimal]]:
    """The labelled sums under the lines, the total last."""
    answer: list[tuple[str, Decimal]] = []
    for line in invoice["Line"]:
        if line["DetailType"] == "SubTotalLineDetail":
            answer.append(("Subtotal", line["Amount"]))
        if line["DetailType"] == "DiscountLineDetail":
            answer.append(("Discount", -line["Amount"]))
    answer.append(("Sales tax", invoice["TxnTaxDetail"]["TotalTax"]))
    return [*answer, ("Total", invoice["TotalAmt"])]


def payments_of(company: Company, invoice: Record) -> list[dict[str, Any]]:
    """The payments linked to an invoice, each with the part applied to it."""
    answer = []
    for link in invoice["LinkedTxn"]:
        payment = company.store.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is None:
            continue
        applied = [line["Amount"] for line in payment["Line"] if line["LinkedTxn"][0]["TxnId"] == invoice["Id"]]
        answer.append({"payment": payment, "applied": sum(applied, ZERO)})
    return answer


def payment_row(company: Company, payment: Record) -> dict[str, Any]:
    """A payment with the invoices it was applied to."""
    applied = []
    for line in payment["Line"]:
        invoice = company.store.find("Invoice", line["LinkedTxn"][0]["TxnId"])
        if invoice is not None:
            applied.append({"id": invoice["Id"], "number": invoice.get("DocNumber") or f"#{invoice['Id']}"})
    voided = payment.get("PrivateNote", "").startswith("Voided") and payment["TotalAmt"] == 0
    return {"payment": payment, "applied": applied, "voided": voided}
