"""The invoices, or credit memos, of a QuickBooks company, read for a tie-out: 1,000 in a call, or by id or number.

The properties asked for are those the reference marks filterable (fact sheet §6, P): Id by = and IN only, DocNumber
and TxnDate. Pages go by position, because Id cannot be compared; an invoice that slips through when another is deleted
between two pages is found again by its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.reading import is_voided, linked_payments
from workorder_bridge.destinations.quickbooks.texts import key_in
from workorder_bridge.destinations.quickbooks.wire import amount, any_of, quoted, reference
from workorder_bridge.ledgers import Booked, DocumentKind, Period
from workorder_bridge.retry import Retry

PAGE = 1000
"""Rows; the most a query gives (§2, P)."""

NAMES = 500
"""Ids or numbers in one question."""

ENTITIES: dict[DocumentKind, str] = {"invoice": "Invoice", "credit": "CreditMemo"}

Record = dict[str, Any]


class QuickBooksLedger:
    """The `Ledger` port for one company and one kind. Nothing is read before it is needed."""

    def __init__(self, client: CompanyClient, retry: Retry, kind: DocumentKind = "invoice") -> None:
        self.kind: DocumentKind = kind
        self._entity = ENTITIES[kind]
        self._client = client
        self._retry = retry
        self._home_currency = ""

    def count(self, period: Period) -> int:
        """See `Ledger.count`."""
        return int(self._ask(f"SELECT COUNT(*) FROM {self._entity} WHERE {_dated(period)}").get("totalCount") or 0)  # noqa: S608  # dates

    def between(self, period: Period) -> Iterator[Booked]:
        """See `Ledger.between`."""
        select = f"SELECT * FROM {self._entity} WHERE {_dated(period)} ORDERBY Id"  # noqa: S608  # dates
        for start in range(1, 1_000_000_000, PAGE):
            page = self._ask(f"{select} STARTPOSITION {start} MAXRESULTS {PAGE}").get(self._entity) or []
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
            select = f"SELECT * FROM {self._entity} WHERE {name} IN {chosen} MAXRESULTS {PAGE}"  # noqa: S608  # literals are escaped in wire.py
            yield from map(self._booked, self._ask(select).get(self._entity) or [])

    def _ask(self, select: str) -> Record:
        return self._retry.call(lambda: self._client.ask(select))

    def _booked(self, invoice: Record) -> Booked:
        return Booked(
            id=str(invoice["Id"]),
            kind=self.kind,
            number=str(invoice.get("DocNumber") or ""),
            date=date.fromisoformat(str(invoice["TxnDate"])[:10]),
            customer=str((invoice.get("CustomerRef") or {}).get("name") or ""),
            currency=reference(invoice, "CurrencyRef") or self._home(),
            total=self._signed(amount(invoice.get("TotalAmt"))),
            tax=self._signed(amount((invoice.get("TxnTaxDetail") or {}).get("TotalTax"))),
            balance=self._signed(_open(invoice)),
            key=key_in(str(invoice.get("PrivateNote") or "")),
            voided=is_voided(invoice),
            payments=linked_payments(invoice),
            url=self._client.access.place.form_url(self._entity, str(invoice["Id"])),
        )

    def _signed(self, value: Decimal) -> Decimal:
        """A credit is negative; there is no negative nothing."""
        return -value if self.kind == "credit" and value else value

    def _home(self) -> str:
        """A company without multicurrency may leave the currency out (M); its own is read once then."""
        if not self._home_currency:
            preferences = self._retry.call(lambda: self._client.fetch("preferences")).get("Preferences") or {}
            self._home_currency = reference(preferences.get("CurrencyPrefs") or {}, "HomeCurrency") or "USD"
        return self._home_currency


def _dated(period: Period) -> str:
    first, last = quoted(period.first.isoformat()), quoted(period.last.isoformat())
    return f"TxnDate >= {first} AND TxnDate <= {last}"


def _open(record: Record) -> Decimal:
    """What is not paid, or of a credit memo not used (§8, P)."""
    return amount(record["RemainingCredit"] if "RemainingCredit" in record else record.get("Balance"))
