"""Workers: each a run of the real bridge that shares Odoo, the token file and the company with the others."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.destination import QuickBooksDestination
from workorder_bridge.destinations.quickbooks.ledger import QuickBooksLedger
from workorder_bridge.destinations.quickbooks.lists_file import ListsFile
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.dispatch import Report, Run
from workorder_bridge.ports import Destination, TicketSource
from workorder_bridge.retry import Retry
from workorder_bridge.sources.memory import MemorySource

from .company import Company
from .interruptions import Gate, GatedSource, GatedStore, GatedTransport, Incident, Killed, secrets_of

CODE, ENVIRONMENT = "qbo", "simulator"
LEASE_SECONDS = 300


class Build:
    """How a worker is put together. A planted fault is a build that differs in one place.

    `secrets` are all that any of its workers was ever trusted with.
    """

    access: type[Access] = Access

    def __init__(self) -> None:
        self.secrets: set[str] = set()

    def source(self, source: TicketSource) -> TicketSource:
        return source

    def destination(self, destination: Destination) -> Destination:
        return destination


class Workshop:
    """Starts workers, and keeps everything they ever said and every secret they were trusted with."""

    def __init__(self, company: Company, source: MemorySource, folder: Path, build: Build) -> None:
        self.company = company
        self._source = source
        self._path = folder / "tokens.json"
        self._build = build
        self.log = io.StringIO()
        self.said: list[str] = []
        self.secrets = build.secrets
        self.secrets.add(company.client[1])
        self.kills = 0
        self._at_work = 0
        self.connect()

    def connect(self) -> None:
        """What `workorder quickbooks connect` leaves behind."""
        issued = self.company.issue_tokens()
        tokens = Tokens(
            realm=self.company.realm,
            environment=ENVIRONMENT,
            refresh_token=SecretStr(issued.refresh_token),
            access_token=SecretStr(issued.access_token),
            access_expires_at=self._seconds() + issued.access_seconds,
        )
        self.secrets |= secrets_of(tokens)
        TokenStore(self._path).write(tokens)

    def run(self, batch_size: int = 30, incident: Incident | None = None) -> Report | None:
        """One run of a worker; None when it was killed."""
        gate = Gate(incident)
        with self._clients(gate) as open_client:
            destination = QuickBooksDestination(open_client, self._retry(), self.company.now, self._lists)
            run = Run(
                self._build.source(GatedSource(self._source, gate, self.said)),
                self._build.destination(destination),
                CODE,
                lease_seconds=LEASE_SECONDS,
                batch_size=batch_size,
            )
            self._at_work += 1
            try:
                report = run.perform()
            except Killed:
                self.kills += 1
                return None
            finally:
                self._at_work -= 1
        self.said.append(f"{report} {[error.args for error in report.trouble]}")
        return report

    @contextmanager
    def ledger(self) -> Iterator[QuickBooksLedger]:
        """QuickBooks' side of a tie-out."""
        with self._clients(Gate()) as open_client:
            yield QuickBooksLedger(open_client(self.company.realm), self._retry())

    @contextmanager
    def _clients(self, gate: Gate) -> Iterator[Callable[[str], CompanyClient]]:
        """Opens clients through the gate; their connections end with the worker, however it ends."""
        opened: list[CompanyClient] = []

        def open_client(realm: str) -> CompanyClient:
            client_id, secret = self.company.client
            place = Place(ENVIRONMENT, self.company.url)
            store = GatedStore(self._path, gate, self.secrets)
            access = self._build.access(place, realm, client_id, SecretStr(secret), store, clock=self._seconds)
            access.token()
            client = CompanyClient.open(access, 20.0)
            client.session.mount("http://", GatedTransport(gate))
            opened.append(client)
            return client

        try:
            yield open_client
        finally:
            for client in opened:
                client.session.close()

    def _lists(self, realm: str) -> ListsFile:
        """The company's lists as kept by earlier workers.

        Whoever reads them holds their lock; a worker that is at work within another one's exchange has a copy of its
        own, as on another machine, since the other cannot go on while it waits.
        """
        kept = self._path.with_name(f"worker{self._at_work}.json")
        return ListsFile.beside(TokenStore(kept).file_of(realm, ENVIRONMENT), realm, ENVIRONMENT)

    def _retry(self) -> Retry:
        return Retry(sleep=self.company.advance, jitter=lambda: 0.0)

    def _seconds(self) -> float:
        return self.company.now().timestamp()
