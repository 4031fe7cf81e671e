"""Reading a company's lists: whole, or only what changed since (change data capture).

Windows overlap, and run by QuickBooks' own clock, as for payments. Change data capture ends at 30 days and 1000 records
(§11, P); beyond either the lists are read whole. A list that QuickBooks refuses to tell - one bad e-mail address can
spoil a whole answer (§6, P) - is left out, and asked for again the next time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.lists import CAPTURED, TAX_CODE, Entry, Lists, entry_of
from workorder_bridge.destinations.quickbooks.wire import amount, reference
from workorder_bridge.errors import Rejected
from workorder_bridge.log import record
from workorder_bridge.retry import Retry

OVERLAP = timedelta(minutes=5)
REACH = timedelta(days=29)
MOST_CHANGES = PAGE = 1000
SECTIONS = ("SalesFormsPrefs", "AccountingInfoPrefs", "CurrencyPrefs", "TaxPrefs")

Record = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """A client that is patient with "not now"."""

    client: CompanyClient
    retry: Retry

    def fetch(self, path: str, **params: str) -> Record:
        """See `CompanyClient.fetch`."""
        return self.retry.call(lambda: self.client.fetch(path, **params))

    def ask(self, select: str, kind: str) -> list[Record]:
        """The records a query finds."""
        return self.retry.call(lambda: self.client.ask(select)).get(kind) or []


def read_whole(reader: Reader, now: datetime, witnesses: dict[str, str]) -> Lists:
    """Everything, page by page. Raises `DestinationError`, but not for a single list QuickBooks refuses."""
    lists = _settings(reader, now)
    lists.witnesses = dict(witnesses)
    for kind in CAPTURED:
        try:
            lists.lists[kind] = {str(each.get("Id")): entry_of(kind, each) for each in _all(reader, kind)}
        except Rejected as error:
            record("list not read", message=f"{kind}: {error.message}")
    _read_tax_codes(reader, lists)
    record("lists read", count=sum(len(entries) for entries in lists.lists.values()))
    return lists


def read_changes(reader: Reader, known: Lists, now: datetime) -> Lists:
    """The same lists brought up to date. Raises `DestinationError`."""
    if now - known.moment > REACH or set(CAPTURED) - known.lists.keys():
        return read_whole(reader, now, known.witnesses)
    since = (known.moment - OVERLAP).astimezone(UTC).isoformat(timespec="seconds")
    try:
        answer = reader.fetch("cdc", entities=",".join(CAPTURED), changedSince=since)
    except Rejected as error:
        record("changes not read", message=error.message)
        return read_whole(reader, now, known.witnesses)
    changes = [(kind, one) for kind in CAPTURED for one in _changed(answer, kind)]
    if len(changes) >= MOST_CHANGES:
        return read_whole(reader, now, known.witnesses)
    fresh = _settings(reader, now)
    fresh.lists = {kind: dict(entries) for kind, entries in known.lists.items()}
    fresh.witnesses = dict(known.witnesses)
    for kind, one in changes:
        fresh.put(kind, one)
    _read_tax_codes(reader, fresh)
    record("lists renewed", count=len(changes))
    return fresh


def _settings(reader: Reader, now: datetime) -> Lists:
    """Company info and preferences; the time of the first answer is from when on changes matter."""
    client = reader.client
    answer = reader.fetch(f"companyinfo/{client.company_id}")
    info = answer.get("CompanyInfo") or {}
    preferences = reader.fetch("preferences").get("Preferences") or {}
    return Lists(
        realm=str(client.company_id),
        environment=client.access.place.environment,
        as_of=_time(answer.get("time"), now).isoformat(),
        checked_at=now.timestamp(),
        info={name: info[name] for name in ("CompanyName", "Country") if name in info},
        preferences={name: _plain(preferences[name]) for name in SECTIONS if name in preferences},
    )


def _all(reader: Reader, kind: str) -> Iterator[Record]:
    """Every record, inactive ones too: a query leaves those out unless asked (§6, V)."""
    for start in range(1, 10_000_000, PAGE):
        select = (
            f"SELECT * FROM {kind} WHERE Active IN (true, false) ORDERBY Id STARTPOSITION {start} MAXRESULTS {PAGE}"  # noqa: S608  # our own words
        )
        page = reader.ask(select, kind)
        yield from page
        if len(page) < PAGE:
            return


def _read_tax_codes(reader: Reader, lists: Lists) -> None:
    """Tax codes with what they come to on sales; two queries, for change data capture does not tell (§11, P)."""
    try:
        codes, rates = (
            reader.ask(f"SELECT * FROM {kind} WHERE Active IN (true, false) MAXRESULTS {PAGE}", kind)  # noqa: S608  # our own words
            for kind in (TAX_CODE, "TaxRate")
        )
    except Rejected as error:
        lists.lists.pop(TAX_CODE, None)
        record("list not read", message=f"{TAX_CODE}: {error.message}")
        return
    values = {str(rate.get("Id")): amount(rate.get("RateValue")) for rate in rates}
    lists.lists[TAX_CODE] = {str(code.get("Id")): _tax_code(code, values) for code in codes}


def _tax_code(code: Record, values: dict[str, Decimal]) -> Entry:
    """A code that has rates of a kind we cannot simply add up - tax on tax, a rate we do not see - says no percent."""
    details = (code.get("SalesTaxRateList") or {}).get("TaxRateDetail") or []
    known = all(
        detail.get("TaxTypeApplicable") == "TaxOnAmount" and reference(detail, "TaxRateRef") in values
        for detail in details
    )
    percent = sum((values[reference(detail, "TaxRateRef")] for detail in details), Decimal(0)) if known else None
    told = format(percent, "f") if percent is not None and (details or "SalesTaxRateList" in code) else ""
    return entry_of(TAX_CODE, code).model_copy(update={"percent": told})


def _changed(answer: Record, kind: str) -> list[Record]:
    """The records of one kind in the answer; a kind without changes is an empty object (§11, V)."""
    return [
        one
        for response in answer.get("CDCResponse") or []
        for query in response.get("QueryResponse") or []
        for one in query.get(kind) or []
    ]


def _time(text: object, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
    return moment if moment.tzinfo else otherwise


def _plain(value: Any) -> Any:
    """The same as JSON keeps it: the client reads numbers as Decimal, which here are never money."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return format(value, "f") if isinstance(value, Decimal) else value
