"""Profit and loss, and income by customer."""

from decimal import Decimal

from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.store import Record, Store
from quickbooks_simulator.reports.entries import Entry, entries_between
from quickbooks_simulator.reports.sheet import Asked, data, section, total

COLUMNS = (("", "Account"), ("Total", "Money"))
CUSTOMER_COLUMNS = (("Customer", "Customer"), ("Total Income", "Money"), ("Total Expenses", "Money"), ("Net", "Money"))
EARNING = ("Income", "Other Income")
GROUPS = {
    "Income": ("Income", "Income"),
    "Cost of Goods Sold": ("Cost of Goods Sold", "COGS"),
    "Expense": ("Expenses", "Expenses"),
    "Other Income": ("Other Income", "OtherIncome"),
    "Other Expense": ("Other Expenses", "OtherExpenses"),
}
"""Heading and group of each type of account. Source: documentation (P)."""


def profit_and_loss(store: Store, asked: Asked) -> list[Record]:
    """Income, costs and what is left, in the order the report has them (P). Sections without accounts are left out."""
    sums: dict[str, dict[str | None, Decimal]] = {kind: {} for kind in GROUPS}
    for entry in entries_between(store, asked.start, asked.end):
        kind = _type_of(store, entry)
        if kind in sums:
            sums[kind][entry.account_id] = sums[kind].get(entry.account_id, ZERO) + _own_side(kind, entry.amount)
    if not any(sums.values()):
        return []
    totals = {kind: sum(accounts.values(), ZERO) for kind, accounts in sums.items()}
    sections = {kind: _sections(store, kind, accounts, totals[kind]) for kind, accounts in sums.items()}
    gross = totals["Income"] - totals["Cost of Goods Sold"]
    operating = gross - totals["Expense"]
    other = totals["Other Income"] - totals["Other Expense"]
    return [
        *sections["Income"],
        *sections["Cost of Goods Sold"],
        total("Gross Profit", "GrossProfit", [gross]),
        *sections["Expense"],
        total("Net Operating Income", "NetOperatingIncome", [operating]),
        *sections["Other Income"],
        *sections["Other Expense"],
        *([total("Net Other Income", "NetOtherIncome", [other])] if other else []),
        total("Net Income", "NetIncome", [operating + other]),
    ]


def customer_income(store: Store, asked: Asked) -> list[Record]:
    """What each customer brought and cost (P)."""
    earned: dict[str, Decimal] = {}
    spent: dict[str, Decimal] = {}
    for entry in entries_between(store, asked.start, asked.end):
        kind = _type_of(store, entry)
        if entry.customer_id is None or kind not in GROUPS:
            continue
        side = earned if kind in EARNING else spent
        side[entry.customer_id] = side.get(entry.customer_id, ZERO) + _own_side(kind, entry.amount)
    rows = []
    for customer in store.all("Customer"):
        key = customer["Id"]
        if key in earned or key in spent:
            amounts = [earned.get(key, ZERO), spent.get(key, ZERO)]
            rows.append(data(customer["DisplayName"], [*amounts, amounts[0] - amounts[1]], key))
    sums = [sum(earned.values(), ZERO), sum(spent.values(), ZERO)]
    return [*rows, total("TOTAL", "GrandTotal", [*sums, sums[0] - sums[1]])] if rows else []


def _type_of(store: Store, entry: Entry) -> str:
    if entry.account_id is None:
        return "Income"
    return str((store.find("Account", entry.account_id) or {}).get("AccountType"))


def _own_side(kind: str, debit: Decimal) -> Decimal:
    return -debit if kind in EARNING else debit


def _sections(store: Store, kind: str, accounts: dict[str | None, Decimal], amount: Decimal) -> list[Record]:
    label, group = GROUPS[kind]
    rows = [data(_name(store, account_id), [each], account_id) for account_id, each in accounts.items()]
    return [section(label, group, sorted(rows, key=_label), amount)] if rows else []


def _name(store: Store, account_id: str | None) -> str:
    account = store.find("Account", account_id) if account_id else None
    return str(account["FullyQualifiedName"]) if account else "Shipping Income"


def _label(row: Record) -> str:
    return str(row["ColData"][0]["value"])
