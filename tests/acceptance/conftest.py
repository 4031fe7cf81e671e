"""Real parts: an Odoo with our addons, its PostgreSQL, a QuickBooks company on loopback, and `workorder` as a process.

Between the bridge and the other two stands a proxy that can hold a request before it is passed on or hold its answer,
so that a kill hits exactly there and the product needs no hooks for tests.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import odoorpc
import pytest
import requests
from playwright.sync_api import Browser, sync_playwright
from workorder_sandbox import OdooServer, Sandbox

StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

SECONDS = 120


# --- the proxy


@dataclass
class Trap:
    """Holds the first request that `catches` it: before it is passed on, or when its answer is there."""

    catches: Callable[[str, bytes], bool]
    after: bool
    caught: threading.Event = field(default_factory=threading.Event)
    dropped: threading.Event = field(default_factory=threading.Event)

    def spring(self) -> None:
        """Wait for the test to do its worst; afterwards the connection is dropped."""
        self.caught.set()
        self.dropped.wait(SECONDS)


class Gate(ThreadingHTTPServer):
    """An HTTP proxy in front of one server."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        self.upstream = urlsplit(upstream)
        self.trap: Trap | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def set_trap(self, catches: Callable[[str, bytes], bool], *, after: bool) -> Trap:
        self.trap = Trap(catches, after)
        return self.trap

    def take_trap(self, path: str, body: bytes) -> Trap | None:
        """The trap, once, if this request springs it."""
        trap = self.trap
        if trap is None or not trap.catches(path, body):
            return None
        self.trap = None
        return trap

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client is what these tests are about."""


class _Passage(BaseHTTPRequestHandler):
    server: Gate
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trap = self.server.take_trap(self.path, body)
        if trap and not trap.after:
            trap.spring()
            self.close_connection = True
            return
        status, headers, content = self._ask_upstream(body)
        if trap:
            trap.spring()
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _ask_upstream(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(self.server.upstream.hostname, self.server.upstream.port, timeout=SECONDS)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "host")}
        try:
            upstream.request(self.command, self.path, body or None, {**headers, "Connection": "close"})
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            upstream.close()

    do_GET = do_POST = do_DELETE = _pass  # the names are http.server's

    def log_message(self, *_arguments: Any) -> None:
        """Silence."""


# --- the QuickBooks company


@dataclass(frozen=True)
class Company:
    """A running QuickBooks company and its control endpoints."""

    ready: dict[str, str]

    def control(self, name: str, body: Any = None, method: str = "POST") -> Any:
        answer = requests.request(method, f"{self.ready['url']}/simulator/{name}", json=body, timeout=SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def statistics(self) -> dict[str, Any]:
        return self.control("statistics", method="GET")

    def invoices(self) -> dict[str, list[str]]:
        """Invoice ids by number."""
        found: dict[str, list[str]] = {}
        for invoice in self.all("Invoice"):
            found.setdefault(invoice["DocNumber"], []).append(invoice["Id"])
        return found

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Every record of one kind."""
        answer = self.read("query", query=f"SELECT * FROM {kind} MAXRESULTS 1000")  # noqa: S608  # a kind the test names
        return list(answer["QueryResponse"].get(kind, []))

    def read(self, path: str, **params: str) -> Any:
        """What a program reads there."""
        answer = requests.get(
            f"{self.ready['url']}/v3/company/{self.ready['realm']}/{path}",
            params=params,
            headers={"Authorization": f"Bearer {self.ready['access_token']}", "Accept": "application/json"},
            timeout=SECONDS,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def company(quickbooks_company: StartCompany) -> Iterator[Company]:
    """A company of the module's own, like its `office`: tests run side by side, and numbers begin anew in each Odoo."""
    with quickbooks_company("--seed", "demo") as ready:
        yield Company(ready)


# --- the browser


@pytest.fixture(scope="module")
def chromium(browser: None) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def screens(sandbox: Sandbox) -> Path:
    """Where the pictures go, for people to look at."""
    folder = sandbox.layout.root / "screens"
    folder.mkdir(exist_ok=True)
    return folder


# --- Odoo


@dataclass
class Office:
    """The people in Odoo: they turn orders into posted invoices, and look at what became of them."""

    server: OdooServer
    odoo: odoorpc.ODOO
    known: dict[str, int] = field(default_factory=dict)

    def call(self, model: str, method: str, *arguments: Any, **options: Any) -> Any:
        return self.odoo.execute_kw(model, method, list(arguments), options)

    def record(self, xmlid: str) -> int:
        if xmlid not in self.known:
            module, name = xmlid.split(".")
            self.known[xmlid] = int(self.call("ir.model.data", "check_object_reference", module, name)[1])
        return self.known[xmlid]

    def post_tickets(self, count: int, product: int | None = None, photo: bytes = b"") -> list[str]:
        """So many closed tickets with posted invoices, waiting to be sent; their invoices' numbers.

        With `photo`, each ticket has one.
        """
        orders = self.call("sale.order", "create", [self._order(n, product) for n in range(count)])
        self._do("sale.order", "action_confirm", orders)
        tickets = self._ids("work.order", [("sale_order_id", "in", orders)])
        self.call(
            "work.order",
            "write",
            tickets,
            {"technician_ids": [(4, self.odoo.env.uid)], "scheduled_start": "2026-11-20 08:00:00"},
        )
        self._do("work.order", "action_dispatch", tickets)
        self._do("work.order", "action_start", tickets)
        self._do("work.order.task", "action_done", self._ids("work.order.task", [("work_order_id", "in", tickets)]))
        self.call("work.order", "write", tickets, {"signed_by": "Pat Doyle"})
        if photo:
            picture = {"name": "after.png", "mimetype": "image/png", "datas": base64.b64encode(photo).decode()}
            files = [{**picture, "res_model": "work.order", "res_id": ticket} for ticket in tickets]
            self.call("ir.attachment", "create", files)
        self._do("work.order", "action_complete", tickets)
        self._do("work.order", "action_create_invoices", tickets)
        invoices = self._ids("account.move", [("invoice_line_ids.work_order_id", "in", tickets)])
        self._do("account.move", "action_post", invoices)
        posted = self.call("account.move", "read", invoices, ["name"])
        assert len(posted) == count
        return sorted(invoice["name"] for invoice in posted)

    def credit(self, number: str) -> str:
        """A posted credit note for all of an invoice; its number."""
        (invoice,) = self.call("account.move", "search_read", [("name", "=", number)], ["journal_id"])
        context = {"active_model": "account.move", "active_ids": [invoice["id"]]}
        values = {"journal_id": invoice["journal_id"][0], "reason": "Wrong price"}
        wizard = self.call("account.move.reversal", "create", [values], context=context)
        made = self.call("account.move.reversal", "reverse_moves", wizard, context=context)
        self._do("account.move", "action_post", [made["res_id"]])
        (note,) = self.call("account.move", "read", [made["res_id"]], ["name"])
        return str(note["name"])

    def want_evidence(self, wanted: bool) -> None:
        """Whether the destination has files attached."""
        destination = self.record("work_order_transmission.destination_qbo")
        self.call("work.order.destination", "write", [destination], {"attach_evidence": wanted})

    def evidence(self, number: str) -> list[tuple[str, str]]:
        """Name and state of each file of an invoice."""
        domain = [("transmission_id.name", "=", number)]
        files = self.call("work.order.transmission.file", "search_read", domain, ["name", "state"])
        return [(file["name"], file["state"]) for file in files]

    def cancel(self, number: str) -> None:
        """Cancel and Void."""
        self._do("account.move", "button_cancel", self._ids("account.move", [("name", "=", number)]))

    def states(self, number: str) -> dict[str, str]:
        """State by kind of the rows of one invoice."""
        rows = self.call("work.order.transmission", "search_read", [("name", "=", number)], ["kind", "state"])
        return {row["kind"]: row["state"] for row in rows}

    def rows(self, numbers: list[str]) -> dict[str, tuple[str, str]]:
        """State and external id of each invoice's transmission row."""
        found = self.call(
            "work.order.transmission",
            "search_read",
            [("invoice_id.name", "in", numbers)],
            ["name", "state", "external_id"],
        )
        assert len(found) == len(numbers)
        return {row["name"]: (row["state"], row["external_id"] or "") for row in found}

    def _order(self, place: int, product: int | None) -> dict[str, Any]:
        line = {
            "product_id": product or self.record("work_order.product_hvac_labor"),
            "product_uom_qty": 1 + place % 7,
            "buyer_po_line": "10",
            "buyer_item_code": "MERCY-HVAC-01",
        }
        return {
            "partner_id": self.record("work_order.partner_mercy"),
            "buyer_po": f"45{place:08}",
            "cost_center_id": self.record("work_order.cost_center_hospital_hvac"),
            "order_line": [(0, 0, line)],
        }

    def _ids(self, model: str, domain: list[Any]) -> list[int]:
        return list(self.call(model, "search", domain))

    def _do(self, model: str, method: str, ids: list[int]) -> None:
        """Some buttons answer with what no RPC can carry; what they did counts."""
        for start in range(0, len(ids), 50):
            self.call(model, method, ids[start : start + 50])


@pytest.fixture(scope="module")
def office(module_odoo_server: Callable[..., OdooServer]) -> Office:
    """An Odoo of the module's own, with the bridge's user and an active destination."""
    server = module_odoo_server(template="demo")
    odoo = odoorpc.ODOO("127.0.0.1", port=urlsplit(server.url).port, timeout=SECONDS)
    odoo.login(server.database, server.login, server.password)
    office = Office(server, odoo)
    group = office.record("work_order_transmission.group_connector")
    user = {"name": "Bridge", "login": "bridge", "password": "bridge", "group_ids": [(6, 0, [group])]}
    office.call("res.users", "create", [user])
    office.call(
        "work.order.destination",
        "action_activate",
        [office.record("work_order_transmission.destination_qbo")],
    )
    return office


# --- the bridge


@dataclass
class Bridge:
    """Starts `workorder` processes that reach Odoo and QuickBooks through the gates."""

    to_odoo: Gate
    to_quickbooks: Gate
    environment: dict[str, str]

    def use_key(self, key: str, path: Path) -> None:
        """From now on an API key, in a file of its own, in place of login and password."""
        path.write_text(f"{key}\n")
        path.chmod(0o600)
        for name in ("WORKORDER_ODOO_LOGIN", "WORKORDER_ODOO_PASSWORD"):
            self.environment.pop(name, None)
        self.environment["WORKORDER_ODOO_API_KEY_FILE"] = str(path)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "workorder_bridge", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def sync(self) -> dict[str, Any]:
        """One whole run; its JSON document."""
        out, said = self.start("sync", "--json").communicate(timeout=SECONDS)
        assert "Traceback" not in said, said
        return dict(json.loads(out))


def _served(stack: ExitStack, upstream: str) -> Gate:
    gate = Gate(upstream)
    threading.Thread(target=gate.serve_forever, daemon=True).start()
    stack.callback(gate.server_close)
    stack.callback(gate.shutdown)
    return gate


@pytest.fixture
def bridge(office: Office, company: Company, tmp_path: Path) -> Iterator[Bridge]:
    with ExitStack() as stack:
        to_odoo = _served(stack, office.server.url)
        to_quickbooks = _served(stack, company.ready["url"])
        settings = {
            "ODOO_URL": to_odoo.url,
            "ODOO_DATABASE": office.server.database,
            "ODOO_LOGIN": "bridge",
            "ODOO_PASSWORD": "bridge",
            "QUICKBOOKS_ENVIRONMENT": "simulator",
            "QUICKBOOKS_URL": to_quickbooks.url,
            "QUICKBOOKS_CLIENT_ID": company.ready["client_id"],
            "QUICKBOOKS_CLIENT_SECRET": company.ready["client_secret"],
            "QUICKBOOKS_REALM": company.ready["realm"],
            "QUICKBOOKS_REFRESH_TOKEN": company.ready["refresh_token"],
            "QUICKBOOKS_ACCESS_TOKEN": company.ready["access_token"],
            "QUICKBOOKS_TOKEN_FILE": str(tmp_path / "tokens.json"),
            "LEASE_SECONDS": "1",
        }
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_")}
        environment |= {f"WORKORDER_{name}": value for name, value in settings.items()}
        yield Bridge(to_odoo, to_quickbooks, environment)


@pytest.fixture
def keyed(office: Office, bridge: Bridge, new_api_key: Callable[..., str], tmp_path: Path) -> Bridge:
    """The bridge with a key of the connector's own user."""
    bridge.use_key(new_api_key(office.server, "bridge", "bridge"), tmp_path / "odoo_api_key")
    return bridge


# --- people at the same moment


@pytest.fixture(scope="session")
def log_in() -> Callable[[OdooServer], odoorpc.ODOO]:
    """Opens a connection of its own, as the administrator."""

    def log_in(server: OdooServer) -> odoorpc.ODOO:
        address = urlsplit(server.url)
        rpc = odoorpc.ODOO(address.hostname, port=address.port, timeout=300)
        rpc.login(server.database, server.login, server.password)
        return rpc

    return log_in


@pytest.fixture(scope="session")
def at_once() -> Callable[[list[Callable[[], Any]]], list[Exception | None]]:
    """Makes calls at the same moment; gives each one's refusal, if any."""

    def at_once(calls: list[Callable[[], Any]]) -> list[Exception | None]:
        barrier = threading.Barrier(len(calls))

        def make(call: Callable[[], Any]) -> Exception | None:
            barrier.wait()
            try:
                call()
            except odoorpc.error.RPCError as refusal:
                return refusal
            return None

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(make, calls))

    return at_once


@pytest.fixture
def two_people(
    odoo_server: Callable[..., OdooServer], log_in: Callable[[OdooServer], odoorpc.ODOO]
) -> tuple[odoorpc.ODOO, odoorpc.ODOO]:
    """Two connections to one Odoo with demo data."""
    server = odoo_server(template="demo")
    return log_in(server), log_in(server)
