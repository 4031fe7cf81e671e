"""The `Destination` port for QuickBooks Online."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.company import CompanyFacts, read_company
from workorder_bridge.destinations.quickbooks.delivering import deliver
from workorder_bridge.destinations.quickbooks.payments import read_news
from workorder_bridge.news import News
from workorder_bridge.ports import Batch, Delivery, DestinationInfo, Parcel
from workorder_bridge.retry import Retry


def _now() -> datetime:
    return datetime.now(UTC)


class QuickBooksDestination:
    """Books invoices and credits in QuickBooks companies, and voids them.

    `open_client` opens one by realm; nothing is read before it is needed.
    """

    def __init__(
        self,
        open_client: Callable[[str], CompanyClient],
        retry: Retry,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._open_client = open_client
        self._realm = ""
        self._retry = retry
        self._clock = clock
        self._client: CompanyClient | None = None
        self._company: CompanyFacts | None = None

    def send(self, batch: Batch, parcels: Sequence[Parcel]) -> Delivery:
        """See `Destination.send`. The tokens must open the realm Odoo names, or `WrongCompany` before any write."""
        client, company = self._enter(batch.destination.realm)
        return deliver(client, company, batch, parcels, self._retry)

    def news_since(self, info: DestinationInfo, since: datetime | None) -> News:
        """See `Destination.news_since`."""
        client, company = self._enter(info.realm)
        return self._retry.call(lambda: read_news(client, since, self._clock(), company.home_currency))

    def _enter(self, realm: str) -> tuple[CompanyClient, CompanyFacts]:
        """The company, looked at once per run."""
        if self._client is None or self._company is None or self._realm != realm:
            client = self._open_client(realm)
            self._company = self._retry.call(lambda: read_company(client))
            self._client, self._realm = client, realm
        return self._client, self._company
