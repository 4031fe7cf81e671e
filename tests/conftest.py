"""Fixtures that give a test a running sandbox: PostgreSQL, templates, Odoo."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from workorder_sandbox import OdooServer, Sandbox

StartOdoo = Callable[..., OdooServer]
StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]
SOURCES = Path(__file__).resolve().parents[1] / "connectors"
SECONDS = 60


@pytest.fixture(scope="session")
def quickbooks_company() -> StartCompany:
    """Call it (with options of `python -m quickbooks_simulator`) for a company that ends with the block.

    What the block gets is what the company says of itself: `url`, `realm`, `access_token` and so on.
    """

    @contextmanager
    def start(*options: str) -> Iterator[dict[str, Any]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "quickbooks_simulator", "--port", "0", "--no-limits", *options],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
        )
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)

    return start


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """This checkout's sandbox with its database running; its last user stops it."""
    box = Sandbox.default()
    box.prepare()
    box.start_database()
    yield box
    box.release()


@pytest.fixture(scope="session")
def plain_template(sandbox: Sandbox) -> str:
    """The name of a database with our addons and no demo data; copy it, never write to it."""
    return sandbox.ensure_template("plain")


@pytest.fixture(scope="session")
def demo_template(sandbox: Sandbox) -> str:
    """The name of a database with our addons and their demo data; copy it, never write to it."""
    return sandbox.ensure_template("demo")


@contextmanager
def _odoo_starter(sandbox: Sandbox) -> Iterator[StartOdoo]:
    with ExitStack() as servers:

        def start(template: str = "demo") -> OdooServer:
            name = f"test_{secrets.token_hex(4)}"
            source = sandbox.ensure_template(template)
            servers.callback(sandbox.drop_database, name)
            sandbox.copy_database(source, name)
            return servers.enter_context(sandbox.serve(name))

        yield start


@pytest.fixture
def odoo_server(sandbox: Sandbox) -> Iterator[StartOdoo]:
    """Call it (`template="plain"` or `"demo"`) for a served copy of a template; both end with the test."""
    with _odoo_starter(sandbox) as start:
        yield start


@pytest.fixture(scope="module")
def module_odoo_server(sandbox: Sandbox) -> Iterator[StartOdoo]:
    """The same for a whole test module: what one test writes, the next one sees."""
    with _odoo_starter(sandbox) as start:
        yield start


@pytest.fixture(scope="session")
def new_api_key() -> Callable[..., str]:
    """Makes an API key as a person does in the preferences: the web client's own calls, the password asked again."""

    def new_api_key(server: OdooServer, login: str, password: str, days: int = 90) -> str:
        web = requests.Session()

        def call(path: str, **params: object) -> Any:
            body = {"jsonrpc": "2.0", "method": "call", "params": params}
            told = web.post(f"{server.url}/web/{path}", json=body, timeout=60).json()
            assert "error" not in told, told["error"]["data"]["message"]
            return told["result"]

        def on(model: str, method: str, *args: object, **context: object) -> Any:
            return call("dataset/call_kw", model=model, method=method, args=args, kwargs={"context": context})

        call("session/authenticate", db=server.database, login=login, password=password)
        ends = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
        wanted = {"name": "Workorder Bridge", "duration": "-1", "expiration_date": ends}
        (wizard,) = on("res.users.apikeys.description", "create", [wanted])
        asked = on("res.users.apikeys.description", "make_key", [wizard])
        shown = on(asked["res_model"], "run_check", [asked["res_id"]], password=password)
        return str(shown["context"]["default_key"])

    return new_api_key


@pytest.fixture(scope="session")
def printing(sandbox: Sandbox) -> None:
    """For tests that print PDFs: left out, by name, where wkhtmltopdf cannot be had."""
    _skip_without(sandbox, "print")


@pytest.fixture(scope="session")
def browser(sandbox: Sandbox) -> None:
    """For tests that need Chromium: left out, by name, where it cannot be had."""
    _skip_without(sandbox, "browser")


def _skip_without(sandbox: Sandbox, feature: str) -> None:
    sentence = sandbox.missing(feature)
    if sentence:
        pytest.skip(sentence)
