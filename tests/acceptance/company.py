"""The QuickBooks company, as its accountant sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from .gate import SECONDS


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
