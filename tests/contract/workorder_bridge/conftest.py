"""A QuickBooks company on loopback in its own process, and harnesses that let one suite run against every adapter."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import odoorpc
import pytest
import requests
from pydantic import SecretStr
from workorder_bridge.destinations.memory import BookedInvoice, MemoryDestination
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.destination import QuickBooksDestination
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.document import parse_document
from workorder_bridge.examples import (
    example_destination,
)
from workorder_bridge.news import Payment
from workorder_bridge.odoo import OdooCaller
from workorder_bridge.ports import Batch, Delivery, Destination, Parcel
from workorder_bridge.receipt import Receipt
from workorder_bridge.retry import Retry
from workorder_bridge.sources.memory import MemorySource
from workorder_bridge.sources.odoo_json2 import Json2Session
from workorder_bridge.sources.odoo_rpc import RpcSession
from workorder_bridge.sources.odoo_source import OdooSource

from .batches import Batches
from .shelves import MemoryShelf, OdooShelf

SECONDS = 30


@dataclass(frozen=True)
class Simulator:
    """A running QuickBooks company and its control endpoints."""

    ready: dict[str, str]

    def control(self, name: str, body: Any = None, method: str = "POST") -> Any:
        answer = requests.request(method, f"{self.ready['url']}/simulator/{name}", json=body, timeout=SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, path: str = "", **options: Any) -> None:
        match = {"path": path} if path else {}
        self.control("faults", {"match": {**match, **options.pop("match", {})}, "kind": kind, **options})

    @property
    def statistics(self) -> dict[str, Any]:
        return self.control("statistics", method="GET")

    def call(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.ready['access_token']}", "Accept": "application/json"}
        address = f"{self.ready['url']}/v3/company/{self.ready['realm']}/{path}"
        answer = requests.request(method, address, headers=headers, timeout=SECONDS, **options)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text, parse_float=Decimal)

    def invoices(self) -> list[dict[str, Any]]:
        return self.all("Invoice")

    def all(self, kind: str) -> list[dict[str, Any]]:
        select = f"SELECT * FROM {kind} MAXRESULTS 1000"  # noqa: S608  # a kind the test names
        answer = self.call("GET", "query", params={"query": select})
        return answer["QueryResponse"].get(kind, [])


StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]


@pytest.fixture(scope="session")
def simulator_process(quickbooks_company: StartCompany) -> Iterator[Simulator]:
    with quickbooks_company("--seed", "demo") as ready:
        yield Simulator(ready)


@pytest.fixture
def own_simulator(quickbooks_company: StartCompany) -> Iterator[Simulator]:
    """A company of the test's own, to do things to that no reset undoes."""
    with quickbooks_company("--seed", "demo") as ready:
        yield Simulator(ready)


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The company as it was at the start."""
    simulator_process.control("reset", {"seed": "demo"})
    return simulator_process


@pytest.fixture
def token_store(simulator: Simulator, tmp_path: Path) -> TokenStore:
    return stored_tokens(simulator, tmp_path)


def stored_tokens(simulator: Simulator, tmp_path: Path) -> TokenStore:
    store = TokenStore(tmp_path / "tokens.json")
    store.write(
        Tokens(
            realm=simulator.ready["realm"],
            environment="simulator",
            refresh_token=SecretStr(simulator.ready["refresh_token"]),
            access_token=SecretStr(simulator.ready["access_token"]),
            access_expires_at=datetime.now(UTC).timestamp() + 3600,
        )
    )
    return store


@dataclass
class QuickBooksHarness:
    """The QuickBooks adapter against the simulator."""

    simulator: Simulator
    store: TokenStore
    waits: list[float] = field(default_factory=list)
    timeout: float = 20.0

    kind = "quickbooks"

    @property
    def realm(self) -> str:
        return self.simulator.ready["realm"]

    def open(self) -> Destination:
        place = Place("simulator", self.simulator.ready["url"])

        def open_client(realm: str) -> CompanyClient:
            ready = self.simulator.ready
            access = Access(place, realm, ready["client_id"], SecretStr(ready["client_secret"]), self.store)
            access.token()
            return CompanyClient.open(access, self.timeout)

        return QuickBooksDestination(
            open_client, Retry(sleep=self.waits.append, jitter=lambda: 0.0), lists_file=self.lists_file
        )

    def lists_file(self, realm: str) -> ListsFile:
        return ListsFile.beside(self.store.file_of(realm, "simulator"), realm, "simulator")

    def count(self, number: str) -> int:
        return sum(invoice["DocNumber"] == number for invoice in self.simulator.invoices())

    def enter_by_hand(self, number: str) -> None:
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": 5,
            "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
        }
        self.simulator.call(
            "POST", "invoice", json={"DocNumber": number, "CustomerRef": {"value": "1"}, "Line": [line]}
        )

    def pay(self, receipt: Receipt, amount: str) -> str:
        body = {
            "invoice_id": receipt.external_id,
            "amount": float(amount),
            "date": "2026-12-01",
            "reference": "check 7",
        }
        return str(self.simulator.control("payments", body)["Payment"]["Id"])


@dataclass
class MemoryHarness:
    """The adapter in memory."""

    destination: MemoryDestination
    realm: str = "9341452000000001"
    kind = "memory"

    def open(self) -> Destination:
        return self.destination

    def count(self, number: str) -> int:
        return sum(booked.receipt.number == number for booked in self.destination.booked)

    def enter_by_hand(self, number: str) -> None:
        self.destination.booked.append(BookedInvoice(Receipt("H1", number, "0", "USD", Decimal(5), Decimal(0))))

    def pay(self, receipt: Receipt, amount: str) -> str:
        number = f"P{len(self.destination.payments) + 1}"
        payment = Payment(
            number, receipt.external_id, Decimal(amount), "USD", datetime(2026, 12, 1, tzinfo=UTC).date(), "check 7"
        )
        self.destination.payments.append((self.destination.clock(), payment))
        return number


@dataclass
class Clock:
    """A time that moves only when told."""

    now: datetime = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quickbooks(simulator: Simulator, token_store: TokenStore) -> QuickBooksHarness:
    return QuickBooksHarness(simulator, token_store)


@pytest.fixture
def own_quickbooks(own_simulator: Simulator, tmp_path: Path) -> QuickBooksHarness:
    return QuickBooksHarness(own_simulator, stored_tokens(own_simulator, tmp_path))


@pytest.fixture(params=["memory", "quickbooks"])
def harness(request: pytest.FixtureRequest, clock: Clock) -> Any:
    if request.param == "memory":
        return MemoryHarness(MemoryDestination("9341452000000001", clock))
    return request.getfixturevalue("quickbooks")


@pytest.fixture
def batches() -> Batches:
    return Batches()


def parcels_of(batch: Batch) -> list[Parcel]:
    return [Parcel(row, parse_document(row.document, row.sha256)) for row in batch.rows]


@pytest.fixture
def send():
    """Sends a batch; the answers in the order of its rows."""

    def send_batch(destination: Destination, batch: Batch) -> list[Any]:
        delivery = destination.send(batch, parcels_of(batch))
        return [delivery.answers[row.id] for row in batch.rows]

    return send_batch


@pytest.fixture
def deliver():
    """Sends a batch; the whole delivery."""

    def deliver_batch(destination: Destination, batch: Batch) -> Delivery:
        return destination.send(batch, parcels_of(batch))

    return deliver_batch


@pytest.fixture(scope="module")
def contract_odoo(request: pytest.FixtureRequest) -> tuple[Any, odoorpc.ODOO]:
    """A served Odoo whose user `bridge` is a connector, and its administrator."""
    server = request.getfixturevalue("module_odoo_server")("demo")
    admin = odoorpc.ODOO("127.0.0.1", port=urlsplit(server.url).port, timeout=120)
    admin.login(server.database, server.login, server.password)
    (group,) = admin.execute_kw("res.groups", "search", [[("name", "=", "Workorder Bridge")]])
    user = {"name": "Bridge", "login": "bridge", "password": "bridge", "group_ids": [(6, 0, [group])]}
    admin.execute_kw("res.users", "create", [user])
    return server, admin


@pytest.fixture(scope="module")
def bridges_key(contract_odoo: tuple[Any, odoorpc.ODOO], new_api_key: Callable[..., str]) -> str:
    return new_api_key(contract_odoo[0], "bridge", "bridge")


def _odoo_shelf(caller: OdooCaller, admin: odoorpc.ODOO) -> OdooShelf:
    """Every other destination is retired, so that a posted invoice lands on this shelf only."""
    others = admin.execute_kw("work.order.destination", "search", [[("state", "=", "active")]])
    if others:
        admin.execute_kw("work.order.destination", "action_pause", [others])
        admin.execute_kw("work.order.destination", "write", [others, {"all_invoices": False}])
    code = f"shelf_{secrets.token_hex(4)}"
    # A company of its own: shelves that share one would share its call limits.
    realm = str(10**15 + secrets.randbelow(10**15))
    (journal,) = admin.execute_kw("account.journal", "search", [[("type", "=", "bank")]], {"limit": 1})
    values = {
        "name": code,
        "code": code,
        "realm": realm,
        "all_invoices": True,
        "payment_journal_id": journal,
    }
    shelf = admin.execute_kw("work.order.destination", "create", [values])
    admin.execute_kw("work.order.destination", "action_activate", [[shelf]])
    return OdooShelf(OdooSource(caller), admin, code, realm)


@pytest.fixture(params=["memory", "odoo by odoorpc", "odoo by JSON-2"])
def shelf(request: pytest.FixtureRequest, clock: Clock) -> Any:
    if request.param == "memory":
        return MemoryShelf(MemorySource(example_destination(), clock))
    server, admin = request.getfixturevalue("contract_odoo")
    once = Retry(attempts=1)
    if request.param == "odoo by JSON-2":
        key = SecretStr(request.getfixturevalue("bridges_key"))
        return _odoo_shelf(Json2Session(server.url, server.database, key, timeout=60, retry=once), admin)
    password = SecretStr("bridge")
    return _odoo_shelf(RpcSession(server.url, server.database, "bridge", password, timeout=60, retry=once), admin)
