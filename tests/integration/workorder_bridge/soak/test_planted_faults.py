"""The soak finds what it is there to find: each of these bridges is wrong in one place."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from workorder_bridge.destinations.quickbooks import shipment
from workorder_bridge.destinations.quickbooks.access import Access
from workorder_bridge.destinations.quickbooks.recovery import Findings
from workorder_bridge.log import record
from workorder_bridge.news import News, Tell
from workorder_bridge.ports import (
    Batch,
    Delivery,
    Destination,
    DestinationInfo,
    Parcel,
    Settlement,
    TicketSource,
)

from .company import Company
from .playing import USUAL_SEED, play
from .workers import Build

RUNS = 150
"""More than any of the faults needs to be seen; the first sight ends it."""


class KeyForgetter:
    """After a crash, sends as if for the first time."""

    def __init__(self, source: TicketSource) -> None:
        self._source = source
        self._leases: dict[str, str] = {}

    def claim(self, code: str, limit: int, lease_seconds: int) -> Batch:
        batch = self._source.claim(code, limit, lease_seconds)
        if batch.attempt == 1 or batch.lease is None:
            return batch
        fresh = batch.model_copy(update={"lease": str(uuid.uuid4()), "attempt": 1})
        self._leases[fresh.request_id] = batch.lease
        return fresh

    def settle(self, code: str, lease: str, *told: Any) -> Settlement:
        return self._source.settle(code, self._leases.get(lease, lease), *told)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


class DoubleTeller:
    """Tells of each payment twice, the second time under a name of its own."""

    def __init__(self, destination: Destination) -> None:
        self._destination = destination

    def send(self, batch: Batch, parcels: Sequence[Parcel]) -> Delivery:
        return self._destination.send(batch, parcels)

    def news_since(self, info: DestinationInfo, since: datetime | None, tell: Tell | None = None) -> News:
        news = self._destination.news_since(info, since, tell)
        again = [replace(payment, external_id=f"{payment.external_id}-1") for payment in news.payments]
        return replace(news, payments=[*news.payments, *again])


class Blabber(Access):
    """Writes its token in the log."""

    def token(self) -> str:
        token = super().token()
        record("call", message=f"with {token}")
        return token


class ForgetsKeys(Build):
    def source(self, source: TicketSource) -> TicketSource:
        return KeyForgetter(source)


class TellsTwice(Build):
    def destination(self, destination: Destination) -> Destination:
        return DoubleTeller(destination)


class Blabs(Build):
    access = Blabber


def test_bridge_that_ignores_its_stored_keys_after_a_crash_is_found(company: Company) -> None:
    with pytest.raises(AssertionError, match=r"is 2 times in the books|is not registered"):
        play(company, ForgetsKeys(), RUNS, USUAL_SEED)


def test_bridge_that_never_looks_up_by_number_is_found(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipment, "look_up", lambda *_: Findings())
    with pytest.raises(AssertionError, match="ended rejected in Odoo"):
        play(company, Build(), RUNS, USUAL_SEED)


def test_bridge_that_registers_payments_twice_is_found(company: Company) -> None:
    with pytest.raises(AssertionError, match="is registered; entered was None"):
        play(company, TellsTwice(), RUNS, USUAL_SEED)


def test_bridge_that_logs_a_token_is_found(company: Company) -> None:
    with pytest.raises(AssertionError, match="was written"):
        play(company, Blabs(), RUNS, USUAL_SEED)
