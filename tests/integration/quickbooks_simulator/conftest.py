"""A simulator process per test session, made fresh for each test; a real client of each kind."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from intuitlib.client import AuthClient
from quickbooks import QuickBooks

SOURCES = Path(__file__).resolve().parents[3] / "connectors"
TIMEOUT = 20


@dataclass(frozen=True)
class Service:
    """A running simulator and how to reach it."""

    process: subprocess.Popen[str]
    ready: dict[str, str]

    @property
    def url(self) -> str:
        return self.ready["url"]

    def control(self, name: str, body: Any = None, method: str = "POST") -> Any:
        answer = requests.request(method, f"{self.url}/simulator/{name}", json=body, timeout=TIMEOUT)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def call(
        self, method: str, path: str, *, token: str | None = None, realm: str | None = None, **options: Any
    ) -> requests.Response:
        """One raw API call."""
        headers = {"Authorization": f"Bearer {token or self.ready['access_token']}", **options.pop("headers", {})}
        address = f"{self.url}/v3/company/{realm or self.ready['realm']}/{path}"
        return requests.request(method, address, headers=headers, timeout=TIMEOUT, **options)

    def post(self, path: str, body: Any, **options: Any) -> requests.Response:
        return self.call("POST", path, json=body, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.call("GET", path, **options)

    def query(self, text: str) -> Any:
        answer = self.get("query", params={"query": text})
        assert answer.status_code == 200, answer.text
        return answer.json()["QueryResponse"]

    def create(self, path: str, body: Any) -> Any:
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        return next(value for name, value in answer.json().items() if name != "time")

    def count(self, kind: str) -> int:
        return int(self.query(f"SELECT COUNT(*) FROM {kind}")["totalCount"])  # noqa: S608 - no SQL, a constant


def start(*arguments: str) -> Service:
    """Start a simulator and wait for its line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "quickbooks_simulator", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return Service(process, json.loads(line))


def stop(service: Service) -> None:
    service.process.terminate()
    service.process.communicate(timeout=TIMEOUT)


@pytest.fixture(scope="session")
def session_service() -> Iterator[Service]:
    service = start("--port", "0", "--no-limits")
    yield service
    stop(service)


@pytest.fixture
def service(session_service: Service) -> Service:
    """The demo company, as new."""
    session_service.control("reset", {"seed": "demo"})
    return Service(session_service.process, {**session_service.ready, **session_service.control("tokens")})


@pytest.fixture
def sample(service: Service) -> Service:
    """The sample company, as new."""
    service.control("reset", {"seed": "sample"})
    return service


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Makes an unmodified client of a simulator: only its base address is another one."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")

    def connect_to(service: Service, **options: Any) -> Any:
        class Redirected(QuickBooks):  # type: ignore[misc]
            api_url_v3 = f"{service.url}/v3"
            sandbox_api_url_v3 = f"{service.url}/v3"

        return Redirected(
            auth_client=authorise(service, access_token=service.ready["access_token"]),
            refresh_token=service.ready["refresh_token"],
            company_id=service.ready["realm"],
            minorversion=75,
            **options,
        )

    return connect_to


def authorise(service: Service, **options: Any) -> Any:
    """The vendor's OAuth client, led to the simulator by the discovery document."""
    return AuthClient(
        client_id=service.ready["client_id"],
        client_secret=service.ready["client_secret"],
        redirect_uri=f"{service.url}/callback",
        environment=f"{service.url}/.well-known/openid_configuration",
        **options,
    )


def invoice_body(number: str | None = None, **changes: Any) -> dict[str, Any]:
    """An invoice of 180.00 plus 13.50 tax for customer 1."""
    detail = {"ItemRef": {"value": "2"}, "Qty": 2, "UnitPrice": 90, "TaxCodeRef": {"value": "TAX"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": 180, "SalesItemLineDetail": detail}
    body: dict[str, Any] = {"CustomerRef": {"value": "1"}, "Line": [line], **changes}
    return {**body, "DocNumber": number} if number else body
