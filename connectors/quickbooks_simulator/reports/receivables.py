"""What customers owe: by customer, and by how long it has been due."""

from datetime import date
from decimal import Decimal

from quickbooks_simulator.company.balances import customer_balances
from quickbooks_simulator.company.checks import read_date
from quickbooks_simulator.company.money import ZERO, round_cents
from quickbooks_simulator.company.store import Record, Store
from quickbooks_simulator.reports.sheet import Asked, data, total

AGES = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over")
AGED_COLUMNS = (("", "Customer"), *((age, "Money") for age in AGES), ("Total", "Money"))
BALANCE_COLUMNS = (("", "Customer"), ("Total", "Money"))


def aged_receivables(store: Store, asked: Asked) -> list[Record]:
    """What is open today of what is dated up to the day asked for, by days past due (P).

    Unapplied payments and credits are taken off by their own date (M).
    """
    owed: dict[str, list[Decimal]] = {}
    for kind, name, day_name, sign in (
        ("Invoice", "Balance", "DueDate", 1),
        ("Payment", "UnappliedAmt", "TxnDate", -1),
        ("CreditMemo", "RemainingCredit", "TxnDate", -1),
    ):
        for record in store.all(kind):
            if record[name] == ZERO or read_date(record["TxnDate"], "TxnDate") > asked.end:
                continue
            ages = owed.setdefault(record["CustomerRef"]["value"], [ZERO] * len(AGES))
            place = _place(asked.end, read_date(record[day_name], day_name))
            ages[place] += sign * round_cents(record[name] * record.get("ExchangeRate", 1))
    rows = [
        data(customer["DisplayName"], [*owed[customer["Id"]], sum(owed[customer["Id"]], ZERO)], customer["Id"])
        for customer in store.all("Customer")
        if customer["Id"] in owed
    ]
    sums = [sum((ages[place] for ages in owed.values()), ZERO) for place in range(len(AGES))]
    return [*rows, total("TOTAL", "GrandTotal", [*sums, sum(sums, ZERO)])] if rows else []


def customer_balance(store: Store, _asked: Asked) -> list[Record]:
    """What each customer owes now, in the customer's currency (P)."""
    balances = {key: amount for key, amount in customer_balances(store).items() if amount != ZERO}
    rows = [
        data(customer["DisplayName"], [balances[customer["Id"]]], customer["Id"])
        for customer in store.all("Customer")
        if customer["Id"] in balances
    ]
    return [*rows, total("TOTAL", "GrandTotal", [sum(balances.values(), ZERO)])] if rows else []


def _place(today: date, due: date) -> int:
    late = (today - due).days
    return 0 if late <= 0 else min((late - 1) // 30 + 1, len(AGES) - 1)
