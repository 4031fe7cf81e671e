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
        entry = books.lists.find(CUSTOMER, mapped.id)
        if entry is None or entry.active or mapped.id not in books.lists.witnesses:
            continue
        survivor = _survivor(books, mapped.id, retry)
        taken_in = books.lists.find(CUSTOMER, survivor)
        if taken_in is not None and taken_in.active and taken_in.currency == entry.currency:
            followed.append(NewCustomer(int(partner), survivor, taken_in.name, replaces=mapped.id))
    return followed


def _survivor(books: Books, customer: str, retry: Retry) -> str:
    """The customer under whom the witness stands now; "" when that proves nothing."""
    witness = books.lists.witnesses[customer]
    find = f"SELECT * FROM Invoice WHERE Id = {quoted(witness)}"  # noqa: S608  # literals are escaped in wire.py
    left = f"SELECT COUNT(*) FROM Invoice WHERE CustomerRef = {quoted(customer)}"  # noqa: S608  # likewise
    try:
        invoices = retry.call(lambda: books.client.ask(find)).get("Invoice") or []
        remaining = retry.call(lambda: books.client.ask(left)).get("totalCount")
    except Rejected:
        return ""
    moved = reference(invoices[0], "CustomerRef") if invoices else ""
    return moved if moved != customer and int(remaining or 0) == 0 else ""
