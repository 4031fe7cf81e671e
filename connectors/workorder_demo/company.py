"""The QuickBooks company of the demo: the simulator as a process of its own, and its accountant's actions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests

_TIMEOUT = 30


class CompanyNotStarted(Exception):
    """The simulator ended before it was ready; the message is what it said."""


@dataclass(frozen=True)
class Company:
    """Where the company is and what opens it."""

    url: str
    realm: str
    secrets: Mapping[str, str]

    def settings(self, token_file: Path) -> dict[str, str]:
        """The bridge's settings for this company, as environment variables."""
        return {
            "WORKORDER_QUICKBOOKS_ENVIRONMENT": "simulator",
            "WORKORDER_QUICKBOOKS_URL": self.url,
            "WORKORDER_QUICKBOOKS_REALM": self.realm,
            "WORKORDER_QUICKBOOKS_TOKEN_FILE": str(token_file),
            "WORKORDER_QUICKBOOKS_CLIENT_ID": self.secrets["client_id"],
            "WORKORDER_QUICKBOOKS_CLIENT_SECRET": self.secrets["client_secret"],
            "WORKORDER_QUICKBOOKS_REFRESH_TOKEN": self.secrets["refresh_token"],
            "WORKORDER_QUICKBOOKS_ACCESS_TOKEN": self.secrets["access_token"],
        }

    def lose_next_batch_reply(self) -> None:
        """The next batch is booked, then the connection drops before its answer."""
        fault = {"match": {"path": "batch", "method": "POST"}, "kind": "drop_after_commit", "times": 1}
        self._post("/simulator/faults", [fault])

    def receive_payment(self, number: str, amount: str | None, day: date, reference: str) -> None:
        """The accountant books a customer's payment, in full unless an amount is given."""
        body = {"invoice_doc_number": number, "reference": reference, "date": day.isoformat()}
        self._post("/simulator/payments", body | ({"amount": amount} if amount else {}))

    def invoices(self) -> list[dict[str, Any]]:
        """All invoices as the API gives them."""
        answer = requests.get(
            f"{self.url}/v3/company/{self.realm}/query",
            params={"query": "SELECT * FROM Invoice MAXRESULTS 1000"},
            headers={"Authorization": f"Bearer {self._fresh_token()}", "Accept": "application/json"},
            timeout=_TIMEOUT,
        )
        answer.raise_for_status()
        rows: list[dict[str, Any]] = answer.json()["QueryResponse"].get("Invoice", [])
        return rows

    def page(self, invoice_id: str) -> str:
        """Where the accountant sees an invoice."""
        return f"{self.url}/app/invoice?txnId={invoice_id}"

    def _fresh_token(self) -> str:
        """A token of our own, so that looking does not take the bridge's."""
        return str(self._post("/simulator/tokens", {})["access_token"])

    def _post(self, path: str, body: Any) -> Any:
        answer = requests.post(f"{self.url}{path}", json=body, timeout=_TIMEOUT)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def run_company(log: Path) -> Iterator[Company]:
    """A company with the demo's customers, items, terms and classes while the block runs.

    Raises CompanyNotStarted with the simulator's own words.
    """
    command = [sys.executable, "-m", "quickbooks_simulator", "--port", "0", "--seed", "demo"]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise CompanyNotStarted(f"The QuickBooks simulator did not start: {log.read_text().strip()}")
        ready = json.loads(line)
        yield Company(ready.pop("url"), ready.pop("realm"), ready)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
