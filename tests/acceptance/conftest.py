"""Real parts: an Odoo with our addons, its PostgreSQL, a QuickBooks company on loopback, and `workorder` as a process.

Between the bridge and the other two stands a proxy that can hold a request before it is passed on or hold its answer,
so that a kill hits exactly there and the product needs no hooks for tests.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import odoorpc
import pytest
from playwright.sync_api import Browser, sync_playwright
from workorder_sandbox import OdooServer, Sandbox

from .bridge import Bridge
from .company import Company
from .gate import SECONDS, Gate
from .office import Office

StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def company(quickbooks_company: StartCompany) -> Iterator[Company]:
    """A company of the module's own, like its `office`: tests run side by side, and numbers begin anew in each Odoo."""
    with quickbooks_company("--seed", "demo") as ready:
        yield Company(ready)


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
