"""Customers QuickBooks does not have yet, made in one batch before the invoices that need them.

Their request id is derived from the claim's and their item id from the Odoo partner, so a lost answer is repeated
under the same keys; QuickBooks' own rule that names are unique covers the rest (6240: look who has the name, and
adopt a customer).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workorder_bridge.destinations.quickbooks.batch import REQUEST_ID_LENGTH, Answer
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.creating import create_before_invoices
from workorder_bridge.destinations.quickbooks.wire import any_of
from workorder_bridge.document_parts import Buyer
from workorder_bridge.errors import DestinationError, Gap, NameTaken, OutcomeUnknown, Rejected, TryLater
from workorder_bridge.ports import NewCustomer
from workorder_bridge.retry import Retry

NAME_LENGTH, COMPANY_LENGTH, PHONE_LENGTH = 500, 100, 30
_FORBIDDEN = re.compile(r"[:\t\r\n]+")


@dataclass
class Customers:
    """Which customer each Odoo partner has now, and why some have none. Keys are partner ids."""

    made: list[NewCustomer] = field(default_factory=list)
    refused: dict[int, DestinationError] = field(default_factory=dict)

    def id_of(self, partner_id: int) -> str:
        """The customer's QuickBooks id, "" if it has none."""
        return next((made.external_id for made in self.made if made.partner_id == partner_id), "")


def make_customers(
    client: CompanyClient, buyers: Sequence[tuple[Buyer, str]], request_id: str, retry: Retry
) -> Customers:
    """Create a customer for each (buyer, currency), or adopt the one that has its name. Raises `DestinationError`."""
    customers = Customers()
    if not buyers:
        return customers
    partners = {f"c{buyer.id}": buyer for buyer, _ in buyers}
    bodies = {f"c{buyer.id}": customer_body(buyer, currency) for buyer, currency in buyers}
    answers = create_before_invoices(client, "Customer", bodies, customers_request_id(request_id), retry)
    taken = [partners[item_id] for item_id, answer in answers.items() if isinstance(answer, NameTaken)]
    try:
        held = _holders(client, taken, retry)
    except Rejected as error:
        # One bad record breaks the whole query (4002): that stops those whose name is taken, and nobody else.
        customers.refused.update({buyer.id: error for buyer in taken})
        answers = {item_id: answer for item_id, answer in answers.items() if not isinstance(answer, NameTaken)}
        held = {}
    for item_id, answer in answers.items():
        _sort_in(customers, partners[item_id], _held_or(answer, partners[item_id], held))
    return customers


def customers_request_id(request_id: str) -> str:
    """The request id of the customers' batch: the same for the same claim, and no other claim's."""
    return hashlib.sha256(f"customers:{request_id}".encode()).hexdigest()[:REQUEST_ID_LENGTH]


def display_name(buyer: Buyer) -> str:
    """The buyer's name as QuickBooks takes it: no colon, tab or line break, at most 500 characters (§8, V)."""
    name = " ".join(_FORBIDDEN.sub(" ", buyer.name).split())[:NAME_LENGTH].strip()
    return name or f"Customer {buyer.id}"


def customer_body(buyer: Buyer, currency: str) -> dict[str, Any]:
    """The customer to create; its currency can never change afterwards (§8, V)."""
    name = display_name(buyer)
    body: dict[str, Any] = {"DisplayName": name, "CompanyName": name[:COMPANY_LENGTH]}
    if currency:
        body["CurrencyRef"] = {"value": currency}
    if buyer.email:
        body["PrimaryEmailAddr"] = {"Address": buyer.email}
    if buyer.phone and len(buyer.phone) <= PHONE_LENGTH:
        body["PrimaryPhone"] = {"FreeFormNumber": buyer.phone}
    address = {
        "Line1": buyer.street,
        "Line2": buyer.street2,
        "City": buyer.city,
        "CountrySubDivisionCode": buyer.state,
        "PostalCode": buyer.zip,
        "Country": buyer.country,
    }
    if filled := {label: text for label, text in address.items() if text}:
        body["BillAddr"] = filled
    return body


def _holders(client: CompanyClient, buyers: Sequence[Buyer], retry: Retry) -> dict[str, dict[str, Any]]:
    """The customers, active or not, that have these names; QuickBooks compares names without case."""
    if not buyers:
        return {}
    names = any_of(display_name(buyer) for buyer in buyers)
    select = f"SELECT * FROM Customer WHERE DisplayName IN {names} AND Active IN (true, false) MAXRESULTS 1000"  # noqa: S608  # literals are escaped in wire.py
    found = retry.call(lambda: client.ask(select)).get("Customer") or []
    return {str(customer.get("DisplayName", "")).casefold(): customer for customer in found}


def _held_or(answer: Answer, buyer: Buyer, held: Mapping[str, dict[str, Any]]) -> Answer:
    if not isinstance(answer, NameTaken):
        return answer
    name = display_name(buyer)
    holder = held.get(name.casefold())
    if holder is not None and holder.get("Active", True):
        return holder
    row = Gap("quickbooks_customers", str(buyer.id), buyer.name, "").row_to_add
    who = "an inactive customer" if holder else "a vendor or an employee (or a customer that was made inactive)"
    return Rejected(
        f"A customer {name} cannot be made: the name belongs to {who} in QuickBooks.",
        hint=f"Use or make another customer there and add the row {row} to quickbooks_customers; then retry the row.",
        reference=answer.reference,
    )


def _sort_in(customers: Customers, buyer: Buyer, answer: Answer) -> None:
    if isinstance(answer, dict):
        customers.made.append(NewCustomer(buyer.id, str(answer["Id"]), str(answer.get("DisplayName", ""))))
    elif isinstance(answer, OutcomeUnknown):
        customers.refused[buyer.id] = TryLater(answer.message, hint=answer.hint, reference=answer.reference)
    else:
        answer.maybe_sent = False
        customers.refused[buyer.id] = answer
