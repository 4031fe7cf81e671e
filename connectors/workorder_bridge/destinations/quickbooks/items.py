"""Items QuickBooks does not have yet, made in one batch before the invoices that need them.

Keys as for customers: the request id is derived from the claim's and from which items go together, the item id from the
Odoo product, so a lost answer is repeated under the same keys. For the rest QuickBooks' own rule holds that an item's
name is unique (6240): an item that has the name is taken if it can be the same thing, else a person is asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workorder_bridge.destinations.quickbooks.batch import BATCH_SIZE, REQUEST_ID_LENGTH, Answer
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.creating import create_before_invoices
from workorder_bridge.destinations.quickbooks.lists import ACCOUNT, Entry, Lists
from workorder_bridge.destinations.quickbooks.usable import UNSOLD
from workorder_bridge.destinations.quickbooks.wire import any_of
from workorder_bridge.document_parts import Product
from workorder_bridge.errors import DestinationError, NameTaken, OutcomeUnknown, Rejected, TryLater, row_to_add
from workorder_bridge.ports import NewItem
from workorder_bridge.retry import Retry

NAME_LENGTH, SKU_LENGTH, DESCRIPTION_LENGTH = 100, 100, 4000
TYPES = {"": "Service", "service": "Service", "goods": "NonInventory"}
INCOME = ("Income", "Other Income")
_FORBIDDEN = re.compile(r"[:\t\r\n]+")

Record = dict[str, Any]


@dataclass
class Items:
    """Which item each Odoo product has now, and why some have none. Keys are product ids."""

    made: list[NewItem] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    refused: dict[int, DestinationError] = field(default_factory=dict)


def make_items(
    client: CompanyClient, products: Sequence[Product], account_id: str, request_id: str, retry: Retry
) -> Items:
    """Create an item for each product, or take the one that has its name. Raises `DestinationError`."""
    items = Items()
    ordered = sorted(products, key=lambda product: product.id)
    for start in range(0, len(ordered), BATCH_SIZE):
        keyed = {f"i{product.id}": product for product in ordered[start : start + BATCH_SIZE]}
        bodies = {key: item_body(product, account_id) for key, product in keyed.items()}
        answers = create_before_invoices(client, "Item", bodies, items_request_id(request_id, keyed), retry)
        taken = [keyed[key] for key, answer in answers.items() if isinstance(answer, NameTaken)]
        held = _holders(client, taken, retry)
        for key, answer in answers.items():
            _sort_in(items, keyed[key], _held_or(answer, keyed[key], held))
    return items


def items_request_id(request_id: str, keys: Iterable[str]) -> str:
    """The request id of a batch of items: the same for the same items of the same claim, and no other's."""
    return hashlib.sha256(f"items:{request_id}:{','.join(keys)}".encode()).hexdigest()[:REQUEST_ID_LENGTH]


def item_name(product: Product) -> str:
    """The product's name as QuickBooks takes it: no colon, tab or line break, at most 100 characters (§8, V).

    A name that has to be cut ends with the product's code, else with its number in Odoo, so that two stay apart.
    """
    name = " ".join(_FORBIDDEN.sub(" ", product.name).split())
    if not name:
        return f"Product {product.id}"
    if len(name) <= NAME_LENGTH:
        return name
    code = " ".join(_FORBIDDEN.sub(" ", product.code).split())
    mark = f" [{code}]" if code and len(code) <= 40 else f" [{product.id}]"
    return name[: NAME_LENGTH - len(mark)].rstrip() + mark


def item_body(product: Product, account_id: str) -> Record:
    """The item to create: a service, or goods whose stock QuickBooks does not count."""
    body: Record = {
        "Name": item_name(product),
        "Type": TYPES[product.kind],
        "IncomeAccountRef": {"value": account_id},
        "Description": product.name[:DESCRIPTION_LENGTH],
    }
    if product.code and len(product.code) <= SKU_LENGTH:
        body["Sku"] = product.code
    return body


def income_account(lists: Lists, wanted: str) -> str:
    """The id of the account the destination names by id, number or name; raises `DestinationError` without one."""
    if not wanted:
        raise Rejected("Items cannot be made in QuickBooks: the destination names no income account.", hint=_CHOOSE)
    accounts = lists.lists.get(ACCOUNT)
    if accounts is None:
        raise TryLater("QuickBooks did not tell its accounts, so no item can be made now.")
    found = [key for key, entry in accounts.items() if _is_called(key, entry, wanted)]
    if len(found) != 1:
        many = f"{len(found)} accounts" if found else "no account"
        raise Rejected(f"Items cannot be made: QuickBooks has {many} called {wanted!r}.", hint=_CHOOSE)
    account = accounts[found[0]]
    if not account.active:
        raise Rejected(f"Items cannot be made: the account {account.name} is inactive in QuickBooks.", hint=_CHOOSE)
    if account.kind not in INCOME:
        raise Rejected(
            f"Items cannot be made: {account.name} is an account of type {account.kind} in QuickBooks, not an income "
            "account.",
            hint=_CHOOSE,
        )
    return found[0]


_CHOOSE = (
    "In Odoo, Work Orders > Configuration > Destinations, put the id, number or name of an income account under Income "
    "Account, or map the products to items; then press Try again."
)


def _is_called(key: str, entry: Entry, wanted: str) -> bool:
    return key == wanted or wanted.casefold() in (entry.name.casefold(), entry.code.casefold())


def _holders(client: CompanyClient, products: Sequence[Product], retry: Retry) -> dict[str, Record]:
    """The items, active or not, that have these names; QuickBooks compares names without case."""
    if not products:
        return {}
    names = any_of(item_name(product) for product in products)
    select = f"SELECT * FROM Item WHERE Name IN {names} AND Active IN (true, false) MAXRESULTS 1000"  # noqa: S608  # literals are escaped in wire.py
    found = retry.call(lambda: client.ask(select)).get("Item") or []
    top = [item for item in found if not item.get("ParentRef")]  # elsewhere a name may repeat
    return {str(item.get("Name", "")).casefold(): item for item in top}


def _held_or(answer: Answer, product: Product, held: Mapping[str, Record]) -> Answer:
    if not isinstance(answer, NameTaken):
        return answer
    name = item_name(product)
    holder = held.get(name.casefold())
    if holder is not None and not (reason := _against(holder, product)):
        return holder
    why = reason if holder is not None else "is taken there by something the bridge cannot see"
    row = row_to_add(str(product.id), product.name)
    return Rejected(
        f"The item {name} cannot be made: the name {why}.",
        hint=f"Use, rename or make another item there and add the row {row} to quickbooks_items; then press Try again "
        "in Odoo.",
        reference=answer.reference,
    )


def _against(holder: Record, product: Product) -> str:
    """Why the item that has the name is not to be taken for the product; "" when it is."""
    number = holder.get("Id")
    if holder.get("Active") is False:
        return f"belongs to an inactive item (id {number}) in QuickBooks"
    if holder.get("Type") in UNSOLD:
        return f"belongs to a {str(holder['Type']).lower()} (id {number}) in QuickBooks"
    sku = str(holder.get("Sku") or "")
    if sku and product.code and sku.casefold() != product.code.casefold():
        return f"belongs to the item {number} in QuickBooks, whose SKU is {sku} and not {product.code}"
    return ""


def _sort_in(items: Items, product: Product, answer: Answer) -> None:
    if isinstance(answer, dict):
        items.made.append(NewItem(product.id, str(answer["Id"]), str(answer.get("Name", ""))))
        items.records.append(answer)
    elif isinstance(answer, OutcomeUnknown):
        items.refused[product.id] = TryLater(answer.message, hint=answer.hint, reference=answer.reference)
    else:
        answer.maybe_sent = False
        items.refused[product.id] = answer
