"""The invoices of a QuickBooks company, read for a tie-out: 1,000 in a call, and a look-up by ids or numbers.

The properties asked for are those the reference marks filterable (fact sheet §6, P): Id by = and IN only, DocNumber
and TxnDate. Pages go by position, because Id cannot be compared; an invoice that slips through when another is deleted
between two pages is found again by its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.texts import key_in
from workorder_bridge.destinations.quickbooks.wire import amount, any_of, quoted, reference
from workorder_bridge.ledgers import Booked, Period
from workorder_bridge.retry import Retry

PAGE = 1000
"""Rows; the most a query gives (§2, P)."""

NAMES = 500
"""Ids or numbers in one question."""

Record = dict[str, Any]


class QuickBooksLedger:
    """The `Ledger` port for one company. Nothing is read before it is needed."""

    def __init__(self, client: CompanyClient, retry: Retry) -> None:
        self._client = client
        self._retry = retry
        self._home_currency = ""

    def count(self, period: Period) -> int:
        """See `Ledger.count`."""
        return int(self._ask(f"SELECT COUNT(*) FROM Invoice WHERE {_dated(period)}").get("totalCount") or 0)  # noqa: S608  # dates

    def between(self, period: Period) -> Iterator[Booked]:
        """See `Ledger.between`."""
        select = f"SELECT * FROM Invoice WHERE {_dated(period)} ORDERBY Id"  # noqa: S608  # dates
        for start in range(1, 1_000_000_000, PAGE):
            page = self._ask(f"{select} STARTPOSITION {start} MAXRESULTS {PAGE}").get("Invoice") or []
            yield from map(self._booked, page)
            if len(page) < PAGE:
                return

    def find(self, ids: Sequence[str], numbers: Sequence[str]) -> list[Booked]:
        """See `Ledger.find`."""
        found = [*self._named("Id", ids), *self._named("DocNumber", numbers)]
        return list({booked.id: booked for booked in found}.values())

    def _named(self, name: str, values: Sequence[str]) -> Iterator[Booked]:
        values = list(dict.fromkeys(values))
        for start in range(0, len(values), NAMES):
            chosen = any_of(values[start : start + NAMES])
            select = f"SELECT * FROM Invoice WHERE {name} IN {chosen} MAXRESULTS {PAGE}"  # noqa: S608  # literals are escaped in wire.py
            yield from map(self._booked, self._ask(select).get("Invoice") or [])

    def _ask(self, select: str) -> Record:
        return self._retry.call(lambda: self._client.ask(select))

    def _booked(self, invoice: Record) -> Booked:
        """A voided invoice stays with zero amounts and a note that begins with "Voided" (§7, V)."""
        note, total = str(invoice.get("PrivateNote") or ""), amount(invoice.get("TotalAmt"))
        return Booked(
            id=str(invoice["Id"]),
            number=str(invoice.get("DocNumber") or ""),
            date=date.fromisoformat(str(invoice["TxnDate"])[:10]),
            customer=str((invoice.get("CustomerRef") or {}).get("name") or ""),
            currency=reference(invoice, "CurrencyRef") or self._home(),
            total=total,
            tax=amount((invoice.get("TxnTaxDetail") or {}).get("TotalTax")),
            balance=amount(invoice.get("Balance")),
            key=key_in(note),
            voided=total == 0 and note.startswith("Voided"),
            payments=_payments(invoice),
            url=self._client.access.place.form_url("Invoice", str(invoice["Id"])),
        )

    def _home(self) -> str:
        """A company without multicurrency may leave the currency out (M); its own is read once then."""
        if not self._home_currency:
            preferences = self._retry.call(lambda: self._client.fetch("preferences")).get("Preferences") or {}
            self._home_currency = reference(preferences.get("CurrencyPrefs") or {}, "HomeCurrency") or "USD"
        return self._home_currency


def _dated(period: Period) -> str:
    first, last = quoted(period.first.isoformat()), quoted(period.last.isoformat())
    return f"TxnDate >= {first} AND TxnDate <= {last}"


def _payments(invoice: Record) -> tuple[str, ...]:
    links = invoice.get("LinkedTxn") or []
    return tuple(str(link.get("TxnId")) for link in links if link.get("TxnType") == "Payment")
