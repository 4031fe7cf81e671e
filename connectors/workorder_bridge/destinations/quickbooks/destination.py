"""The `Destination` port for QuickBooks Online."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from workorder_bridge.destinations.quickbooks.attachments import attach
from workorder_bridge.destinations.quickbooks.books import Books
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.delivering import deliver
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.payments import read_news
from workorder_bridge.evidence import EvidenceFile
from workorder_bridge.news import News, Tell
from workorder_bridge.ports import Batch, Delivery, DestinationInfo, Parcel
from workorder_bridge.retry import Retry


def _now() -> datetime:
    return datetime.now(UTC)


class QuickBooksDestination:
    """Books invoices and credits in QuickBooks companies, and voids them.

    `open_client` opens one by realm; nothing is read before it is needed. `lists_file` says where a company's lists are
    kept between runs; without it every run reads them.
    """

    def __init__(
        self,
        open_client: Callable[[str], CompanyClient],
        retry: Retry,
        clock: Callable[[], datetime] = _now,
        lists_file: Callable[[str], ListsFile | None] = lambda _realm: None,
    ) -> None:
        self._open_client = open_client
        self._realm = ""
        self._retry = retry
        self._clock = clock
        self._client: CompanyClient | None = None
        self._lists_file = lists_file
        self._books: Books | None = None

    def send(self, batch: Batch, parcels: Sequence[Parcel]) -> Delivery:
        """See `Destination.send`. The tokens must open the realm Odoo names, or `WrongCompany` before any write."""
        return deliver(self._enter(batch.destination.realm), batch, parcels, self._retry)

    def news_since(self, info: DestinationInfo, since: datetime | None, tell: Tell | None = None) -> News:
        """See `Destination.news_since`."""
        books = self._enter(info.realm)
        home = books.facts.home_currency
        with books.client.reads_that_can_wait():
            return self._retry.call(lambda: read_news(books.client, since, self._clock(), home, tell))

    def attach(self, info: DestinationInfo, file: EvidenceFile, content: bytes) -> str:
        """See `Destination.attach`."""
        return attach(self._enter(info.realm).client, file, content, self._retry)

    def _enter(self, realm: str) -> Books:
        """The company, looked at as seldom as its lists allow."""
        if self._books is None or self._realm != realm or not self._books.is_young:
            client = self._client if self._client and self._realm == realm else self._open_client(realm)
            self._books = Books.open(client, self._retry, self._clock, self._lists_file(realm))
            self._client, self._realm = client, realm
        return self._books
