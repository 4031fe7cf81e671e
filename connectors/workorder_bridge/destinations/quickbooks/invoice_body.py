"""A document and its mapping tables as the JSON of a QuickBooks invoice, or of a credit memo for a credit note.

Everything QuickBooks would refuse and we can know is checked here, all of it at once, before anything is sent. Limits
are those of the fact sheet, §2 and §8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.company import CompanyFacts
from workorder_bridge.destinations.quickbooks.lists import Lists
from workorder_bridge.destinations.quickbooks.sales_tax import SalesTax
from workorder_bridge.destinations.quickbooks.texts import (
    customer_memo,
    in_custom_field,
    line_description,
    private_note,
    purchase_orders,
)
from workorder_bridge.destinations.quickbooks.usable import Judge
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.document_parts import CodedRecord, ProductLine
from workorder_bridge.errors import DocumentInvalid
from workorder_bridge.mapping import Translation
from workorder_bridge.ports import Parcel, Tables

NUMBER_LENGTH, DESCRIPTION_LENGTH, NOTE_LENGTH, MEMO_LENGTH, EMAIL_LENGTH = 21, 4000, 4000, 1000, 100
CUSTOM_FIELD_LENGTH = 31  # (M): a longer value is left out of the field; the note and the lines carry it anyway
MOST_LINES = 10_000
UNIT_PRICE_DIGITS = 7
PO_FIELDS, WORK_ORDER_FIELDS = ("p.o. number", "po number"), ("work order", "work order number")
KIND = "quickbooks"
_CENT = Decimal("0.01")

Json = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """An invoice or credit memo ready to send except for its customer, which may still have to be made."""

    parcel: Parcel
    body: Json
    customer_id: str

    def for_customer(self, customer_id: str) -> Json:
        """The body, addressed."""
        return {**self.body, "CustomerRef": {"value": customer_id}}


def draft_invoice(
    parcel: Parcel,
    tables: Tables,
    company: CompanyFacts,
    *,
    may_create_customer: bool,
    lists: Lists | None = None,
    untaxed_code: str = "",
) -> Draft:
    """The invoice, or credit memo, for one parcel; `lists` are the company's, as far as they are known.

    Raises `MappingIncomplete` with every missing or unusable row, or `DocumentInvalid` with every reason QuickBooks
    would refuse it.
    """
    document = parcel.document
    find = Translation(tables, document, KIND, Judge(company, lists, document.currency))
    tax = SalesTax(document, find, company, lists, untaxed_code)
    known = tables.customers.get(str(document.buyer.id))
    if known is not None or not may_create_customer:
        find.find("customers", document.buyer.id, document.buyer.name)
    body = {
        "DocNumber": document.number,
        "TxnDate": document.issue_date.isoformat(),
        "CurrencyRef": {"value": document.currency},
        "Line": list(_lines(document, find, company, tax)),
        "PrivateNote": private_note(document, parcel.row.key, NOTE_LENGTH),
        **tax.on_invoice(),
        **_optional(document, find, company),
    }
    tax.refuse_wrong_rates()
    find.refuse_gaps()
    problems = [*_problems_of_document(document, company), *tax.problems(), *_problems_of_body(body)]
    if problems:
        raise DocumentInvalid(
            problems, hint="Correct it in Odoo: reset the invoice to draft, change it, post it again."
        )
    return Draft(parcel, body, known.id if known else "")


def _optional(document: InvoiceDocument, find: Translation, company: CompanyFacts) -> Json:
    """The parts an invoice has only when there is something to say; empty ones may be refused (§8, DeliveryInfo)."""
    parts: Json = {} if document.is_credit else _when_due(document, find)
    if document.buyer.email:
        parts["BillEmail"] = {"Address": document.buyer.email}
    if document.exchange is not None and document.exchange.home == company.home_currency != document.currency:
        parts["ExchangeRate"] = document.exchange.rate
    if location := _location(document, find, company):
        parts["DepartmentRef"] = {"value": location}
    if company.class_per_invoice and not company.class_per_line and document.cost_center is not None:
        parts["ClassRef"] = _class_reference(document.cost_center, find)
    if fields := list(_custom_fields(document, company)):
        parts["CustomField"] = fields
    if memo := customer_memo(document, MEMO_LENGTH):
        parts["CustomerMemo"] = {"value": memo}
    return parts


def _when_due(document: InvoiceDocument, find: Translation) -> Json:
    """A credit memo has neither; only an invoice falls due."""
    due: Json = {"DueDate": document.due_date.isoformat()}
    if document.terms is not None:
        due["SalesTermRef"] = {"value": find.id_of("terms", document.terms.id, document.terms.name)}
    return due


def _location(document: InvoiceDocument, find: Translation, company: CompanyFacts) -> str:
    """The one location of all cost centres, "" if there is none: an invoice has a single one (§8, V).

    Where classes tell cost centres already, a location is only taken from rows there are; else a row is needed.
    """
    if not company.departments:
        return ""
    centers = {line.cost_center.id: line.cost_center for line in document.product_lines if line.cost_center}
    if company.uses_classes and not all(find.knows("locations", center) for center in centers):
        return ""
    found = {find.id_of("locations", center.id, center.name) for center in centers.values()}
    return found.pop() if len(found) == 1 else ""


def _lines(document: InvoiceDocument, find: Translation, company: CompanyFacts, tax: SalesTax) -> Iterator[Json]:
    amounts = line_amounts(document)
    for line in document.lines:
        if isinstance(line, ProductLine):
            yield _billed(line, amounts[line.id], find, company, tax)
        elif line.description:
            yield {"DetailType": "DescriptionOnly", "Description": line.description, "DescriptionLineDetail": {}}


def line_amounts(document: InvoiceDocument) -> dict[int, Decimal]:
    """Amounts by line id that add up to the untaxed total, because QuickBooks adds up lines (fact sheet §10).

    Cents that Odoo's global rounding left over go to the lines that go without a price anyway, then to the largest, one
    each; Odoo does the same in its journal entry.
    """
    amounts = {line.id: line.subtotal for line in document.product_lines}
    cents = int(document.rounding / _CENT)
    if not cents:
        return amounts
    takers = sorted(document.product_lines, key=lambda line: (price_explains_amount(line), -abs(line.subtotal)))
    for line in takers[: abs(cents)]:
        amounts[line.id] += _CENT if cents > 0 else -_CENT
    return amounts


def _billed(line: ProductLine, amount: Decimal, find: Translation, company: CompanyFacts, tax: SalesTax) -> Json:
    priced = price_explains_amount(line) and amount == line.subtotal
    detail: Json = tax.on_line(line)
    if line.product is not None:
        detail["ItemRef"] = {"value": find.id_of("items", line.product.id, line.product.name)}
    if priced:
        detail |= {"Qty": line.quantity, "UnitPrice": line.unit_price}
    if company.service_dates and line.service_date is not None:
        detail["ServiceDate"] = line.service_date.isoformat()
    if company.class_per_line and line.cost_center is not None:
        detail["ClassRef"] = _class_reference(line.cost_center, find)
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": amount,
        "Description": line_description(line, priced=priced),
        "SalesItemLineDetail": detail,
    }


def price_explains_amount(line: ProductLine) -> bool:
    """Whether quantity × price, rounded to the cent, is the amount: else QuickBooks refuses the line (6070).

    That holds for every discounted line; such a line goes without quantity and price, and its description names them.
    """
    product = (line.quantity * line.unit_price).quantize(_CENT, ROUND_HALF_UP)
    return product == line.subtotal and _decimals(line.unit_price) <= UNIT_PRICE_DIGITS


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _class_reference(center: CodedRecord, find: Translation) -> Json:
    return {"value": find.id_of("classes", center.id, center.name)}


def _custom_fields(document: InvoiceDocument, company: CompanyFacts) -> Iterator[Json]:
    """Fields are named by their definition id, or QuickBooks drops them without a word (§8, P)."""
    wanted = ((PO_FIELDS, purchase_orders(document)), (WORK_ORDER_FIELDS, document.work_order_numbers))
    for names, values in wanted:
        number = next((company.custom_fields[name] for name in names if name in company.custom_fields), None)
        text = in_custom_field(values, CUSTOM_FIELD_LENGTH)
        if number and text:
            yield {"DefinitionId": number, "Type": "StringType", "StringValue": text}


def _problems_of_document(document: InvoiceDocument, company: CompanyFacts) -> Iterator[str]:
    if document.totals.total < 0 and document.is_credit:
        yield f"The credit's total {document.totals.total} is negative; QuickBooks books that as an invoice."
    elif document.totals.total < 0:
        yield f"The total {document.totals.total} is negative; QuickBooks books that as a credit memo, not an invoice."
    if document.currency != company.home_currency and not company.multicurrency:
        yield f"The invoice is in {document.currency}, but the QuickBooks company knows only {company.home_currency}."
    for line in document.product_lines:
        if line.product is None:
            yield f"The line {line.description!r} has no product, so no QuickBooks item can be chosen for it."


def _problems_of_body(body: Json) -> Iterator[str]:
    yield from _too_long("invoice number", body["DocNumber"], NUMBER_LENGTH)
    yield from _too_long("private note", body["PrivateNote"], NOTE_LENGTH)
    yield from _too_long("customer memo", body.get("CustomerMemo", {}).get("value", ""), MEMO_LENGTH)
    address = body.get("BillEmail", {}).get("Address", "")
    yield from _too_long("buyer's e-mail address", address, EMAIL_LENGTH)
    if address and ("@" not in address.strip("@") or any(sign.isspace() for sign in address)):
        yield f"The buyer's e-mail address {address!r} is not one."
    yield from _problems_of_lines(body["Line"])


def _problems_of_lines(lines: list[Json]) -> Iterator[str]:
    if len(lines) > MOST_LINES:
        yield f"The invoice has {len(lines)} lines; QuickBooks takes at most {MOST_LINES}."
    for position, line in enumerate(lines, 1):
        yield from _too_long(f"text of line {position}", line["Description"], DESCRIPTION_LENGTH)


def _too_long(what: str, text: str, limit: int) -> Iterator[str]:
    if len(text) > limit:
        yield f"The {what} has {len(text)} characters; QuickBooks takes at most {limit}."
