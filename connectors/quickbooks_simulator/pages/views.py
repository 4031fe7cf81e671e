"""What the pages show of the books."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.journal import is_voided
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
    if is_voided(invoice):
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
    return [
        line
        for line in invoice["Line"]
        if line["DetailType"] in ("SalesItemLineDetail", "GroupLineDetail", "DescriptionOnly")
    ]


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
        link = line["LinkedTxn"][0]
        invoice = company.store.find("Invoice", link["TxnId"]) if link["TxnType"] == "Invoice" else None
        if invoice is not None:
            number = invoice.get("DocNumber") or f"#{invoice['Id']}"
            applied.append({"id": invoice["Id"], "number": number, "amount": line["Amount"], "invoice": invoice})
    deposits = [link["TxnId"] for link in payment["LinkedTxn"] if link["TxnType"] == "Deposit"]
    return {"payment": payment, "applied": applied, "voided": is_voided(payment), "deposits": deposits}


def deposit_row(company: Company, deposit: Record) -> dict[str, Any]:
    """A deposit with the payments in it."""
    ids = [link["TxnId"] for line in deposit["Line"] for link in line.get("LinkedTxn", [])]
    payments = [company.store.find("Payment", each) for each in ids]
    account = name_of(company, "Account", deposit.get("DepositToAccountRef"))
    return {"deposit": deposit, "payments": [each for each in payments if each is not None], "account": account}


def open_invoices(company: Company, customer_id: str, today: date) -> list[dict[str, Any]]:
    """A customer's invoices with something left to pay, the earliest due first."""
    found = [
        invoice
        for invoice in company.store.all("Invoice")
        if invoice["CustomerRef"]["value"] == customer_id and invoice["Balance"] > 0
    ]
    return [invoice_row(invoice, today) for invoice in sorted(found, key=lambda each: str(each["DueDate"]))]


def active_names(company: Company, kind: str, also: str = "") -> list[tuple[str, str]]:
    """Id and name of the active records of a list by name, and of the one that is chosen already."""
    found = [each for each in company.store.all(kind) if each.get("Active", True) or each["Id"] == also]
    return [(each["Id"], full_name(each)) for each in sorted(found, key=sort_name)]


def name_of(company: Company, kind: str, reference: Record | None) -> str:
    """The present name of what is referred to, or an empty text."""
    record = company.store.find(kind, reference["value"]) if reference else None
    return str(record.get("DisplayName") or record.get("Name", "")) if record else ""


def sort_name(record: Record) -> str:
    return full_name(record).lower()


def full_name(record: Record) -> str:
    """The name to show in a list: what stands below something else is named with it, as `Parent: Part`."""
    if "ParentRef" in record and record.get("FullyQualifiedName"):
        return str(record["FullyQualifiedName"]).replace(":", ": ")
    return str(record.get("DisplayName") or record["Name"])


def searched(invoice: Record) -> str:
    """What a search of invoices looks through, in small letters."""
    fields = [value for _, value in custom_fields(invoice)]
    return " ".join([invoice.get("DocNumber") or f"#{invoice['Id']}", invoice["CustomerRef"]["name"], *fields]).lower()
