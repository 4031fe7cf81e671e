"""A simulator process per test session, its books made fresh for each test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

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

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return requests.request(method, f"{self.url}{path}", timeout=TIMEOUT, **options)

    def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        answer = self.call("POST", f"/api/{path}", json=body, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.call("GET", f"/api/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, path: str) -> str:
        answer = self.call("GET", path)
        assert answer.status_code == 200
        return answer.text


def start(*arguments: str) -> Service:
    """Start a simulator and wait for its line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "buyer_simulator", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return Service(process, json.loads(line))


@pytest.fixture(scope="session")
def session_service() -> Iterator[Service]:
    service = start("--port", "0", "--seed", "demo")
    yield service
    service.process.terminate()
    service.process.communicate(timeout=TIMEOUT)


@pytest.fixture
def service(session_service: Service) -> Service:
    """The demo hospital, as new."""
    session_service.post("control/reset")
    return session_service


def invoice(number: str = "INV-1", **changes: Any) -> dict[str, Any]:
    """An invoice that matches line 10 of the hospital's PO 4500017788."""
    line = {
        "number": 1,
        "po_line": "10",
        "item_code": "M-700114",
        "quantity": "6",
        "unit": "HUR",
        "unit_price": "118.00",
        "amount": "708.00",
    }
    return {
        "supplier": "Harbor Facility Services",
        "number": number,
        "issue_date": "2026-03-15",
        "currency": "USD",
        "purchase_order": "4500017788",
        "cost_center": "6310-HVAC",
        "terms": {"code": "2/10 Net 30"},
        "lines": [line],
        "untaxed": "708.00",
        "total": "708.00",
        **changes,
    }
