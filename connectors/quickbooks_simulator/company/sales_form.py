"""What all sales forms share: customer, date, currency, defaults, texts, lines, tax and total."""

from datetime import date
from decimal import Decimal

from quickbooks_simulator.company.allowed import is_allowed
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
from quickbooks_simulator.company.due_date import default_term
from quickbooks_simulator.company.exchange_rates import transaction_rate
from quickbooks_simulator.company.invoice_lines import prepare_lines
from quickbooks_simulator.company.invoice_tax import prepare_tax
from quickbooks_simulator.company.money import ZERO, round_cents
from quickbooks_simulator.company.numbering import document_number
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.company.tax_model import tax_calculation_field
from quickbooks_simulator.faults import Fault

COPIED = (
    "BillAddr", "ShipAddr", "ShipFromAddr", "ShipDate", "TrackingNum", "BillEmail", "BillEmailCc", "BillEmailBcc",
    "CustomerMemo", "PrivateNote", "FreeFormAddress", "ApplyTaxAfterDiscount", "PrintStatus", "EmailStatus",
    "ProjectRef", "PONumber", "CustomExtensions", "ShipMethodRef",
)  # fmt: skip
"""What is stored as sent on every form."""


def prepare_form(draft: Draft, customer: Record | None, copied: tuple[str, ...] = ()) -> Record:
    """A form with everything the company adds, up to its total. Source: recorded answers (V), documentation (P)."""
    _check_delivery(draft)
    lines = prepare_lines(draft)
    day = transaction_date(draft)
    tax = prepare_tax(draft, lines, customer or {})
    total: Decimal = lines.subtotal - lines.discount + tax["TotalTax"]
    if total < ZERO:
        # Refused (P); a credit memo is the way to give money back.
        raise Fault("6000", "Transaction amount must be 0 or greater.")
    record: Record = {
        **{name: draft.body[name] for name in (*COPIED, *copied) if name in draft.body},
        **_customer_addresses(draft, customer or {}),
        **_delivered(draft),
        **_tracking(draft),
        **tax_calculation_field(draft),
        **({"CustomerRef": refer_to(customer)} if customer else {}),
        "CurrencyRef": currency(draft, customer),
        "TxnDate": day.isoformat(),
        "Line": lines.records,
        "TxnTaxDetail": tax,
        "CustomField": prepare_custom_fields(draft),
        "TotalAmt": total,
    }
    number = document_number(draft)
    if number is not None:
        record["DocNumber"] = number
    _check_texts(record)
    return {**record, **home_amounts(draft, HomeTotalAmt=total)}


def _check_delivery(draft: Draft) -> None:
    """Delivery information is read-only, and sending it back empty is refused. Source: client thread (P)."""
    if "DeliveryInfo" in draft.sent and "DeliveryInfo" not in draft.body and draft.sent["DeliveryInfo"] is not None:
        raise Fault("2020", "Required param missing, need to supply DeliveryInfo.DeliveryType", "DeliveryInfo")


def _delivered(draft: Draft) -> Record:
    """When the form was last mailed; a client cannot change it. Source: types (V)."""
    previous = draft.previous or {}
    return {"DeliveryInfo": previous["DeliveryInfo"]} if "DeliveryInfo" in previous else {}


def required_customer(draft: Draft) -> Record:
    """The customer, who cannot be missing. Source: fault list (P)."""
    customer = optional_customer(draft)
    if customer is None:
        raise Fault("6560", "Select a customer: CustomerRef is missing.", "CustomerRef")
    return customer


def optional_customer(draft: Draft) -> Record | None:
    """The customer, if there is one; who pays on the spot need not be named (M).

    A vendor or an employee in this place is fault 6250 (P for the code, M for when).
    """
    _check_is_customer(draft)
    customer = find_reference(draft, draft.body.get("CustomerRef"), "Customer", "CustomerRef")
    previous = draft.previous or {}
    linked = any(link["TxnType"] == "Payment" for link in previous.get("LinkedTxn", []))
    if linked and previous["CustomerRef"]["value"] != (customer or {}).get("Id"):
        raise Fault("620", "A transaction that is linked to a payment cannot change its customer.", "CustomerRef")
    return customer


def _check_is_customer(draft: Draft) -> None:
    record_id = str((draft.body.get("CustomerRef") or {}).get("value", ""))
    if draft.changes.find("Customer", record_id):
        return
    for kind in ("Vendor", "Employee"):
        if draft.changes.find(kind, record_id):
            raise Fault("6250", f"Invalid customer: {record_id} is of kind {kind}.", "CustomerRef")


def transaction_date(draft: Draft) -> date:
    """The date sent, else today; neither it nor the one before may lie in closed books."""
    sent = draft.body.get("TxnDate")
    day = read_date(sent, "TxnDate") if sent is not None else draft.today
    before = [read_date(draft.previous["TxnDate"], "TxnDate")] if draft.previous else []
    check_books_open(draft, day, *before)
    return day


def currency(draft: Draft, customer: Record | None) -> Record:
    """The customer's currency; another one is refused. Source: documentation (P)."""
    home: Record = draft.preference("CurrencyPrefs", "HomeCurrency") or {"value": "USD"}
    own: Record = customer["CurrencyRef"] if customer else home
    wanted = draft.body.get("CurrencyRef", own).get("value")
    if wanted != own["value"]:
        raise Fault(
            "6000", f"The transaction's currency {wanted} is not the customer's, {own['value']}.", "CurrencyRef"
        )
    return own


def terms(draft: Draft, customer: Record) -> Record:
    """The term sent; on create else the customer's. Source: recorded answer (V).

    Whether the company's default term comes last is unknown (switch default_terms_apply).
    """
    term = resolve(draft, draft.body.get("SalesTermRef"), "Term", "SalesTermRef")
    if draft.previous is None:
        term = term or customer.get("SalesTermRef") or default_term(draft)
    return {"SalesTermRef": term} if term else {}


def _customer_addresses(draft: Draft, customer: Record) -> Record:
    """Addresses and mail address the customer brings along on create. Source: recorded answer (V)."""
    if draft.previous is not None:
        return {}
    brought = {
        "BillAddr": customer.get("BillAddr"),
        "ShipAddr": customer.get("ShipAddr"),
        "BillEmail": customer.get("PrimaryEmailAddr"),
    }
    return {name: value for name, value in brought.items() if value and name not in draft.body}


def _tracking(draft: Draft) -> Record:
    """Class and location of the whole transaction, each while its preference lets it in."""
    answer: Record = {}
    for element, kind, preference in (
        ("ClassRef", "Class", "ClassTrackingPerTxn"),
        ("DepartmentRef", "Department", "TrackDepartments"),
    ):
        if element in draft.body and is_allowed(draft, "AccountingInfoPrefs", preference, element):
            reference = resolve(draft, draft.body.get(element), kind, element)
            if reference:
                answer[element] = reference
    return answer


def _check_texts(record: Record) -> None:
    """Lengths and enumerations from the types (V)."""
    check_length(record.get("PrivateNote"), "PrivateNote", 4000)
    check_length(record.get("CustomerMemo", {}).get("value"), "CustomerMemo", 1000)
    check_email(record.get("BillEmail", {}).get("Address"), "BillEmail")
    for element in ("BillEmailCc", "BillEmailBcc"):
        check_email(record.get(element, {}).get("Address"), element, 200)
    record.setdefault("PrintStatus", "NotSet")
    record.setdefault("EmailStatus", "NotSet")
    record.setdefault("ApplyTaxAfterDiscount", False)
    if record["EmailStatus"] not in ("NotSet", "NeedToSend", "EmailSent"):
        raise Fault("2170", "EmailStatus must be NotSet, NeedToSend or EmailSent", "EmailStatus")
    if record["PrintStatus"] not in ("NotSet", "NeedToPrint", "PrintComplete"):
        raise Fault("2170", "PrintStatus must be NotSet, NeedToPrint or PrintComplete", "PrintStatus")
    if record["EmailStatus"] == "NeedToSend" and "BillEmail" not in record:
        raise Fault("6000", "A form that is to be sent needs an email address.", "BillEmail")


def home_amounts(draft: Draft, **amounts: Decimal) -> Record:
    """The rate and the amounts in the company's own currency; nothing while there is but one currency. Types (V)."""
    if not draft.preference("CurrencyPrefs", "MultiCurrencyEnabled"):
        return {}
    rate = transaction_rate(draft)
    return {"ExchangeRate": rate, **{name: round_cents(amount * rate) for name, amount in amounts.items()}}
