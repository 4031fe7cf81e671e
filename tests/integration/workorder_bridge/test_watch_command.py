"""`workorder sync --watch --webhooks` as a process: whose news wake whom, and how it ends.

Odoo is a server that answers JSON-2 for two companies without open invoices, so that nothing but the claims is left.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

SOURCES = Path(__file__).resolve().parents[3] / "connectors"
TOKEN = "3b1c9e2a-verifier"
REALMS = {"east": "77", "west": "88", "north": "99"}
ADDRESS = re.compile(r"Webhooks of QuickBooks are taken at (http://127\.0\.0\.1:\d+/quickbooks/webhook)\.\n")
SECONDS = 60


class Odoo(ThreadingHTTPServer):
    """Two active destinations and a paused one. `claims` are the destinations asked for work, in turn."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.claims: list[str] = []
        self.changed = threading.Condition()
        self.hold: threading.Event | None = None

    def answer(self, method: str, asked: dict[str, Any]) -> Any:
        if method == "summary":
            return [self._summary(code) for code in REALMS]
        if method == "claim":
            return self._claim(asked["code"])
        if method == "changes_since":
            return {"cursor": None, "open_invoices": 0, "sent_invoices": 0}
        raise AssertionError(method)

    def _summary(self, code: str) -> dict[str, Any]:
        state = "paused" if code == "north" else "active"
        head = {"code": code, "name": code, "kind": "quickbooks", "realm": REALMS[code], "state": state}
        return {**head, "pause_reason": "", "counts": {}, "oldest_ready": None, "trouble": []}

    def _claim(self, code: str) -> dict[str, Any]:
        with self.changed:
            hold = self.hold  # whoever waits for this claim may set it, and means the next one
            self.claims.append(code)
            self.changed.notify_all()
        if hold is not None:
            hold.wait(SECONDS)
        info = {"code": code, "kind": "quickbooks", "realm": REALMS[code], "create_missing_customers": False}
        return {"destination": info, "lease": None, "attempt": 1, "rows": [], "tables": {}, "remaining": 0}

    def wait_for(self, claims: int) -> list[str]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.claims) >= claims, SECONDS), self.claims
            return list(self.claims)


class _Answer(BaseHTTPRequestHandler):
    server: Odoo
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.dumps(self.server.answer(self.path.rsplit("/", 1)[1], asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        """Silence."""


@dataclass
class Watch:
    """The command at work."""

    process: subprocess.Popen[str]
    address: str = ""
    said: list[str] = field(default_factory=list)

    def wait_for_address(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := ADDRESS.search(line):
                self.address = found[1]
                return
        raise AssertionError(self.said)

    def notify(self, *realms: str, token: str = TOKEN) -> int:
        body = json.dumps({"eventNotifications": [{"realmId": realm, "note": "hidden"} for realm in realms]}).encode()
        return self.post(body, token)

    def post(self, body: bytes, token: str = TOKEN) -> int:
        signature = base64.b64encode(hmac.new(token.encode(), body, hashlib.sha256).digest())
        headers = {"intuit-signature": signature.decode()}
        return requests.post(self.address, data=body, headers=headers, timeout=SECONDS).status_code

    def stop(self, number: int) -> tuple[int, str]:
        """Its exit code and everything it said."""
        self.process.send_signal(number)
        out, rest = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out + "".join(self.said) + rest


@pytest.fixture
def odoo() -> Iterator[Odoo]:
    with Odoo() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(odoo: Odoo, tmp_path: Path) -> dict[str, str]:
    settings = {
        "ODOO_URL": f"http://127.0.0.1:{odoo.server_port}",
        "ODOO_DATABASE": "prod",
        "ODOO_API_KEY": "key-hidden",
        "QUICKBOOKS_ENVIRONMENT": "simulator",
        "QUICKBOOKS_URL": "http://127.0.0.1:9",
        "QUICKBOOKS_CLIENT_ID": "c",
        "QUICKBOOKS_CLIENT_SECRET": "secret-hidden",
        "QUICKBOOKS_TOKEN_FILE": str(tmp_path / "tokens.json"),
        "QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN": TOKEN,
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_")}
    environment |= {f"WORKORDER_{name}": value for name, value in settings.items()}
    environment["PYTHONPATH"] = os.pathsep.join([str(SOURCES), *filter(None, [os.environ.get("PYTHONPATH")])])
    return environment


@pytest.fixture
def seconds() -> int:
    """Between two full rounds."""
    return 3600


@pytest.fixture
def watch(environment: dict[str, str], seconds: int) -> Iterator[Watch]:
    command = ["-m", "workorder_bridge", "--verbose", "sync", "--watch", str(seconds), "--webhooks", "0"]
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        watch = Watch(process)
        try:
            watch.wait_for_address()
            yield watch
        finally:
            process.kill()


def test_only_the_company_with_news_is_looked_at_before_its_time(odoo: Odoo, watch: Watch) -> None:
    assert sorted(odoo.wait_for(2)) == ["east", "west"]
    assert watch.notify(REALMS["west"]) == 200
    assert odoo.wait_for(3)[2:] == ["west"]
    assert watch.notify("1234512345") == 200
    assert watch.notify(REALMS["north"]) == 200
    assert watch.notify(REALMS["west"], token="another") == 401
    assert watch.post(b"[" * 100_000) == 400
    assert watch.notify("1234512345", REALMS["east"]) == 200
    assert odoo.wait_for(4)[2:] == ["west", "east"]
    code, said = watch.stop(signal.SIGINT)
    assert odoo.claims[2:] == ["west", "east"]
    assert "Traceback" not in said
    for word in ("hidden", TOKEN, "1234512345"):
        assert word not in said
    assert code == 4  # a destination is paused


def test_news_during_a_round_make_one_more_look_after_it(odoo: Odoo, watch: Watch) -> None:
    odoo.wait_for(2)
    odoo.hold = threading.Event()
    watch.notify(REALMS["east"])
    odoo.wait_for(3)
    for _ in range(5):
        assert watch.notify(REALMS["west"], REALMS["east"]) == 200  # answered although a round is under way
    odoo.hold.set()
    assert sorted(odoo.wait_for(5)[3:]) == ["east", "west"]
    watch.stop(signal.SIGTERM)
    assert len(odoo.claims) == 5


def test_it_ends_although_somebody_is_in_the_middle_of_a_post(odoo: Odoo, watch: Watch) -> None:
    odoo.wait_for(2)
    address = urlsplit(watch.address)
    assert address.port is not None
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(f"POST {address.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode())
        code, said = watch.stop(signal.SIGINT)
    assert (code, "Traceback" in said) == (4, False)


@pytest.mark.parametrize("seconds", [1])
def test_wrong_signatures_are_told_with_the_next_round(odoo: Odoo, watch: Watch) -> None:
    odoo.wait_for(2)
    for token in ("another", "a third"):
        assert watch.notify(REALMS["east"], token=token) == 401
    odoo.wait_for(len(odoo.claims) + 4)  # of a round that began afterwards, too
    _, said = watch.stop(signal.SIGINT)
    told = [line.partition(" refused at")[0] for line in said.splitlines() if " refused at the address" in line]
    assert told in (["2 posts were"], ["1 post was", "1 post was"])
    assert "WORKORDER_QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN" in said
