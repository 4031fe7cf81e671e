"""The simulated QuickBooks company of these tests: a process, its controls, and the faults of its page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests

from ...quickbooks_simulator.fault_table import read_table
from .workers import SECONDS

BATCH = {"path": "batch"}
"""Where the bridge's invoices go; the page matches single writes."""


@dataclass(frozen=True)
class Company:
    """A running company."""

    ready: dict[str, str]

    def control(self, name: str, body: Any = None, method: str = "POST") -> Any:
        answer = requests.request(method, f"{self.ready['url']}/simulator/{name}", json=body, timeout=SECONDS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def produce(self, number: int, which: int | None = None, *, at: Any = None, **words: str) -> None:
        """Send the commands that produce fault `number`, or one of them, as the page of the simulator gives them.

        `at` says where in the bridge's own calls a scripted fault strikes; `words` replace INVOICE and the like.
        """
        (row,) = [row for row in read_table() if row.number == number]
        chosen = row.commands if which is None else [row.commands[which]]
        assert chosen, f"the page has no command for fault {number}"
        for path, written in chosen:
            text = written or "{}"
            for word, record_id in words.items():
                text = text.replace(word, record_id)
            body = json.loads(text)
            if at is not None and path == "faults":
                body = [{**entry, "match": at} for entry in (body if isinstance(body, list) else [body])]
            self.control(path, body)

    @property
    def statistics(self) -> dict[str, Any]:
        return self.control("statistics", method="GET")

    def call(self, method: str, path: str, **options: Any) -> Any:
        token = self.control("tokens")["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        address = f"{self.ready['url']}/v3/company/{self.ready['realm']}/{path}"
        answer = requests.request(method, address, headers=headers, timeout=SECONDS, **options)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text, parse_float=Decimal)

    def every(self, kind: str, where: str = "") -> list[dict[str, Any]]:
        select = f"SELECT * FROM {kind} {where} MAXRESULTS 1000"  # noqa: S608 - no SQL, the tests' own words
        return self.call("GET", "query", params={"query": select})["QueryResponse"].get(kind, [])

    def create(self, kind: str, body: Any) -> dict[str, Any]:
        return self.call("POST", kind.lower(), json=body)[kind]

    def enter_invoice(self, number: str, **changes: Any) -> dict[str, Any]:
        """Somebody types an invoice of 5.00 into QuickBooks."""
        detail = {"ItemRef": {"value": "2"}}
        line = {"DetailType": "SalesItemLineDetail", "Amount": 5, "SalesItemLineDetail": detail}
        return self.create("Invoice", {"DocNumber": number, "CustomerRef": {"value": "1"}, "Line": [line], **changes})
