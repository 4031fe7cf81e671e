"""Exchange rates: units of the home currency for one unit of another (P)."""

from datetime import date
from decimal import Decimal
from typing import Any

from quickbooks_simulator.clock import Clock
from quickbooks_simulator.company.checks import check_properties, read_date
from quickbooks_simulator.company.currencies import check_multicurrency, home_currency, known_code, usual_rate
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import read_decimal
from quickbooks_simulator.company.store import Record, Store, stamped
from quickbooks_simulator.faults import Fault

KIND = "ExchangeRate"
_PROPERTIES = frozenset(
    {"SourceCurrencyCode", "TargetCurrencyCode", "Rate", "AsOfDate", "MetaData", "CustomField", "Id", "SyncToken"}
    | {"domain", "sparse"}
)


def find_rate(store: Store, source: str, day: date) -> Record:
    """The rate that holds on this day: the last one set on or before it, else the simulator's usual one."""
    home = home_currency(store)
    best: Record | None = None
    for each in store.all(KIND):
        fits = each["SourceCurrencyCode"] == source and each["AsOfDate"] <= day.isoformat()
        if fits and (best is None or each["AsOfDate"] > best["AsOfDate"]):
            best = each
    if best is None:
        best = {"SyncToken": "0", "Rate": usual_rate(source, home)}
    shown = {name: value for name, value in best.items() if name != "Id"}
    frame = {"domain": "QBO", "sparse": False, "SourceCurrencyCode": source, "TargetCurrencyCode": home}
    return {**shown, **frame, "AsOfDate": day.isoformat()}


def transaction_rate(draft: Draft) -> Decimal:
    """The rate of a transaction: the one sent, else the one of its day; 1 in the home currency (P).

    Some clients write a rate of zero when they have none (V).
    """
    customer = draft.changes.find("Customer", str((draft.body.get("CustomerRef") or {}).get("value", ""))) or {}
    source = customer.get("CurrencyRef", {}).get("value")
    store = draft.changes.store
    if source == home_currency(store):
        return Decimal(1)
    sent = read_decimal(draft.body.get("ExchangeRate", 0), "ExchangeRate")
    if sent < 0:
        raise Fault("2030", f"ExchangeRate must be more than zero, supplied value: {sent}", "ExchangeRate")
    if sent or source is None:
        return sent or Decimal(1)
    day = read_date(draft.body["TxnDate"], "TxnDate") if "TxnDate" in draft.body else draft.today
    rate: Decimal = find_rate(store, source, day)["Rate"]
    return rate


def read_rate(store: Store, source: Any, day: date) -> Record:
    """As `find_rate`, for a client's question: fault 2020 without a currency, 5020 without multicurrency (M)."""
    check_multicurrency(store)
    if source in (None, ""):
        raise Fault("2020", "Required param missing, need to supply sourcecurrencycode", "sourcecurrencycode")
    return find_rate(store, known_code(source, "sourcecurrencycode"), day)


def set_rate(store: Store, clock: Clock, today: date, body: Any) -> Record:
    """Store a rate for a day, over the one there may be. There is no id and no token to be stale (V: client)."""
    check_multicurrency(store)
    if not isinstance(body, dict):
        raise Fault("2010", "The body must be one JSON object.")
    check_properties(body, _PROPERTIES)
    source, home = known_code(body.get("SourceCurrencyCode"), "SourceCurrencyCode"), home_currency(store)
    if source == home or (body.get("TargetCurrencyCode") or home) != home:
        raise Fault("6000", f"A rate leads from another currency to the home currency {home}.", "TargetCurrencyCode")
    if "Rate" not in body:
        raise Fault("2020", "Required param missing, need to supply Rate", "Rate")
    rate = read_decimal(body["Rate"], "Rate")
    if rate <= 0:
        raise Fault("2030", f"Rate must be more than zero, supplied value: {rate}", "Rate")
    day = read_date(body["AsOfDate"], "AsOfDate") if body.get("AsOfDate") else today
    key = f"{source} {day.isoformat()}"
    record = {"Id": key, "SyncToken": "0", "SourceCurrencyCode": source, "AsOfDate": day.isoformat(), "Rate": rate}
    moment = clock.now()
    store.put(KIND, stamped(record, moment), moment)
    return find_rate(store, source, day)
