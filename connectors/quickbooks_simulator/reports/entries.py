"""What transactions earn and cost, account by account, in the company's own currency."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quickbooks_simulator.company.checks import read_date
from quickbooks_simulator.company.group_lines import sold_lines
from quickbooks_simulator.company.money import ZERO, round_cents
from quickbooks_simulator.company.store import Record, Store

SALES = {"Invoice": 1, "SalesReceipt": 1, "CreditMemo": -1, "RefundReceipt": -1}
SPENDING = {"Bill": 1, "Purchase": 1, "VendorCredit": -1}


@dataclass(frozen=True)
class Entry:
    """An amount on an account, positive on the debit side. `account_id` is None for postage, which has no account."""

    account_id: str | None
    amount: Decimal
    day: date
    customer_id: str | None = None


def entries_between(store: Store, start: date, end: date) -> Iterator[Entry]:
    """The entries of these days, both included. Tax, receivables and the cost of goods in stock are not among them."""
    for entry in (*_sales(store), *_spending(store), *_by_hand(store)):
        if start <= entry.day <= end and entry.amount != ZERO:
            yield entry


def _sales(store: Store) -> Iterator[Entry]:
    for kind, sign in SALES.items():
        for form in store.all(kind):
            customer = form.get("CustomerRef", {}).get("value")
            for line in sold_lines(form["Line"]):
                yield _entry(form, line["SalesItemLineDetail"].get("ItemAccountRef"), line, -sign, customer)
            for line in form["Line"]:
                if "DiscountLineDetail" in line:
                    account = line["DiscountLineDetail"].get("DiscountAccountRef")
                    yield _entry(form, account, line, sign, customer)


def _spending(store: Store) -> Iterator[Entry]:
    for kind, sign in SPENDING.items():
        for form in store.all(kind):
            back = -1 if form.get("Credit") is True else 1
            for line in form["Line"]:
                detail = line.get("AccountBasedExpenseLineDetail") or line.get("ItemBasedExpenseLineDetail") or {}
                account = detail.get("AccountRef") or _bought_for(store, detail)
                yield _entry(form, account, line, sign * back, detail.get("CustomerRef", {}).get("value"))


def _bought_for(store: Store, detail: Record) -> Record | None:
    """Goods in stock go to the account of stock, anything else to the item's cost account (M)."""
    item = store.find("Item", detail.get("ItemRef", {}).get("value", "")) or {}
    account: Record | None = item.get("AssetAccountRef") or item.get("ExpenseAccountRef")
    return account


def _by_hand(store: Store) -> Iterator[Entry]:
    for form in store.all("JournalEntry"):
        for line in form["Line"]:
            detail = line.get("JournalEntryLineDetail")
            if detail is not None:
                yield _entry(form, detail["AccountRef"], line, 1 if detail["PostingType"] == "Debit" else -1, None)
    for form in store.all("Deposit"):
        for line in form["Line"]:
            if "AccountRef" in line.get("DepositLineDetail", {}):
                yield _entry(form, line["DepositLineDetail"]["AccountRef"], line, -1, None)


def _entry(form: Record, account: Record | None, line: Record, sign: int, customer_id: str | None) -> Entry:
    amount = round_cents(line.get("Amount", ZERO) * form.get("ExchangeRate", 1)) * sign
    return Entry((account or {}).get("value"), amount, read_date(form["TxnDate"], "TxnDate"), customer_id)
