"""Rules of an invoice."""

from datetime import date
from decimal import Decimal

from quickbooks_simulator.company.checks import (
    check_books_open,
    check_email,
    check_length,
    find_reference,
    read_date,
    refer_to,
    resolve,
)
from quickbooks_simulator.company.custom_fields import prepare_custom_fields
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.due_date import due_date
from quickbooks_simulator.company.invoice_lines import Lines, prepare_lines
from quickbooks_simulator.company.invoice_tax import prepare_tax
from quickbooks_simulator.company.money import ZERO, read_decimal, round_cents
from quickbooks_simulator.company.numbering import document_number
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.company.tax_model import tax_calculation_field
from quickbooks_simulator.faults import Fault

COPIED = (
    "BillAddr", "ShipAddr", "ShipFromAddr", "ShipDate", "TrackingNum", "BillEmail", "BillEmailCc", "BillEmailBcc",
    "CustomerMemo", "PrivateNote", "FreeFormAddress", "ApplyTaxAfterDiscount", "PrintStatus", "EmailStatus",
    "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment", "ProjectRef", "PONumber", "CustomExtensions",
    "ShipMethodRef",
)  # fmt: skip
"""What is stored as sent. AllowIPNPayment and AllowOnlinePayment are deprecated and stay false (V)."""


def prepare_invoice(draft: Draft) -> Record:
    """An invoice with everything the company adds. Source: recorded answers (V), documentation (P)."""
    _check_delivery(draft)
    customer = required_customer(draft)
    lines = prepare_lines(draft)
    day = transaction_date(draft)
    tax = prepare_tax(draft, lines, customer)
    record: Record = {
        **{name: draft.body[name] for name in COPIED if name in draft.body},
        **customer_defaults(draft, customer),
        **_tracking(draft),
        **tax_calculation_field(draft),
        "CustomerRef": refer_to(customer),
        "CurrencyRef": currency(draft, customer),
        "TxnDate": day.isoformat(),
        "DueDate": due_date(draft, customer, day).isoformat(),
        "Line": lines.records,
        "TxnTaxDetail": tax,
        "CustomField": prepare_custom_fields(draft),
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
    }
    number = document_number(draft)
    if number is not None:
        record["DocNumber"] = number
    _check_texts(record)
    return {**record, **_totals(draft, record, lines)}


def _check_delivery(draft: Draft) -> None:
    """Delivery information is read-only, and sending it back empty is refused. Source: client thread (P)."""
    if "DeliveryInfo" in draft.sent and "DeliveryInfo" not in draft.body and draft.sent["DeliveryInfo"] is not None:
        raise Fault("2020", "Required param missing, need to supply DeliveryInfo.DeliveryType", "DeliveryInfo")


def required_customer(draft: Draft) -> Record:
    """The customer, who cannot be missing. Source: fault list (P)."""
    customer = find_reference(draft, draft.body.get("CustomerRef"), "Customer", "CustomerRef")
    if customer is None:
        raise Fault("6560", "Select a customer: CustomerRef is missing.", "CustomerRef")
    linked = draft.previous is not None and any(
        link["TxnType"] == "Payment" for link in draft.previous.get("LinkedTxn", [])
    )
    if linked and draft.previous is not None and draft.previous["CustomerRef"]["value"] != customer["Id"]:
        raise Fault("620", "A transaction that is linked to a payment cannot change its customer.", "CustomerRef")
    return customer


def transaction_date(draft: Draft) -> date:
    """The date sent, else today; neither it nor the one before may lie in closed books."""
    sent = draft.body.get("TxnDate")
    day = read_date(sent, "TxnDate") if sent is not None else draft.today
    before = [read_date(draft.previous["TxnDate"], "TxnDate")] if draft.previous else []
    check_books_open(draft, day, *before)
    return day


def currency(draft: Draft, customer: Record) -> Record:
    """The customer's currency; another one is refused. Source: documentation (P)."""
    own: Record = customer["CurrencyRef"]
    wanted = draft.body.get("CurrencyRef", own).get("value")
    if wanted != own["value"]:
        raise Fault(
            "6000", f"The transaction's currency {wanted} is not the customer's, {own['value']}.", "CurrencyRef"
        )
    return own


def customer_defaults(draft: Draft, customer: Record) -> Record:
    """Term, addresses and mail address the customer brings along on create. Source: recorded answer (V)."""
    answer: Record = {}
    term = resolve(draft, draft.body.get("SalesTermRef"), "Term", "SalesTermRef")
    if draft.previous is None:
        term = term or customer.get("SalesTermRef")
        for name, value in (
            ("BillAddr", customer.get("BillAddr")),
            ("ShipAddr", customer.get("ShipAddr")),
            ("BillEmail", customer.get("PrimaryEmailAddr")),
        ):
            if value and name not in draft.body:
                answer[name] = value
    if term:
        answer["SalesTermRef"] = term
    return answer


def _tracking(draft: Draft) -> Record:
    """Class and location of the whole transaction, dropped while their preference is off (M)."""
    answer: Record = {}
    for element, kind, preference in (
        ("ClassRef", "Class", "ClassTrackingPerTxn"),
        ("DepartmentRef", "Department", "TrackDepartments"),
    ):
        if draft.preference("AccountingInfoPrefs", preference):
            reference = resolve(draft, draft.body.get(element), kind, element)
            if reference:
                answer[element] = reference
    deposit_to = resolve(draft, draft.body.get("DepositToAccountRef"), "Account", "DepositToAccountRef")
    return {**answer, "DepositToAccountRef": deposit_to} if deposit_to else answer


def _check_texts(record: Record) -> None:
    """Lengths from the types (V)."""
    check_length(record.get("PrivateNote"), "PrivateNote", 4000)
    check_length(record.get("CustomerMemo", {}).get("value"), "CustomerMemo", 1000)
    for element in ("BillEmail", "BillEmailCc", "BillEmailBcc"):
        check_email(record.get(element, {}).get("Address"), element)
    record.setdefault("PrintStatus", "NotSet")
    record.setdefault("EmailStatus", "NotSet")
    record.setdefault("ApplyTaxAfterDiscount", False)
    if record["EmailStatus"] not in ("NotSet", "NeedToSend", "EmailSent"):
        raise Fault("2170", "EmailStatus must be NotSet, NeedToSend or EmailSent", "EmailStatus")
    if record["EmailStatus"] == "NeedToSend" and "BillEmail" not in record:
        raise Fault("6000", "An invoice that is to be sent needs an email address.", "BillEmail")


def _totals(draft: Draft, record: Record, lines: Lines) -> Record:
    """Total and balance. A negative total is refused (P); so is one below what was already paid (M)."""
    total: Decimal = lines.subtotal - lines.discount + record["TxnTaxDetail"]["TotalTax"]
    if total < ZERO:
        raise Fault("6000", "Transaction amount must be 0 or greater.")
    previous = draft.previous or {"TotalAmt": ZERO, "Balance": ZERO}
    paid = previous["TotalAmt"] - previous["Balance"]
    if paid > total:
        raise Fault("6000", f"The total {total} is less than the {paid} already paid.")
    answer: Record = {"TotalAmt": total, "Balance": total - paid, "LinkedTxn": _links(draft)}
    if draft.preference("CurrencyPrefs", "MultiCurrencyEnabled"):
        rate = read_decimal(draft.body.get("ExchangeRate", 1), "ExchangeRate")
        answer |= {
            "ExchangeRate": rate,
            "HomeTotalAmt": round_cents(total * rate),
            "HomeBalance": round_cents(answer["Balance"] * rate),
        }
    return answer


def _links(draft: Draft) -> list[Record]:
    """Links to payments are read-only, others are the client's. Source: types (V)."""
    kept = [link for link in (draft.previous or {}).get("LinkedTxn", []) if link["TxnType"] == "Payment"]
    sent = [link for link in draft.body.get("LinkedTxn", []) if link.get("TxnType") in ("Estimate", "TimeActivity")]
    return sent + kept
