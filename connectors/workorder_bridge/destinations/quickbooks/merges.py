"""A customer somebody merged into another one in QuickBooks: followed, but only where it is certain.

QuickBooks does not tell the survivor: the customer that went is merely inactive (§13.25, P), its transactions moved. So
we keep one invoice of ours per customer as a witness. When it stands under another active customer of the same currency
and no invoice at all is left under the old one, the two were merged, or somebody did by hand what a merge does. Else a
person decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from workorder_bridge.destinations.quickbooks.books import Books
from workorder_bridge.destinations.quickbooks.lists import CUSTOMER
from workorder_bridge.destinations.quickbooks.wire import quoted, reference
from workorder_bridge.errors import Rejected
from workorder_bridge.ports import Mapped, NewCustomer
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry


def remember_witnesses(books: Books, answers: Mapping[int, object]) -> None:
    """Keep one booked invoice per customer; costs a write to disk for a customer's first invoice only."""
    known = books.lists.witnesses
    receipts = [answer for answer in answers.values() if isinstance(answer, Receipt)]
    fresh = {one.customer_id: one.external_id for one in receipts if one.customer_id not in known}
    fresh.pop("", None)
    if fresh:
        known.update(fresh)
        books.keep()


def follow_merged(books: Books, customers: Mapping[str, Mapped], retry: Retry) -> list[NewCustomer]:
    """Where the inactive ones among these mapping rows went, as far as it is certain. Raises `DestinationError`."""
    followed: list[NewCustomer] = []
    for partner, mapped in customers.items():
        if _is_active(books, mapped.id) or mapped.id not in books.lists.witnesses:
            continue
        if went := _went(books, int(partner), mapped, _customer_of_witness(books, mapped.id, retry), retry):
            followed.append(went)
    return followed


def follow_invoice(books: Books, partner_id: int, mapped: Mapped, now_under: str, retry: Retry) -> NewCustomer | None:
    """Where the customer of a mapping row went, by an invoice of ours that was sent for it and stands under another one
    now; None when that proves no merge. Raises `DestinationError`.
    """
    if _is_active(books, mapped.id):
        books.renew()
    return None if _is_active(books, mapped.id) else _went(books, partner_id, mapped, now_under, retry)


def _is_active(books: Books, customer: str) -> bool:
    """What the lists do not know is nobody's loser either."""
    entry = books.lists.find(CUSTOMER, customer)
    return entry is None or entry.active


def _went(books: Books, partner_id: int, mapped: Mapped, survivor: str, retry: Retry) -> NewCustomer | None:
    gone, taken_in = books.lists.find(CUSTOMER, mapped.id), books.lists.find(CUSTOMER, survivor)
    if gone is None or taken_in is None or not taken_in.active or taken_in.currency != gone.currency:
        return None
    if survivor == mapped.id or _are_left(books, mapped.id, retry):
        return None
    return NewCustomer(partner_id, survivor, taken_in.name, replaces=mapped.id)


def _customer_of_witness(books: Books, customer: str, retry: Retry) -> str:
    """The customer under whom the witness stands now; "" when it is gone."""
    find = f"SELECT * FROM Invoice WHERE Id = {quoted(books.lists.witnesses[customer])}"  # noqa: S608  # literals are escaped in wire.py
    try:
        invoices = retry.call(lambda: books.client.ask(find)).get("Invoice") or []
    except Rejected:
        return ""
    return reference(invoices[0], "CustomerRef") if invoices else ""


def _are_left(books: Books, customer: str, retry: Retry) -> bool:
    """Whether any invoice stands under that customer, or nobody can say."""
    count = f"SELECT COUNT(*) FROM Invoice WHERE CustomerRef = {quoted(customer)}"  # noqa: S608  # literals are escaped in wire.py
    try:
        return int(retry.call(lambda: books.client.ask(count)).get("totalCount") or 0) > 0
    except Rejected:
        return True
